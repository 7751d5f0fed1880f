"""Textbook rewrites of unit vectors: what e_k, the one-hot vector of a class label, picks out of a name.

They make the gradient of −log p_k as short as that of a cross-entropy: p − e_k.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.calculus import monomial
from solgen.calculus.patterns import RuleFn, args_of, is_op
from solgen.expr.arith import ONE
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Var, rank, shape


def _inner(e: Apply) -> Expr | None:
    """e_kᵀ v = v_k, for a name v."""
    for unit, v in (e.args, e.args[::-1]):
        if is_op(unit, "basis") and isinstance(v, Var):
            return apply("pick", v, args_of(unit)[0])
    return None


def _picked(e: Apply) -> Expr | None:
    """Entry k of e_k is 1."""
    unit, k = e.args
    return ONE if is_op(unit, "basis") and args_of(unit)[0] == k else None


def _sum(e: Apply) -> Expr | None:
    """The entries of e_k sum to 1."""
    return ONE if is_op(e.args[0], "basis") else None


def entrywise(e: Apply) -> Expr | None:
    """e_k ⊙ v = v_k e_k for a name v, also where it divides: e_k ⊘ v = e_k / v_k."""
    if e.op not in monomial.PRODUCTS or rank(e) != 1:
        return None
    part = monomial.split(e)
    unit = next((b for b, power in part.arrays if is_op(b, "basis") and power > 0), None)
    others = tuple((b, power) for b, power in part.arrays if b != unit)
    if unit is None or not others or not all(isinstance(b, Var) for b, _ in others):
        return None
    at = args_of(unit)[0]
    scalars = tuple((apply("pick", b, at), power) for b, power in others)
    front = monomial.Monomial(part.coefficient, part.scalars)
    picked = monomial.Monomial(scalars=scalars, arrays=((unit, monomial.NO),))
    return monomial.join(monomial.times(front, picked), shape(e))


RULES: Mapping[str, tuple[RuleFn, ...]] = MappingProxyType({"dot": (_inner,), "pick": (_picked,), "sum": (_sum,)})
