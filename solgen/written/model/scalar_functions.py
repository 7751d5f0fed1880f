"""Functions of numbers, as docs/format.md, section 3, defines them: on balls, one entry at a time.

At a kink: step(0) = sign(0) = 0; at a tie maximum and minimum take the second argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from flint import arb, fmpq

from solgen.written.model.statements import Unclear

Number = Any  # flint.arb, which is untyped


def number(value: Fraction | int) -> Number:
    """A rational number as a ball."""
    return arb(fmpq(value.numerator, value.denominator))


def is_above(x: Number, y: Number) -> bool:
    """Whether x > y; raises Unclear where the balls do not tell."""
    difference = x - y
    if difference > 0:
        return True
    if difference < 0 or difference == 0:
        return False
    raise Unclear("a value lies too near to a kink")


def real_power(x: Number, exponent: Number) -> Number:
    """xᵃ: a product where a is a whole number, else e to a log x."""
    whole = exponent.unique_fmpz() if exponent.is_exact() and exponent.is_integer() else None
    return (exponent * x.log()).exp() if whole is None else x ** int(whole)


def logistic(x: Number) -> Number:
    """1 / (1 + e⁻ˣ)."""
    return 1 / (1 + (-x).exp())


def normcdf(x: Number) -> Number:
    """Φ(x) = (1 + erf(x/√2)) / 2."""
    return (1 + (x / arb(2).sqrt()).erf()) / 2


def normpdf(x: Number) -> Number:
    """e^(−x²/2) / √(2π)."""
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


def sign(x: Number) -> Number:
    """1, −1 or 0."""
    return arb(1) if is_above(x, arb(0)) else arb(-1) if is_above(arb(0), x) else arb(0)


def absolute(x: Number) -> Number:
    """|x|."""
    return -x if is_above(arb(0), x) else x


def _on_the_right(x: Number, right: Number, left: Number) -> Number:
    return right if is_above(x, arb(0)) else left


FUNCTIONS_OF_NUMBERS: Mapping[str, tuple[int, Callable[..., Number]]] = MappingProxyType(
    {
        "relu": (1, lambda x: _on_the_right(x, x, arb(0))),
        "leaky_relu": (2, lambda x, a: _on_the_right(x, x, a * x)),
        "elu": (1, lambda x: _on_the_right(x, x, x.exp() - 1)),
        "sigmoid": (1, logistic),
        "tanh": (1, lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())),
        "swish": (1, lambda x: x * logistic(x)),
        "gelu": (1, lambda x: x * normcdf(x)),
        "softplus": (1, lambda x: (1 + x.exp()).log()),
        "exp": (1, lambda x: x.exp()),
        "log": (1, lambda x: x.log()),
        "sqrt": (1, lambda x: x.sqrt()),
        "sin": (1, lambda x: x.sin()),
        "cos": (1, lambda x: x.cos()),
        "tan": (1, lambda x: x.sin() / x.cos()),
        "arcsin": (1, lambda x: x.asin()),
        "arccos": (1, lambda x: x.acos()),
        "arctan": (1, lambda x: x.atan()),
        "arctanh": (1, lambda x: ((1 + x) / (1 - x)).log() / 2),
        "sinh": (1, lambda x: (x.exp() - (-x).exp()) / 2),
        "cosh": (1, lambda x: (x.exp() + (-x).exp()) / 2),
        "abs": (1, absolute),
        "sign": (1, sign),
        "square": (1, lambda x: x * x),
        "step": (1, lambda x: _on_the_right(x, arb(1), arb(0))),
        "normcdf": (1, normcdf),
        "normpdf": (1, normpdf),
        "maximum": (2, lambda a, b: a if is_above(a, b) else b),
        "minimum": (2, lambda a, b: a if is_above(b, a) else b),
    }
)
