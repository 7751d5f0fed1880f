"""Sums, differences and signs: `a + (-b)` is written a − b, a number spread over an array is the number."""

from __future__ import annotations

from solgen.expr.arith import add, fill, is_sum
from solgen.expr.nodes import Apply, Expr, shape
from solgen.expr.ops import Trait, having
from solgen.expr.ops.presentation import Textbook
from solgen.expr.present.grouping import LINEAR, form_of, unspread
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import Piece, gap, negate_piece, sum_of, times

DIAGONAL = having(Trait.DIAGONAL)


def sum_form(m: Maker, e: Apply) -> Piece:
    """`a + b − c`."""
    apart = any(_is_identity(a) for a in e.args)  # I − (1/n) 11ᵀ: a bare number would read as a multiple of I
    inner = e.args if apart else tuple(unspread(a) for a in e.args)
    if shape(e) and not any(map(shape, inner)):  # nothing but spread numbers: (a + b) 1
        return m.piece(fill(add(*inner), shape(e)))
    return sum_of([m.piece(a) for a in inner])


def negation_form(m: Maker, e: Apply) -> Piece:
    """`−a`."""
    return negate_piece(m.piece(e.args[0]))


def row_line(m: Maker, e: Expr) -> Piece:
    """One side of an equation between rows: a sum of rows, term by term."""
    match form_of(e), e:
        case Textbook.SUM, Apply(args=args):
            terms = map(unspread, args)
            return sum_of([row_line(m, term) if shape(term) else m.piece(term) for term in terms])
        case Textbook.NEGATION, Apply(args=(inner,)):
            return negate_piece(row_line(m, inner))
        case Textbook.SCALAR_MULTIPLE, Apply(args=(factor, inner)):
            front = m.piece(factor)
            return times(front, row_line(m, inner), gap(front))
        case _:
            return m.row(e)


def _is_identity(e: Expr) -> bool:
    """Whether e is a multiple of the identity, or another matrix that is 0 off its diagonal."""
    while isinstance(e, Apply) and e.op in LINEAR and not is_sum(e):
        e = e.args[-1]
    return isinstance(e, Apply) and e.op in DIAGONAL
