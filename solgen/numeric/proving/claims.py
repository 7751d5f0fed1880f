"""What of a derivation is to be proved: each derivative that a part asks for, in every form in which it is answered.

A claim is made of equalities whose left side is the derivative itself; what it is worth is found by whoever proves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.walk import nodes, substitute
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Equation, derivative_symbol
from solgen.model.step import StepId
from solgen.numeric.checks.forward_passes import ModelScope, ShownPass, stages, step_within
from solgen.numeric.checks.statements import Statement
from solgen.numeric.checks.test_points import scopes
from solgen.numeric.checks.worked_lines import WorkedDerivation, workings


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer in all its forms, over one forward pass.

    `given` are the equations that are differentiated, `shown` those whose names the answer may use; `before` a forward
    pass that is run first, whose names the other may define anew; `parameter` a variable that no model declares.
    """

    step: StepId
    scope: ModelScope
    statements: tuple[Statement, ...]
    given: tuple[Equation, ...]
    shown: tuple[Equation, ...]
    before: tuple[Equation, ...] = ()
    parameter: Var | None = None

    @property
    def symbols(self) -> tuple[Adj, ...]:
        """The derivatives that stand in its formulas."""
        sides = (e for s in self.statements for e in (s.left, s.right))
        return tuple(dict.fromkeys(n for e in sides for n in nodes(e) if isinstance(n, Adj)))

    @property
    def asked(self) -> tuple[Adj, ...]:
        """The derivatives that are claimed to be something: those on the left."""
        return tuple(dict.fromkeys(n for s in self.statements for n in nodes(s.left) if isinstance(n, Adj)))


def claims_of(derivation: Derivation) -> tuple[Claim, ...]:
    """Every claim of a derivation, each answer once, and each under a name of its own."""
    found: dict[object, Claim] = {}
    for scope in scopes(derivation):
        for claim in _of_scope(scope):
            if claim.statements:
                key = (scope.name, claim.given, claim.shown, tuple((s.left, s.right) for s in claim.statements))
                found.setdefault(key, claim)
    met: Counter[StepId] = Counter()
    claims = []
    for claim in found.values():
        met[claim.step] += 1
        number = met[claim.step]
        claims.append(claim if number == 1 else replace(claim, step=replace(claim.step, member=number)))
    return tuple(claims)


def _of_scope(scope: ModelScope) -> Iterator[Claim]:
    for stage in stages(scope):
        before = scope.model.equations if stage.form == "batch" else ()
        given = stage.equations if stage.form == "batch" else scope.model.equations
        for content in stage.contents:
            for step, statements in _answers(content, stage):
                yield Claim(step, scope, tuple(statements), given, stage.equations, before)
    for working in workings(scope.contents, scope.model, scope.forward):
        yield _claim_of_working(scope, working)


def _answers(content: Content, stage: ShownPass) -> Iterator[tuple[StepId, list[Statement]]]:
    """The answers of one item, each under its name."""
    match content:
        case Gradients(blocks=blocks):
            known: dict[Expr, Expr] = {block.symbol: block.closed for block in blocks}
            for block in blocks:
                if block.asked:
                    step = step_within(StepId(symbol=derivative_symbol(block.symbol)), stage.form)
                    yield step, [Statement(step, block.symbol, form) for form in _forms(block, known)]
        case Example(gradients=several):
            for each in several:
                yield from _answers(each, stage)
        case Paths(of=of, wrt=wrt, total=total):
            yield total.id, [Statement(total.id, Adj(of, wrt), total.chain[-1])]
        case Mistakes(id=step, symbol=symbol, right=right):
            yield step.name_check("right"), [Statement(step, symbol, right)]
        case Worked() | GraphAsked() | Shapes() | Count() | Said():
            return
        case _:
            assert_never(content)


def _forms(block: AdjointBlock, known: Mapping[Expr, Expr]) -> Iterator[Expr]:
    """The forms of an answer, each once: written out, then as framed; gradients in them are those answered."""
    forms = (block.closed, *block.final, block.value)
    yield from dict.fromkeys(substitute(form, known) for form in forms)


def _claim_of_working(scope: ModelScope, working: WorkedDerivation) -> Claim:
    """What is worked out in stages: each form of the answer is its symbol, or the slope of a scalar function."""
    worked, parameter = working.worked, working.parameter
    lines = worked.results
    if parameter is None:
        pairs = [(line, line.chain[0], form) for line in lines for form in line.chain[1:]]
        given = working.given
    else:
        slope = Adj(working.functions[0].var, parameter)
        pairs = [(line, slope, form) for line in lines if line.chain[0] == worked.symbol for form in line.chain[1:]]
        given = working.given + working.functions
    statements = tuple(Statement(line.id, left, form) for line, left, form in pairs)
    shown = working.forward + working.functions
    return Claim(lines[0].id, scope, statements, given, shown, parameter=parameter)
