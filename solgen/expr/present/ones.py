r"""Sums over entries, and broadcasting: what is written with Σ, and what with vectors of ones.

`sum(x ⊙ u)` reads best as `\sum_i x_i u_i`; `sum(W x)` as `\mathbf{1}^{\top} W x`, since its entries are no
simple formula.
"""

from __future__ import annotations

from fractions import Fraction as Rational
from itertools import chain, count

from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, Num, Position, Stack, Sum, Var, rank, shape
from solgen.expr.present.entry import entry_through_leaves
from solgen.expr.present.grouping import toggle_transpose
from solgen.expr.present.letters import TOP
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import ATOM, POST, Piece, negate_piece, times
from solgen.expr.present.sizes import shape_node, side_node, size_node
from solgen.expr.present.tree import Identifier, Node, Script, Shaped
from solgen.expr.size import Size
from solgen.expr.walk import nodes

ONES = Identifier("1", "bold")
ZEROS = Identifier("0", "bold")
LETTERS = "ijklstpqruv"  # indices that a presentation adds


def total_form(m: Maker, e: Apply) -> Piece:
    """Σᵢ of an entrywise vector, 1ᵀx and 1ᵀX1 of anything else."""
    x = e.args[0]
    free = _free_letter(m, x) if rank(x) == 1 else None
    body = entry_through_leaves(x, (free,)) if free else None
    if free and body is not None:
        return m.plain.piece(Sum(free, body))
    if rank(x) == 1:
        return times(_ones(m, shape(x)[0], row=True), m.piece(x))
    if rank(x) == 2:
        return times(times(_ones(m, shape(x)[0], row=True), m.piece(x)), _ones(m, shape(x)[1]))
    return m.piece(x)


def _free_letter(m: Maker, x: Expr) -> Idx:
    """An index for the entries of x, in a letter that no name and none of the sums around it uses: Σ_j (y_i)_j."""
    own = {name for n in nodes(x) for name in _letters(n)} | {s for n in shape(x) for s in n.symbols}
    taken = own | m.taken | m.bound
    letters = chain(LETTERS, (f"i{k}" for k in count(1)))
    return Idx(next(c for c in letters if c not in taken), shape(x)[0])


def _letters(n: Expr) -> tuple[str, ...]:
    """The names that one node takes: of a value, of its sample, of an index."""
    match n:
        case Var(name=name, at=at):
            return (name, *_names(at))
        case Adj(of=of, wrt=wrt):
            return (of.name, wrt.name, *_names(of.at), *_names(wrt.at))
        case Entry(indices=indices):
            return _names(indices)
        case Delta(left=i, right=j):
            return _names((i, j))
        case Sum(index=i) | Stack(index=i) | Position(index=i):
            return (i.name,)
        case _:
            return ()


def _names(indices: tuple[Index, ...]) -> tuple[str, ...]:
    return tuple(i.name for i in indices if isinstance(i, Idx | Var))


def _ones(m: Maker, size: Size, row: bool = False) -> Piece:
    """A vector of ones, with its size or, among shapes, its shape."""
    above = TOP if row else None
    if m.shapes:
        body: Node = Script(ONES, sup=above) if row else ONES
        return Piece(Shaped(body, shape_node((size,), as_row=row)))
    return Piece(Script(ONES, size_node(size), above), POST)


def total_of_rows(m: Maker, e: Apply) -> Piece:
    """`Xᵀ1`."""
    return times(m.piece(toggle_transpose(e.args[0])), _ones(m, shape(e.args[0])[0]))


def total_of_columns(m: Maker, e: Apply) -> Piece:
    """`X1`."""
    return times(m.piece(e.args[0]), _ones(m, shape(e.args[0])[1]))


def spread_form(m: Maker, e: Apply) -> Piece:
    """A number in every entry: a vector or matrix of ones times the number, or of zeros."""
    if e.args[0] == Num(Rational(0)):
        return Piece(Script(ZEROS, shape_node(shape(e)) if rank(e) == 2 else side_node(shape(e)[0])), ATOM)
    ones = _ones(m, shape(e)[0])
    if rank(e) == 2:
        ones = times(ones, _ones(m, shape(e)[1], row=True))
    match e.args[0]:
        case Num(value=Rational(numerator=1 | -1 as sign, denominator=1)):
            return ones if sign == 1 else negate_piece(ones)
        case value:
            return times(m.piece(value), ones)


def same_rows(m: Maker, e: Apply) -> Piece:
    """`1xᵀ`."""
    return times(_ones(m, shape(e)[0]), m.row(e.args[0]))


def same_columns(m: Maker, e: Apply) -> Piece:
    """`x1ᵀ`."""
    return times(m.piece(e.args[0]), _ones(m, shape(e)[1], row=True))
