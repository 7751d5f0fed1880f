"""What one use of a family member adds to the gradient of the member that has the family's own index.

A use of z_j in Σ_j adds to ∂L/∂z_i with j called i; a use of the first sample z_1 adds δ_i1 times its gradient; and
what the member does not bear is summed over, as all samples share W.
"""

from __future__ import annotations

from solgen.calculus.engine.bound_indices import LETTERS
from solgen.expr.arith import delta, mul
from solgen.expr.nodes import Expr, Idx, Index, Sum, Var
from solgen.expr.walk import free_indices, reindex


def align_gradient(use: Var, value: Expr, of: Var, own: Var) -> Expr:
    """The gradient `value` at the use, as a term of the gradient at `own`, the same name with its own indices.

    The free indices of `of` (the loss of one sample) stay free.
    """
    kept = {i for i in use.at if isinstance(i, Idx)} | free_indices(of)
    for index in sorted(free_indices(value) - kept, key=lambda i: i.name):
        bound = _apart(index, value, own) if index in own.at else index
        value = Sum(bound, reindex(value, {index: bound}))
    moved: dict[Index, Index] = {}
    for mine, theirs in zip(own.at, use.at, strict=True):
        if isinstance(theirs, Idx):
            moved[theirs] = mine
        else:  # one sample only
            value = mul(delta(mine, theirs), value)
    return reindex(value, {k: v for k, v in moved.items() if k != v})


def _apart(index: Idx, value: Expr, own: Var) -> Idx:
    taken = {i.name for i in free_indices(value)} | {i.name for i in own.at if isinstance(i, Idx)}
    return Idx(next(c for c in (*LETTERS, *(f"i{n}" for n in range(1, 999))) if c not in taken), index.size)
