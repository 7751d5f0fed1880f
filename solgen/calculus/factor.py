"""Common factors pulled out of a sum: A x + B x = (A + B) x."""

from __future__ import annotations

from solgen.calculus.monomial import Monomial, core, join, scaled, split
from solgen.calculus.simplify import simplify
from solgen.expr.arith import add, mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, rank, shape

PAIRS = frozenset({"matvec", "matmul", "outer", "dot"})


def factored(e: Expr) -> tuple[Expr, ...]:
    """The sum with one common factor of all its terms pulled out, if there is one; else nothing."""
    if not isinstance(e, Apply) or e.op != "add":
        return ()
    if (weighed := _weights(e)) is not None:
        return (weighed,)
    for position in (1, 0):
        found = _pull(e, position)
        if found is not None:
            return (found,)
    return ()


def _weights(e: Apply) -> Expr | None:
    """a x + b x = (a + b) x for scalars a and b."""
    parts = [split(a) for a in e.args]
    if not rank(e) or not parts[0].arrays or any(p.arrays != parts[0].arrays for p in parts):
        return None
    weights = [join(Monomial(p.coefficient, p.scalars), ()) for p in parts]
    return mul(simplify(add(*weights)), join(Monomial(arrays=parts[0].arrays), e.shape_))


def _pull(e: Apply, position: int) -> Expr | None:
    """f(A, x) + f(B, x) = f(A + B, x), position being that of the common factor."""
    parts = [split(a) for a in e.args]
    cores = [core(p, a) for p, a in zip(parts, e.args, strict=True)]
    if not all(isinstance(c, Apply) and c.op in PAIRS for c in cores):
        return None
    apps = [c for c in cores if isinstance(c, Apply)]
    common = apps[0].args[position]
    if any(a.op != apps[0].op or a.args[position] != common for a in apps):
        return None
    others = [
        scaled([Monomial(p.coefficient, p.scalars)], a.args[1 - position]) for p, a in zip(parts, apps, strict=True)
    ]
    if any(shape(o) != shape(others[0]) for o in others):
        return None
    inner = simplify(add(*others))
    args = (common, inner) if position == 0 else (inner, common)
    return apply(apps[0].op, *args) if rank(inner) else None
