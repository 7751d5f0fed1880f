"""What a page may print: the formulas that are known to be checked, and which of them are equal.

A formula is a side of a statement whose check holds, a term of such a sum, a step of a forward pass, a value of a
worked example's line, an answer that a run refuted; or it is a name, which states nothing.  Whatever else a page
prints was checked by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import assert_never

from solgen.expr.arith import is_sum
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Index, Num, Pi, Position, SizeNum, Var
from solgen.expr.ops import TABLE, Trait, having
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, nodes, reindex
from solgen.model.derivation import (
    Content,
    Count,
    Derivation,
    Example,
    ExampleStep,
    Gradients,
    GraphAsked,
    Mistakes,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Equation, derivative_symbol
from solgen.model.step import StepId
from solgen.model.verdict import Checks
from solgen.numeric.checks.forward_passes import ModelScope, ShownPass, stages, step_within
from solgen.numeric.checks.statements import Statement, distinct_statements, line_statements, worked_statements
from solgen.numeric.checks.test_points import scopes
from solgen.numeric.checks.worked_lines import named_parts

Stated = tuple[Expr, ...]  # the two sides of what was checked to be equal, or one formula
TURNED = having(Trait.TRANSPOSES | Trait.AS_ROW)
Printed = Iterable[tuple[str, Expr]]


def find_unfounded(derivation: Derivation, checks: Checks, printed: Printed) -> list[tuple[str, Expr]]:
    """The formulas among those printed that nothing stands behind, each with its part."""
    known = find_founded(derivation, checks)
    return [(part, e) for part, e in printed if e not in known and not is_symbol(e)]


def is_symbol(e: Expr) -> bool:
    """Whether a formula is a symbol alone, an entry, a row or a column of one, or a number such as 1/n and 2π."""
    match e:
        case Num() | SizeNum() | Pi():
            return True
        case Apply(args=args, shape_=()) if args and all(isinstance(n, Num | SizeNum | Pi | Apply) for n in nodes(e)):
            return True
        case Var() | Adj() | Position():
            return True
        case Entry(array=array):
            return is_symbol(array)
        case Apply(op=op, args=(array, _)) if TABLE[op].picks is not None:
            return is_symbol(array)
        case Apply(op=op, args=(array,)) if op in TURNED:
            return is_symbol(array)
        case _:
            return False


def find_founded(derivation: Derivation, checks: Checks) -> frozenset[Expr]:
    """Every formula of a derivation that its certificate stands behind."""
    known = {e for stated in _find_stated(derivation, checks) for e in stated}
    known.update(e for part in derivation.parts for e in _find_assumed(part))
    runs = [c for p in derivation.parts for c in (*p.contents, p.example) if isinstance(c, Example)]
    known.update([e for run in runs for s in run.steps if s.formula in known for e in _samples(s, run)])
    return frozenset(known)


def equalities(derivation: Derivation, checks: Checks) -> Iterator[tuple[Expr, Expr]]:
    """The two sides of every equality that holds: of statements that were checked, and of definitions."""
    for stated in _find_stated(derivation, checks):
        match stated:
            case (left, right):
                yield left, right
            case _:
                continue


def find_refuted(derivation: Derivation, checks: Checks) -> Iterator[tuple[Expr, Expr]]:
    """Each gradient with a wrong answer that a run told from it."""
    held = _Held(checks)
    for scope in scopes(derivation):
        for content in scope.contents:
            if isinstance(content, Mistakes):
                yield from ((content.symbol, w.answer) for w in content.wrong if w.id in held.refuted)


def _find_stated(derivation: Derivation, checks: Checks) -> Iterator[Stated]:
    held = _Held(checks)
    for scope in scopes(derivation):
        yield from _of_scope(scope, held)
    lines = (line for rule in derivation.rules for line in (rule.statement, *rule.proof))
    yield from held.sides(distinct_statements(s for line in lines for s in line_statements(line)))
    yield from _state_definitions(rule.equation for rule in derivation.rules)


class _Held:
    """The names of the checks that hold, and of the wrong answers that a run refuted."""

    def __init__(self, checks: Checks) -> None:
        self.names = {c.step for c in checks.checks if c.verdict == "equal"}
        self.refuted = {refutation.id for trial in checks.trials for refutation in trial.refuted}

    def sides(self, statements: Iterable[Statement]) -> Iterator[Stated]:
        """Both sides of the statements that hold, and the terms of a side that is a sum."""
        for s in statements:
            if s.id in self.names:
                yield s.left, s.right
                yield from ((term,) for side in (s.left, s.right) for term in _terms(side))


def _terms(e: Expr) -> tuple[Expr, ...]:
    return e.args if is_sum(e) else ()


def _state_definitions(equations: Iterable[Equation]) -> Iterator[Stated]:
    return ((q.var, q.body) for q in equations)


def _of_scope(scope: ModelScope, held: _Held) -> Iterator[Stated]:
    yield from _state_definitions((*scope.model.equations, *scope.forward))
    for stage in stages(scope):
        yield from _state_definitions(stage.equations)
        yield from held.sides(stage.statements())
        yield from held.sides(_by_differences(stage))
    for content in scope.contents:
        yield from _of_content(content, held)


def _by_differences(stage: ShownPass) -> Iterator[Statement]:
    """Each gradient and its value, under the name of the check that compared it with differences."""
    for symbol, value in stage.gradients():
        yield Statement(
            step_within(StepId(symbol=derivative_symbol(symbol), check="differences"), stage.form), symbol, value
        )


def _of_content(content: Content, held: _Held) -> Iterator[Stated]:
    """What one item states beside the lines of its forward pass."""
    match content:
        case Worked():
            yield from _state_definitions(content.forward)
            yield from held.sides(worked_statements(content))
            yield from _parts_of_rules(content, held)
        case Mistakes(wrong=wrong):
            for answer in (w for w in wrong if w.id in held.refuted):
                yield from ((e,) for e in (answer.answer, *(e for _, e in answer.names), *(answer.clash or ())))
        case Gradients() | Paths() | GraphAsked() | Shapes() | Count() | Said() | Example():
            return
        case _:
            assert_never(content)


def _parts_of_rules(content: Worked, held: _Held) -> Iterator[Stated]:
    """The parts g and h that a rule names, with the slopes that were compared with differences of them."""
    for equation, statement in named_parts(content):
        if statement.id in held.names:
            yield from ((equation.body,), (statement.right,))


def _find_assumed(part: PartDerivation) -> Iterator[Expr]:
    """The values that a part takes to be invertible or not zero: parts of its forward pass."""
    return (a.of for found in part.assumptions for a in found if a.of is not None)


def _samples(step: ExampleStep, run: Example) -> Iterator[Expr]:
    """A line of a worked example at every sample for which it stands."""
    over = sorted(free_indices(step.symbol), key=lambda i: i.name)
    for at in product(*(range(i.size.value(run.sizes)) for i in over)):
        to: dict[Index, Index] = {i: Size.of(k) for i, k in zip(over, at, strict=True)}
        yield reindex(step.formula, to)
