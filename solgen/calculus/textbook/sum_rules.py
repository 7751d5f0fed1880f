"""Textbook rewrites of sums of entries, of traces and diagonals, and of changes of form that undo each other."""

from __future__ import annotations

from solgen.calculus.textbook.patterns import TWO, is_ones, is_op, rule_for, sums_to_one
from solgen.expr import applied
from solgen.expr.arith import ONE, div, fill, fn, mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Kind, SizeNum, Var, rank, shape
from solgen.expr.ops import TABLE, Trait, having


@rule_for("sum")
def _sum(e: Apply) -> Expr | None:
    a = e.args[0]
    match a:
        case _ if not rank(a):  # a number is its own sum
            return a
        case _ if rank(a) == 1 and sums_to_one(a):
            return ONE
        case Apply(op="outer", args=(x, y)):
            return mul(applied.sum(x), applied.sum(y))
        case Apply(op="fill", args=(s,)):
            return mul(s, _count(a))
        case Apply(op="cols" | "rows", args=(v,), params=p):
            return mul(SizeNum(p[0]), applied.sum(v))  # type: ignore[arg-type]
        case Apply(op="sum_rows" | "sum_cols", args=(x,)):
            return applied.sum(x)
        case Apply(op="mul", args=(x, y)):  # Σ (x ⊙ y) = xᵀ y
            return applied.dot(x, y)
        case Apply(op="pow", args=(x, k)) if k == TWO:  # Σ x² = ‖x‖²
            return applied.norm2sq(x)
        case _:
            return None


def _count(e: Expr) -> Expr:
    result: Expr = ONE
    for size in shape(e):
        result = mul(result, SizeNum(size)) if result != ONE else SizeNum(size)
    return result


@rule_for("sum_rows", "sum_cols")
def _sum_axis(e: Apply) -> Expr | None:
    a = e.args[0]
    kept = 1 if e.op == "sum_rows" else 0
    match a:
        case Var(kind=Kind.ONEHOT | Kind.SIMPLEX) if not kept:  # declared: each row sums to 1
            return fill(ONE, e.shape_)
        case Var(kind=Kind.ONEHOT_COLUMNS | Kind.SIMPLEX_COLUMNS) if kept:  # each column
            return fill(ONE, e.shape_)
        case Apply(op="eye"):
            return fill(ONE, e.shape_)
        case Apply(op="diag", args=(v,)):  # diag(v) 1 = v
            return v
        case Apply(op="transpose", args=(x,)):
            return apply(TABLE[e.op].across, x)
        case Apply(op="outer", args=args):
            return mul(applied.sum(args[1 - kept]), args[kept])
        case Apply(op="fill", args=(s,)):
            return fill(mul(s, SizeNum(shape(a)[1 - kept])), e.shape_)
        case Apply(op="rows" | "cols", args=(v,), params=p):
            repeated_kept = (a.op == "rows") != bool(kept)
            return fill(applied.sum(v), e.shape_) if repeated_kept else mul(SizeNum(p[0]), v)  # type: ignore[arg-type]
        case Apply(op="softmax", params=(axis,)) if axis == 1 - kept:  # each row (column) sums to 1
            return fill(ONE, e.shape_)
        case Apply(op="matmul", args=(x, y)) if not kept:  # (A B) 1 = A (B 1)
            return applied.matvec(x, applied.sum_cols(y))
        case Apply(op="matmul", args=(x, y)):  # (A B)ᵀ 1 = Bᵀ (Aᵀ 1)
            return applied.matvec(applied.transpose(y), applied.sum_rows(x))
        case _:
            return None


@rule_for("tr")
def _trace(e: Apply) -> Expr | None:
    match e.args[0]:
        case Apply(op="outer", args=(x, y)):  # tr(x yᵀ) = xᵀ y
            return applied.dot(x, y)
        case Apply(op="transpose", args=(a,)):
            return applied.tr(a)
        case Apply(op="eye"):
            return SizeNum(shape(e.args[0])[0])
        case Apply(op="diag", args=(v,)):
            return applied.sum(v)
        case _:
            return None


@rule_for("diag")
def _diag(e: Apply) -> Expr | None:
    return applied.eye(shape(e.args[0])[0]) if is_ones(e.args[0]) else None


@rule_for("inv")
def _inverse(e: Apply) -> Expr | None:
    """diag(v)⁻¹ = diag(1/v)."""
    a = e.args[0]
    return applied.diag(div(ONE, a.args[0])) if is_op(a, "diag") else None


@rule_for("logdet")
def _log_determinant(e: Apply) -> Expr | None:
    """log|det diag(v)| = Σ log|v|, without the bars where v is positive; of an exponential, its exponent."""
    a = e.args[0]
    if not is_op(a, "diag"):
        return None
    (v,) = a.args
    if is_op(v, "exp"):
        return applied.sum(v.args[0])
    positive = isinstance(v, Var) and v.kind is Kind.POSITIVE
    return applied.sum(applied.log(v if positive else fn("abs", v)))


@rule_for("diagpart")
def _diagpart(e: Apply) -> Expr | None:
    match e.args[0]:
        case Apply(op="diag", args=(v,)):
            return v
        case Apply(op="eye"):
            return fill(ONE, e.shape_)
        case Apply(op="outer", args=(x, y)):
            return mul(x, y)
        case Apply(op="transpose", args=(a,)):
            return applied.diagpart(a)
        case _:
            return None


@rule_for(*having(Trait.FORM))
def _undone(e: Apply) -> Expr | None:
    return undone(e)


def undone(e: Apply) -> Expr | None:
    """A change of form that takes another back: of the vector behind one row, made a row again, the row."""
    inner = e.args[0]
    return inner.args[0] if isinstance(inner, Apply) and inner.op == TABLE[e.op].undoes else None


RULES = (_sum, _sum_axis, _trace, _diag, _inverse, _log_determinant, _diagpart, _undone)
