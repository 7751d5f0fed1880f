"""Products and transposes: of matrices, of vectors, entry by entry, by a scalar; a vector as a row."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from solgen.expr.arith import strip_sign
from solgen.expr.nodes import Apply, Expr, Num, rank, shape
from solgen.expr.ops.presentation import Textbook
from solgen.expr.present.grouping import form_of, toggle_transpose, unspread
from solgen.expr.present.letters import LISTED, PREFIX_MINUS, TOP
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import (
    ATOM,
    DOT,
    FUNC,
    HAD,
    TAIL,
    THIN,
    Piece,
    at_least,
    attach_superscript,
    gap,
    infix,
    negate_piece,
    times,
)
from solgen.expr.present.tree import Fence, Row

ROWS_OF_FACTORS = (Textbook.MATRIX_PRODUCT, Textbook.SCALAR_MULTIPLE)
SIGNS = {"odot": "⊙", "circ": "∘"}


def matrix_product_form(m: Maker, e: Apply) -> Piece:
    """`A B`, `A x`."""
    return times(leading_factor(m, e.args[0]), m.piece(e.args[1]))


def leading_factor(m: Maker, e: Expr) -> Piece:
    """A product that another factor follows; a prefix form at its end is kept apart: A (∇_B L) C, 2 (∇_y L) x."""
    piece = m.piece(e)
    form = form_of(e)
    product = form in ROWS_OF_FACTORS or (form is Textbook.ENTRYWISE_PRODUCT and not shape(e))
    if isinstance(e, Apply) and product and piece.level == TAIL:
        left = leading_factor(m, e.args[0])
        return times(left, at_least(m.piece(e.args[1]), FUNC), THIN if form is Textbook.MATRIX_PRODUCT else gap(left))
    return piece


def row_times_matrix(m: Maker, e: Apply) -> Piece:
    """x @ W as a column: Wᵀx."""
    x, w = e.args
    return times(m.piece(toggle_transpose(w)), m.piece(x))


def inner_product(m: Maker, e: Apply) -> Piece:
    """`xᵀy`; of matrices ⟨A, B⟩."""
    left, right = e.args
    if rank(left) == 1 and form_of(left) is Textbook.SCALAR_MULTIPLE:  # (a x)ᵀ y is a xᵀ y
        factor, array = left.args if isinstance(left, Apply) else (left, left)
        front = leading_factor(m, factor)
        if form_of(factor) in (Textbook.INNER_PRODUCT, Textbook.TOTAL):
            front = at_least(front, FUNC)
        return times(front, times(m.row(array), m.piece(right)), gap(front))
    if rank(left) == 1:
        return times(m.row(left), m.piece(right))
    return Piece(Fence(Row((m.piece(left).node, LISTED, m.piece(right).node)), "angle"), ATOM)


def outer_product(m: Maker, e: Apply) -> Piece:
    """`x yᵀ`."""
    return times(m.piece(e.args[0]), m.row(e.args[1]))


def entrywise_product(m: Maker, e: Apply) -> Piece:
    """`a ⊙ b`; of numbers `a b`."""
    left, right = e.args
    if not shape(e):
        number = strip_sign(right)
        apart = isinstance(number, Num) or left == Num(Rational(1))  # 1 · x and x · (−1), as a rule leaves them
        return times(leading_factor(m, left), m.piece(right), DOT if apart else THIN)
    a, b = (at_least(m.piece(unspread(x)), HAD if _is_entrywise(x) else FUNC) for x in (left, right))
    return infix(a, SIGNS[m.notation.hadamard], b, HAD)


def _is_entrywise(e: Expr) -> bool:
    return form_of(e) is Textbook.ENTRYWISE_PRODUCT and bool(shape(e))


def scalar_multiple(m: Maker, e: Apply) -> Piece:
    """A scalar multiple; a scalar that is itself a matrix product is kept apart by parentheses."""
    factor, array = e.args
    left, right = leading_factor(m, factor), m.piece(array)
    if factor == Num(Rational(-1)):
        return negate_piece(right)
    if form_of(factor) in (Textbook.INNER_PRODUCT, Textbook.TOTAL):
        left = at_least(left, FUNC)
    if right.level == HAD:  # 2 a ⊙ b needs no parentheses
        joined = times(left, replace(right, level=ATOM), gap(left))
        return joined if joined.negative else replace(joined, level=HAD)
    apart = m.piece(factor).level == TAIL  # 2 (∇_y L) x ends in a parenthesis
    return times(left, right, THIN if apart else gap(left))


# ---------------------------------------------------------------- transposes


def transpose(m: Maker, e: Apply) -> Piece:
    """`Aᵀ`; of an inverse `A^{-⊤}`."""
    inner = e.args[0]
    if isinstance(inner, Apply) and form_of(inner) is Textbook.INVERSE:
        return attach_superscript(m.piece(inner.args[0]), PREFIX_MINUS, TOP)  # (X⁻¹)ᵀ
    return attach_superscript(m.piece(inner), TOP)


def row_as_vector(m: Maker, e: Apply) -> Piece:
    """A 1 × k matrix as a vector: of row(v), v itself."""
    inner = e.args[0]
    if isinstance(inner, Apply) and form_of(inner) is Textbook.AS_ROW:
        return m.piece(inner.args[0])
    return attach_superscript(m.piece(inner), TOP)


# ---------------------------------------------------------------- a vector written as a row


def as_row(m: Maker, e: Expr) -> Piece:
    """xᵀ; of a product the row that it is: xᵀW."""
    match e:
        case Apply(op="as_row", args=(inner,)):
            return m.row(inner)
        case Apply(op="vecmat", args=(x, w)):
            return times(m.row(x), m.piece(w))
        case Apply(op="unrow", args=(Apply(op="row", args=(v,)),)):
            return m.row(v)
        case Apply(op="unrow", args=(inner,)):
            return m.piece(inner)
        case Apply(op="matvec", args=(Apply(op="transpose", args=(inner,)), x)):  # (Aᵀx)ᵀ is xᵀA
            return times(m.row(x), m.piece(inner))
        case _:
            return attach_superscript(m.piece(e), TOP)
