"""What the table says of a function at its kinks, against one-sided differences of the function's own value.

    f′(t−) = lim (f(t − h) − f(t − 2h)) / h,   f′(t+) = lim (f(t + 2h) − f(t + h)) / h

A convention is a choice where there is one to make: it lies between the two, and they differ, or the function jumps.
Where they agree, there is nothing to choose: the derivative as its row states it is that slope.
What holds is no equality of the page; only what does not hold becomes a check, which fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, assert_never

import numpy as np
from flint import arb

from solgen.expr.nodes import Apply, Var
from solgen.expr.ops import TABLE, Elementwise, Row
from solgen.expr.ops.convention import Convention, Kink, Tie
from solgen.expr.walk import nodes
from solgen.model.problem import Equation
from solgen.model.step import name_statement
from solgen.model.verdict import Check
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Balls, NotExact, Undefined

BITS = 320
H = Fraction(1, 1 << 96)
CLOSE = arb(2) ** -40  # far above h, far below any difference of slopes that somebody would state

Place = tuple[Fraction, ...]

OTHERS = (Fraction(3, 8), Fraction(-5, 4), Fraction(5, 2))  # the argument beside one at a kink
PLACES: dict[int, tuple[Place, ...]] = {
    1: ((Fraction(0),),),
    2: (
        *((Fraction(0), x) for x in OTHERS),
        *((x, Fraction(0)) for x in OTHERS),
        *((x, x) for x in (*OTHERS, Fraction(0))),
    ),
}
AWAY = (Fraction(-3, 2), Fraction(-3, 8), Fraction(3, 8), Fraction(3, 2))  # no kinks of the table


def kink_failures(equations: Iterable[Equation]) -> list[Check]:
    """A failed check for each operation of a forward pass of which the table says something false at a kink."""
    used = dict.fromkeys(n.op for q in equations for n in nodes(q.body) if isinstance(n, Apply))
    return [
        Check(
            name_statement("operation", op), op, "one-sided differences", "different", "ball", 0, 0, f"`{op}`: {fault}"
        )
        for op in used
        for fault in kink_faults(TABLE[op])
    ]


def kink_faults(row: Row) -> Iterator[str]:
    """What is false, or is not said, about the slopes of an operation at kinks."""
    for convention in row.conventions:
        function = TABLE.get(convention.function or row.name, row)
        if not isinstance(function, Elementwise):
            yield f"`{convention}` is said of what is no function of numbers"
            continue
        stated = row if function.name == row.name else function  # a row under test stands for itself
        assert isinstance(stated, Elementwise)
        yield from _convention_faults(stated, convention)
    if isinstance(row, Elementwise):
        yield from _find_unstated(row)


# ---------------------------------------------------------------- conventions


def _convention_faults(row: Elementwise, convention: Convention) -> Iterator[str]:
    match convention:
        case Kink():
            yield from _kink_faults(row, convention)
        case Tie():
            for argument in (0, 1):
                ties = [p for p in _places(row) if p[0] == p[1]]
                yield from _slope_faults(row, convention, argument, ties)
        case _:
            assert_never(convention)


def _kink_faults(row: Elementwise, convention: Kink) -> Iterator[str]:
    at, value = convention.at, convention.value
    if at is None:
        yield from _flat_faults(row, convention, value)
    elif convention.order == 0:
        found = _Function(row).value((Fraction(at),))
        if found is None or not _near(found, arb(value)):
            yield f"`{convention}` does not hold"
    else:
        yield from _slope_faults(row, convention, 0, [p for p in _places(row) if p[0] == at and at not in p[1:]])


def _flat_faults(row: Elementwise, convention: Kink, value: Any) -> Iterator[str]:
    """A derivative that is taken as 0 everywhere: it is 0 away from the jump, and there is a jump."""
    function = _Function(row)
    sides = [function.sides((x,), 0) for x in AWAY]
    if any(s is None or not (_near(s.before, arb(value)) and _near(s.after, arb(value))) for s in sides):
        yield f"`{convention}` does not hold away from 0"
    middle = function.sides((Fraction(0),), 0)
    if middle is None or not middle.jumps:
        yield f"`{convention}` is no convention: the function does not jump at 0"


def _slope_faults(row: Elementwise, convention: Kink | Tie, argument: int, places: list[Place]) -> Iterator[str]:
    """A stated slope lies between the one-sided ones, which differ somewhere; the derivative is what is stated."""
    function = _Function(row)
    met = {p: s for p in places if (s := function.sides(p, argument)) is not None}
    if not any(sides.differ for sides in met.values()):
        yield f"`{convention}` is no convention: the slopes from both sides are the same"
        return
    for place, sides in met.items():
        stated, derivative = _conventional_slope(convention, argument, sides), function.derivative(place, argument)
        if not sides.contains(stated):
            slopes = f"{_digits(sides.before)} on the left and {_digits(sides.after)} on the right"
            yield f"`{convention}` is false at {_spell(place)}: the slopes are {slopes}"
        if derivative is None or not _near(derivative, stated):
            found = "no value" if derivative is None else _digits(derivative)
            yield f"`{convention}`: its derivative has {found} at {_spell(place)}"


def _conventional_slope(convention: Kink | Tie, argument: int, sides: _Sides) -> arb:
    """The slope that a convention states."""
    if isinstance(convention, Tie):
        return arb(argument)  # the branch of the second
    return sides.before if convention.value == "left" else arb(convention.value)


# ---------------------------------------------------------------- kinks of which nothing is said


def _find_unstated(row: Elementwise) -> Iterator[str]:
    """Places at which a row has a kink without a convention, or a derivative that is not the slope."""
    function = _Function(row)
    for place in _places(row):
        for argument in range(len(place)):
            sides, derivative = function.sides(place, argument), function.derivative(place, argument)
            if sides is None or derivative is None:
                continue
            if sides.differ or sides.jumps:
                if not any(_speaks_of(c, place, argument) for c in row.conventions):
                    yield f"a kink at {_spell(place)} of which no convention speaks"
            elif not _near(derivative, sides.after):
                yield (
                    f"no kink at {_spell(place)}, where the slope is {_digits(sides.after)} and the stated derivative "
                    f"{_digits(derivative)}"
                )


def _speaks_of(convention: Convention, place: Place, argument: int) -> bool:
    if isinstance(convention, Tie):
        return place[0] == place[1]
    return argument == 0 and convention.order == 1 and (convention.at is None or place[0] == convention.at)


def _places(row: Elementwise) -> tuple[Place, ...]:
    return PLACES[row.arity or 2]


# ---------------------------------------------------------------- values and slopes


@dataclass(frozen=True, slots=True)
class _Sides:
    """The slopes on both sides of a place, and whether the values differ there."""

    before: arb
    after: arb
    jumps: bool

    @property
    def differ(self) -> bool:
        return not _near(self.before, self.after)

    def contains(self, slope: arb) -> bool:
        low, high = (self.before, self.after) if self.before < self.after else (self.after, self.before)
        return bool(low - CLOSE < slope < high + CLOSE)


class _Function:
    """The value and the stated derivatives of a row, at numbers."""

    def __init__(self, row: Elementwise) -> None:
        self.row, self.field = row, Balls(BITS)

    def value(self, place: Place) -> arb | None:
        """f at a place; None where it is undefined."""
        with self.field.working():
            try:
                found = self.row.value(self.field, *(np.array(self.field.number(x), dtype=object) for x in place))
                return _finite(found)
            except (Undefined, NotExact, ZeroDivisionError):
                return None

    def sides(self, place: Place, argument: int) -> _Sides | None:
        """The one-sided slopes by one argument; None where a value that they need is undefined."""

        def move(k: int) -> arb | None:
            return self.value(tuple(x + k * H if n == argument else x for n, x in enumerate(place)))

        left, near_left, near_right, right = (move(k) for k in (-2, -1, 1, 2))
        if left is None or near_left is None or near_right is None or right is None or self.value(place) is None:
            return None
        with self.field.working():
            h = self.field.number(H)
            return _Sides((near_left - left) / h, (right - near_right) / h, not _near(near_left, near_right))

    def derivative(self, place: Place, argument: int) -> arb | None:
        """The derivative as the row states it; None where it is undefined."""
        value = self.value(place)
        if value is None:
            return None
        names = tuple(Var(f"x{n}") for n in range(len(place)))
        known = {v.name: _scalar(self.field.number(x)) for v, x in zip(names, place, strict=True)}
        formula = self.row.partials[min(argument, len(self.row.partials) - 1)](*names, Var("y"))
        try:
            return _finite(Evaluator(self.field, {}, {**known, "y": _scalar(value)}, {}).value(formula).array)
        except (Undefined, NotExact):
            return None


def _scalar(x: Any) -> Value:
    array = np.empty((), dtype=object)
    array[()] = x
    return Value((), array)


def _finite(found: Any) -> arb | None:
    number: Any = found[()] if isinstance(found, np.ndarray) else found
    ball = number if isinstance(number, arb) else arb(number)
    return ball if ball.is_finite() else None


def _near(a: arb, b: arb) -> bool:
    return bool(abs(a - b) < CLOSE)


def _spell(place: Place) -> str:
    return str(place[0]) if len(place) == 1 else f"({', '.join(map(str, place))})"


def _digits(x: arb) -> str:
    return f"{float(x):.6g}"
