"""Entries of arrays, Kronecker's δ, stacked samples and sums over an index."""

from __future__ import annotations

from solgen.expr.nodes import Apply, Delta, Entry, Expr, Index, Stack, Sum, Var, shape
from solgen.expr.ops import Trait, having
from solgen.expr.present.entry import entry_through_leaves
from solgen.expr.present.letters import APPLIED, COMMA, ONE, TOP, join_row
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import ATOM, FUNC, POST, TAIL, Piece, at_least, atom, attach_superscript, fence
from solgen.expr.present.signs import KRONECKER
from solgen.expr.present.sizes import size_node
from solgen.expr.present.tree import BigOperator, Dots, Operator, Row, Script
from solgen.expr.size import Size
from solgen.expr.walk import reindex

TURNED = having(Trait.TRANSPOSES | Trait.AS_ROW)
EQUALS = Operator("=", "none")  # beneath a sum


def present_entry(m: Maker, v: Var, at: tuple[Index, ...]) -> Piece:
    """`W_{ij}` in plain italics; `(W_1)_{ij}` where the name has a subscript of its own."""
    plain = m.name(v.name)
    if plain.sub or v.at:
        return bracket_entry(m, atom(m.var(v)), at)
    return atom(plain.with_subscript(m.indices(at)))


def bracket_entry(m: Maker, piece: Piece, at: tuple[Index, ...]) -> Piece:
    """An entry of what is in brackets: square ones around a formula."""
    body = fence(piece.node, piece.height, "square" if piece.level < POST else "round")
    return Piece(Script(body, m.indices(at)), ATOM, piece.height)


def entry_of_formula(m: Maker, e: Expr, at: tuple[Index, ...]) -> Piece:
    """An entry of a formula, through entries of its names where that reads well."""
    match e:
        case Apply(op=op, args=(inner,)) if op in TURNED and len(at) == 2:
            return m.piece(Entry(inner, (at[1], at[0])))
        case _:
            inside = entry_through_leaves(e, at)
            return bracket_entry(m, m.plain.piece(e), at) if inside is None else m.piece(inside)


def kronecker_form(m: Maker, e: Delta) -> Piece:
    """δ with its indices; where δ is a name, the indicator of i = j."""
    if KRONECKER.letter.letters not in m.taken:
        return Piece(Script(KRONECKER.letter, m.indices((e.left, e.right))))
    left, right = (m.indices((i,)) for i in (e.left, e.right))
    condition = fence(Row((left, Operator("=", "relation"), right)), 0, "square")
    return Piece(Row((KRONECKER.word, APPLIED, condition)), FUNC)


def stack(m: Maker, e: Stack) -> Piece:
    """The samples as columns, `[x_1 ⋯ x_n]`, as rows the transpose of that."""
    ends = (Size.of(0), e.index.size - 1)
    first, last = (m.plain.piece(reindex(e.body, {e.index: k})).node for k in ends)
    columns = Piece(fence(Row((first, Dots("between"), last)), 1, "square"), ATOM)
    return columns if e.columns or not shape(e.body) else attach_superscript(columns, TOP)


def indexed_sum(m: Maker, e: Sum) -> Piece:
    """Σ over one index with its range; nested sums share one Σ, without ranges."""
    indices, body = [e.index], e.body
    while isinstance(body, Sum):
        indices.append(body.index)
        body = body.body
    inner = at_least(m.within(frozenset(i.name for i in indices)).piece(body), TAIL)
    below = join_row(tuple(m.indices((i,)) for i in indices), COMMA)
    if len(indices) == 1:
        sign = BigOperator("∑", Row((below, EQUALS, ONE)), size_node(e.index.size))
    else:
        sign = BigOperator("∑", below)
    return Piece(Row((sign, inner.node)), TAIL, max(inner.height, 1))
