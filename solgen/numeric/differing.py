"""Every gradient against differences of the forward pass, over rising precision."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from solgen.expr.nodes import Adj, Expr
from solgen.model import Check, Equation
from solgen.numeric.bench import Bench, sample_axes
from solgen.numeric.compare import Comparison
from solgen.numeric.evaluate import Unknown
from solgen.numeric.fields import NotExact, Undefined
from solgen.numeric.forward import family
from solgen.numeric.judge import place
from solgen.numeric.oracle import BITS, EVERY, against_differences, directions
from solgen.numeric.text import text

DIGITS = int(BITS[0] * 0.301)  # as many as the least precision holds
EFFORT = 20_000  # perturbed equations, over all gradients and points; beyond it fewer directions are tried
FEWEST = 2


def difference_checks(
    gradients: Iterable[tuple[Adj, Expr]],
    asked: tuple[Equation, ...],
    shown: tuple[Equation, ...],
    benches: Sequence[Bench],
    seed: str,
) -> list[Check]:
    """One check a gradient.

    `asked` are the file's own equations, which are what is differentiated; `shown`, the forward pass with the
    names that were introduced, serves for gradients at those names.
    """
    gradients = tuple(gradients)
    work = max(1, len(gradients) * len(benches) * len(shown))
    every = max(FEWEST, min(EVERY, EFFORT // work))
    own = {q.var.name for q in asked}
    introduced = {q.var.name for q in shown} - own
    checks = []
    for symbol, value in gradients:
        equations = shown if symbol.wrt.name in introduced else asked
        checks.append(check_gradient(symbol, value, equations, benches, f"{seed} {symbol.wrt.name}", every))
    return checks


def check_gradient(
    symbol: Adj,
    value: Expr,
    equations: Sequence[Equation],
    benches: Sequence[Bench],
    seed: str,
    every: int = EVERY,
) -> Check:
    """The formula `value` for the gradient `symbol`, compared with differences at every point."""
    name = f"d{symbol.of.name}/d{symbol.wrt.name}"
    digits, used = DIGITS, 0
    for bench in benches:
        used += 1
        found = _at(bench, symbol, value, equations, random.Random(seed), every)
        digits = min(digits, found.digits)
        if found.verdict != "equal":
            verb = "differs from" if found.verdict == "different" else "could not be compared with"
            claim = f"{name}: the derived gradient `{text(value)}` {verb} differences of the forward pass"
            message = f"{claim}: {found.detail} (at {place(bench)})"
            return Check(f"{name} differences", name, text(value), found.verdict, "oracle", 0, used, message)
    return Check(f"{name} differences", name, text(value), "equal", "oracle", digits, used)


def _at(
    bench: Bench, symbol: Adj, value: Expr, equations: Sequence[Equation], rng: random.Random, every: int
) -> Comparison:
    found = Comparison("undecided", 0, "no value")
    for bits in BITS:
        try:
            run = bench.balls(bits)
            gradient = family(run, run.value(value), sample_axes(symbol)).array
            base = run.names[symbol.wrt.name]
            assert base is not None
            moves = directions(base.array.shape, rng, every)
            found = against_differences(run, equations, symbol.of, symbol.wrt, gradient, moves, bits)
        except (Undefined, NotExact, Unknown) as error:
            found = Comparison("undecided", 0, str(error))
        if found.verdict != "undecided":
            break
    return found
