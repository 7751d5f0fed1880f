"""Textbook form: the rewrites that a lecturer makes without a word, each an identity.

Bottom-up over the expression.  What is deliberately absent: a sum is expanded only where that is shorter, a transpose
is never distributed over a sum, and no declared fact is used except Σy = 1, Sᵀ = S and y² = y or 1, after
differentiation. Rules are tried in order; each takes an application whose arguments are simplified and returns its
replacement or None.  Every rule keeps the value: `tests/calculus/test_simplify.py` evaluates both sides on random
well-typed expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from solgen.calculus.textbook import monomial
from solgen.calculus.textbook.block_rules import RULES as BLOCK_RULES
from solgen.calculus.textbook.function_rules import RULES as FUNCTION_RULES
from solgen.calculus.textbook.function_rules import cancel_sign
from solgen.calculus.textbook.matrix_rules import RULES as MATRIX_RULES
from solgen.calculus.textbook.patterns import RuleFn, args_of, is_ones, is_op, is_zero, rule_for
from solgen.calculus.textbook.sum_rules import RULES as SUM_RULES
from solgen.calculus.textbook.sum_rules import undone
from solgen.calculus.textbook.sums import collect, led_out, multiplied_out
from solgen.calculus.textbook.unit_rules import RULES as UNIT_RULES
from solgen.calculus.textbook.unit_rules import pick_entrywise, picked_out
from solgen.expr import applied
from solgen.expr.arith import ONE, ZERO, fill, fn, is_filled, is_negation, is_sum, mul, neg
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Entry, Expr, Kind, SizeNum, Sum, Var, rank, shape
from solgen.expr.ops import TABLE, Multilinear, Trait, having
from solgen.expr.walk import children, free_indices, rebuild, transform

TERMS = having(Trait.JOINS_TERMS)


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
    return _settle(rebuild(e, tuple(map(_core, children(e)))))


def _signs(e: Expr, in_sum: bool) -> Expr:
    """−(a − b) = b − a, but not inside a sum, where the difference is kept together."""
    match e:
        case Apply(args=(Apply() as inner,)) if is_negation(e) and not in_sum:
            turned = monomial.flip_difference(inner)
            if turned is not None:
                return _signs(turned, in_sum)
    parts = tuple(_signs(c, isinstance(e, Apply) and e.op in TERMS) for c in children(e))
    return rebuild(e, parts)


def tidy(e: Expr) -> Expr:
    """e without what no reader wants to see (1 · x, −(−x), (Aᵀ)ᵀ, x + 0), otherwise as it was derived."""
    for _ in range(10):  # a sign that moved out may meet another
        tidied = transform(e, _tidy)
        if tidied == e:
            break
        e = tidied
    return e


def _tidy(e: Expr) -> Expr:
    match e:
        case Apply(op="transpose", args=(Apply(op=op, args=(a,)),)) if op == e.op:
            return a
        case Apply() if is_sum(e):
            return collect(e) or e
        case Apply(op="matmul", args=(a, b)) if any(map(_is_identity, e.args)):
            return b if _is_identity(a) else a
        case Apply(op=op) if TABLE[op].undoes:
            return undone(e) or e
        case Apply():
            return _product(e) or _outward(e) or e
        case _:
            return e


def _is_identity(e: Expr) -> bool:
    """Whether e is diag(1)."""
    return is_op(e, "diag") and is_ones(e.args[0])


def _outward(e: Apply, settled: Callable[[Expr], Expr] = lambda core: core) -> Expr | None:
    """f(sA, B) = s f(A, B) for every multilinear f: numbers and scalars stand in front of what is then settled."""
    row = TABLE[e.op]
    if not isinstance(row, Multilinear) or e.op in monomial.FACTORS or row.sides == (".",):  # of a number alone
        return None
    parts = [monomial.split_factors(a) for a in e.args]
    if all(p.is_bare for p in parts):
        return None
    cores = (monomial.core(p, a) for p, a in zip(parts, e.args, strict=True))
    return monomial.scale_by_parts(parts, settled(apply(e.op, *cores, params=e.params)))


def _settle(e: Expr) -> Expr:
    """Rules at one node until none applies; the bound only guards against a cycle."""
    for _ in range(50):
        nxt = _once(e)
        if nxt is None or nxt == e:
            break
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


# ---------------------------------------------------------------- general rules


def _zero(e: Apply) -> Expr | None:
    """A product with 0 is 0."""
    if isinstance(TABLE[e.op], Multilinear) and not is_filled(e) and any(map(is_zero, e.args)):
        return fill(ZERO, e.shape_)
    return None


def _coefficients(e: Apply) -> Expr | None:
    return _outward(e, _core)


def _product(e: Apply) -> Expr | None:
    """Products, quotients and powers in one canonical order: number, scalars, arrays; equal factors meet."""
    return monomial.canonical(e) if e.op in monomial.FACTORS else None


def _logistic(e: Apply) -> Expr | None:
    """1 / (1 + eᵃ) = σ(−a), and σ(a) e⁻ᵃ = σ(−a)."""
    if e.op not in monomial.FACTORS:
        return None
    part = monomial.split_factors(e)
    for base, k in part.scalars + part.arrays:
        exponent = _one_plus_exp(base)
        if k == -1 and exponent is not None:
            flipped = applied.sigmoid(_core(neg(exponent)))
            return monomial.join(
                monomial.multiply_monomials(part, monomial.factor(base), monomial.factor(flipped)), e.shape_
            )
        if k == 1 and is_op(base, "sigmoid"):
            opposite = _core(neg(args_of(base)[0]))
            grown = applied.exp(opposite)
            if (grown, monomial.NO) in part.scalars + part.arrays:
                rest = monomial.multiply_monomials(part, monomial.factor(base, -1), monomial.factor(grown, -1))
                return monomial.join(
                    monomial.multiply_monomials(rest, monomial.factor(applied.sigmoid(opposite))), e.shape_
                )
    return None


def _recognise_softmax(e: Apply) -> Expr | None:
    """eˣ / Σ eˣ = softmax(x)."""
    if e.op not in monomial.FACTORS:
        return None
    part = monomial.split_factors(e)
    for base, k in part.scalars:
        grown = args_of(base)[0] if is_op(base, "sum") else base
        if k == -1 and is_op(grown, "exp") and rank(grown) == 1 and (grown, monomial.NO) in part.arrays:
            rest = monomial.multiply_monomials(part, monomial.factor(base), monomial.factor(grown, -1))
            p = applied.softmax(args_of(grown)[0])
            return monomial.join(monomial.multiply_monomials(rest, monomial.factor(p)), e.shape_)
    return None


def _hyperbolic(e: Apply) -> Expr | None:
    """sinh x / cosh x = tanh x, sin x / cos x = tan x."""
    if e.op not in monomial.FACTORS:
        return None
    part = monomial.split_factors(e)
    for base, k in part.scalars + part.arrays:
        above, whole = {"cosh": ("sinh", "tanh"), "cos": ("sin", "tan")}.get(getattr(base, "op", ""), ("", ""))
        if k == -1 and above:
            top = fn(above, *args_of(base))
            if (top, monomial.NO) in part.scalars + part.arrays:
                rest = monomial.multiply_monomials(part, monomial.factor(base), monomial.factor(top, -1))
                return monomial.join(
                    monomial.multiply_monomials(rest, monomial.factor(fn(whole, *args_of(base)))), e.shape_
                )
    return None


def _indicator(e: Apply) -> Expr | None:
    """1[ReLU(x) > 0] = 1[x > 0]."""
    return fn(e.op, *args_of(e.args[0])) if e.op == "step" and is_op(e.args[0], "relu") else None


def _one_plus_exp(e: Expr) -> Expr | None:
    """a of 1 + eᵃ."""
    if not isinstance(e, Apply) or not is_sum(e) or len(e.args) != 2:
        return None
    grown = next((a for a in e.args if is_op(a, "exp")), None)
    one = next((a for a in e.args if a == ONE or is_ones(a)), None)
    return None if grown is None or one is None else args_of(grown)[0]


def _sum_node(e: Sum) -> Expr | None:
    """Σ_i of what does not depend on i is n times it; number and scalars move out."""
    if e.index not in free_indices(e.body):
        return mul(SizeNum(e.index.size), e.body)
    match e.body:
        case Entry(array=Var(kind=Kind.ONEHOT | Kind.SIMPLEX) as v, indices=(i,)) if i == e.index and rank(v) == 1:
            return ONE  # declared: the entries sum to 1
    part = monomial.split_factors(e.body)
    inside = monomial.join(monomial.Monomial(scalars=part.only(e.index).scalars), ())
    if part.arrays and all(e.index not in free_indices(b) for b, _ in part.arrays):
        alone = monomial.Monomial(arrays=part.arrays)
        front = monomial.multiply_monomials(part.free_of(e.index), monomial.split_factors(Sum(e.index, inside)))
        return monomial.join(monomial.multiply_monomials(front, alone), shape(e))
    outside = part.free_of(e.index)
    if outside.is_bare:
        return None
    return monomial.scale_by_parts([outside], Sum(e.index, monomial.join(part.only(e.index), shape(e.body))))


REWRITES = (rule_for("add")(collect), *FUNCTION_RULES, *UNIT_RULES, *MATRIX_RULES, *SUM_RULES, *BLOCK_RULES)
BY_OP: Mapping[str, tuple[RuleFn, ...]] = MappingProxyType(
    {op: tuple(r.rule for r in REWRITES if op in r.ops) for op in sorted({op for r in REWRITES for op in r.ops})}
)
GENERAL: tuple[RuleFn, ...] = (
    _zero,
    _logistic,
    _hyperbolic,
    _indicator,
    _recognise_softmax,
    cancel_sign,
    pick_entrywise,
    picked_out,
    led_out,
    _product,
    multiplied_out,
    _coefficients,
)
