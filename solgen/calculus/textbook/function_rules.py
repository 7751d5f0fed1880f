"""Textbook rewrites of functions that meet: the sign of what an absolute value holds, what a sigmoid lacks to 1.

They make the derivative of log|q| read 1/q, and that of −log σ(−q) read σ(q).
"""

from __future__ import annotations

from solgen.calculus.textbook import monomial
from solgen.calculus.textbook.patterns import args_of, is_ones, is_op, rule_for
from solgen.expr import applied
from solgen.expr.arith import ONE, add, fn, is_negation, strip_sign
from solgen.expr.nodes import Apply, Expr


def cancel_sign(e: Apply) -> Expr | None:
    """sign(x) / |x| = 1 / x, and sign(x) |x| = x."""
    if e.op not in monomial.FACTORS:
        return None
    part = monomial.split_factors(e)
    powers = dict(part.scalars + part.arrays)
    for base, k in powers.items():
        size = fn("abs", *args_of(base)) if k == 1 and is_op(base, "sign") else None
        if size is not None and abs(powers.get(size, 0)) == 1:
            up = int(powers[size])
            rest = monomial.multiply_monomials(part, monomial.factor(base, -1), monomial.factor(size, -up))
            return monomial.join(monomial.multiply_monomials(rest, monomial.factor(args_of(base)[0], up)), e.shape_)
    return None


@rule_for("add")
def _complement(e: Apply) -> Expr | None:
    """1 − σ(−x) = σ(x), also among other terms."""
    one = next((a for a in e.args if a == ONE or is_ones(a)), None)
    rest = next((a for a in e.args if _falling(a)), None)
    if one is None or rest is None:
        return None
    inner = args_of(args_of(args_of(rest)[0])[0])[0]
    return add(*(applied.sigmoid(inner) if a == one else a for a in e.args if a != rest))


def _falling(e: Expr) -> bool:
    """Whether e is −σ(−x)."""
    return is_negation(e) and is_op(strip_sign(e), "sigmoid") and is_negation(args_of(strip_sign(e))[0])


RULES = (_complement,)
