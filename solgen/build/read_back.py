"""What is printed is read back: each formula of a page, as its format writes it, by a reader that knows no printer.

A presentation tree says which expression it shows.  Its text is read with the names of the problem alone, and what is
read must be that expression, in one way: as a tree, or by value with every symbol free (`solgen.written`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from solgen.build.cache import Store, digest
from solgen.document.blocks import TableRow
from solgen.document.pages import ToldSet
from solgen.document.products import Product
from solgen.document.telling import Telling
from solgen.expr.nodes import Expr, rank
from solgen.expr.present.notation import (
    GRADIENTS,
    AccentSymbol,
    GradientSymbol,
    LetterSymbol,
    OperatorSymbol,
    QuotientSymbol,
)
from solgen.expr.present.tree import Shows
from solgen.expr.text import text
from solgen.model.problem import Part, Problem
from solgen.numeric.points.noun_walk import parts
from solgen.render.chains import Chain, Equality
from solgen.render.latex import latex
from solgen.render.snippets import LATEX, MARKDOWN
from solgen.render.terminal import one_line
from solgen.written import (
    Ambiguous,
    Different,
    Names,
    NotRead,
    SameTree,
    SameValue,
    Verdict,
    compare_latex,
    compare_terminal,
    names_of,
)
from solgen.written.names import EVERY, SAID, Gradient

Compare = Callable[[str, Expr, Names, bool], Verdict]
Found = tuple[str, Expr]  # a formula as it is written, and what it should say
CHAINS = (TableRow, Chain, Equality)  # whose vectors stand all as columns or all as rows


@dataclass(frozen=True, slots=True)
class Written:
    """How a format writes a formula, and how that is read."""

    name: str
    write: Callable[[Any], str]
    compare: Compare

    def chains(self, page: object) -> Iterator[tuple[Found, ...]]:
        """The formulas of a page, those of one chain together."""
        for together in shown_together(page):
            yield tuple((self.write(node), node.shows) for node in together if node.shows is not None)


IN_LATEX = Written("latex", latex, compare_latex)
IN_TERMINAL = Written("terminal", one_line, compare_terminal)
FOR_OTHERS = Written("latex for others", lambda node: latex(node, LATEX.macros), compare_latex)
IN_MARKDOWN = Written("markdown", lambda node: latex(node, MARKDOWN.macros), compare_latex)


@dataclass(frozen=True, slots=True)
class Misreading:
    """A formula whose text says something else, or several things: where it stands, and what it says."""

    section: Section
    written: str
    formula: Expr
    verdict: Ambiguous | Different | NotRead

    @property
    def message(self) -> str:
        """What stands there, what should, and what a reader takes it for."""
        problem, part = self.section.problem, self.section.part
        told = f"part ({part.id})" if part else "the statement" if problem else "the appendix"
        return f"{told} prints `{self.written}` for `{text(self.formula)}`, and it {_says(self.verdict)}"


def _says(verdict: Ambiguous | Different | NotRead) -> str:
    match verdict:
        case Different(read=read, reason=reason):
            return f"reads as `{text(read[0])}`: {reason}" if read else f"reads otherwise: {reason}"
        case Ambiguous(read=read):
            return "can be read as " + " or as ".join(f"`{text(e)}`" for e in dict.fromkeys(read))
        case NotRead(why=why):
            return f"cannot be read: {why}"


# ---------------------------------------------------------------- the formulas of a page


def shown_together(thing: object) -> Iterator[tuple[Shows, ...]]:
    """The trees in a page that show a formula: those of one chain together, any other alone."""
    if isinstance(thing, CHAINS):
        yield tuple(_shown(thing))
    elif isinstance(thing, Shows) and thing.shows is not None:
        yield (thing,)
    else:
        for inner in parts(thing):
            yield from shown_together(inner)


def _shown(thing: object) -> Iterator[Shows]:
    if isinstance(thing, Shows) and thing.shows is not None:
        yield thing
    else:
        for inner in parts(thing):
            yield from _shown(inner)


def _misread(
    chain: Sequence[Found], names: Sequence[Names], compare: Compare
) -> Iterator[tuple[str, Expr, Ambiguous | Different | NotRead]]:
    """The formulas of a chain that are not read as what they show; `names`: ways of naming, of which one must do."""
    columns = [_best(written, e, names, compare, as_row=False) for written, e in chain]
    if all(map(_holds, columns)):
        return
    rows = [_best(written, e, names, compare, as_row=rank(e) == 1) for written, e in chain]
    if len(chain) > 1 and all(map(_holds, rows)):
        return
    for (written, e), verdict in zip(chain, columns, strict=True):
        if not isinstance(verdict, SameTree | SameValue):
            yield written, e, verdict


def _best(written: str, e: Expr, names: Sequence[Names], compare: Compare, as_row: bool) -> Verdict:
    """The verdict under the first way of naming that reads the formula as it is meant, else under the first."""
    verdicts = [compare(written, e, names[0], as_row)]
    for others in names[1:]:
        if _holds(verdicts[-1]):
            return verdicts[-1]
        verdicts.append(compare(written, e, others, as_row))
    return verdicts[-1] if _holds(verdicts[-1]) else verdicts[0]


def _holds(verdict: Verdict) -> bool:
    return isinstance(verdict, SameTree | SameValue)


# ---------------------------------------------------------------- a set, and a problem told outside of one


@dataclass(frozen=True, slots=True)
class Section:
    """What shares a scope of names: a part of a problem, what of it is in no part, or (no problem) the appendix."""

    problem: Problem | None
    part: Part | None
    pages: tuple[object, ...]
    letters: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> tuple[str, ...]:
        """What decides what its names mean, besides its formulas."""
        if self.problem is None:
            return ()
        problem, notation = self.problem, (self.part.notation if self.part else None) or self.problem.notation
        return (
            problem.text,
            repr(sorted(problem.latex.items())),
            notation.gradient,
            repr(sorted(self.letters.items())),
        )

    def chains(self, written: Written) -> tuple[tuple[Found, ...], ...]:
        """Its formulas as a format writes them, those of one chain together, each chain once."""
        return tuple(dict.fromkeys(written.chains(self.pages)))

    def names(self, formulas: Iterable[Expr]) -> tuple[Names, ...]:
        """Its names: those of its model and of its formulas; and with a graph's letters for some."""
        if self.problem is None:
            return (names_of(formulas, {}, EVERY, "L"),)
        problem, part = self.problem, self.part
        model = (part.model if part else None) or problem.model
        notation = (part.notation if part else None) or problem.notation
        known = [*formulas, *(e for q in model.equations for e in (q.var, q.body))]
        output = model.output.name if model.output else None
        gradients, letters = _kinds(GRADIENTS[notation.gradient].symbol)
        spelled = [problem.latex, *([{**problem.latex, **self.letters}] if self.letters else [])]
        return tuple(names_of(known, latex, gradients, output, letters=letters) for latex in spelled)


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


