"""The instructor's own answers (`expect:`), checked like everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from solgen.expr.nodes import Adj, Entry, Expr, Idx, Index, Var, rank, shape_text
from solgen.expr.nodes import shape as shape_of
from solgen.expr.size import Size
from solgen.model import Check, Equation, Expectation, Model, NameRef, PartDerivation
from solgen.numeric.bench import Bench
from solgen.numeric.differing import check_gradient, whole_differences
from solgen.numeric.judge import check_statement
from solgen.numeric.statements import Statement
from solgen.numeric.working import differenced


def expectation_checks(
    parts: Iterable[PartDerivation],
    model: Model,
    forward: tuple[Equation, ...],
    benches: Sequence[Bench],
    seed: str,
) -> Iterator[Check]:
    """One check an expected answer; a gradient that was not derived is compared with differences instead."""
    known = model.variables | {q.var.name: q.var for q in forward}
    for part in parts:
        for expected in part.part.expect:
            check = _check(expected, model, known, benches, seed)
            yield replace(check, id=f"({part.part.id}) {expectation_name(expected, model)}")


def expectation_name(expected: Expectation, model: Model) -> str:
    """What the check of an expected answer is called: `expect dL/dW`, `expect shape W`, `expect parameter_count`."""
    if expected.what == "gradient":
        of = str(expected.of or (model.output.name if model.output else ""))
        return f"expect d{of}/d{expected.wrt}"
    return f"expect shape {expected.wrt}" if expected.what == "shape" else "expect parameter_count"


def _check(expected: Expectation, model: Model, known: dict[str, Var], benches: Sequence[Bench], seed: str) -> Check:
    match expected.what, expected.answer:
        case "gradient", Expr() as answer:
            return _gradient(expected, answer, model, known, benches, seed)
        case "parameter_count", Size() as claimed:
            total = sum((_entries(d.var) for d in model.declarations if d.role == "parameter"), Size.of(0))
            return _plain("expect parameter_count", str(claimed), str(total), claimed == total)
        case "shape", tuple() as claimed if expected.wrt is not None:
            found = known[expected.wrt.name].shape_
            return _plain(f"expect shape {expected.wrt}", shape_text(claimed), shape_text(found), claimed == found)
        case what, _:
            raise TypeError(f"an expectation of kind {what!r} with answer {expected.answer!r}")


def _gradient(
    expected: Expectation,
    answer: Expr,
    model: Model,
    known: dict[str, Var],
    benches: Sequence[Bench],
    seed: str,
) -> Check:
    assert expected.wrt is not None
    of = known[expected.of.name] if expected.of else model.output
    assert of is not None
    symbol = Adj(of, known[expected.wrt.name])
    if rank(of):
        setting = differenced(symbol, model.equations, benches[0].setting.sizes)
        benches = [Bench(setting, bench.point) for bench in benches]
        statement = Statement(f"expect d{expected.of}/d{expected.wrt}", selected(symbol, expected.wrt), answer)
        return replace(check_statement(statement, benches), method="oracle")
    derived = all((of.name, symbol.wrt.name) in bench.balls(256).adjoints for bench in benches)
    if not derived and not expected.wrt.indices:
        return check_gradient(symbol, answer, whole_differences(model.equations), benches, seed)
    whole = selected(symbol, expected.wrt)
    return check_statement(Statement(f"expect d{of.name}/d{expected.wrt}", whole, answer), benches)


def selected(symbol: Adj, name: NameRef) -> Expr:
    """The gradient, or the entry of it that is named; a letter is a free index.

    Raises TypeError for rows and slices, which have no formula of their own here.
    """
    if not name.indices or symbol.wrt.at:
        return symbol
    axes = zip(name.indices, shape_of(symbol), strict=True)
    return Entry(symbol, tuple(_index(i, size) for i, size in axes))


def _index(i: object, size: Size) -> Index:
    match i:
        case int():
            return Size.of(i) if i >= 0 else size + i
        case str():
            return Idx(i, size)
        case _:
            raise TypeError("a row or slice of an expected gradient")


def _entries(var: Var) -> Size:
    total = Size.of(1)
    for size in (*var.shape_, *(i.size for i in var.at if isinstance(i, Idx))):
        total = total * size
    return total


def _plain(name: str, claimed: str, found: str, right: bool) -> Check:
    message = "" if right else f"{name}: {claimed} is expected, the model has {found}"
    return Check(name, claimed, found, "equal" if right else "different", "exact", 0, 1, message)
