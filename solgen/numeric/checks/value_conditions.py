"""Assumptions that are conditions on values, each shown to be needed: values at which it fails, and the answer with it.

`A is invertible` is needed where A can be singular while what is declared holds; that it is enough is shown by the
points at which everything else is checked, which are those at which it holds.  A condition that fails nowhere, as of
XᵀX + I, has no row in the certificate, and no page prints it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import assert_never

import numpy as np

from solgen.expr import applied
from solgen.expr.nodes import Expr, Kind, Var
from solgen.expr.text import text
from solgen.model.derivation import (
    Assumption,
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.verdict import Check
from solgen.numeric.checks.forward_passes import ModelScope
from solgen.numeric.checks.test_points import TestPoints
from solgen.numeric.values.evaluator import Evaluator, Unknown
from solgen.numeric.values.fields import Array, Balls, NotExact, Undefined
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations

BITS = 128
DRAWS = 40  # of small whole numbers, which meet what is degenerate more often than fractions do
FREE = frozenset({Kind.REAL, Kind.SYM})
SMALL: Mapping[Kind, tuple[Fraction, ...]] = {
    Kind.REAL: (Fraction(-1), Fraction(0), Fraction(1)),
    Kind.POSITIVE: (Fraction(1), Fraction(2)),
    Kind.UNIT: (Fraction(1, 4), Fraction(1, 2)),
}
FAILS = {"invertible": "singular", "nonzero": "zero"}


def condition_checks(scope: ModelScope, ground: TestPoints) -> list[Check]:
    """A row for each assumption of these parts that is a condition on values and fails at values that are found."""
    found: dict[Assumption, Point | None] = {}
    checks = []
    for part in scope.parts:
        for step, assumed in part.conditions:
            if assumed not in found:
                answers = [e for content in part.contents for e in _answers(content)]
                tried = _degenerate_points(scope, ground)
                found[assumed] = next((p for p in tried if _is_needed(assumed, p, answers, scope, ground)), None)
            point = found[assumed]
            if point is not None and assumed.of is not None:
                where = f"it is {FAILS[assumed.kind]} at {point.text()}"
                checks.append(Check(step, text(assumed.of), FAILS[assumed.kind], "equal", "exact", 0, 1, message=where))
    return checks


def _answers(content: Content) -> Iterator[Expr]:
    """The answers of a content, in names alone where they have such a form."""
    match content:
        case Gradients(blocks=blocks):
            yield from (block.closed for block in blocks if block.asked)
        case Paths(total=total):
            yield total.chain[-1]
        case Worked(results=results):
            yield from (line.chain[-1] for line in results)
        case Shapes() | Count() | GraphAsked() | Said() | Mistakes() | Example():
            return
        case _:
            assert_never(content)


def _is_needed(a: Assumption, point: Point, answers: list[Expr], scope: ModelScope, ground: TestPoints) -> bool:
    """Whether the condition fails at a point, and with it the model or one of the answers."""
    assert a.of is not None
    run = begin_run(point, Balls(BITS), ground.sizes)
    whole = _advance_to_end(run, scope)
    try:
        if not _fails(a, run):
            return False
    except (Unknown, Undefined, NotExact):
        return False
    return not whole or any(_is_undefined(run, answer) for answer in answers)


def _advance_to_end(run: Evaluator, scope: ModelScope) -> bool:
    """Run the forward pass as far as it is defined; whether that is to its end."""
    for equation in scope.forward:
        try:
            evaluate_equations(run, (equation,))
        except Undefined:
            return False
    return True


def _fails(a: Assumption, run: Evaluator) -> bool:
    assert a.of is not None
    if a.kind == "nonzero":
        return all(x == 0 for x in run.value(a.of).array.flat)
    run.value(a.of)
    try:
        run.value(applied.inv(a.of))
    except Undefined:
        return True
    return False


def _is_undefined(run: Evaluator, answer: Expr) -> bool:
    try:
        run.value(answer)
    except Undefined:
        return True
    except (Unknown, NotExact):
        return False
    return False


# ---------------------------------------------------------------- where it is tried


def _degenerate_points(scope: ModelScope, ground: TestPoints) -> Iterator[Point]:
    """Points at which something may be degenerate: zeros, multiples of the identity, equal values, small numbers."""
    base = ground.found.points[0]
    variables = {v.name: v for v in ground.scene.variables if v.name in base.values}
    free = {name: base.values[name] for name, v in variables.items() if v.kind in FREE}
    yield _change_values(base, {name: x * 0 for name, x in free.items()})
    for name, x in free.items():
        yield _change_values(base, {name: x * 0})
        if x.ndim == 2 and x.shape[0] == x.shape[1]:
            yield from (_change_values(base, {name: _identity(len(x), c)}) for c in (1, -1, 2, -2))
        yield from (_change_values(base, {name: x * 0 + Fraction(c)}) for c in (1, -1))
    for one, x in free.items():
        same = (other for other, y in base.values.items() if other != one and y.shape == x.shape)
        yield from (_change_values(base, {one: base.values[other] * sign}) for other in same for sign in (1, -1))
    chance = random.Random(ground.seed)
    yield from (_change_values(base, _draw_small(variables, base, chance)) for _ in range(DRAWS))


def _change_values(point: Point, values: Mapping[str, Array]) -> Point:
    arrays = {name: np.asarray(x, dtype=object) for name, x in values.items()}  # a number's product is no array
    return Point({**point.values, **arrays}, point.functions)


def _identity(n: int, times: int) -> Array:
    return np.array([[Fraction(times * (i == j)) for j in range(n)] for i in range(n)], dtype=object)


def _draw_small(variables: Mapping[str, Var], base: Point, chance: random.Random) -> dict[str, Array]:
    """Small numbers for every variable whose entries may be any of their kind."""
    drawn: dict[str, Array] = {}
    for name, v in variables.items():
        if v.kind in SMALL:
            x = base.values[name]
            flat = np.empty(x.size, dtype=object)
            flat[:] = [chance.choice(SMALL[v.kind]) for _ in range(x.size)]
            drawn[name] = flat.reshape(x.shape)
    return drawn
