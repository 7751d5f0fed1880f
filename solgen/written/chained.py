"""The chain rule as it is written down: ∂L/∂z and ∂z/∂x side by side, in either order, are summed over z.

Books lay ∂z/∂x out in either way, and leave the transpose out where the names say what is summed: z̄ ∂z/∂W is
Σₖ z̄ₖ ∂zₖ/∂W.  It is a reading of what people type alone, and only where the factors do not fit as matrices.
"""

from __future__ import annotations

from solgen.expr.arith import mul, total
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Stack, shape
from solgen.written.typed import TypedValue, apply_operation, transpose_typed

LETTERS = (" k", " i", " j")  # of indices that no text has


def chain_gradient(a: TypedValue, b: TypedValue) -> TypedValue | None:
    """The gradient at a name and the derivative of that name, in either order, summed over it."""
    return _sum_over_name(a, b) or _sum_over_name(b, a)


def _sum_over_name(gradient: TypedValue, derivative: TypedValue) -> TypedValue | None:
    match gradient.e, derivative.e:
        case (Adj(of=of, wrt=z), Adj(of=inner, wrt=x)) if z == inner and not shape(of) and len(shape(z)) == 1:
            return _contract(gradient, derivative, len(shape(x)))
        case _:
            return None


def _contract(gradient: TypedValue, derivative: TypedValue, axes: int) -> TypedValue | None:
    """Σₖ ḡₖ ∂zₖ/∂x, in the shape of x."""
    if axes == 0:
        return apply_operation("dot", (), gradient, derivative)
    if axes == 1:
        turned = transpose_typed(derivative)
        return apply_operation("matvec", shape(derivative.e)[1:], turned, gradient) if turned else None
    if axes > 2:
        return None
    k, i, j = (Idx(name, size) for name, size in zip(LETTERS, shape(derivative.e), strict=True))
    one: Expr = total(k, mul(Entry(gradient.e, (k,)), Entry(derivative.e, (k, i, j))))
    return TypedValue(Stack(i, Stack(j, one)), deep=gradient.deep + derivative.deep + 4)
