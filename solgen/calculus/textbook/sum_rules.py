"""Textbook rewrites of sums of entries, of traces and diagonals, and of changes of form that undo each other."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.calculus.textbook.patterns import TWO, RuleFn, args_of, is_ones, is_op
from solgen.expr import applied
from solgen.expr.arith import ONE, fill, mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Kind, SizeNum, Var, rank, shape


def _sum(e: Apply) -> Expr | None:
    a = e.args[0]
    match a:
        case _ if not rank(a):  # a number is its own sum
            return a
        case Var(kind=Kind.ONEHOT | Kind.SIMPLEX) if rank(a) == 1:  # declared: the entries sum to 1
            return ONE
        case Apply(op="softmax") if rank(a) == 1:  # Σ softmax = 1
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


def _sum_axis(e: Apply) -> Expr | None:
    a = e.args[0]
    kept = 1 if e.op == "sum_rows" else 0
    match a:
        case Var(kind=Kind.ONEHOT | Kind.SIMPLEX) if e.op == "sum_cols":  # declared: each row sums to 1
            return fill(ONE, e.shape_)
        case Var(kind=Kind.ONEHOT_COLUMNS | Kind.SIMPLEX_COLUMNS) if e.op == "sum_rows":  # each column
            return fill(ONE, e.shape_)
        case Apply(op="eye"):
            return fill(ONE, e.shape_)
        case Apply(op="diag", args=(v,)):  # diag(v) 1 = v
            return v
        case Apply(op="transpose", args=(x,)):
            return apply("sum_cols" if e.op == "sum_rows" else "sum_rows", x)
        case Apply(op="outer", args=args):
            return mul(applied.sum(args[1 - kept]), args[kept])
        case Apply(op="fill", args=(s,)):
            return fill(mul(s, SizeNum(shape(a)[1 - kept])), e.shape_)
        case Apply(op="rows" | "cols", args=(v,), params=p):
            repeated_kept = (a.op == "rows") == (e.op == "sum_cols")
            return fill(applied.sum(v), e.shape_) if repeated_kept else mul(SizeNum(p[0]), v)  # type: ignore[arg-type]
        case Apply(op="softmax", params=(axis,)) if axis == 1 - kept:  # each row (column) sums to 1
            return fill(ONE, e.shape_)
        case Apply(op="matmul", args=(x, y)) if e.op == "sum_cols":  # (A B) 1 = A (B 1)
            return applied.matvec(x, applied.sum_cols(y))
        case Apply(op="matmul", args=(x, y)):  # (A B)ᵀ 1 = Bᵀ (Aᵀ 1)
            return applied.matvec(applied.transpose(y), applied.sum_rows(x))
        case _:
            return None


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


def _diag(e: Apply) -> Expr | None:
    return apply("eye", params=shape(e.args[0])) if is_ones(e.args[0]) else None


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


def _inverse_of(op: str) -> RuleFn:
    def rule(e: Apply) -> Expr | None:
        return args_of(e.args[0])[0] if is_op(e.args[0], op) else None

    return rule


RULES: Mapping[str, tuple[RuleFn, ...]] = MappingProxyType(
    {
        "sum": (_sum,),
        "sum_rows": (_sum_axis,),
        "sum_cols": (_sum_axis,),
        "tr": (_trace,),
        "diag": (_diag,),
        "diagpart": (_diagpart,),
        "item": (_inverse_of("unitem"),),
        "unitem": (_inverse_of("item"),),
        "unrow": (_inverse_of("row"),),
        "row": (_inverse_of("unrow"),),
        "uncol": (_inverse_of("col"),),
        "col": (_inverse_of("uncol"),),
    }
)
