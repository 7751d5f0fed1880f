"""sympy as a field: formulas evaluated to expressions, an expression an entry; and expressions as Python source.

No symbol is reached by its name: whoever evaluates makes the symbols, and spells them as the source is to have them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.str import StrPrinter

from solgen.numeric.values.fields import Array, Entrywise, Field, Undefined
from solgen.numeric.values.stand_ins import StandInLoss, StandInScalar

WIDTH = 110  # columns; a longer array has an element a line


class Expressions(Field):
    """sympy's expressions; what a comparison would decide stays an expression too."""

    name = "sympy"
    dtype = object

    exp, log, sqrt, pow = map(Entrywise, (sp.exp, sp.log, sp.sqrt, sp.Pow))
    sin, cos, tan = map(Entrywise, (sp.sin, sp.cos, sp.tan))
    arcsin, arccos, arctan, arctanh = map(Entrywise, (sp.asin, sp.acos, sp.atan, sp.atanh))
    sinh, cosh, tanh = map(Entrywise, (sp.sinh, sp.cosh, sp.tanh))
    abs, sign, maximum, minimum = map(Entrywise, (sp.Abs, sp.sign, sp.Max, sp.Min))
    step = Entrywise(lambda x: sp.Heaviside(x, 0))
    normcdf = Entrywise(lambda x: (1 + sp.erf(x / sp.sqrt(2))) / 2)

    def each(self, function: Callable[..., Any], *xs: Any) -> Any:
        return np.frompyfunc(function, len(xs), 1)(*xs)

    def number(self, value: Fraction | int) -> Any:
        return sp.Rational(value.numerator, value.denominator)

    @property
    def pi(self) -> Any:
        return sp.pi

    def check(self, x: Array, operation: str) -> None:
        if any(sp.sympify(entry, strict=True).has(sp.nan, sp.zoo, sp.oo, -sp.oo) for entry in x.flat):
            raise Undefined(operation)

    def inv(self, x: Array) -> Array:
        matrix = sp.Matrix(x)
        return self.array(np.array((matrix.adjugate() / matrix.det(method="berkowitz")).tolist(), dtype=object))

    def det(self, x: Array) -> Any:
        return sp.Matrix(x).det(method="berkowitz")

    def attains(self, x: Array) -> Array:
        """1 where an entry is above each other one: a product of steps."""
        steps = [[self.step(a - b) for k, b in enumerate(x) if k != j] for j, a in enumerate(x)]
        return self.array([sp.Mul(*each) for each in steps])


class Open(StandInScalar):
    """An unspecified φ: a function of sympy's that bears its name, and so does each derivative."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def value(self, K: Field, order: int, x: Array) -> Any:
        return np.frompyfunc(sp.Function(self.names[order]), 1, 1)(x)


@dataclass(frozen=True, slots=True)
class OpenLoss(StandInLoss):
    """An unspecified ℓ of all entries; entry k of its gradient is a function of k and of all entries."""

    called: str = ""
    gradient_called: str = ""

    def value(self, K: Field, y: Array) -> Any:
        return sp.Function(self.called)(*y.flat)

    def gradient(self, K: Field, y: Array) -> Any:
        slopes = [sp.Function(self.gradient_called)(k, *y.flat) for k in range(y.size)]
        return K.array(slopes).reshape(y.shape)


# ---------------------------------------------------------------- expressions as source


class SympyText(StrPrinter):
    """Expressions as Python: functions of sympy's behind `sp.`, numbers exact, symbols as they are spelt."""

    def _print_Function(self, e: Any) -> str:
        called = e.func.__name__ if isinstance(e, AppliedUndef) else f"sp.{e.func.__name__}"
        return f"{called}({', '.join(map(self._print, e.args))})"

    _print_Heaviside = _print_LatticeOp = _print_Abs = _print_Function

    def _print_Rational(self, e: Any) -> str:
        return f"sp.Rational({e.p}, {e.q})"

    def _print_NumberSymbol(self, e: Any) -> str:
        return f"sp.{e}"

    _print_Pi = _print_Exp1 = _print_NumberSymbol

    def _print_Pow(self, e: Any, rational: bool = False) -> str:
        if e.exp == sp.S.Half:
            return f"sp.sqrt({self._print(e.base)})"
        return f"1/sp.sqrt({self._print(e.base)})" if e.exp == -sp.S.Half else str(super()._print_Pow(e, True))


def write_nested(value: Any, indent: int = 0) -> str:
    """An expression, or nested lists of them; what does not fit in a line with an element a line."""
    if not isinstance(value, list):
        return str(SympyText().doprint(value))
    parts = [write_nested(part, indent + 4) for part in value]
    line = f"[{', '.join(parts)}]"
    if indent + len(line) <= WIDTH and "\n" not in line:
        return line
    inner = "".join(f"\n{' ' * (indent + 4)}{part}," for part in parts)
    return f"[{inner}\n{' ' * indent}]"
