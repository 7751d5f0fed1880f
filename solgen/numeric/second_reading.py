"""A model is read twice: what each equation comes to, by its formula and by a second reading of its text.

The reader made the formulas, and every other check rests on them; so a line that it misreads would be differentiated
rightly, and printed wrongly.  `solgen.written.model` interprets the same lines on its own, and both must come to the
same values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solgen.expr.text import text
from solgen.model.problem import Model
from solgen.model.step import READ_TWICE, StepId, Symbol
from solgen.model.verdict import Check
from solgen.numeric.code.row_texts import functions_of_rows
from solgen.numeric.values.compare import Comparison, compare
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Array, Balls, Undefined
from solgen.numeric.values.point import BITS
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations
from solgen.numeric.values.stand_ins import Function, StandInLoss
from solgen.written.model import (
    FUNCTIONS_OF_ARRAYS,
    FUNCTIONS_OF_NUMBERS,
    OF_SIZES,
    Given,
    ModelStatement,
    Unclear,
    Worth,
    read_statements,
    values_of,
)

ENOUGH = 8  # digits to which two readings agree: where they differ at random points, they do so in the first
KNOWN = FUNCTIONS_OF_ARRAYS.keys() | FUNCTIONS_OF_NUMBERS.keys() | OF_SIZES
NOWHERE = Comparison("undecided", 0, "its formula has no value at the points that were chosen")
UNREAD = Comparison("undecided", 0, "it is read by one reading alone")


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """A model with the statements of its text, at given sizes.

    short: the lengths of axes that the model has in place of those that its text states.
    """

    model: Model
    statements: tuple[ModelStatement, ...]
    sizes: Mapping[str, int]
    short: Mapping[int, int]

    def compare_at(self, point: Point) -> dict[str, Comparison] | None:
        """Both readings of every name at a point, to as many digits as they need; None where a formula has no value."""
        found: dict[str, Comparison] = {}
        for bits in BITS:
            run = begin_run(point, Balls(bits), self.sizes)
            try:
                evaluate_equations(run, self.model.equations)
            except Undefined:
                return None
            with run.field.working():
                found = dict(self._at(run))
            if all(comparison.verdict != "undecided" for comparison in found.values()):
                break
        return found

    def _at(self, run: Evaluator) -> Iterator[tuple[str, Comparison]]:
        declared = {d.var.name for d in self.model.declarations}
        formulas = {q.var.name: q.body for q in self.model.equations}
        values = {name: v.array for name, v in run.names.items() if v and (name in declared or name in formulas)}
        functions = {name: _on_arrays(function, run) for name, function in run.functions.items()}
        others = functions_of_rows(KNOWN, self.model.samples)
        given = Given(values, functions, self.sizes, self.model.samples, self.short, others)
        for name, worth in values_of(self.statements, given):
            if name not in values:
                yield name, UNREAD
            else:
                scale = run.magnitude(formulas[name]) if name in formulas else None
                yield name, _beside(worth, values[name], scale)


def reading_checks(
    part: str, model: Model, sizes: Mapping[str, int], points: Sequence[Point], short: Mapping[int, int]
) -> Iterator[Check]:
    """One check an equation of the model, and one for each other name of which the readings differ.

    part: whose model it is, empty for the problem's.  A model that a program made, of no text, is not read.
    """
    if not model.texts:
        return
    try:
        statements, missing = read_statements(model.texts), UNREAD
    except Unclear as unclear:
        statements, missing = (), Comparison("undecided", 0, str(unclear))
    readings = TwoReadings(model, statements, sizes, short)
    found = [compared for point in points if (compared := readings.compare_at(point)) is not None]
    formulas = {q.var.name: text(q.body) for q in model.equations}
    written = {s.name: s.text for s in statements}
    declared = [d.var.name for d in model.declarations] if found else []
    for name in dict.fromkeys((*declared, *formulas, *(name for compared in found for name in compared))):
        comparisons = [compared.get(name, missing) for compared in found] or [NOWHERE]
        check = _check(part, name, formulas.get(name, name), written.get(name, ""), comparisons)
        if name in formulas or check.verdict != "equal":
            yield check


def _check(part: str, name: str, formula: str, line: str, comparisons: Sequence[Comparison]) -> Check:
    """The first point at which the readings differ, else one at which that is not known, else the agreement of all."""
    ranks = ("different", "undecided", "equal")
    first = min(comparisons, key=lambda comparison: ranks.index(comparison.verdict))
    message = "" if first.verdict == "equal" else _describe_difference(name, first)
    step = StepId(part, "forward", Symbol(name), check=READ_TWICE)
    return Check(
        step, formula, " ".join(line.split()), first.verdict, "reading", 0, len(comparisons), message
    )  # fmt: skip


def _describe_difference(name: str, comparison: Comparison) -> str:
    if comparison.verdict == "undecided":
        return f"`{name}` cannot be read a second time: {comparison.detail}"
    if comparison.sides is None:
        return f"`{name}` is read in two ways: {comparison.detail}"
    entry = f"{comparison.entry} of it" if comparison.entry else "it"
    mine, other = comparison.sides
    return f"`{name}` is read in two ways: {entry} is {mine} by its formula, {other} by a second reading of the line"


def _beside(worth: Worth, expected: Array, scale: Any) -> Comparison:
    """The value of a formula beside that of a second reading; an output with one entry counts as a number."""
    if isinstance(worth, Unclear):
        return Comparison("undecided", 0, str(worth))
    array = worth.array
    if array.ndim > expected.ndim and all(axis.is_one for axis in worth.axes[expected.ndim :]):
        array = array.reshape(array.shape[: expected.ndim])
    found = compare(Value((), expected), Value((), array), exact=False, scale=scale or None)
    if found.verdict == "undecided" and found.digits >= ENOUGH:
        return Comparison("equal", found.digits)
    return found if found.detail else Comparison(found.verdict, found.digits, "its value has too few digits")


def _on_arrays(function: Function, run: Evaluator) -> Callable[[Array], Array]:
    """What stands in for a declared function, on arrays alone."""
    if isinstance(function, StandInLoss):
        return lambda x: function.value(run.field, x)
    return lambda x: function.value(run.field, 0, x)
