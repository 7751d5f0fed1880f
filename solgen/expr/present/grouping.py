"""What a reader sees as one thing: a symbol with one shape, a scalar read as a whole, a vector written as a row."""

from __future__ import annotations

from solgen.expr import applied
from solgen.expr.arith import is_filled, neg, strip_sign
from solgen.expr.nodes import Adj, Apply, Expr, Var, shape
from solgen.expr.ops import TABLE, Trait, having
from solgen.expr.ops.presentation import Presentation, Textbook
from solgen.expr.ops.row import Called, Elementwise, Special

LINEAR = having(Trait.JOINS_TERMS | Trait.SCALES)
OPEN = (Textbook.SUM, Textbook.NEGATION, Textbook.QUOTIENT)  # whose arguments a reader sees one by one
SIGNED = having(Trait.ONE_SIGN | Trait.TRANSPOSES | Trait.LINES_UP)
ROWS = having(Trait.AS_ROW)


def is_leaf(e: Expr) -> bool:
    """Whether a reader sees one symbol with one shape: a name, its transpose, a function of names."""
    match e:
        case Var() | Adj():
            return bool(shape(e))
        case Apply(op=op, args=args) if shape(e):
            return is_one_sign(op) and all(not shape(a) or is_leaf(a) for a in args)
        case _:
            return False


def is_one_sign(op: str) -> bool:
    """Whether an operation is typeset as one sign around its argument."""
    row = TABLE[op]
    return (
        op in SIGNED
        or isinstance(row, Special | Called)
        or (isinstance(row, Elementwise) and row.presentation not in OPEN)
    )


def is_read_whole(e: Apply) -> bool:
    """A scalar function of names, such as ‖r‖², is read as one thing: no shapes inside."""
    return not shape(e) and is_one_sign(e.op) and all(is_leaf(a) or not shape(a) for a in e.args)


def is_row(e: Expr) -> bool:
    """Whether a vector is written as a row in its equation: x.T, x @ W, and sums of such."""
    match e:
        case Apply(op=op) if op in ROWS:
            return True
        case Apply(op=op, args=args) if op in LINEAR:
            return any(is_row(a) for a in args)
        case _:
            return False


def unspread(e: Expr) -> Expr:
    """A scalar spread over an array is the scalar, in a sum with arrays: 1 − h."""
    if is_filled(e):
        return e.args[0]
    inner = strip_sign(e)
    return neg(inner.args[0]) if is_filled(inner) else e


def toggle_transpose(e: Expr) -> Expr:
    """The transpose of a matrix as it is printed: (Wᵀ)ᵀ is W."""
    return e.args[0] if form_of(e) is Textbook.TRANSPOSE and isinstance(e, Apply) else applied.transpose(e)


def form_of(e: Expr) -> Presentation | None:
    """How an operation is written on paper, as its row says; None for a name or a number."""
    return TABLE[e.op].presentation if isinstance(e, Apply) else None
