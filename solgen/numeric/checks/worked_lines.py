"""Worked derivations (Jacobians, Hessians, scalar derivatives, index forms, rewritings), line by line.

Every gradient symbol in them takes its value from differences of the forward pass, so that each line, and the
answer, is judged without any derivative rule.  A scalar function is put on a parameter of its own, and differences of
the function judge its derivative; the parts that a rule names (g, h, g′, h′) are judged likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solgen.errors import Span
from solgen.expr.arith import entry, fn
from solgen.expr.nodes import Adj, Apply, Expr, Kind, Var, rank, shape
from solgen.expr.ops import TABLE, Callee, Elementwise
from solgen.expr.walk import free_indices, nodes, substitute, variables
from solgen.model.derivation import Content, Line, Passage, Worked
from solgen.model.problem import Equation, Model
from solgen.model.step import StepId
from solgen.model.verdict import Check
from solgen.numeric.checks.judge import check_statement
from solgen.numeric.checks.oracle import Flow, difference_derivative, second_derivative
from solgen.numeric.checks.statements import Statement, distinct_statements, worked_statements
from solgen.numeric.values.evaluator import Evaluator, Value, key_of
from solgen.numeric.values.fields import Array, Balls, NotExact
from solgen.numeric.values.point import EvaluationPoint, PassSetting

BITS = (512, 1024, 2048)  # differences cost two thirds of the digits
KINDS = {"positive": Kind.POSITIVE, "power": Kind.POSITIVE, "unit": Kind.UNIT}

_NOWHERE = Span("", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class WorkedDerivation:
    """One worked derivation with the forward pass that it stands on.

    `given` are the file's own equations, which are differentiated; `functions` those that only this derivation has: its
    scalar function of `parameter`, and the parts that a rule names, whose claimed derivatives are `parts`.
    """

    worked: Worked
    given: tuple[Equation, ...]
    forward: tuple[Equation, ...]
    functions: tuple[Equation, ...]
    parts: tuple[Statement, ...]
    parameter: Var | None = None

    @property
    def names(self) -> tuple[Var, ...]:
        """Every value of the forward pass, and the parameter."""
        own = {n for q in self.forward for n in variables(q.body)} | {q.var for q in self.forward}
        return (*sorted(own, key=lambda v: v.name), *((self.parameter,) if self.parameter else ()))

    def statements(self) -> tuple[Statement, ...]:
        """The lines, the entries displayed, the answers; then the parts of rules."""
        return distinct_statements(worked_statements(self.worked), self.parts)

    def setting(self, sizes: dict[str, int]) -> PassSetting:
        """Gradient symbols valued by differences."""
        return PassSetting(sizes, self.forward + self.functions, self._by_differences(), BITS)

    def checks(self, benches: Sequence[EvaluationPoint]) -> Iterator[Check]:
        """One check an equality; an answer that meets its symbol has been compared with differences."""
        for statement in self.statements():
            check = check_statement(statement, benches)
            yield replace(check, method="oracle") if _meets_symbol(statement) and check.digits else check

    def _by_differences(self) -> Callable[[Evaluator], None]:
        """Values for all gradient symbols; the file's own equations are differentiated where they suffice."""
        formulas = [e for s in self.statements() for e in (s.left, s.right)] + [self.worked.symbol]
        symbols = tuple(dict.fromkeys(n for e in formulas for n in nodes(e) if isinstance(n, Adj)))
        return by_differences(symbols, self.given, self.forward + self.functions)


def workings(contents: Iterable[Content], model: Model, forward: tuple[Equation, ...]) -> tuple[WorkedDerivation, ...]:
    """The worked derivations among the contents; `forward` is the pass that the parts share."""
    taken = set(model.variables) | {q.var.name for q in forward}
    return tuple(_working(content, model, forward, taken) for content in contents if isinstance(content, Worked))


def _working(worked: Worked, model: Model, forward: tuple[Equation, ...], taken: set[str]) -> WorkedDerivation:
    if worked.verb != "derivative":
        pairs = tuple(named_parts(worked))
        parts = tuple(statement for _, statement in pairs)
        return WorkedDerivation(worked, model.equations, worked.forward, tuple(q for q, _ in pairs), parts)
    worked, parameter = _on_parameter(worked, taken)
    pairs = tuple(named_parts(worked))
    function = worked.forward[0]
    slope = Statement(worked.results[0].id.name_check("differences"), Adj(function.var, parameter), worked.symbol)
    parts = (slope, *_meaning(worked, model, parameter), *(statement for _, statement in pairs))
    return WorkedDerivation(worked, model.equations, forward, (function, *(q for q, _ in pairs)), parts, parameter)


def _meaning(worked: Worked, model: Model, parameter: Var) -> Iterator[Statement]:
    """The definition that a derivation starts from, σ(k) = 1 / (1 + e⁻ᵏ), is the function that the table has."""
    callee = worked.symbol.params[0] if isinstance(worked.symbol, Apply) else None
    own = {f.name for f in model.functions}
    if isinstance(callee, Callee) and callee.name not in own and isinstance(TABLE.get(callee.name), Elementwise):
        definition = worked.forward[0].body
        yield Statement(worked.results[0].id.name_check("meaning"), fn(callee.name, parameter), definition)


def answer_forms(working: WorkedDerivation) -> Iterator[tuple[StepId, Expr]]:
    """Every form of the answer, by the id of its line; each form once."""
    seen: set[Expr] = set()
    for line in working.worked.results:
        if line.chain[-1] not in seen and len(line.chain) > 1:
            seen.add(line.chain[-1])
            yield line.id, line.chain[-1]


