"""Two values compared: over the rationals finally, over balls as equal, different or undecided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from solgen.model.verdict import Verdict
from solgen.numeric.values.evaluator import Value, union
from solgen.numeric.values.fields import Array

EXACT = 10**6  # the digits of an exact comparison: more than any other
ENOUGH = 50  # decimal digits to which balls must agree


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out, to how many digits, and for unequal values the first entry that differs, with both `sides`."""

    verdict: Verdict
    digits: int
    detail: str = ""
    entry: str = ""
    sides: tuple[str, str] | None = None


def align_arrays(left: Value, right: Value) -> tuple[Array, Array] | None:
    """Both arrays over all their free indices; None where the shapes differ."""
    free = union(left.free, right.free)
    a, b = left.along(free), right.along(free)
    if a.ndim != b.ndim or a.shape[len(free) :] != b.shape[len(free) :]:
        return None
    both = np.broadcast_arrays(a, b)
    return both[0], both[1]


def compare(left: Value, right: Value, exact: bool, scale: Any = None) -> Comparison:
    """Equal, different or undecided; `scale` is the size of the terms that the values are made of (default: their own).

    Over balls, different means that the difference excludes 0; equal that it contains 0 with a radius below
    10⁻⁵⁰ of the scale.
    """
    pair = align_arrays(left, right)
    if pair is None:
        return Comparison("different", 0, f"shapes {_shape(left)} and {_shape(right)}")
    return _exactly(*pair) if exact else _by_balls(*pair, scale)


def _exactly(a: Array, b: Array) -> Comparison:
    for at in np.ndindex(*a.shape):
        if a[at] != b[at]:
            return _differing("different", EXACT, at, a, b)
    return Comparison("equal", EXACT)


def _by_balls(a: Array, b: Array, scale: Any) -> Comparison:
    worst: Any = 0
    where: tuple[int, ...] = ()
    for at in np.ndindex(*a.shape):
        difference: Any = a[at] - b[at]
        if not difference.contains(0):
            return _differing("different", 0, at, a, b)
        if difference.rad() > worst:
            worst, where = difference.rad(), at
    if worst == 0:
        return Comparison("equal", EXACT)
    if scale is None:
        scale = max(abs(x).upper() for x in (*a.flat, *b.flat))
    digits = decimal_digits(worst, scale)
    if digits >= ENOUGH:
        return Comparison("equal", digits)
    return _differing("undecided", max(digits, 0), where, a, b)


def decimal_digits(error: Any, scale: Any) -> int:
    """−log10(error / scale), rounded down."""
    if not scale > 0:
        return 0
    ratio = (error / scale).abs_upper()
    return EXACT if ratio == 0 else math.floor(-float(ratio.log()) / math.log(10))


def _differing(verdict: Verdict, digits: int, at: tuple[int, ...], a: Array, b: Array) -> Comparison:
    entry, left, right = f"entry [{', '.join(str(k + 1) for k in at)}]" if at else "", *_apart(a[at], b[at])
    detail = f"{entry}{': ' if entry else ''}{left} on the left, {right} on the right"
    return Comparison(verdict, digits, detail, entry, (left, right))


def _apart(a: Any, b: Any) -> tuple[str, str]:
    """Both values as text, with so many digits that they are told apart."""
    left, right = format_value(a), format_value(b)
    if left != right or not (isinstance(a, arb) or isinstance(b, arb)):
        return left, right
    longer = ((arb(a).str(n, radius=False), arb(b).str(n, radius=False)) for n in (24, 48, 96))
    return next(((x, y) for x, y in longer if x != y), (left, right))


def format_value(x: Any) -> str:
    """A value for a message: a short fraction as it is, anything else to 12 digits."""
    if isinstance(x, float):
        return f"{x:.12g}"
    return str(x) if len(str(x)) <= 24 and not isinstance(x, arb) else arb(x).str(12, radius=False)


def _shape(v: Value) -> str:
    return str(v.array.shape[len(v.free) :])
