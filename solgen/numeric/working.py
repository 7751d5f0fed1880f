"""Worked derivations (Jacobians, Hessians, scalar derivatives, index forms, rewritings), line by line.

Every gradient symbol in them takes its value from differences of the forward pass, so that each line, and the
answer, is judged without any derivative rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from solgen.expr.nodes import Adj, Expr
from solgen.expr.walk import nodes
from solgen.model import Check, Content, Equation, Worked
from solgen.numeric.bench import Bench, Setting
from solgen.numeric.evaluate import Evaluator, Value, key_of
from solgen.numeric.fields import Balls, NotExact
from solgen.numeric.forward import Point
from solgen.numeric.judge import check_statement
from solgen.numeric.oracle import Flow, derivative, second_derivative
from solgen.numeric.statements import Statement, distinct, worked_statements

BITS = (512, 1024, 2048)  # differences cost two thirds of the digits


def worked_checks(
    contents: Iterable[Content], asked: tuple[Equation, ...], sizes: dict[str, int], points: tuple[Point, ...]
) -> Iterator[Check]:
    """One check an equality; an answer that meets its symbol has been compared with differences."""
    for worked in contents:
        if isinstance(worked, Worked):
            setting = Setting(sizes, worked.forward, _by_differences(worked, asked), BITS)
            benches = [Bench(setting, point) for point in points]
            for statement in distinct(worked_statements(worked)):
                check = check_statement(statement, benches)
                yield replace(check, method="oracle") if _meets_symbol(statement) and check.digits else check


def answers(contents: Iterable[Content]) -> Iterator[tuple[str, Expr]]:
    """The last form of each worked answer, by the id of its line; only forms without gradient symbols."""
    for worked in contents:
        if isinstance(worked, Worked) and worked.results:
            line = worked.results[-1]
            if not any(isinstance(n, Adj) for n in nodes(line.chain[-1])):
                yield line.id, line.chain[-1]


def _meets_symbol(statement: Statement) -> bool:
    return any(isinstance(n, Adj) for n in nodes(statement.left)) and not any(
        isinstance(n, Adj) for n in nodes(statement.right)
    )


def _by_differences(worked: Worked, asked: tuple[Equation, ...]) -> Callable[[Evaluator], None]:
    """Values for all gradient symbols of the worked derivation; the file's own equations are differentiated."""
    statements = tuple(worked_statements(worked))
    formulas = [e for s in statements for e in (s.left, s.right)] + [worked.symbol]
    symbols = dict.fromkeys(n for e in formulas for n in nodes(e) if isinstance(n, Adj))
    own = {q.var.name for q in asked}
    shown, given = Flow(worked.forward), Flow(asked)

    def fill(run: Evaluator) -> None:
        for symbol in symbols:
            introduced = {symbol.of.name, symbol.wrt.name} & (set(run.names) - own) & _defined(worked.forward)
            flow = shown if introduced else given
            try:
                run.adjoints.setdefault(key_of(symbol), _value(run, flow, symbol))
            except NotExact:
                run.adjoints[key_of(symbol)] = None

    return fill


def _defined(equations: Iterable[Equation]) -> set[str]:
    return {q.var.name for q in equations}


def _value(run: Evaluator, flow: Flow, symbol: Adj) -> Value:
    bits = run.field.bits if isinstance(run.field, Balls) else BITS[0]
    if symbol.twice:
        return second_derivative(run, flow, symbol.of, symbol.wrt.name, bits)
    found = derivative(run, flow, symbol.of, symbol.wrt.name, bits)
    return _per_sample(found, symbol)


def _per_sample(value: Value, symbol: Adj) -> Value:
    """Axes as the symbol has them: samples of both (a shared index once), then the shapes of both."""
    of, wrt = symbol.of, symbol.wrt
    of_at, of_own, wrt_at, wrt_own = len(of.at), len(of.shape_), len(wrt.at), len(wrt.shape_)
    letters = iter(range(value.array.ndim))
    first = {i: next(letters) for i in of.at}
    own = [next(letters) for _ in range(of_own)]
    fresh = [next(letters) for _ in range(wrt_at)]
    second = [first.get(i, k) for i, k in zip(wrt.at, fresh, strict=True)]
    last = [next(letters) for _ in range(wrt_own)]
    assert len(first) == of_at
    lead = tuple(dict.fromkeys((*first.values(), *second)))
    axes = [*first.values(), *own, *second, *last]
    return Value((), np.einsum(value.array, axes, [*lead, *own, *last]))
