"""From a formula to its presentation tree: what a lecturer would write, decided once for all formats.

A presenter walks an expression once: names, numbers and entries have forms of their own, an operation the one that its
row in the table says.  With `shapes` every factor of a product and every summand carries its shape beneath it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from solgen.expr.nodes import (
    Adj,
    Apply,
    Delta,
    Entry,
    Expr,
    Idx,
    Index,
    Num,
    Pi,
    Position,
    SizeNum,
    Stack,
    Sum,
    Var,
    rank,
    shape,
)  # fmt: skip
from solgen.expr.present.breaks import place_breaks, without_breaks
from solgen.expr.present.declared import symbol
from solgen.expr.present.forms import present_operation
from solgen.expr.present.gradient_symbols import adjoint
from solgen.expr.present.grouping import is_leaf, is_read_whole, is_row
from solgen.expr.present.letters import COMMA, is_letter, join_row, row
from solgen.expr.present.notation import GRADIENTS, GradientNotation
from solgen.expr.present.piece import ATOM, FUNC, SUM, TAIL, Piece, atom, fraction, prefix_minus
from solgen.expr.present.product_forms import as_row
from solgen.expr.present.signs import PI
from solgen.expr.present.sizes import shape_node, size_node
from solgen.expr.present.style import PLAIN, Style
from solgen.expr.present.subscripts import entry_of_formula, indexed_sum, kronecker_form, present_entry, stack
from solgen.expr.present.sum_forms import row_line
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import Node, Number, Shaped, showing
from solgen.expr.size import Size


@dataclass(frozen=True, slots=True)
class Presenter:
    """Formulas to presentation trees.

    names: LaTeX of names that are not written by the rules of docs/format.md; shapes: a shape beneath every factor;
    loss: the name whose gradients have symbols of their own in bar and delta notation (None: every scalar);
    hears: is told each formula that is asked for, so that what a page shows is known (None: nobody is);
    taken: letters that are names, to which signs of ours give way (`solgen.expr.present.signs`).
    """

    names: Mapping[str, str] = field(default_factory=dict)
    notation: Style = PLAIN
    shapes: bool = False
    loss: str | None = None
    bound: frozenset[str] = frozenset()  # indices of the sums around what is made
    commas: bool = False  # between all indices, as where numbers and letters stand in one display
    hears: Callable[[Expr], None] | None = None
    taken: frozenset[str] = frozenset()

    # ---------------------------------------------------------------- what others call

    def formula(self, e: Expr) -> Node:
        """The expression, a vector as a column; a long line may break before its signs."""
        return place_breaks(self._hear_and_present(e).node)

    def inline(self, e: Expr) -> Node:
        """The expression where no line may break."""
        return without_breaks(self._hear_and_present(e).node)

    def chain(self, chain: tuple[Expr, ...]) -> tuple[Node, ...]:
        """The sides of `a = b = …`, all as rows if one of them is written as a row (yᵀ = xᵀW)."""
        as_rows = any(is_row(e) for e in chain)
        pieces = (row_line(self, e) if as_rows and rank(e) == 1 else self.piece(e) for e in chain)
        if self.hears:
            for e in chain:
                self.hears(e)
        return tuple(place_breaks(piece.node) for piece in pieces)

    def _hear_and_present(self, e: Expr) -> Piece:
        if self.hears:
            self.hears(e)
        return self.piece(e)

    # ---------------------------------------------------------------- what the forms call

    @property
    def plain(self) -> Presenter:
        """The same presenter without shapes, for fractions, scripts and arguments."""
        return replace(self, shapes=False) if self.shapes else self

    @property
    def gradient(self) -> GradientNotation:
        """How gradients are written."""
        return GRADIENTS[self.notation.gradient]

    def within(self, indices: frozenset[str]) -> Presenter:
        """The same presenter inside a sum over these indices."""
        return replace(self, bound=self.bound | indices)

    def piece(self, e: Expr) -> Piece:
        """The expression with its precedence; under it its shape, where it is a leaf."""
        if self.shapes and is_leaf(e):
            return _add_shape(self.plain.piece(e), e)
        return _showing(self._make_piece(e), e)

    def _make_piece(self, e: Expr) -> Piece:
        match e:
            case Num():
                return _number(e)
            case Pi():
                return Piece(PI.beside(self.taken))
            case Position(index=i):
                return Piece(self._index(i))
            case SizeNum(size=n):
                return Piece(size_node(n), SUM if len(n.terms) > 1 else ATOM)
            case Var():
                return atom(self.var(e))
            case Adj():
                return adjoint(self, e, ())
            case Entry():
                return self._entry(e)
            case Delta():
                return kronecker_form(self, e)
            case Stack():
                return stack(self, e)
            case Sum():
                return indexed_sum(self, e)
            case Apply():
                return present_operation(self.plain if self.shapes and is_read_whole(e) else self, e)
            case _:
                assert_never(e)  # type: ignore[arg-type]

    def row(self, e: Expr) -> Piece:
        """A vector written as a row."""
        if self.shapes and is_leaf(e):
            return _add_shape(self.plain.row(e), e, as_row=True)
        return _showing(as_row(self, e), e)

    def var(self, v: Var) -> WrittenName:
        """The symbol of a value: bold for an array, with its sample indices."""
        found = self.name(v.name)
        if v.shape_ and self.notation.vectors == "bold":
            found = found.in_bold()
        return found.with_subscript(self.indices(v.at)) if v.at else found

    def name(self, name: str) -> WrittenName:
        return symbol(name, self.names.get(name, ""))

    def indices(self, indices: tuple[Index, ...]) -> Node:
        """Indices side by side; with commas unless each is a single letter."""
        parts = tuple(self._index(i) for i in indices)
        return row(*parts) if not self.commas and all(map(is_letter, parts)) else join_row(parts, COMMA)

    # ---------------------------------------------------------------- nodes

    def _index(self, i: Index) -> Node:
        match i:
            case Idx(name=name):
                return symbol(name).node()
            case Var():
                return self.var(i).node()
            case Size():
                return size_node(i + 1)
            case _:
                assert_never(i)

    def _entry(self, e: Entry) -> Piece:
        match e.array:
            case Var() as v:
                return present_entry(self, v, e.indices)
            case Adj() as a:
                return adjoint(self, a, e.indices)
            case other:
                return entry_of_formula(self, other, e.indices)


def _add_shape(piece: Piece, e: Expr, as_row: bool = False) -> Piece:
    level = TAIL if piece.level == TAIL else max(piece.level, FUNC)  # (∇_y L) xᵀ keeps its parentheses
    return Piece(Shaped(piece.node, shape_node(shape(e), as_row)), level, piece.height)


def _showing(piece: Piece, e: Expr) -> Piece:
    """The piece whose tree says what it shows; of several formulas that look alike, the innermost."""
    if piece.node.shows is not None:
        return piece
    return Piece(showing(piece.node, e), piece.level, piece.height, piece.symbol)


def _number(e: Num) -> Piece:
    value = abs(e.value)
    top, bottom = Number(str(value.numerator)), Number(str(value.denominator))
    body = Piece(top) if value.denominator == 1 else fraction(top, bottom, "small")
    return prefix_minus(body.node, body.height) if e.value < 0 else body
