"""The answers in double precision: what a reader gets who reruns the exported formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from solgen.expr.text import text
from solgen.model.derivation import AdjointBlock
from solgen.model.problem import derivative_symbol
from solgen.model.step import StepId
from solgen.model.verdict import Check, Verdict
from solgen.numeric.values.fields import NotExact, Undefined
from solgen.numeric.values.point import EvaluationPoint

TOLERANCE = 1e-9  # of the terms' scale; rounding alone stays far below it


def float_checks(blocks: Iterable[AdjointBlock], benches: Sequence[EvaluationPoint]) -> Iterator[Check]:
    """One check an answer, at the first point where double precision suffices; it must at one of them."""
    for block in blocks:
        step = StepId(symbol=derivative_symbol(block.symbol), check="in float64")
        name = str(step.symbol)
        errors = [error for bench in benches if (error := _error(block, bench)) is not None]
        best = min(errors, default=np.inf)
        message = "" if best <= TOLERANCE else f"{name}: {_trouble(best)}"
        verdict: Verdict = "equal" if best <= TOLERANCE else "different" if best < np.inf else "undecided"
        yield Check(step, name, text(block.value), verdict, "float64", 0, len(benches), message)


def _trouble(error: float) -> str:
    """What is wrong in double precision."""
    return f"double precision is off by {error:.1e} of the scale" if error < np.inf else "double precision overflows"


def _error(block: AdjointBlock, bench: EvaluationPoint) -> float | None:
    """The largest error relative to the terms; None where double precision overflows."""
    try:
        precise, fast = bench.balls(bench.setting.bits[0]), bench.floats()
        exact, rounded = precise.value(block.value), fast.value(block.value)
    except (Undefined, NotExact):
        return None
    scale: Any = fast.magnitude(block.value) or 1.0
    differences = [abs(float(a) - b) for a, b in zip(exact.array.flat, rounded.array.flat, strict=True)]
    return float(max(differences, default=0.0) / scale)