# ---------------------------------------------------------------- scalar functions and the parts of rules


def _on_parameter(worked: Worked, taken: set[str]) -> tuple[Worked, Var]:
    """The derivation with a parameter that clashes with no name, of a kind on which the function is defined."""
    assert isinstance(worked.symbol, Apply) and isinstance(worked.symbol.args[0], Var)
    old = worked.symbol.args[0]
    name = old.name
    while name in taken:
        name += "_"
    callee = worked.symbol.params[0]
    row = TABLE.get(callee.name) if isinstance(callee, Callee) else None
    kind = KINDS.get(row.domain, Kind.REAL) if isinstance(row, Elementwise) else Kind.REAL
    new = Var(name, (), kind)
    return (_rename_symbols(worked, {old: new}) if new != old else worked), new


def _rename_symbols(worked: Worked, swap: dict[Expr, Expr]) -> Worked:
    def line(found: Line) -> Line:
        return replace(found, chain=tuple(substitute(e, swap) for e in found.chain))

    def passage(found: Passage) -> Passage:
        names = tuple(replace(part, value=substitute(part.value, swap)) for part in found.names)
        return replace(found, lines=tuple(map(line, found.lines)), names=names)

    return replace(
        worked,
        symbol=substitute(worked.symbol, swap),
        forward=tuple(replace(q, body=substitute(q.body, swap)) for q in worked.forward),
        passages=tuple(map(passage, worked.passages)),
        results=tuple(map(line, worked.results)),
    )


def _variable_of(symbol: Expr) -> Var | None:
    """The variable that is differentiated by; None where nothing is differentiated."""
    return next((n.wrt for n in nodes(symbol) if isinstance(n, Adj)), None)


def named_parts(worked: Worked) -> Iterator[tuple[Equation, Statement]]:
    """The parts that the rules of a derivation name, g and h, as equations, with the claims about their slopes."""
    if worked.verb != "derivative":
        return _named_parts(worked, _variable_of(worked.symbol))
    assert isinstance(worked.symbol, Apply) and isinstance(worked.symbol.args[0], Var)
    return _named_parts(worked, worked.symbol.args[0])


def _named_parts(worked: Worked, wrt: Var | None) -> Iterator[tuple[Equation, Statement]]:
    """Each part with a stated derivative, g and g′: g as an equation, and the claim that differences of it give g′."""
    if wrt is None:
        return
    at = worked.indices[len(worked.indices) - rank(wrt) :]
    for number, passage in enumerate(worked.passages, start=1):
        slopes = {part.letter: part.value for part in passage.names if part.primes}
        for part in passage.names:
            if not part.primes and part.letter in slopes:
                free = tuple(sorted(free_indices(part.value), key=lambda i: i.name))
                var = Var(f"{part.letter} ({number})", shape(part.value), at=free)
                slope = Statement(
                    worked.results[0].id.name_check(f"{part.letter}'", number),
                    entry(Adj(var, wrt), at),
                    slopes[part.letter],
                )
                yield Equation(var, part.value, _NOWHERE), slope


# ---------------------------------------------------------------- gradient symbols by differences


def _meets_symbol(statement: Statement) -> bool:
    return any(isinstance(n, Adj) for n in nodes(statement.left)) and not any(
        isinstance(n, Adj) for n in nodes(statement.right)
    )


def by_differences(
    symbols: Sequence[Adj], given: tuple[Equation, ...], shown: tuple[Equation, ...]
) -> Callable[[Evaluator], None]:
    """Values for gradient symbols, from the equations `given`; where a symbol speaks of a name that only `shown`
    introduces, from those."""
    introduced = {q.var.name for q in shown} - {q.var.name for q in given}
    whole, asked = Flow(shown), Flow(given)

    def fill(run: Evaluator) -> None:
        for symbol in symbols:
            flow = whole if introduced & {symbol.of.name, symbol.wrt.name} else asked
            try:
                run.adjoints.setdefault(key_of(symbol), _value(run, flow, symbol))
            except NotExact:
                run.adjoints[key_of(symbol)] = None

    return fill


def _value(run: Evaluator, flow: Flow, symbol: Adj) -> Value:
    bits = run.field.bits if isinstance(run.field, Balls) else BITS[0]
    if symbol.twice:
        return second_derivative(run, flow, symbol.of, symbol.wrt.name, bits)
    found = difference_derivative(run, flow, symbol.of, symbol.wrt.name, bits)
    return Value((), run.field.array(per_sample(found.array, symbol)))


def per_sample(array: Array, symbol: Adj) -> Any:
    """Axes as the symbol has them: samples of both (a shared index once), then the shapes of both."""
    of, wrt = symbol.of, symbol.wrt
    of_at, of_own, wrt_at, wrt_own = len(of.at), len(of.shape_), len(wrt.at), len(wrt.shape_)
    letters = iter(range(array.ndim))
    first = {i: next(letters) for i in of.at}
    own = [next(letters) for _ in range(of_own)]
    fresh = [next(letters) for _ in range(wrt_at)]
    second = [first.get(i, k) for i, k in zip(wrt.at, fresh, strict=True)]
    last = [next(letters) for _ in range(wrt_own)]
    assert len(first) == of_at
    lead = tuple(dict.fromkeys((*first.values(), *second)))
    axes = [*first.values(), *own, *second, *last]
    return np.einsum(array, axes, [*lead, *own, *last])
