"""Textbook form: the rewrites that a lecturer makes without a word, each an identity.

Bottom-up over the expression.  What is deliberately absent: a sum is expanded only where that is shorter, a transpose is
never distributed over a sum, and no declared fact is used except Σy = 1, Sᵀ = S and y² = y or 1, after differentiation.
Rules are tried in order; each takes an application whose arguments are simplified and returns its
replacement or None.  Every rule keeps the value: `tests/calculus/test_simplify.py` evaluates both sides on random
well-typed expressions.  Long because the rewrites are one list, a line or two each, and are read as one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from solgen.calculus import monomial
from solgen.calculus.sums import collect, multiplied_out
from solgen.expr.arith import ONE, ZERO, add, fill, fn, mul, neg, num
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Entry, Expr, Kind, SizeNum, Sum, Var, rank, shape
from solgen.expr.ops import TABLE, Multilinear
from solgen.expr.walk import children, free_indices, leaves, rebuild, transform

TWO = num(2)

RuleFn = Callable[[Apply], Expr | None]


def simplify(e: Expr) -> Expr:
    """e in textbook form; equal in value everywhere both are defined."""
    for _ in range(10):  # a sign that moved into a sum may let terms meet; twice at most
        settled = _core(e)
        turned = _signs(settled, in_sum=False)
        if turned == settled:
            break
        e = turned
    return turned


@lru_cache(maxsize=65536)
def _core(e: Expr) -> Expr:
    return transform(e, _settle)


def _signs(e: Expr, in_sum: bool) -> Expr:
    """−(a − b) = b − a, but not inside a sum, where the difference is kept together."""
    match e:
        case Apply(op="neg", args=(Apply() as inner,)) if not in_sum:
            turned = monomial.flipped(inner)
            if turned is not None:
                return _signs(turned, in_sum)
    parts = tuple(_signs(c, isinstance(e, Apply) and e.op in ("add", "neg")) for c in children(e))
    return rebuild(e, parts)


def tidy(e: Expr) -> Expr:
    """e without what no reader wants to see (1 · x, −(−x), (Aᵀ)ᵀ, x + 0), otherwise as it was derived."""
    for _ in range(10):  # a sign that moved out may meet another
        tidied = transform(e, _tidied)
        if tidied == e:
            break
        e = tidied
    return e


def _tidied(e: Expr) -> Expr:
    match e:
        case Apply(op="transpose", args=(Apply(op="transpose", args=(a,)),)):
            return a
        case Apply(op="add"):
            return collect(e) or e
        case Apply(op="item" | "unitem" | "row" | "col" | "unrow" | "uncol"):
            return next((f for r in BY_OP[e.op] if (f := r(e)) is not None), e)
        case Apply():
            return _product(e) or _outward(e) or e
        case _:
            return e


def _outward(e: Apply) -> Expr | None:
    """Numbers and scalars in front of a product of matrices, nothing else changed."""
    if not isinstance(TABLE[e.op], Multilinear) or e.op in monomial.PRODUCTS | {"fill", "unitem"}:
        return None
    parts = [monomial.split(a) for a in e.args]
    if all(p.is_bare for p in parts):
        return None
    cores = (monomial.core(p, a) for p, a in zip(parts, e.args, strict=True))
    return monomial.scaled(parts, apply(e.op, *cores, params=e.params))


def _settle(e: Expr) -> Expr:
    """Rules at one node until none applies; the bound only guards against a cycle."""
    for _ in range(50):
        nxt = _once(e)
        if nxt is None or nxt == e:
            return e
        e = (
            nxt
            if not isinstance(nxt, Apply)
            else Apply(nxt.op, tuple(_core(a) for a in nxt.args), nxt.params, nxt.shape_)
        )
    return e


def _once(e: Expr) -> Expr | None:
    if isinstance(e, Sum):
        return _sum_node(e)
    if not isinstance(e, Apply):
        return None
    for rule in (*BY_OP.get(e.op, ()), *GENERAL):
        found = rule(e)
        if found is not None and found != e:
            return found
    return None


def is_zero(e: Expr) -> bool:
    """The number 0, or an array of zeros."""
    return e == ZERO or (isinstance(e, Apply) and e.op == "fill" and e.args[0] == ZERO)


def _is_ones(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op == "fill" and e.args[0] == ONE


def _is(e: Expr, op: str) -> bool:
    return isinstance(e, Apply) and e.op == op


def _args(e: Expr) -> tuple[Expr, ...]:
    assert isinstance(e, Apply)
    return e.args


# ---------------------------------------------------------------- general rules


def _zero(e: Apply) -> Expr | None:
    """A product with 0 is 0."""
    if isinstance(TABLE[e.op], Multilinear) and e.op != "fill" and any(map(is_zero, e.args)):
        return fill(ZERO, e.shape_)
    return None


def _coefficients(e: Apply) -> Expr | None:
    """f(sA, B) = s f(A, B) for every multilinear f."""
    if not isinstance(TABLE[e.op], Multilinear) or e.op in monomial.PRODUCTS | {"fill", "unitem"}:
        return None
    parts = [monomial.split(a) for a in e.args]
    if all(p.is_bare for p in parts):
        return None
    core = apply(e.op, *(monomial.core(p, a) for p, a in zip(parts, e.args, strict=True)), params=e.params)
    return monomial.scaled(parts, _core(core))


def _product(e: Apply) -> Expr | None:
    """Products, quotients and powers in one canonical order: number, scalars, arrays; equal factors meet."""
    return monomial.canonical(e) if e.op in monomial.PRODUCTS else None


def _logistic(e: Apply) -> Expr | None:
    """1 / (1 + eᵃ) = σ(−a), and σ(a) e⁻ᵃ = σ(−a)."""
    if e.op not in monomial.PRODUCTS:
        return None
    part = monomial.split(e)
    for base, k in part.scalars + part.arrays:
        exponent = _one_plus_exp(base)
        if k == -1 and exponent is not None:
            flipped = fn("sigmoid", _core(neg(exponent)))
            return monomial.join(monomial.times(part, monomial.factor(base), monomial.factor(flipped)), e.shape_)
        if k == 1 and _is(base, "sigmoid"):
            opposite = _core(neg(_args(base)[0]))
            grown = fn("exp", opposite)
            if (grown, monomial.NO) in part.scalars + part.arrays:
                rest = monomial.times(part, monomial.factor(base, -1), monomial.factor(grown, -1))
                return monomial.join(monomial.times(rest, monomial.factor(fn("sigmoid", opposite))), e.shape_)
    return None


def _one_plus_exp(e: Expr) -> Expr | None:
    """a of 1 + eᵃ."""
    match e:
        case (
            Apply(op="add", args=(Apply(op="exp", args=(a,)), one))
            | Apply(op="add", args=(one, Apply(op="exp", args=(a,))))
        ):
            return a if one == ONE or _is_ones(one) else None
        case _:
            return None


# ---------------------------------------------------------------- transposes


def _transpose(e: Apply) -> Expr | None:
    inner = e.args[0]
    match inner:
        case Apply(op="transpose", args=(a,)):  # (Aᵀ)ᵀ = A
            return a
        case Apply(op="matmul", args=(a, b)):  # (AB)ᵀ = Bᵀ Aᵀ
            return apply("matmul", _t(b), _t(a))
        case Apply(op="outer", args=(a, b)):  # (a bᵀ)ᵀ = b aᵀ
            return apply("outer", b, a)
        case Apply(op="diag" | "eye"):  # symmetric
            return inner
        case Apply(op="rows", args=(v,), params=p):  # (1 vᵀ)ᵀ = v 1ᵀ
            return apply("cols", v, params=p)
        case Apply(op="cols", args=(v,), params=p):
            return apply("rows", v, params=p)
        case Apply(op="row", args=(v,)):
            return apply("col", v)
        case Apply(op="col", args=(v,)):
            return apply("row", v)
        case Apply(op="fill", args=(s,)):
            return fill(s, e.shape_)
        case Var(kind=Kind.SYM | Kind.POSDEF):  # declared symmetric
            return inner
        case Apply(op="add", args=args) if all(_is(a, "transpose") for a in args):  # Aᵀ + Bᵀ = (A + B)ᵀ
            return add(*(_args(a)[0] for a in args))
        case _:
            return None


def _t(e: Expr) -> Expr:
    return _core(apply("transpose", e))


def _as_row(e: Apply) -> Expr | None:
    return e.args[0]


def _vecmat(e: Apply) -> Expr | None:
    return apply("matvec", _t(e.args[1]), e.args[0])  # xᵀ W is the column Wᵀ x


# ---------------------------------------------------------------- matrix products


def _matvec(e: Apply) -> Expr | None:
    a, v = e.args
    match a:
        case Apply(op="eye"):  # I v = v
            return v
        case Apply(op="outer", args=(x, y)):  # (x yᵀ) v = (yᵀ v) x
            return mul(apply("dot", y, v), x)
        case Apply(op="matmul", args=(x, y)):  # (A B) v = A (B v)
            return apply("matvec", x, _core(apply("matvec", y, v)))
        case Apply(op="diag", args=(x,)):  # diag(x) v = x ⊙ v
            return mul(x, v)
        case Apply(op="rows", args=(x,), params=p):  # (1 xᵀ) v = (xᵀ v) 1
            return fill(apply("dot", x, v), p)  # type: ignore[arg-type]
        case Apply(op="cols", args=(x,)):  # (x 1ᵀ) v = (1ᵀ v) x
            return mul(apply("sum", v), x)
        case Apply(op="row", args=(x,)):
            return apply("unitem", apply("dot", x, v))
        case Apply(op="col", args=(x,)):
            return mul(apply("item", v), x)
        case _ if _is_ones(v):  # A 1 = the row sums
            return apply("sum_cols", a)
        case _:
            return None


def _matmul(e: Apply) -> Expr | None:
    a, b = e.args
    match a, b:
        case Apply(op="eye"), _:
            return b
        case _, Apply(op="eye"):
            return a
        case _, Apply(op="outer", args=(x, y)):  # A (x yᵀ) = (A x) yᵀ
            return apply("outer", apply("matvec", a, x), y)
        case Apply(op="outer", args=(x, y)), _:  # (x yᵀ) B = x (Bᵀ y)ᵀ
            return apply("outer", x, apply("matvec", _t(b), y))
        case Apply(op="col", args=(x,)), Apply(op="row", args=(y,)):
            return apply("outer", x, y)
        case Apply(op="cols", args=(x,)), _:  # (x 1ᵀ) B = x (Bᵀ 1)ᵀ
            return apply("outer", x, apply("sum_rows", b))
        case _, Apply(op="rows", args=(y,)):  # A (1 yᵀ) = (A 1) yᵀ
            return apply("outer", apply("sum_cols", a), y)
        case _, Apply(op="cols", args=(x,), params=p):  # A (x 1ᵀ) = (A x) 1ᵀ
            return apply("cols", apply("matvec", a, x), params=p)
        case Apply(op="rows", args=(y,), params=p), _:
            return apply("rows", apply("matvec", _t(b), y), params=p)
        case _:
            return None


def _dot(e: Apply) -> Expr | None:
    a, b = e.args
    if _is_ones(a):  # 1ᵀ b = Σ b
        return apply("sum", b)
    if _is_ones(b):
        return apply("sum", a)
    if a == b:  # xᵀ x = ‖x‖²
        return apply("norm2sq", a)
    met = monomial.canonical(mul(a, b))
    if leaves(met) < leaves(a) + leaves(b) - 1:  # (y/p)ᵀ p = Σ y
        return apply("sum", met)
    if _is(b, "outer"):  # ⟨A, x yᵀ⟩ = xᵀ A y
        x, y = _args(b)
        return apply("dot", x, apply("matvec", a, y))
    return None


def _outer(e: Apply) -> Expr | None:
    a, b = e.args
    if _is_ones(b):
        return apply("cols", a, params=shape(b))
    if _is_ones(a):
        return apply("rows", b, params=shape(a))
    return None


# ---------------------------------------------------------------- sums of entries and broadcasting


def _sum(e: Apply) -> Expr | None:
    a = e.args[0]
    match a:
        case Var(kind=Kind.ONEHOT | Kind.SIMPLEX) if rank(a) == 1:  # declared: the entries sum to 1
            return ONE
        case Apply(op="softmax") if rank(a) == 1:  # Σ softmax = 1
            return ONE
        case Apply(op="outer", args=(x, y)):
            return mul(apply("sum", x), apply("sum", y))
        case Apply(op="fill", args=(s,)):
            return mul(s, _count(a))
        case Apply(op="cols" | "rows", args=(v,), params=p):
            return mul(SizeNum(p[0]), apply("sum", v))  # type: ignore[arg-type]
        case Apply(op="sum_rows" | "sum_cols", args=(x,)):
            return apply("sum", x)
        case Apply(op="mul", args=(x, y)):  # Σ (x ⊙ y) = xᵀ y
            return apply("dot", x, y)
        case Apply(op="pow", args=(x, k)) if k == TWO:  # Σ x² = ‖x‖²
            return apply("norm2sq", x)
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
        case Apply(op="transpose", args=(x,)):
            return apply("sum_cols" if e.op == "sum_rows" else "sum_rows", x)
        case Apply(op="outer", args=args):
            return mul(apply("sum", args[1 - kept]), args[kept])
        case Apply(op="fill", args=(s,)):
            return fill(mul(s, SizeNum(shape(a)[1 - kept])), e.shape_)
        case Apply(op="rows" | "cols", args=(v,), params=p):
            repeated_kept = (a.op == "rows") == (e.op == "sum_cols")
            return fill(apply("sum", v), e.shape_) if repeated_kept else mul(SizeNum(p[0]), v)  # type: ignore[arg-type]
        case Apply(op="softmax", params=(axis,)) if axis == 1 - kept:  # each row (column) sums to 1
            return fill(ONE, e.shape_)
        case Apply(op="matmul", args=(x, y)) if e.op == "sum_cols":  # (A B) 1 = A (B 1)
            return apply("matvec", x, apply("sum_cols", y))
        case Apply(op="matmul", args=(x, y)):  # (A B)ᵀ 1 = Bᵀ (Aᵀ 1)
            return apply("matvec", _t(y), apply("sum_rows", x))
        case _:
            return None


def _trace(e: Apply) -> Expr | None:
    match e.args[0]:
        case Apply(op="outer", args=(x, y)):  # tr(x yᵀ) = xᵀ y
            return apply("dot", x, y)
        case Apply(op="transpose", args=(a,)):
            return apply("tr", a)
        case Apply(op="eye"):
            return SizeNum(shape(e.args[0])[0])
        case Apply(op="diag", args=(v,)):
            return apply("sum", v)
        case _:
            return None


def _diag(e: Apply) -> Expr | None:
    return apply("eye", params=shape(e.args[0])) if _is_ones(e.args[0]) else None


def _diagpart(e: Apply) -> Expr | None:
    match e.args[0]:
        case Apply(op="diag", args=(v,)):
            return v
        case Apply(op="eye"):
            return fill(ONE, e.shape_)
        case Apply(op="outer", args=(x, y)):
            return mul(x, y)
        case Apply(op="transpose", args=(a,)):
            return apply("diagpart", a)
        case _:
            return None


def _inverse_of(op: str) -> RuleFn:
    def rule(e: Apply) -> Expr | None:
        return _args(e.args[0])[0] if _is(e.args[0], op) else None

    return rule


def _sum_node(e: Sum) -> Expr | None:
    """Σ_i of what does not depend on i is n times it; number and scalars move out."""
    if e.index not in free_indices(e.body):
        return mul(SizeNum(e.index.size), e.body)
    if is_zero(e.body):
        return e.body
    match e.body:
        case Entry(array=Var(kind=Kind.ONEHOT | Kind.SIMPLEX) as v, indices=(i,)) if i == e.index and rank(v) == 1:
            return ONE  # declared: the entries sum to 1
    part = monomial.split(e.body)
    outside = part.without(e.index)
    if outside.is_bare:
        return None
    return monomial.scaled([outside], Sum(e.index, monomial.join(part.only(e.index), shape(e.body))))


def _add(e: Apply) -> Expr | None:
    return collect(e)


BY_OP: dict[str, tuple[RuleFn, ...]] = {
    "add": (_add,),
    "transpose": (_transpose,),
    "as_row": (_as_row,),
    "vecmat": (_vecmat,),
    "matvec": (_matvec,),
    "matmul": (_matmul,),
    "dot": (_dot,),
    "outer": (_outer,),
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
GENERAL: tuple[RuleFn, ...] = (_zero, _logistic, _product, multiplied_out, _coefficients)
