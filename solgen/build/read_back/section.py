"""What shares a scope of names: a part of a problem, what of it is in no part, the appendix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from solgen.build.mathematics import mathematics_of
from solgen.build.read_back.forms import Stated, Together, WrittenForm
from solgen.document.blocks import Pages
from solgen.document.pages import ToldSet
from solgen.document.telling import Telling
from solgen.expr.nodes import Adj, Expr, SizeNum
from solgen.expr.present.data import Classes, CountOf, ShapeOf, SpaceOf
from solgen.expr.present.notation import (
    GRADIENTS,
    AccentSymbol,
    GradientSymbol,
    LetterSymbol,
    OperatorSymbol,
    QuotientSymbol,
)
from solgen.expr.present.tree import Datum, Node
from solgen.expr.walk import nodes
from solgen.model.problem import Part, Problem
from solgen.written import Names, names_of
from solgen.written.names import EVERY, SAID, Gradient
from solgen.written.syntax import Style

LETTERS = tuple(row.symbol.letter for row in GRADIENTS.values() if isinstance(row.symbol, LetterSymbol))


@dataclass(frozen=True, slots=True)
class Section:
    """What shares a scope of names: a part of a problem, what of it is in no part, or (no problem) the appendix.

    defines: whether it says what signs mean, of which no certificate knows.
    """

    problem: Problem | None
    part: Part | None
    pages: tuple[object, ...]
    letters: Mapping[str, str] = field(default_factory=dict)
    defines: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """What decides what its names mean, besides its formulas."""
        if self.problem is None:
            return (repr(sorted(self.letters.items())),)
        problem, notation = self.problem, self.problem.notation_of(self.part)
        return (
            mathematics_of(problem),
            notation.gradient,
            notation.vectors,
            repr(sorted(self.letters.items())),
        )

    def together(self, written: WrittenForm) -> tuple[Together, ...]:
        """Its formulas as a format writes them, those of one chain together, each chain once."""
        return tuple(dict.fromkeys(written.together(self.pages)))

    def data(self, written: WrittenForm) -> tuple[Stated, ...]:
        """What it says that is no formula, each once."""
        return tuple(dict.fromkeys(written.data(self.pages)))

    def names(self, formulas: Iterable[Expr], indicator: Style = "double-struck") -> tuple[Names, ...]:
        """Its names: those of its model and of its formulas; and with a graph's letters for some.

        indicator: how the format writes the 1 of an indicator.
        """
        formulas = tuple(formulas)
        of = {g.of.name for g in nodes(*formulas) if isinstance(g, Adj)}
        if self.problem is None:
            found = replace(names_of(formulas, self.letters, EVERY, letters=LETTERS), indicator=indicator)
            return tuple(found.with_loss(loss) for loss in sorted(of) or ["L"])
        problem, model, notation = self.problem, self.problem.model_of(self.part), self.problem.notation_of(self.part)
        known = [*formulas, *(e for q in model.equations for e in (q.var, q.body))]
        outputs: list[str | None] = [model.output.name if model.output else None]
        outputs += sorted(of - {*outputs})
        gradients, letters = _kinds(GRADIENTS[notation.gradient].symbol) if of else (SAID, "")
        bold = notation.vectors == "bold"
        spelled = [problem.latex, *([{**problem.latex, **self.letters}] if self.letters else [])]
        found = replace(names_of(known, {}, gradients, bold=bold, letters=letters), indicator=indicator)
        return tuple(replace(found, latex=latex).with_loss(output) for latex in spelled for output in outputs)


def _kinds(symbol: GradientSymbol) -> tuple[frozenset[Gradient], str]:
    """How gradients may stand in a notation: ∂ and ∇ anywhere, else an accent, or a letter that belongs to it."""
    match symbol:
        case LetterSymbol(letter):
            return SAID | {"delta"}, letter
        case AccentSymbol(mark="bar"):
            return SAID | {"bar"}, ""
        case QuotientSymbol() | OperatorSymbol() | AccentSymbol():
            return SAID, ""
        case _:
            assert_never(symbol)


def sections_of_set(told: ToldSet, shown: Sequence[Pages]) -> Iterator[Section]:
    """The scopes of the documents of a set, those of all products together."""
    for n, (problem, letters) in enumerate(zip(told.problem_set.problems, told.letters, strict=True)):
        pages = [one.problems[n] for one in shown]
        yield Section(
            problem, None, tuple((page.title, page.statement, page.certificate, page.points) for page in pages), letters
        )
        for k, part in enumerate(problem.parts):
            yield Section(problem, part, tuple(page.parts[k] for page in pages), letters)
    said = dict.fromkeys(words for one in shown for words in one.conventions)
    losses = _losses(told.problem_set.problems)
    yield from (Section(None, None, (words,), losses, defines=True) for words in said)
    yield from (Section(None, None, (rule,)) for rule in dict.fromkeys(rule for one in shown for rule in one.rules))


def _losses(problems: Iterable[Problem]) -> Mapping[str, str]:
    """How files write what they differentiate, which the conventions name."""
    outputs = ((p.model.output.name, p.latex) for p in problems if p.model.output)
    return {name: latex[name] for name, latex in outputs if name in latex}


def sections_of_problem(problem: Problem, told: Telling) -> Iterator[Section]:
    """The scopes of a problem that is told outside of a document, or of one part of it."""
    parts = {part.id: part for part in problem.parts}
    yield from (Section(None, None, (words,), defines=True) for words in told.where)
    yield Section(problem, None, (told.title, told.statement), told.letters)
    yield from (Section(problem, parts[part.id], (part.prompt, part.blocks), told.letters) for part in told.parts)


def sizes_in(datum: Datum | Node) -> Iterator[Expr]:
    """The sizes that a datum names."""
    match datum:
        case ShapeOf(shape=axes) | SpaceOf(shape=axes):
            yield from map(SizeNum, axes)
        case Classes(count):
            yield SizeNum(count)
        case CountOf(of=value) if value is not None:
            yield value
        case _:
            return
