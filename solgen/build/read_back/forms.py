"""What a page says, as a format writes it: each presentation tree with the formula, or datum, that it should say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeGuard

from solgen.document.blocks import TableRow
from solgen.expr.nodes import Apply, Expr, Shape, shape
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import ShapeError
from solgen.expr.present.tree import Cases, Datum, Node, Row, Shows, Table, walk
from solgen.expr.walk import KEPT, nodes
from solgen.model.noun_walk import parts
from solgen.render.chains import EQUALS, Chain, Equality
from solgen.render.latex import latex
from solgen.render.snippets import LATEX, MARKDOWN
from solgen.render.terminal import one_line
from solgen.written import Names, Reading, Verdict, compare_latex, compare_terminal, read_latex, read_terminal
from solgen.written.ink import Ink, latex_ink, terminal_ink
from solgen.written.memory import Memory
from solgen.written.reader import latex_shape, terminal_shape
from solgen.written.syntax import Style

Compare = Callable[[str, Expr, Names, bool], Verdict]
Found = tuple[str, Expr]  # a formula as it is written, and what it should say
Stated = tuple[str, Datum | Node]  # a datum likewise; of what has no value, the tree itself
CHAINS = (TableRow, Chain, Equality)  # whose vectors stand all as columns or all as rows


@dataclass(frozen=True, slots=True)
class Together:
    """What is read together: the sides of a chain, or one formula; `rows`: whether vectors may all stand as rows."""

    formulas: tuple[Found, ...]
    rows: bool


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """How a format writes a tree, and how that is read: beside a formula, by itself, as a shape, as ink.

    tables: whether rows and columns are told from each other in what is written; indicator: how the 1 of an indicator
    stands.
    """

    name: str
    write: Callable[[Any], str]
    compare: Compare
    read: Callable[[str, Names], Reading]
    read_shape: Callable[[str, Names], Shape]
    read_ink: Callable[[str], Ink]
    tables: bool = True
    indicator: Style = "double-struck"

    def together(self, page: object, rows: bool = False) -> Iterator[Together]:
        """The formulas of a page, those of one chain together; of what has no value or no spelling, each part."""
        if isinstance(page, CHAINS) or _is_equation(page):
            inner = (group for part in parts(page) for group in self.together(part))
            yield Together(tuple(found for group in inner for found in group.formulas), rows=True)
        elif isinstance(page, Shows) and is_readable(page.shows):
            yield Together(((self.write(page), page.shows),), rows)
        elif not (isinstance(page, Shows) and isinstance(page.shows, Datum)):
            apart = isinstance(page, Shows) and page.shows is not None
            for part in parts(page):
                yield from self.together(part, rows or apart)

    def data(self, page: object) -> Iterator[Stated]:
        """What a page says that is no formula: data, and the signs, letters and words around formulas."""
        node: Any = page
        if isinstance(page, Shows) and isinstance(page.shows, Datum):
            yield self.write(node), page.shows
        elif isinstance(page, Shows) and not any(map(_is_said, walk(node))):
            yield self.write(node), node
        elif not (isinstance(page, Shows) and is_readable(page.shows)):
            if isinstance(page, Table | Cases) and self.tables:
                yield self.write(page), page  # which cell stands where
            for part in parts(page):
                yield from self.data(part)


def remembering(written: WrittenForm) -> WrittenForm:
    """The same, where no text is read again whose names mean the same, and nothing compared again."""
    memory = Memory(written.read)
    return replace(written, compare=memory.compare, read=memory.read)


def _in_latex(name: str, write: Callable[[Any], str], indicator: Style = "double-struck") -> WrittenForm:
    return WrittenForm(name, write, compare_latex, read_latex, latex_shape, latex_ink, indicator=indicator)


IN_LATEX = _in_latex("latex", latex)
IN_TERMINAL = WrittenForm(
    "terminal", one_line, compare_terminal, read_terminal, terminal_shape, terminal_ink, tables=False
)
FOR_OTHERS = _in_latex("latex for others", lambda node: latex(node, LATEX.macros), "bold")
IN_MARKDOWN = _in_latex("markdown", lambda node: latex(node, MARKDOWN.macros), "bold")


def _is_equation(page: object) -> bool:
    """Whether a tree is an equation on a line of its own, or within a sentence."""
    return isinstance(page, Row) and page.shows is None and EQUALS in page.items


def _is_said(node: Node) -> bool:
    """Whether a node says what it shows."""
    return isinstance(node.shows, Datum) or is_readable(node.shows)


def is_readable(e: Expr | Datum | None) -> TypeGuard[Expr]:
    """Whether there is an expression that says all of itself, and whose shapes fit: some wrong answers' do not."""
    return isinstance(e, Expr) and _says_itself(e)


@lru_cache(maxsize=KEPT)
def _says_itself(e: Expr) -> bool:
    try:
        return all(_fits(node) for node in nodes(e))
    except ShapeError:
        return False


def _fits(e: Expr) -> bool:
    match e:
        case Apply(op=op, args=args, params=params, shape_=to):
            return bool(TABLE[op].written) and TABLE[op].shape(tuple(map(shape, args)), params) == to
        case _:
            return True
