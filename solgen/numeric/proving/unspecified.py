"""Functions that a file leaves open, φ and ℓ, as functions of sympy's whose derivatives are functions of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from solgen.model.problem import FunctionDeclaration
from solgen.numeric.values.fields import Array, Field
from solgen.numeric.values.stand_ins import Function, StandInLoss, StandInScalar

Orders = tuple[int, ...]  # the arguments by which a function was differentiated, counted from 1, in order


class Family:
    """A function and all its derivatives: ∂²ℓ/∂y₁∂y₂ is one whichever comes first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._made: dict[Orders, Any] = {}

    def derivative(self, orders: Orders) -> Any:
        """The class of one derivative."""
        if orders not in self._made:
            self._made[orders] = self._class(orders)
        return self._made[orders]

    def _class(self, orders: Orders) -> Any:
        family = self

        class Unspecified(sp.Function):
            """A differentiable function of which nothing is known."""

            unspecified = True

            def fdiff(self, argindex: int = 1) -> Any:
                return family.derivative(tuple(sorted((*orders, argindex))))(*self.args)

            def _eval_is_real(self) -> bool:
                return True

        Unspecified.__name__ = "_".join([self.name, *map(str, orders)])
        return Unspecified


class OpenScalar(StandInScalar):
    """An unspecified φ, entry by entry."""

    def __init__(self, name: str) -> None:
        self.family = Family(name)

    def value(self, K: Field, order: int, x: Array) -> Any:
        return np.frompyfunc(self.family.derivative((1,) * order), 1, 1)(x)


@dataclass(frozen=True, slots=True)
class OpenLoss(StandInLoss):
    """An unspecified ℓ of all entries."""

    family: Family = field(default_factory=lambda: Family("loss"))

    def value(self, K: Field, y: Array) -> Any:
        return self.family.derivative(())(*y.flat)

    def gradient(self, K: Field, y: Array) -> Any:
        slopes = [self.family.derivative((k,))(*y.flat) for k in range(1, y.size + 1)]
        return K.array(slopes).reshape(y.shape)


def open_functions(declared: Iterable[FunctionDeclaration]) -> dict[str, Function]:
    """A function of sympy's for each that a file leaves open."""
    return {f.name: OpenLoss(0, False, Family(f.name)) if f.kind == "Loss" else OpenScalar(f.name) for f in declared}
