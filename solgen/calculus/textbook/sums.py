"""Sums in textbook form: flat, no zeros, like terms together, a positive term first, never expanded."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from solgen.calculus.textbook.monomial import (
    FACTORS,
    NO,
    Monomial,
    Powers,
    factor,
    join,
    multiply_monomials,
    negate_difference,
    raise_monomial,
    split_factors,
)
from solgen.expr.arith import ZERO, add, fill, is_filled, is_negation, is_sum, neg
from solgen.expr.nodes import Apply, Expr, Shape
from solgen.expr.walk import leaves


def collect(e: Apply) -> Expr | None:
    """The sum with like terms collected (2x + x = 3x); None when it is in form already.

    A difference inside is kept together, unless its terms meet others: a − (a − b) = b.
    """
    found = _gather_terms(_flat(e.args), e.shape_)
    open_ = _flat(tuple(_open_brackets(a, e.shape_) for a in e.args))
    if len(open_) > len(_flat(e.args)):
        shorter = _gather_terms(open_, e.shape_)
        found = shorter if leaves(shorter) < leaves(found) else found
    return None if found == e else found


def _open_brackets(e: Expr, to: Shape) -> Expr:
    """−(a − b) as −a + b, and (a + b) 1 as a 1 + b 1."""
    match e:
        case Apply(args=(inner,)) if is_negation(e) and is_sum(inner):
            return negate_difference(inner)
        case Apply(args=(inner,)) if is_filled(e) and is_sum(inner) and to:
            return add(*(fill(t, to) for t in inner.args))
        case Apply(args=(inner,)) if is_negation(e) and is_filled(inner) and is_sum(inner.args[0]) and to:
            return add(*(fill(neg(t), to) for t in inner.args[0].args))
        case _:
            return e


def _gather_terms(terms: list[Expr], to: Shape) -> Expr:
    kept = _led([m for m in _like(terms) if m.coefficient])
    if not kept:
        return fill(ZERO, to)
    if len(kept) == 1:
        return join(kept[0], to)
    front = _common(kept)
    if not front.is_bare:
        inner = add(*(join(multiply_monomials(raise_monomial(front, -1), m), to) for m in kept))
        return join(multiply_monomials(front, factor(_collect_terms(inner))), to)
    return add(*(join(m, to) for m in kept))


def _led(terms: list[Monomial]) -> list[Monomial]:
    """A positive term first, the others as they came: the terms of one path stay together."""
    first = next((n for n, m in enumerate(terms) if m.coefficient > 0), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]] if terms else []


def _collect_terms(e: Expr) -> Expr:
    return (collect(e) or e) if isinstance(e, Apply) else e


def _common(terms: list[Monomial]) -> Monomial:
    """The number and the scalars that all terms have in front: (1/n) P − (1/n) Y = (1/n)(P − Y)."""
    sizes = {abs(m.coefficient) for m in terms}
    size = sizes.pop() if len(sizes) == 1 else NO
    scalars = tuple(p for p in terms[0].scalars if all(p in m.scalars for m in terms[1:]))
    negative = all(m.coefficient < 0 for m in terms) and (size != 1 or bool(scalars))
    return Monomial(-size if negative else size, scalars)


def _flat(args: tuple[Expr, ...]) -> list[Expr]:
    """(a + b) + c = a + b + c."""
    flat: list[Expr] = []
    for arg in args:
        if is_sum(arg):
            flat.extend(_flat(arg.args))
        else:
            flat.append(arg)
    return flat


def _like(terms: list[Expr]) -> list[Monomial]:
    """One monomial for each kind of term, in order of first appearance."""
    found: dict[object, Monomial] = {}
    for part in _facing(list(map(split_factors, terms))):
        before = found.get(part.key)
        coefficient = part.coefficient + (before.coefficient if before else Fraction(0))
        found[part.key] = Monomial(coefficient, part.scalars, part.arrays)
    return list(found.values())


def _facing(parts: list[Monomial]) -> list[Monomial]:
    """The terms with a difference turned where one before holds it the other way: (a − b) c + (b − a) d."""
    met: set[Expr] = set()
    turned: dict[Expr, Expr] = {}
    for base in (b for part in parts for b, k in part.scalars + part.arrays if k.denominator == 1 and is_sum(b)):
        if base in met or base in turned:
            continue
        opposite = negate_difference(base)
        if opposite in met:
            turned[base] = opposite
        else:
            met.add(base)
    return [_turn(part, turned) for part in parts] if turned else parts


def _turn(part: Monomial, turned: dict[Expr, Expr]) -> Monomial:
    odd = sum(k.numerator % 2 for b, k in part.scalars + part.arrays if b in turned)
    scalars = tuple((turned.get(b, b), k) for b, k in part.scalars)
    arrays = tuple((turned.get(b, b), k) for b, k in part.arrays)
    return multiply_monomials(Monomial(part.coefficient * (-1) ** odd), Monomial(NO, scalars, arrays))


def led_out(e: Apply) -> Expr | None:
    """p ⊙ (−a − b) = −p ⊙ (a + b): a sign that all terms of a factor share."""
    if e.op not in FACTORS:
        return None
    part = split_factors(e)
    for base, k in part.scalars + part.arrays:
        if is_sum(base) and k == 1 and all(split_factors(t).coefficient < 0 for t in base.args):
            rest = multiply_monomials(part, factor(base, -1), factor(negate_difference(base)))
            return join(Monomial(-rest.coefficient, rest.scalars, rest.arrays), e.shape_)
    return None


# ---------------------------------------------------------------- products of sums

MOST = 32  # terms that are tried


def multiplied_out(e: Apply) -> Expr | None:
    """A product of sums multiplied out where that is shorter: (1/(1 − p) − 1/p) p (1 − p) = 2p − 1; else None.

    Tried only where a factor cancels a denominator inside a sum, so that no sum is expanded for its own sake.
    """
    if e.op not in FACTORS:
        return None
    whole = split_factors(e)
    best: Expr = e
    for terms in _expansions(whole):
        found = _collect_terms(add(*(join(t, e.shape_) for t in terms)))
        if leaves(found) < leaves(best):
            best = found
    return None if best is e else best


def _expansions(whole: Monomial) -> Iterator[list[Monomial]]:
    """The product with one sum after another multiplied out, the one that cancels first."""
    factors = whole.scalars + whole.arrays
    start = next((p for p in factors if _is_sum(p) and _cancels(p[0], factors)), None)
    if start is None:
        return
    terms = _over(whole, start)
    while len(terms) <= MOST:
        yield terms
        found = next(((m, p) for m in terms for p in m.scalars + m.arrays if _is_sum(p)), None)
        if found is None:
            return
        terms = [t for m in terms for t in (_over(m, found[1]) if m is found[0] else [m])]


def _is_sum(p: tuple[Expr, Fraction]) -> bool:
    return is_sum(p[0]) and p[1] == 1


def _cancels(e: Expr, factors: Powers) -> bool:
    """Whether a term of the sum e has a factor that another factor of the product cancels."""
    assert isinstance(e, Apply)
    inside = {(b, k < 0) for a in e.args for part in (split_factors(a),) for b, k in part.scalars + part.arrays}
    return any((b, k > 0) in inside for b, k in factors)


def _over(m: Monomial, p: tuple[Expr, Fraction]) -> list[Monomial]:
    """m with its factor p, a sum, multiplied out."""
    rest = Monomial(m.coefficient, tuple(q for q in m.scalars if q != p), tuple(q for q in m.arrays if q != p))
    assert isinstance(p[0], Apply)
    return [multiply_monomials(rest, split_factors(a)) for a in p[0].args]
