"""Textbook rewrites of transposes and of products of matrices and vectors, each an identity.

Each function maps an application to its replacement or None; arguments of a replacement are simplified by the caller
(`simplify`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from solgen.calculus.textbook import monomial
from solgen.calculus.textbook.patterns import args_of, is_ones, is_op, rule_for, sums_to_one
from solgen.expr import applied
from solgen.expr.arith import add, fill, is_filled, is_sum, mul
from solgen.expr.nodes import Apply, Expr, Kind, Var, rank, shape
from solgen.expr.ops import Trait, having
from solgen.expr.ops.matrix import exponent
from solgen.expr.size import Size
from solgen.expr.walk import leaves


def _t(e: Expr) -> Expr:
    return applied.transpose(e)


# ---------------------------------------------------------------- transposes


@rule_for("transpose")
def _transpose(e: Apply) -> Expr | None:
    inner = e.args[0]
    match inner:
        case Apply(op=op, args=(a,)) if op == e.op:  # (Aᵀ)ᵀ = A
            return a
        case Apply(op="matmul", args=(a, b)):  # (AB)ᵀ = Bᵀ Aᵀ
            return applied.matmul(_t(b), _t(a))
        case Apply(op="outer", args=(a, b)):  # (a bᵀ)ᵀ = b aᵀ
            return applied.outer(b, a)
        case Apply(op="rows", args=(v,), shape_=(m, _)):  # (1 vᵀ)ᵀ = v 1ᵀ
            return applied.cols(v, m)
        case Apply(op="cols", args=(v,), shape_=(_, n)):
            return applied.rows(v, n)
        case Apply(op="row", args=(v,)):
            return applied.col(v)
        case Apply(op="col", args=(v,)):
            return applied.row(v)
        case Apply(op="fill", args=(s,)):
            return fill(s, e.shape_)
        case _ if symmetric(inner):
            return inner
        case Apply(args=args) if is_sum(inner) and all(is_op(a, e.op) for a in args):  # Aᵀ + Bᵀ = (A + B)ᵀ
            return add(*(args_of(a)[0] for a in args))
        case _:
            return None


@rule_for("as_row")
def _as_row(e: Apply) -> Expr | None:
    return e.args[0]


@rule_for("vecmat")
def _vecmat(e: Apply) -> Expr | None:
    return applied.matvec(_t(e.args[1]), e.args[0])  # xᵀ W is the column Wᵀ x


# ---------------------------------------------------------------- matrix products


@rule_for("matvec")
def _matvec(e: Apply) -> Expr | None:
    a, v = e.args
    match a:
        case Apply(op="eye"):  # I v = v
            return v
        case Apply(op="outer", args=(x, y)):  # (x yᵀ) v = (yᵀ v) x
            return mul(applied.dot(y, v), x)
        case Apply(op="matmul", args=(x, y)):  # (A B) v = A (B v)
            return applied.matvec(x, applied.matvec(y, v))
        case Apply(op="diag", args=(x,)):  # diag(x) v = x ⊙ v
            return mul(x, v)
        case Apply(op="rows", args=(x,), params=p):  # (1 xᵀ) v = (xᵀ v) 1
            return fill(applied.dot(x, v), p)  # type: ignore[arg-type]
        case Apply(op="cols", args=(x,)):  # (x 1ᵀ) v = (1ᵀ v) x
            return mul(applied.sum(v), x)
        case Apply(op="row", args=(x,)):
            return applied.unitem(applied.dot(x, v))
        case Apply(op="col", args=(x,)):
            return mul(applied.item(v), x)
        case Apply(args=terms) if is_sum(a):
            return _each(terms, v)
        case _ if is_ones(v):  # A 1 = the row sums
            return applied.sum_cols(a)
        case _ if is_applied(v) and inverses(a, v.args[0]):  # A⁻¹ (A v) = v
            return v.args[1]
        case _:
            return None


@rule_for("rows", "cols")
def _merge_repeats(e: Apply) -> Expr | None:
    """Rows, or columns, of equal numbers: 1 (c 1)ᵀ = c 11ᵀ; a row repeated once."""
    inner = e.args[0]
    if e.op == "rows" and e.params == (Size.of(1),):
        return applied.row(inner)
    return fill(args_of(inner)[0], e.shape_) if is_filled(inner) else None


STRUCTURED = having(Trait.STRUCTURED)
DIAGONAL, KEEPS_SYMMETRY = having(Trait.DIAGONAL), having(Trait.KEEPS_SYMMETRY)


def _each(terms: tuple[Expr, ...], v: Expr) -> Expr | None:
    """(I − c 11ᵀ) v = v − c (1ᵀv) 1, term by term, where each is as short as that."""
    parts = [monomial.split_factors(t) for t in terms]
    cores = [monomial.core(p, t) for p, t in zip(parts, terms, strict=True)]
    if not all(isinstance(c, Apply) and c.op in STRUCTURED for c in cores):
        return None
    return add(*(monomial.scale_by_parts([p], _spread(c, v)) for p, c in zip(parts, cores, strict=True)))


def _spread(a: Expr, v: Expr) -> Expr:
    """A v; of a matrix of ones (1ᵀv) 1."""
    if is_filled(a):
        return fill(mul(a.args[0], applied.sum(v)), shape(a)[:1])
    return applied.matvec(a, v)


@rule_for("matmul")
def _matmul(e: Apply) -> Expr | None:
    a, b = e.args
    met = _power(a, b)
    if met is not None:
        return met
    match a, b:
        case Apply(op="diag", args=(x,)), Apply(op="diag", args=(y,)):  # diag(x) diag(y) = diag(x ⊙ y)
            return applied.diag(mul(x, y))
        case Apply(op=op, args=(x, y)), _ if op == e.op and (met := _power(y, b)) is not None:  # (X A) B, A B in one
            return applied.matmul(x, met)
        case _, Apply(op=op, args=(x, y)) if op == e.op and (met := _power(a, x)) is not None:
            return applied.matmul(met, y)
        case Apply(op="eye"), _:
            return b
        case _, Apply(op="eye"):
            return a
        case _, Apply(op="outer", args=(x, y)):  # A (x yᵀ) = (A x) yᵀ
            return applied.outer(applied.matvec(a, x), y)
        case Apply(op="outer", args=(x, y)), _ if not _stands_behind(b):  # (x yᵀ) B = x (Bᵀ y)ᵀ
            return applied.outer(x, applied.matvec(_t(b), y))
        case Apply(op="col", args=(x,)), Apply(op="row", args=(y,)):
            return applied.outer(x, y)
        case Apply(op="cols", args=(x,)), _:  # (x 1ᵀ) B = x (Bᵀ 1)ᵀ
            return applied.outer(x, applied.sum_rows(b))
        case _, Apply(op="rows", args=(y,)):  # A (1 yᵀ) = (A 1) yᵀ
            return applied.outer(applied.sum_cols(a), y)
        case _, Apply(op="cols", args=(x,), shape_=(_, n)):  # A (x 1ᵀ) = (A x) 1ᵀ
            return applied.cols(applied.matvec(a, x), n)
        case Apply(op="rows", args=(y,), shape_=(m, _)), _:
            return applied.rows(applied.matvec(_t(b), y), m)
        case _, Apply(op=op, args=(x, y)) if op == e.op:  # A (B C) = (A B) C
            return applied.matmul(applied.matmul(a, x), y)
        case _:
            return None


def _power(a: Expr, b: Expr) -> Expr | None:
    """A⁻¹ A = I, Aʲ Aᵏ = Aʲ⁺ᵏ, and the same of transposes."""
    if inverses(a, b):
        return applied.eye(shape(a)[0])
    left, right = _base(a), _base(b)
    if left[:2] != right[:2] or left[2] + right[2] > 64:
        return None
    whole = applied.matpow(left[0], left[2] + right[2])
    return applied.transpose(whole) if left[1] else whole


def _base(e: Expr) -> tuple[Expr, bool, int]:
    """(A, transposed, k) of Aᵏ or (Aᵏ)ᵀ."""
    turned = is_op(e, "transpose")
    inner = args_of(e)[0] if turned else e
    if is_op(inner, "matpow"):
        return inner.args[0], turned, exponent(inner.params)
    return inner, turned, 1


def inverses(a: Expr, b: Expr) -> bool:
    """Whether a is the inverse of b, or b of a; also of transposes."""
    if is_op(a, "transpose") and is_op(b, a.op):
        return inverses(args_of(b)[0], args_of(a)[0])
    return any(is_op(x, "inv") and x.args[0] == y for x, y in ((a, b), (b, a)))


def is_applied(e: Expr) -> TypeGuard[Apply]:
    """Whether e is a matrix times a vector."""
    return is_op(e, "matvec")


def symmetric(e: Expr) -> bool:
    """Whether e equals its transpose.

    Declared so, or made so (AᵀA, the inverse of a symmetric matrix, sums of such).
    """
    match e:
        case Var(kind=Kind.SYM | Kind.POSDEF):
            return True
        case Apply(op=op) if op in DIAGONAL:
            return True
        case Apply(shape_=(rows, columns)) if is_filled(e):
            return rows == columns
        case Apply(op=op, args=args) if op in KEEPS_SYMMETRY:
            return all(symmetric(a) for a in args if rank(a))
        case Apply() if len(factors := [*_factors(e)]) > 1:
            half = zip(factors, reversed(factors), strict=True)
            return all(transposes(a, b) or (a == b and (rank(a) == 1 or symmetric(a))) for a, b in half)
        case _:
            return False


def _factors(e: Expr) -> Iterator[Expr]:
    """The factors of a product of matrices, those of A x (B y)ᵀ too: A, x, y, Bᵀ."""
    match e:
        case Apply(op="matmul", args=args):
            for a in args:
                yield from _factors(a)
        case Apply(op="outer", args=(a, b)):
            yield from _column(a)
            yield from (f if rank(f) == 1 else _t(f) for f in reversed([*_column(b)]))
        case _:
            yield e


def _column(v: Expr) -> Iterator[Expr]:
    """The factors of a product of matrices with a vector."""
    if is_applied(v):
        yield v.args[0]
        yield from _column(v.args[1])
    else:
        yield v


def transposes(a: Expr, b: Expr) -> bool:
    """Whether a is bᵀ."""
    return any(is_op(x, "transpose") and x.args[0] == y for x, y in ((a, b), (b, a)))


@rule_for("dot")
def _dot(e: Apply) -> Expr | None:
    a, b = e.args
    if not rank(a):  # of two numbers, their product
        return mul(a, b)
    if is_ones(a):  # 1ᵀ b = Σ b
        return applied.sum(b)
    if is_ones(b):
        return applied.sum(a)
    if a == b:  # xᵀ x = ‖x‖²
        return applied.norm2sq(a)
    for x, y in ((b, a), (a, b)):
        if is_op(x, "eye"):  # ⟨A, I⟩ = tr A
            return applied.tr(y)
    met = monomial.canonical(mul(a, b))
    if leaves(met) < leaves(a) + leaves(b) - 1:  # (y/p)ᵀ p = Σ y
        return applied.sum(met)
    if is_applied(a) and not is_applied(b) and symmetric(a.args[0]):  # (S x)ᵀ y = xᵀ S y
        return applied.dot(a.args[1], applied.matvec(a.args[0], b))
    if is_op(b, "outer"):  # ⟨A, x yᵀ⟩ = xᵀ A y
        x, y = args_of(b)
        return applied.dot(x, applied.matvec(a, y))
    return _average(a, b) or _average(b, a)


def _average(a: Expr, p: Expr) -> Expr | None:
    """(a + c 1)ᵀ p = aᵀ p + c, where the entries of p sum to 1."""
    if not is_sum(a) or rank(a) != 1:
        return None
    if not sums_to_one(p):
        return None
    constant = [n for t in args_of(a) for n in (_level(t),) if n is not None]
    rest = [t for t in args_of(a) if _level(t) is None]
    if not constant or not rest:
        return None
    return add(applied.dot(rest[0] if len(rest) == 1 else add(*rest), p), *constant)


def _level(e: Expr) -> Expr | None:
    """c of c 1, a sign before it included; of a number that broadcasts too."""
    part = monomial.split_factors(e)
    return monomial.join(part, ()) if not part.arrays else None


@rule_for("outer")
def _outer(e: Apply) -> Expr | None:
    a, b = e.args
    if is_ones(b):
        return applied.cols(a, shape(b)[0])
    if is_ones(a):
        return applied.rows(b, shape(a)[0])
    if is_applied(b) and _stands_behind(b.args[0]):  # x (A⁻¹ y)ᵀ = x yᵀ A⁻ᵀ, and x (S y)ᵀ = x yᵀ S
        return applied.matmul(applied.outer(a, b.args[1]), _t(b.args[0]))
    return None


def _stands_behind(e: Expr) -> bool:
    """Whether a matrix stands behind x yᵀ, where books leave it: an inverse, or one that is declared symmetric."""
    return _is_inverse(e) or (isinstance(e, Var) and symmetric(e))


def _is_inverse(e: Expr) -> bool:
    return is_op(e.args[0] if is_op(e, "transpose") else e, "inv")


RULES = (_transpose, _as_row, _vecmat, _matvec, _matmul, _dot, _merge_repeats, _outer)
