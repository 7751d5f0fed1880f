"""Vector-Jacobian products: the upstream gradient contracted with a partial derivative, read back as matrices.

    Ā[i] = Σ_o C̄[o] ∂C[o]/∂A[i]

This is the only place where derivative rules are made; a `Rule` in the appendix is this computation, on placeholders,
with its lines kept (`rules`).
"""

from __future__ import annotations

from dataclasses import dataclass

from solgen.calculus.engine.network import Factor, Term, contract, expand, multiply_terms
from solgen.calculus.engine.partials import Out, frames, partial
from solgen.calculus.engine.readback import readback
from solgen.errors import AtWork, Refused
from solgen.expr.arith import ONE, add
from solgen.expr.nodes import Apply, Expr, Idx, Index, rank
from solgen.expr.ops import TABLE, Paired
from solgen.expr.walk import free_indices, reindex


@dataclass(frozen=True, slots=True)
class Contraction:
    """The terms of Σ_o C̄[o] ∂C[o]/∂A[i], before and after the δ's are absorbed."""

    o: Out
    i: Out
    partial: Expr
    raw: tuple[Term, ...]
    terms: tuple[Term, ...]


def contraction(app: Apply, k: int, upstream: Expr, out: Expr) -> Contraction:
    """The chain rule through one application, in index form."""
    o, i = frames(app, k)
    inner = partial(app, k, o, i, out)
    lead = _upstream(upstream, o)
    raw = tuple(multiply_terms(lead, t) for t in expand(inner))
    return Contraction(o, i, inner, raw, tuple(contract(t) for t in raw))


def vjp(app: Apply, k: int, upstream: Expr, out: Expr) -> Expr:
    """The gradient that reaches argument k from `upstream` at the result; not simplified.

    Raises Refused where the contraction has no matrix form.
    """
    row = TABLE[app.op]
    if isinstance(row, Paired):
        return _adjoint(row, app, k, upstream)
    away, back = _apart(app, upstream, out)
    apart = reindex(app, away)
    assert isinstance(apart, Apply)
    found = contraction(apart, k, reindex(upstream, away), reindex(out, away))
    terms = [readback(t, found.i) for t in found.terms]
    return reindex(terms[0] if len(terms) == 1 else add(*terms), back)


def _apart(*parts: Expr) -> tuple[dict[Index, Index], dict[Index, Index]]:
    """Sample indices renamed so that no letter of a rule meets them, and back."""
    samples = {i for e in parts for i in free_indices(e)}
    away: dict[Index, Index] = {i: Idx(f"sample {i.name}", i.size) for i in samples}
    return away, {new: old for old, new in away.items()}


def _adjoint(row: Paired, app: Apply, k: int, upstream: Expr) -> Expr:
    adjoint = row.adjoints[k]
    if adjoint is None:
        raise Refused("a position has no derivative")
    with AtWork(app.op):
        return adjoint(app.args, upstream, app.params)


def _upstream(upstream: Expr, o: Out) -> Term:
    bound = tuple(i for i in o if isinstance(i, Idx))
    if rank(upstream):
        return Term(factors=(Factor(upstream, o),), bound=bound)
    return Term(scalars=() if upstream == ONE else (upstream,), bound=bound)
