"""Softmax followed by cross-entropy taken in one step, as every lecturer does, unless the probabilities are asked for.

−Σ y log softmax(z) is recognised as `cross_entropy(p, y)`, −sum(y * log(p)) or −dot(y, log(p)), with p a named
softmax or the softmax itself, and becomes `softmax_cross_entropy(z, y)`, whose gradient is (1ᵀy) p − y.  The loss of a
class label, −log p[k], is that of its one-hot vector e_k.
"""

from __future__ import annotations

from solgen.calculus.textbook.patterns import is_op
from solgen.expr import applied
from solgen.expr.arith import is_negation
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Var, rank, shape
from solgen.expr.ops.structure import basis
from solgen.expr.walk import transform, variables
from solgen.model.problem import Equation


def fuse(equations: tuple[Equation, ...], keep: frozenset[str]) -> tuple[Equation, ...]:
    """The equations with fused losses; a softmax that `keep` names, or that has other uses, is left as it is."""
    logits = {q.var: q.body for q in equations if is_op(q.body, "softmax")}
    fused = {p: body for p, body in logits.items() if p.name not in keep}
    result = _with_fused(equations, fused)
    used = {v for q in result for v in variables(q.body)}
    if used & set(fused):  # what it receives from there would lack what the loss sends it
        result = _with_fused(equations, {p: body for p, body in fused.items() if p not in used})
    return result if result != equations else equations


def _with_fused(equations: tuple[Equation, ...], logits: dict[Var, Apply]) -> tuple[Equation, ...]:
    return tuple(
        Equation(q.var, transform(q.body, lambda e: _fuse_cross_entropy(e, logits)), q.span) for q in equations
    )


def _fuse_cross_entropy(e: Expr, logits: dict[Var, Apply]) -> Expr:
    """One node: the cross-entropy of a softmax in any of its spellings."""
    match e:
        case Apply(op="cross_entropy", args=(p, y), params=axis):
            found = _of(p, y, logits)
            return found if isinstance(found, Apply) and found.params == axis else e
        case Apply(op="neg", args=(Apply(op="log", args=(Apply(op="pick", args=(p, k)),)),)):  # −log p_k
            return _of(p, basis(k, shape(p)[0]), logits) or e
        case Apply(args=(inner,)) if is_negation(e):
            pair = _weighted_log(inner)
            found = pair and _of(*pair, logits)
            return e if not found else applied.sum(found) if rank(found) else found
        case _:
            return e


def _weighted_log(e: Expr) -> tuple[Expr, Expr] | None:
    """(p, y) of Σ y log p, as sum(y * log(p)) or as an inner product."""
    match e:
        case Apply(op="sum", args=(Apply(op="mul", args=(a, b)),)) | Apply(op="dot", args=(a, b)):
            for y, log in ((a, b), (b, a)):
                if is_op(log, "log"):
                    return log.args[0], y
    return None


def _of(p: Expr, y: Expr, logits: dict[Var, Apply]) -> Expr | None:
    body = logits.get(p) if isinstance(p, Var) else p
    if body is None or not is_op(body, "softmax"):
        return None
    if isinstance(p, Var) and p in variables(y):
        return None
    return apply("softmax_cross_entropy", body.args[0], y, params=body.params)
