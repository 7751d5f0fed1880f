"""The instructor's own answers (`expect:`), checked like everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

import numpy as np

from solgen.expr.nodes import Adj, Expr, Kind, Var, rank, shape_text
from solgen.expr.size import Size
from solgen.expr.text import text
from solgen.expr.walk import nodes, variables
from solgen.model.derivation import PartDerivation
from solgen.model.problem import Declaration, Equation, Expectation, Model, Part
from solgen.model.step import StepId, Symbol
from solgen.model.verdict import Check
from solgen.numeric.checks.judge import check_statement, describe_point
from solgen.numeric.checks.statements import Statement
from solgen.numeric.checks.worked_lines import BITS, by_differences
from solgen.numeric.points.test_sizes import entries
from solgen.numeric.values.evaluator import key_of
from solgen.numeric.values.point import EvaluationPoint, PassSetting
from solgen.numeric.values.run_forward import Point

MOST = 24  # points, and classes of which each is tried
TRIES = 60  # candidates for the points that are added
FURTHER = 1000  # where their numbers begin: no point of another search
SHORT = 320  # letters of a point that is told whole


def expectation_checks(
    parts: Iterable[PartDerivation],
    model: Model,
    forward: tuple[Equation, ...],
    benches: Sequence[EvaluationPoint],
    more: Callable[[int], list[EvaluationPoint]],
) -> Iterator[Check]:
    """One check an expected answer; `more` gives further points, for classes and signs that no point has yet."""
    expected = [(name, e) for p in parts for name, e in named_expectations(p.part, model)]
    if any(e.what == "gradient" for _, e in expected):
        benches = every_choice(model, benches, more)
    for name, e in expected:
        yield _check(name, e, model, forward, benches)


def named_expectations(part: Part, model: Model) -> Iterator[tuple[StepId, Expectation]]:
    """What the checks of a part's expected answers are called: `(a) expect dL/dW`, `(a) expect shape W`.

    A second answer to the same, as `W` beside `dL/dW`, is `(a) expect dL/dW (2)`.
    """
    met: Counter[StepId] = Counter()
    for expected in part.expect:
        name = _name(StepId(part.id), expected, model)
        met[name] += 1
        yield name.name_check(member=met[name]) if met[name] > 1 else name, expected


def _name(where: StepId, expected: Expectation, model: Model) -> StepId:
    wrt = expected.wrt
    named = Symbol(wrt.name, at=wrt.at) if wrt else Symbol()
    match expected.what:
        case "gradient":
            of = str(expected.of or (model.output.name if model.output else ""))
            return where.step("expected derivative", replace(named, of=of))
        case "shape":
            return where.step("expected shape", named)
        case "parameter_count":
            return where.step("expected count")


# ---------------------------------------------------------------- points


def every_choice(
    model: Model, benches: Sequence[EvaluationPoint], more: Callable[[int], list[EvaluationPoint]]
) -> list[EvaluationPoint]:
    """The points and, as far as a bounded search finds them, others, so that each label takes every value, each one-hot
    vector every class, and each entry of two values both: an answer may be wrong for one class alone.
    """
    kept = list(benches)
    due = {(d.var.name, c) for d in model.declarations for c in _choices(d, benches[0])}
    met = {c for bench in kept for d in model.declarations for c in _choices_at(d, bench)}
    for attempt in range(TRIES):
        if due <= met or len(kept) >= MOST:
            break
        for bench in more(FURTHER + attempt):
            new = {c for d in model.declarations for c in _choices_at(d, bench)} & due - met
            kept += [bench] if new else []
            met |= new
    return kept


def _choices(declared: Declaration, bench: EvaluationPoint) -> range | tuple[int, ...]:
    """The values of a label, the places of the 1 in a one-hot vector, the values of an entry that has but two."""
    var, sizes = declared.var, bench.setting.sizes
    match var.kind:
        case Kind.LABEL if declared.classes is not None:
            return range(min(declared.classes.value(sizes), MOST))
        case Kind.ONEHOT | Kind.ONEHOT_COLUMNS:
            return range(min(var.shape_[_classes(var)].value(sizes), MOST))
        case Kind.BINARY:
            return (0, 1)
        case Kind.SIGNS:
            return (-1, 1)
        case Kind.LABEL | Kind.REAL | Kind.POSITIVE | Kind.UNIT | Kind.SIMPLEX | Kind.SIMPLEX_COLUMNS:
            return ()
        case Kind.SYM | Kind.POSDEF | Kind.INVERTIBLE:
            return ()
        case _:
            assert_never(var.kind)


def _choices_at(declared: Declaration, bench: EvaluationPoint) -> set[tuple[str, int]]:
    """Those of the choices that a point has."""
    var = declared.var
    array = bench.point.values[var.name]
    match var.kind:
        case Kind.ONEHOT | Kind.ONEHOT_COLUMNS:
            axis = array.ndim - rank(var) + _classes(var)
            hot = np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)
            return {(var.name, c) for c in range(len(hot)) if any(x == 1 for x in hot[c])}
        case Kind.LABEL | Kind.BINARY | Kind.SIGNS:
            return {(var.name, int(x)) for x in array.flat}
        case Kind.REAL | Kind.POSITIVE | Kind.UNIT | Kind.SIMPLEX | Kind.SIMPLEX_COLUMNS:
            return set()
        case Kind.SYM | Kind.POSDEF | Kind.INVERTIBLE:
            return set()
        case _:
            assert_never(var.kind)


def _classes(var: Var) -> int:
    """The axis of the classes."""
    return 0 if var.kind is Kind.ONEHOT_COLUMNS else rank(var) - 1


# ---------------------------------------------------------------- answers


def _check(
    name: StepId, expected: Expectation, model: Model, forward: tuple[Equation, ...], benches: Sequence[EvaluationPoint]
) -> Check:
    match expected.what, expected.answer:
        case "gradient", Expr() as answer if expected.symbol is not None:
            return _gradient(Statement(name, expected.symbol, answer), model, forward, benches)
        case "parameter_count", Size() as claimed:
            total = sum((entries(d.var) for d in model.declarations if d.role == "parameter"), Size.of(0))
            return _plain(name, "the parameter count", str(claimed), str(total), claimed == total)
        case "shape", tuple() as claimed if expected.wrt is not None:
            found = model.variables[expected.wrt.name].shape_
            what = f"the shape of {expected.wrt}"
            return _plain(name, what, shape_text(claimed), shape_text(found), claimed == found)
        case what, _:
            raise TypeError(f"an expectation of kind {what!r} with answer {expected.answer!r}")


def _gradient(
    statement: Statement, model: Model, forward: tuple[Equation, ...], benches: Sequence[EvaluationPoint]
) -> Check:
    """An answer against the gradients as derived; against differences where one of them was not."""
    points, from_differences = with_gradients(statement, model, forward, benches)
    found = check_statement(statement, points)
    return _explain_check(replace(found, method="oracle") if from_differences else found, statement, points)


def with_gradients(
    statement: Statement, model: Model, forward: tuple[Equation, ...], benches: Sequence[EvaluationPoint]
) -> tuple[list[EvaluationPoint], bool]:
    """The points with a value for each gradient of a statement, and whether it comes from differences: where one of
    them was not derived, all do."""
    symbols = tuple(dict.fromkeys(n for e in (statement.left, statement.right) for n in nodes(e) if isinstance(n, Adj)))
    if all(_is_derived(symbol, bench) for symbol in symbols for bench in benches):
        return list(benches), False
    setting = PassSetting(benches[0].setting.sizes, forward, by_differences(symbols, model.equations, forward), BITS)
    return [EvaluationPoint(setting, bench.point) for bench in benches], True


def _is_derived(symbol: Adj, bench: EvaluationPoint) -> bool:
    return key_of(symbol) in bench.balls(bench.setting.bits[0]).adjoints


def _plain(name: StepId, what: str, claimed: str, found: str, right: bool) -> Check:
    message = "" if right else f"{what} is {found}, the answer given here is {claimed}"
    return Check(name, claimed, found, "equal" if right else "different", "exact", 0, 1, message)


# ---------------------------------------------------------------- what is told of a wrong one


def _explain_check(check: Check, statement: Statement, benches: Sequence[EvaluationPoint]) -> Check:
    """The check with a message that says what the model gives, what the answer gives, and where."""
    if check.verdict == "equal":
        return check
    bench = benches[check.points - 1]
    found, _ = bench.compare(statement.left, statement.right)
    asked, answer = text(statement.left), text(statement.right)
    at = f"(at {summarise_point(bench, statement)})"
    if found.sides is None:
        return replace(check, message=f"{asked} could not be compared with `{answer}`: {found.detail} {at}")
    subject = f"its {found.entry}" if found.entry else "it"
    verb = "is not" if found.verdict == "different" else "could not be told from"
    what = f"{asked} {verb} `{answer}`: {subject} is {found.sides[0]}, the answer given here has {found.sides[1]}"
    return replace(check, message=f"{what} {at}")


def summarise_point(bench: EvaluationPoint, statement: Statement) -> str:
    """Sizes and point; of a long point only the inputs that the answer names."""
    whole = describe_point(bench)
    if len(whole) <= SHORT:
        return whole
    named = {v.name for v in variables(statement.right)}
    kept = {name: x for name, x in bench.point.values.items() if name in named}
    return f"{describe_point(EvaluationPoint(bench.setting, Point(kept, {})))}, …"
