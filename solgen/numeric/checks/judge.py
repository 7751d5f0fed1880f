"""One statement judged at every point, and the message when it fails."""

from __future__ import annotations

from collections.abc import Sequence

from solgen.expr.text import text
from solgen.model.verdict import Check, text_of_sizes
from solgen.numeric.checks.statements import Statement
from solgen.numeric.values.compare import Comparison
from solgen.numeric.values.point import BITS, EvaluationPoint

DIGITS = int(BITS[0] * 0.301)  # as many as the least precision holds


def check_statement(statement: Statement, benches: Sequence[EvaluationPoint]) -> Check:
    """One equality at every point, up to the first at which it fails, which the message describes."""
    outcomes: list[tuple[Comparison, bool]] = []
    message = ""
    for bench in benches:
        outcomes.append(bench.compare(statement.left, statement.right, statement.where))
        if outcomes[-1][0].verdict != "equal":
            message = _failure(statement, outcomes[-1][0], bench)
            break
    exact = all(is_exact for _, is_exact in outcomes)
    return Check(
        statement.id, text(statement.left), text(statement.right), outcomes[-1][0].verdict,
        "exact" if exact else "ball", _count_digits(outcomes), len(outcomes), message,
    )  # fmt: skip


def _count_digits(outcomes: Sequence[tuple[Comparison, bool]]) -> int:
    """The fewest digits to which balls agreed, at most as many as they held; 0 where all was exact, or one failed."""
    if any(c.verdict != "equal" for c, _ in outcomes):
        return 0
    return min((min(c.digits, DIGITS) for c, exact in outcomes if not exact), default=0)


def describe_point(bench: EvaluationPoint) -> str:
    """The sizes and the point, for a message."""
    sizes = text_of_sizes(bench.setting.sizes.items())
    return "; ".join(part for part in (sizes, bench.point.text()) if part)


def _failure(statement: Statement, comparison: Comparison, bench: EvaluationPoint) -> str:
    verb = "does not hold" if comparison.verdict == "different" else "could not be decided"
    equality = f"{text(statement.left)} = {text(statement.right)}"
    return f"{statement.id}: `{equality}` {verb}: {comparison.detail or 'no value'} (at {describe_point(bench)})"
