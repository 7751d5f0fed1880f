"""Each formula that a person typed into the prose of a problem: checked, recognised, listed, or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from solgen.build.read_back.section import Section
from solgen.build.read_prose.context import reservation
from solgen.build.read_prose.place import place_of
from solgen.build.read_prose.relate import Link, is_condition, is_constant, links, name_of, singles
from solgen.document.author.prose import prose
from solgen.document.author.typed import TypedFormula, find_typed
from solgen.document.counters import Ledger
from solgen.document.exposition import Exposition
from solgen.document.voice import voice_for
from solgen.errors import Diagnostic, InputError, Span
from solgen.expr.nodes import Adj, Entry, Expr, Idx, rank, shape
from solgen.expr.text import text
from solgen.expr.walk import free_indices
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.step import StepId
from solgen.model.verdict import Check, Checks, Listed, TypedChecks
from solgen.numeric.checks.forward_passes import find_derivatives
from solgen.numeric.checks.statements import Statement
from solgen.numeric.typed_equalities import PointsOfScope, differentiable, points_of, prepare_trial
from solgen.numeric.verify import seed_of
from solgen.render.latex_words import latex_words
from solgen.written import Names, Reading, RelationSide, Unreadable, meanings, read_latex
from solgen.written.data import FunctionName, NewName, SignAlone

HINT = "mend the formula; one that holds on a condition alone is listed where its sentence says so, `if`, `suppose`"
LAYOUT = "it holds with one side transposed, as where derivatives are laid out the other way"


def check_typed(derivation: Derivation) -> TypedChecks:
    """Every formula typed into the prose of a problem; what two places say alike is told at the first."""
    found = tuple(find_typed(derivation.problem))
    if not found:
        return TypedChecks()
    desk = _Desk(derivation, prepare_trial(derivation))
    done: dict[tuple[str, str], TypedChecks] = {}
    after = 0
    for formula in found:
        span, after = place_of(formula, derivation.problem, after)
        key = (formula.shown, formula.part.id if formula.part else "")
        judged = desk.judge(formula, span)
        if key not in done or judged.wrong:
            done[key] = judged
    listed = {one.formula: one for each in reversed(done.values()) for one in each.listed}
    return TypedChecks(
        tuple(check for each in done.values() for check in each.checks),
        tuple(reversed(listed.values())),
        tuple(wrong for each in done.values() for wrong in each.wrong),
    )


def with_typed(checks: Checks, typed: TypedChecks) -> Checks:
    """A certificate with what came of the formulas that the prose types."""
    return replace(checks, checks=(*checks.checks, *typed.checks), listed=typed.listed)


@dataclass(slots=True)
class _Desk:
    """Where formulas of one problem are judged: the derivation as it is, as it is tried, and what was made of it."""

    derivation: Derivation
    short: Derivation
    names: dict[str, Names] = field(default_factory=dict)
    points: dict[str, PointsOfScope] = field(default_factory=dict)

    def judge(self, formula: TypedFormula, span: Span) -> TypedChecks:
        """What came of one formula."""
        own = formula.part.id if formula.part and formula.part.model else ""
        try:
            reading = read_latex(self._latex(formula), self._names(own))
        except Unreadable as why:
            return _list_unchecked(formula, span, f"not read: {why}")
        except InputError:
            return _list_unchecked(formula, span, "not read: it cites no formula")
        scope = self._scopes().get(own)
        if scope is None:
            return _list_unchecked(
                formula, span, "not checked: its part has equations of its own and nothing to derive"
            )
        return _Claim(formula, span, reading, scope, self.derivation.problem).judge()

    def _latex(self, formula: TypedFormula) -> str:
        """A formula without its delimiters, what it cites written out."""
        tex = "".join(piece for piece in formula.pieces if isinstance(piece, str))
        if not all(isinstance(piece, str) for piece in formula.pieces):
            voice = voice_for(self.derivation, self.derivation.problem.notation, Ledger(), "1")
            told = Exposition(voice, self.derivation, {})
            part = next((p for p in self.derivation.parts if formula.part and p.part.id == formula.part.id), None)
            tex = latex_words(prose(formula.pieces, told.source(part)))
        return _inner(tex)

    def _names(self, own: str) -> Names:
        if own not in self.names:
            problem = self.short.problem
            part = next((p for p in problem.parts if p.id == own), None) if own else None
            model = problem.model_of(part)
            formulas = [*model.variables.values(), *differentiable(model)]
            self.names[own] = replace(Section(problem, part, ()).names(formulas)[0], bold=False, typed=True)
        return self.names[own]

    def _scopes(self) -> Mapping[str, PointsOfScope]:
        if not self.points:
            problem = self.derivation.problem
            models = {"": problem.model} | {p.id: problem.model_of(p) for p in problem.parts}
            self.points = points_of(self.short, {name: seed_of(model, problem) for name, model in models.items()})
        return self.points


def _inner(tex: str) -> str:
    """What stands between the delimiters; an environment is read with them."""
    tex = tex.strip()
    for opening, closing in (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]")):
        if tex.startswith(opening) and tex.endswith(closing):
            return tex[len(opening) : -len(closing)]
    return tex


def _list_unchecked(formula: TypedFormula, span: Span, why: str) -> TypedChecks:
    return TypedChecks(listed=(Listed(formula.shown, why, span.line, span.column),))


# ---------------------------------------------------------------- one formula


@dataclass(frozen=True, slots=True)
class _Claim:
    """A formula that was read, with its place and the points at which it is tried."""

    formula: TypedFormula
    span: Span
    reading: Reading
    scope: PointsOfScope
    problem: Problem

    def judge(self) -> TypedChecks:
        """Each equality, and each formula that stands alone."""
        relations = tuple(links(self.reading))
        found = [self._relation(link, n if len(relations) > 1 else 0) for n, link in enumerate(relations, 1)]
        found += [self._alone(side) for side in singles(self.reading)]
        listed = tuple(one for each in found for one in each.listed)[:1]
        wrong = tuple(one for each in found for one in each.wrong)
        return TypedChecks(tuple(c for each in found for c in each.checks), listed, wrong)

    def _relation(self, link: Link, number: int) -> TypedChecks:
        if link.says_shape:
            return TypedChecks()
        if link.unread:
            return self._list(link.unread)
        ways, step = link.ways, self._step(number)
        if not ways:
            return self._of_other_shapes(link, step)
        found = [self.scope.check(Statement(step, *way)) for way in ways]
        verdicts = {check.verdict for check in found}
        if verdicts == {"equal"}:
            return TypedChecks((found[0],))
        if "undecided" in verdicts:
            return self._list(f"not decided: {next(_without_point(c) for c in found if c.verdict == 'undecided')}")
        if "equal" in verdicts:
            return self._list("it holds in one of the ways in which it can be read")
        left, right = ways[0]
        if not link.is_read_in_one_way or self.reading.forks:
            return self._list(f"false in each of the ways in which it can be read: {_without_point(found[0])}")
        if is_condition(left, right, self.scope.model):
            return self._list("a condition on values of the problem, which does not hold at every point")
        constant = is_constant(left) or is_constant(right)
        return self._false(found[0], constant)

    def _of_other_shapes(self, link: Link, step: StepId) -> TypedChecks:
        """An equality whose sides have no shape in common."""
        turned = [self.scope.check(Statement(step, *way)) for way in link.turned]
        if turned and all(check.verdict == "equal" for check in turned):
            return self._list(LAYOUT)
        if not link.is_read_in_one_way or self.reading.forks:
            return self._list("its sides differ in shape, in each of the ways in which it can be read")
        left, right = link.left.readings[0].e, link.right.readings[0].e
        if is_condition(left, right, self.scope.model):
            return self._list("a condition on values of the problem, of another shape")
        shapes = "its left side is {}, its right side {}".format(*link.forms)
        return self._false(Check(step, text(left), text(right), "different", "exact", 0, 0, shapes), constant=False)

    def _false(self, check: Check, constant: bool) -> TypedChecks:
        """A false equality: an error, unless the words around it take it back."""
        beside = f"a condition stands beside it: {self.reading.condition}" if self.reading.condition else ""
        reserved = beside or reservation(self.formula.before, self.formula.after, constant)
        if reserved:
            return self._list(f"false, but {reserved}: {_without_point(check)}")
        message = f"`{self.formula.shown}` does not hold: {check.message}"
        line = self.problem.text.split("\n")[self.span.line - 1]
        wrong = Diagnostic("false-equality", message, self.span, HINT, line)
        part = self.formula.part.id if self.formula.part else ""
        return TypedChecks((replace(check, message=message),), wrong=((part, wrong),))

    def _alone(self, side: RelationSide) -> TypedChecks:
        """A formula in no relation: a value of the problem, or listed."""
        found = meanings(side)
        if isinstance(side.data, FunctionName):
            return TypedChecks()
        if isinstance(side.data, SignAlone | NewName) or not found:
            return self._list("it says no value")
        if len(found) > 1:
            return self._list("it can be read in several ways")
        if isinstance(found[0], Adj) or name_of(found[0]):
            return TypedChecks()  # a name of the problem
        if is_constant(found[0]):
            return self._list("a number")
        for value in _values_like(found[0], self.scope):
            check = self.scope.check(Statement(self._step(0), found[0], value))
            if check.verdict == "equal":
                return TypedChecks((check,))
        return self._list("read, and no value that the problem names")

    def _step(self, number: int) -> StepId:
        part = self.formula.part.id if self.formula.part else ""
        path = f"line {self.span.line}, column {self.span.column}"
        return StepId(part, "typed", path=path, member=number)

    def _list(self, why: str) -> TypedChecks:
        return _list_unchecked(self.formula, self.span, why)


def _without_point(check: Check) -> str:
    """What differs, without the point at which it does."""
    return check.message.partition(" (at ")[0]


def _values_like(e: Expr, scope: PointsOfScope) -> Iterator[Expr]:
    """The values of a model and its derivatives that have the shape of a formula; entries of them, where it has free
    indices."""
    free = tuple(sorted(free_indices(e), key=lambda i: i.name))
    values: tuple[Expr, ...] = (*(q.var for q in scope.model.equations), *find_derivatives(scope.scope))
    for value in values:
        if shape(value) == shape(e) and free_indices(value) == free_indices(e):
            yield value
        elif _fits(value, free) and not shape(e):
            yield Entry(value, free)


def _fits(value: Expr, free: tuple[Idx, ...]) -> bool:
    return bool(free) and rank(value) == len(free) and tuple(i.size for i in free) == shape(value)
