"""Claims about shapes and numbers of parameters, counted on the arrays at the chosen sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from solgen.expr.nodes import Idx, Var, shape_text
from solgen.expr.size import Size
from solgen.model.derivation import (
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
from solgen.model.step import StepId, name_statement
from solgen.model.verdict import Check, Verdict
from solgen.numeric.values.fields import Balls
from solgen.numeric.values.point import EvaluationPoint

BITS = 256


def claim_checks(contents: Iterable[Content], bench: EvaluationPoint) -> Iterator[Check]:
    """The shapes and counts that a part states, against the values' own."""
    for content in contents:
        match content:
            case Shapes(lines=lines):
                yield from (_shape(line.var, bench) for line in lines)
            case Count(rows=rows, total=total):
                yield from _count(rows, total, bench)
            case Gradients() | Paths() | Worked() | GraphAsked() | Mistakes() | Example() | Said():
                pass
            case _:
                assert_never(content)


def _found(var: Var, bench: EvaluationPoint) -> tuple[int, ...]:
    """The shape of the value of one name, for one sample of a family."""
    value = bench.balls(BITS).names[var.name]
    assert value is not None and isinstance(bench.balls(BITS).field, Balls)
    return tuple(value.array.shape[len(var.at) :])


def _shape(var: Var, bench: EvaluationPoint) -> Check:
    claimed = tuple(s.value(bench.setting.sizes) for s in var.shape_)
    found = _found(var, bench)
    right, step = shape_text(var.shape_), name_statement("shape", var.name)
    message = "" if claimed == found else f"{step}: {right} is claimed, which is {claimed}; the value has {found}"
    return Check(step, f"shape({var.name})", right, _verdict(not message), "exact", 0, 1, message)


def _count(rows: tuple[tuple[Var, Size], ...], total: Size, bench: EvaluationPoint) -> Iterator[Check]:
    sizes = bench.setting.sizes
    entries = 0
    for var, claimed in rows:
        found = _entries(var, bench)
        entries += found
        yield _check_count(name_statement("parameters", var.name), claimed, claimed.value(sizes), found)
    summed = sum((size for _, size in rows), Size.of(0))
    yield _check_count(StepId(kind="count"), total, total.value(sizes) if total == summed else -1, entries)


def _entries(var: Var, bench: EvaluationPoint) -> int:
    product = 1
    for length in _found(var, bench):
        product *= length
    for index in var.at:
        product *= index.size.value(bench.setting.sizes) if isinstance(index, Idx) else 1
    return product


def _check_count(step: StepId, claimed: Size, value: int, found: int) -> Check:
    message = "" if value == found else f"{step}: {claimed} is claimed; the arrays have {found} entries"
    return Check(step, str(step), str(claimed), _verdict(not message), "exact", 0, 1, message)


def _verdict(right: bool) -> Verdict:
    return "equal" if right else "different"
