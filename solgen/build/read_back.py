"""What is printed is read back: each formula of a page, as its format writes it, by a reader that knows no printer.

A presentation tree says which expression it shows.  Its text is read with the names of the problem alone, and what is
read must be that expression, in one way: as a tree, or by value with every symbol free (`solgen.written`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard, assert_never

from solgen.build.cache import Store, digest
from solgen.document.blocks import Pages, TableRow
from solgen.document.pages import ToldSet
from solgen.document.telling import Telling
from solgen.expr.nodes import Adj, Apply, Expr, rank, shape
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import ShapeError
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
from solgen.expr.walk import nodes
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
LETTERS = tuple(row.symbol.letter for row in GRADIENTS.values() if isinstance(row.symbol, LetterSymbol))
CHAINS = (TableRow, Chain, Equality)  # whose vectors stand all as columns or all as rows


@dataclass(frozen=True, slots=True)
class Together:
    """What is read together: the sides of a chain, or one formula; `rows`: whether vectors may all stand as rows."""

    formulas: tuple[Found, ...]
    rows: bool


@dataclass(frozen=True, slots=True)
class Written:
    """How a format writes a formula, and how that is read."""

    name: str
    write: Callable[[Any], str]
    compare: Compare

    def together(self, page: object, rows: bool = False) -> Iterator[Together]:
        """The formulas of a page, those of one chain together; of what has no value or no spelling, each part."""
        if isinstance(page, CHAINS):
            inner = (group for part in parts(page) for group in self.together(part))
            yield Together(tuple(found for group in inner for found in group.formulas), rows=True)
        elif isinstance(page, Shows) and is_readable(page.shows):
            yield Together(((self.write(page), page.shows),), rows)
        else:
            apart = isinstance(page, Shows) and page.shows is not None
            for part in parts(page):
                yield from self.together(part, rows or apart)


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


def is_readable(e: Expr | None) -> TypeGuard[Expr]:
    """Whether there is an expression that says all of itself, and whose shapes fit: some wrong answers' do not."""
    try:
        return e is not None and all(_fits(node) for node in nodes(e))
    except ShapeError:
        return False


def _fits(e: Expr) -> bool:
    match e:
        case Apply(op=op, args=args, params=params, shape_=to):
            return bool(TABLE[op].written) and TABLE[op].shape(tuple(map(shape, args)), params) == to
        case _:
            return True


def misread(
    group: Together, names: Sequence[Names], compare: Compare
) -> Iterator[tuple[str, Expr, Ambiguous | Different | NotRead]]:
    """The formulas that are not read as what they show; `names`: ways of naming, of which one must do."""
    columns = [_best(written, e, names, compare, as_row=False) for written, e in group.formulas]
    if all(map(_holds, columns)):
        return
    rows = [_best(written, e, names, compare, as_row=rank(e) == 1) for written, e in group.formulas]
    if group.rows and all(map(_holds, rows)):
        return
    for (written, e), verdict in zip(group.formulas, columns, strict=True):
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
            notation.vectors,
            repr(sorted(self.letters.items())),
        )

    def together(self, written: Written) -> tuple[Together, ...]:
        """Its formulas as a format writes them, those of one chain together, each chain once."""
        return tuple(dict.fromkeys(written.together(self.pages)))

    def names(self, formulas: Iterable[Expr]) -> tuple[Names, ...]:
        """Its names: those of its model and of its formulas; and with a graph's letters for some."""
        if self.problem is None:
            return (names_of(formulas, {}, EVERY, "L", letters=LETTERS),)
        problem, part = self.problem, self.part
        model = (part.model if part else None) or problem.model
        notation = (part.notation if part else None) or problem.notation
        formulas = tuple(formulas)
        known = [*formulas, *(e for q in model.equations for e in (q.var, q.body))]
        outputs: list[str | None] = [model.output.name if model.output else None]
        outputs += sorted({g.of.name for e in formulas for g in nodes(e) if isinstance(g, Adj)} - {*outputs})
        shown = any(isinstance(g, Adj) for e in formulas for g in nodes(e))
        gradients, letters = _kinds(GRADIENTS[notation.gradient].symbol) if shown else (SAID, "")
        bold = notation.vectors == "bold"
        spelled = [problem.latex, *([{**problem.latex, **self.letters}] if self.letters else [])]
        return tuple(
            names_of(known, latex, gradients, output, bold, letters=letters) for latex in spelled for output in outputs
        )


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
        yield from _misread_in(section, section.together(written), written)


def _misread_in(section: Section, groups: Sequence[Together], written: Written) -> Iterator[Misreading]:
    names = section.names(e for group in groups for _, e in group.formulas)
    for group in groups:
        yield from (Misreading(section, *found) for found in misread(group, names, written.compare))


def read_once(sections: Iterable[Section], written: Written, store: Store, program: str) -> Iterator[Misreading]:
    """The same; what was read before with the same names, by the same `program`, is not read again."""
    for section in sections:
        groups = section.together(written)
        formulas = (pair for group in groups for pair in group.formulas)
        shown = (piece for tex, e in formulas for piece in (tex, text(e)))
        key = digest("read back", program, written.name, *section.named, *shown)
        if store.get(key) is not None:
            continue
        wrong = tuple(_misread_in(section, groups, written))
        if not wrong:
            store.put(key, b"")
        yield from wrong