def sections_of_set(told: ToldSet, products: Iterable[Product]) -> Iterator[Section]:
    """The scopes of the documents of a set, those of all products together."""
    shown = [told.pages(product) for product in products]
    for n, (problem, letters) in enumerate(zip(told.problem_set.problems, told.letters, strict=True)):
        pages = [one.problems[n] for one in shown]
        yield Section(problem, None, tuple((page.title, page.statement, page.certificate) for page in pages), letters)
        for k, part in enumerate(problem.parts):
            yield Section(problem, part, tuple(page.parts[k] for page in pages), letters)
    yield from (Section(None, None, (rule,)) for rule in dict.fromkeys(rule for one in shown for rule in one.rules))


def sections_of_problem(problem: Problem, told: Telling) -> Iterator[Section]:
    """The scopes of a problem that is told outside of a document, or of one part of it."""
    parts = {part.id: part for part in problem.parts}
    yield Section(problem, None, (told.title, told.statement), told.letters)
    yield from (Section(problem, parts[part.id], (part.prompt, part.blocks), told.letters) for part in told.parts)


def read_back(sections: Iterable[Section], written: Written) -> Iterator[Misreading]:
    """Every formula that is not read as what it shows."""
    for section in sections:
        chains = section.chains(written)
        names = section.names(e for chain in chains for _, e in chain)
        for chain in chains:
            yield from (Misreading(section, *found) for found in _misread(chain, names, written.compare))


def read_once(sections: Iterable[Section], written: Written, store: Store, program: str) -> Iterator[Misreading]:
    """The same; what was read before with the same names, by the same `program`, is not read again."""
    for section in sections:
        formulas = (pair for chain in section.chains(written) for pair in chain)
        shown = (piece for tex, e in formulas for piece in (tex, text(e)))
        key = digest("read back", program, written.name, *section.named, *shown)
        if store.get(key) is not None:
            continue
        wrong = tuple(read_back([section], written))
        if not wrong:
            store.put(key, b"")
        yield from wrong
