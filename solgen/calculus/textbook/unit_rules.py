"""Textbook rewrites of unit vectors: what e_k, the one-hot vector of a class label, picks out of a name.

They make the gradient of −log p_k as short as that of a cross-entropy: p − e_k.
"""

from __future__ import annotations

from solgen.calculus.textbook import monomial
from solgen.calculus.textbook.patterns import args_of, is_op, rule_for, sums_to_one
from solgen.expr import applied
from solgen.expr.arith import ONE, add, is_sum, num
from solgen.expr.nodes import Apply, Expr, Kind, Var, rank, shape
from solgen.expr.ops.structure import basis, bounds
from solgen.expr.size import Size


@rule_for("dot")
def _inner(e: Apply) -> Expr | None:
    """e_kᵀ v = v_k, for a name v."""
    for unit, v in (e.args, e.args[::-1]):
        if is_op(unit, "basis") and isinstance(v, Var):
            return applied.pick(v, args_of(unit)[0])
    return None


@rule_for("pick")
def _pick_entry(e: Apply) -> Expr | None:
    """Entry k of e_k is 1, and (s v)_k = s v_k."""
    unit, k = e.args
    if is_op(unit, "basis") and args_of(unit)[0] == k:
        return ONE
    part = monomial.split_factors(unit)
    return None if part.is_bare else monomial.scale_by_parts([part], applied.pick(monomial.core(part, unit), k))


@rule_for("pick_row")
def _row_of_identity(e: Apply) -> Expr | None:
    """Row k of I is e_k."""
    return basis(e.args[1], shape(e)[0]) if is_op(e.args[0], "eye") else None


@rule_for("slice")
def _one_entry(e: Apply) -> Expr | None:
    """A range of one entry, v[a:a + 1], is that entry."""
    if rank(e) != 1:
        return None
    ((start, stop),) = bounds(e)
    if stop - start != Size.of(1) or start.constant is None:
        return None
    return applied.unitem(applied.pick(e.args[0], num(start.constant)))


def pick_entrywise(e: Apply) -> Expr | None:
    """e_k ⊙ v = v_k e_k for a name v, also where it divides: e_k ⊘ v = e_k / v_k."""
    if e.op not in monomial.FACTORS or rank(e) != 1:
        return None
    part = monomial.split_factors(e)
    unit = next((b for b, power in part.arrays if is_op(b, "basis") and power > 0), None)
    others = tuple((b, power) for b, power in part.arrays if b != unit)
    if unit is None or not others or not all(isinstance(b, Var) for b, _ in others):
        return None
    at = args_of(unit)[0]
    scalars = tuple((applied.pick(b, at), power) for b, power in others)
    front = monomial.Monomial(part.coefficient, part.scalars)
    picked = monomial.Monomial(scalars=scalars, arrays=((unit, monomial.NO),))
    return monomial.join(monomial.multiply_monomials(front, picked), shape(e))


def picked_out(e: Apply) -> Expr | None:
    """t ⊙ v / (tᵀv) = t for a one-hot t."""
    if e.op not in monomial.FACTORS or rank(e) != 1:
        return None
    part = monomial.split_factors(e)
    for base, k in part.scalars:
        if k != -1 or not is_op(base, "dot"):
            continue
        for t, v in (base.args, base.args[::-1]):
            if isinstance(t, Var) and t.kind is Kind.ONEHOT and {(t, monomial.NO), (v, monomial.NO)} <= {*part.arrays}:
                rest = monomial.multiply_monomials(part, monomial.factor(base), monomial.factor(v, -1))
                return monomial.join(rest, e.shape_)
    return None


@rule_for("sum")
def _known_totals(e: Apply) -> Expr | None:
    """Σ (a e_k − b y) = a − b: of a sum of arrays whose entries sum to 1 each."""
    inner = e.args[0]
    if not is_sum(inner) or rank(inner) != 1:
        return None
    parts = [monomial.split_factors(a) for a in inner.args]
    if not all(len(p.arrays) == 1 and p.arrays[0][1] == 1 and sums_to_one(p.arrays[0][0]) for p in parts):
        return None
    return add(*(monomial.join(monomial.Monomial(p.coefficient, p.scalars), ()) for p in parts))


RULES = (_known_totals, _inner, _pick_entry, _row_of_identity, _one_entry)
