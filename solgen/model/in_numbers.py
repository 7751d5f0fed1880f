"""What trees of numbers say: a computed value, and a formula with values in the place of its names."""

from __future__ import annotations

from dataclasses import dataclass

from solgen.expr.nodes import Expr
from solgen.expr.present.tree import Datum
from solgen.model.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Numbers(Datum):
    """A value: a number, a column or a matrix, of a long axis the ends alone."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class WithNumbers(Datum):
    """A formula in which each part that has a value shows it, at these sizes and samples."""

    formula: Expr
    values: tuple[tuple[Expr, Quantity], ...]
    sizes: tuple[tuple[str, int], ...]
    at: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Place(Datum):
    """Which entry of an array is meant, (2, 3), counted from 1."""

    numbers: tuple[int, ...]
