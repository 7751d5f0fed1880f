"""Sums in textbook form: flat, no zeros, like terms together, a positive term first, never expanded."""

from __future__ import annotations

from fractions import Fraction

from solgen.calculus.monomial import Monomial, join, split
from solgen.expr.arith import ZERO, add, fill
from solgen.expr.nodes import Apply, Expr


def collect(e: Apply) -> Expr | None:
    """The sum with like terms collected (2x + x = 3x); None when it is in form already."""
    terms = _like(_flat(e.args))
    kept = sorted((join(m, e.shape_) for m in terms if m.coefficient), key=lambda t: split(t).coefficient < 0)
    if not kept:
        return fill(ZERO, e.shape_)
    if len(kept) == 1:
        return kept[0]
    result = add(*kept)
    return None if result == e else result


def _flat(args: tuple[Expr, ...]) -> list[Expr]:
    """(a + b) + c = a + b + c."""
    flat: list[Expr] = []
    for arg in args:
        if isinstance(arg, Apply) and arg.op == "add":
            flat.extend(_flat(arg.args))
        else:
            flat.append(arg)
    return flat


def _like(terms: list[Expr]) -> list[Monomial]:
    """One monomial for each kind of term, in order of first appearance."""
    found: dict[object, Monomial] = {}
    for term in terms:
        part = split(term)
        before = found.get(part.key)
        coefficient = part.coefficient + (before.coefficient if before else Fraction(0))
        found[part.key] = Monomial(coefficient, part.scalars, part.arrays)
    return list(found.values())
