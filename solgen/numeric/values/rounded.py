"""Values as digits: fractions as they are, anything else rounded, every digit certain.

An entry is rounded to the nearest; where the ball that holds it reaches over the middle between two candidates, the
caller raises the precision.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor, isqrt
from typing import Any

import numpy as np
from flint import arb, fmpq

from solgen.model.quantity import Entries, Quantity
from solgen.numeric.values.fields import Array, Entrywise, NotExact, Rationals, Undefined, rational_power

LONGEST = 9  # digits of a fraction, top and bottom, that is still printed as one
DECIMALS = 4  # after the point
SMALL_DECIMALS = 6  # where entries are small beside the largest
LARGE, SMALL = 5, -3  # powers of ten from which a common factor is taken out
BEYOND = 300  # no power of ten is larger
TIES = 3  # further digits that are tried for a value in the middle


class Unprintable(ArithmeticError):
    """A value whose power of ten is beyond all reason."""


def quantity(name: str, array: Array, further: int = 0) -> Quantity | None:
    """A value as text: exact where its entries are rational and short, else rounded, to `further` digits than usual.

    None where a digit is not certain.  Raises Unprintable for a number beyond all reason.
    """
    flat = list(array.flat)
    if all(isinstance(x, fmpq) for x in flat):
        if all(_short(x) for x in flat):
            return Quantity(name, _nest([str(x) for x in flat], array.shape))
        flat = [arb(x) for x in flat]
    values = [x if isinstance(x, arb) else arb(x) for x in flat]
    power = _power(values)
    scaled = [x / arb(10) ** power for x in values]
    decimals = _decimals(scaled) + further
    for digits in range(decimals, decimals + TIES + 1):
        texts = [_round(x, digits) for x in scaled]
        if all(texts):
            return Quantity(name, _nest([t or "" for t in texts], array.shape), False, power)
    return None


def _short(x: Any) -> bool:
    return len(str(abs(x))) <= LONGEST + ("/" in str(x))


def _power(values: list[Any]) -> int:
    """The power of ten that is taken out of very large or very small values; raises Unprintable beyond `BEYOND`."""
    known = [power for x in values if (power := _exponent(abs(x).upper())) is not None]
    top = max(known, default=0)
    if top > BEYOND:
        raise Unprintable
    return top if top >= LARGE or -BEYOND <= top <= SMALL else 0


def _exponent(x: Any) -> int | None:
    """The power of ten of a positive number, None for 0."""
    return floor(float(x.log() / arb(10).log())) if x > 0 else None


def _decimals(values: list[Any]) -> int:
    """How many digits after the point: four, fewer beside large numbers, more where an entry would vanish."""
    sizes = [size for x in values if (size := _exponent(abs(x).lower())) is not None]
    if not sizes:
        return DECIMALS
    fewer = DECIMALS - max(0, max(sizes) - 1)
    return max(fewer, min(1 - min(sizes), SMALL_DECIMALS))


def _round(x: Any, decimals: int) -> str | None:
    """x to the nearest multiple of 10^-decimals; None where that is not certain.  What is exactly 0 stays 0."""
    if x.is_zero():
        return "0"
    nearest = (x * arb(10) ** decimals + arb(fmpq(1, 2))).floor().unique_fmpz()
    if nearest is None:
        return None
    whole, sign = abs(int(nearest)), "-" if nearest < 0 else ""
    digits = str(whole).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def _nest(flat: list[str], shape: tuple[int, ...]) -> Entries:
    """The entries as nested rows."""
    array = np.empty(len(flat), dtype=object)
    array[:] = flat
    return _tuples(array.reshape(shape).tolist())


def _tuples(rows: Any) -> Entries:
    return tuple(map(_tuples, rows)) if isinstance(rows, list) else str(rows)


# ---------------------------------------------------------------- rational values of functions


def _at(point: int, value: int) -> Callable[[Any], Any]:
    """A function that is rational at one point alone."""

    def function(x: Any) -> Any:
        if x != point:
            raise NotExact("function")
        return fmpq(value)

    return function


def _log(x: Any) -> Any:
    if x <= 0:
        raise Undefined("log")
    return _at(1, 0)(x)


def _root(x: Any) -> Any:
    """√(p/q) where p and q are squares."""
    q = fmpq(x)
    if q < 0:
        raise Undefined("sqrt")
    top, bottom = isqrt(int(q.p)), isqrt(int(q.q))
    if top * top != q.p or bottom * bottom != q.q:
        raise NotExact("sqrt")
    return fmpq(top, bottom)


def _power_of(x: Any, a: Any) -> Any:
    """Whole powers, and the square roots of squares: 4^(3/2) = 8."""
    exponent = fmpq(a)
    if exponent.q == 2 and x > 0:
        return rational_power(_root(x), fmpq(exponent.p))
    return rational_power(x, exponent)


class Closed(Rationals):
    """Rational numbers with the few rational values of functions that have none elsewhere: √(9/4), e⁰, log 1."""

    pow, sqrt, log, exp = Entrywise(_power_of), Entrywise(_root), Entrywise(_log), Entrywise(_at(0, 1))
    sin, cos, tan = Entrywise(_at(0, 0)), Entrywise(_at(0, 1)), Entrywise(_at(0, 0))
    arcsin, arctan, arctanh = Entrywise(_at(0, 0)), Entrywise(_at(0, 0)), Entrywise(_at(0, 0))
    sinh, cosh, tanh = Entrywise(_at(0, 0)), Entrywise(_at(0, 1)), Entrywise(_at(0, 0))
