"""Every gradient against differences of the forward pass, over rising precision."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial

from solgen.expr.nodes import Adj, Expr, Var, rank
from solgen.expr.text import text
from solgen.model.problem import Equation, derivative_symbol
from solgen.model.step import StepId
from solgen.model.verdict import Check
from solgen.numeric.checks.judge import describe_point
from solgen.numeric.checks.oracle import (
    BITS,
    EVERY,
    Differences,
    Flow,
    against_differences,
    differences,
    directions,
    local_differences,
)
from solgen.numeric.values.compare import Comparison
from solgen.numeric.values.evaluator import Evaluator, Unknown
from solgen.numeric.values.fields import Array, NotExact, Undefined
from solgen.numeric.values.point import EvaluationPoint, sample_axes
from solgen.numeric.values.run_forward import family_value

DIGITS = int(BITS[0] * 0.301)  # as many as the least precision holds
EFFORT = 20_000  # perturbed equations, over all gradients, points and directions
FEWEST = 2  # directions at least


def difference_checks(
    gradients: Iterable[tuple[Adj, Expr]],
    asked: tuple[Equation, ...],
    shown: tuple[Equation, ...],
    benches: Sequence[EvaluationPoint],
    seed: str,
) -> list[Check]:
    """One check a gradient.

    `asked` are the file's own equations, which are what is differentiated; `shown`, the forward pass with the
    names that were introduced, serves for gradients at those names.  In a long forward pass only some gradients are
    followed to its end; the others are checked against the gradients after them, one equation at a time.
    """
    gradients = tuple(dict.fromkeys(gradients))
    own, whole = Flow(asked), Flow(shown)
    introduced = {q.var.name for q in shown} - {q.var.name for q in asked}
    each = max(1, len(benches) * len(shown))
    every = max(FEWEST, min(EVERY, EFFORT // (each * max(1, len(gradients)))))
    stride = -(-len(gradients) * each * FEWEST // EFFORT)
    checks = []
    for k, (symbol, value) in enumerate(gradients):
        flow = whole if introduced & {symbol.of.name, symbol.wrt.name} else own
        end = k % stride == 0 or rank(symbol.of) or symbol.of.at
        by = partial(_to_the_end, flow) if end else partial(_one_step, whole)
        checks.append(check_gradient(symbol, value, by, benches, f"{seed} {symbol.wrt.name}", every))
    return checks


def whole_differences(equations: Sequence[Equation]) -> Differences:
    """Differences of the forward pass from a name to its end."""
    return partial(_to_the_end, Flow(equations))


def _to_the_end(flow: Flow, run: Evaluator, of: Var, wrt: str, v: Array, h: Fraction) -> tuple[Array, Array]:
    return differences(run, flow, of, wrt, v, h)


def _one_step(flow: Flow, run: Evaluator, of: Var, wrt: str, v: Array, h: Fraction) -> tuple[Array, Array]:
    return local_differences(run, flow, of, wrt, v, h)


def check_gradient(
    symbol: Adj, value: Expr, by: Differences, benches: Sequence[EvaluationPoint], seed: str, every: int = EVERY
) -> Check:
    """The formula `value` for the gradient `symbol`, compared with differences at every point.

    At the first along every entry; at the others along random directions, each of which moves all entries at once.
    """
    name = str(derivative_symbol(symbol))
    step = StepId(symbol=derivative_symbol(symbol), check="differences")
    digits, used = DIGITS, 0
    for bench in benches:
        used += 1
        found = _at(bench, symbol, value, by, random.Random(f"{seed} {used}"), every if used == 1 else 0)
        digits = min(digits, found.digits)
        if found.verdict != "equal":
            verb = "differs from" if found.verdict == "different" else "could not be compared with"
            claim = f"{name}: the derived gradient `{text(value)}` {verb} differences of the forward pass"
            message = f"{claim}: {found.detail} (at {describe_point(bench)})"
            return Check(step, name, text(value), found.verdict, "oracle", 0, used, message)
    return Check(step, name, text(value), "equal", "oracle", digits, used)


def _at(
    bench: EvaluationPoint, symbol: Adj, value: Expr, by: Differences, rng: random.Random, every: int
) -> Comparison:
    """One point, at rising precision until it is decided."""
    found = Comparison("undecided", 0, "no value")
    for bits in BITS:
        try:
            run = bench.balls(bits)
            gradient = family_value(run, run.value(value), sample_axes(symbol)).array
            base = run.names[symbol.wrt.name]
            assert base is not None
            moves = directions(base.array.shape, rng, every)
            found = against_differences(run, by, symbol.of, symbol.wrt, gradient, moves, bits)
        except (Undefined, NotExact, Unknown) as error:
            found = Comparison("undecided", 0, str(error))
        if found.verdict != "undecided":
            break
    return found
