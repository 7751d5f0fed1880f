"""Common factors pulled out of a sum: A x + B x + c = (A + B) x + c."""

from __future__ import annotations

from collections.abc import Iterator

from solgen.calculus.monomial import Monomial, core, join, scaled, split, times
from solgen.calculus.simplify import simplify
from solgen.expr.arith import add, mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, rank, shape
from solgen.expr.walk import leaves

PAIRS = frozenset({"matvec", "matmul", "outer", "dot"})


def factored(e: Expr) -> tuple[Expr, ...]:
    """The sum with a factor that terms share pulled out of them, if there is one; else nothing."""
    if not isinstance(e, Apply) or e.op != "add":
        return ()
    for found in (_weights(e), _entrywise(e), _pull(e, 1), _pull(e, 0)):
        if found is not None:
            return (found,)
    return ()


def _weights(terms: list[Expr]) -> Expr | None:
    """a x + b x = (a + b) x for scalars a and b."""
    parts = [split(t) for t in terms]
    if not rank(terms[0]) or not parts[0].arrays or any(p.arrays != parts[0].arrays for p in parts):
        return None
    weights = [join(Monomial(p.coefficient, p.scalars), ()) for p in parts]
    return mul(simplify(add(*weights)), join(Monomial(arrays=parts[0].arrays), shape(terms[0])))


def _entrywise(e: Apply) -> Expr | None:
    """a ⊙ u − a ⊙ v = a ⊙ (u − v), the factor common to all terms."""
    parts = [split(a) for a in e.args]
    shared = tuple(p for p in parts[0].arrays if p[1] > 0 and all(p in other.arrays for other in parts))
    if not rank(e) or not shared or any(shape(a) != e.shape_ for a in e.args):
        return None
    rests = (Monomial(p.coefficient, p.scalars, tuple(q for q in p.arrays if q not in shared)) for p in parts)
    inner = simplify(add(*(join(rest, e.shape_) for rest in rests)))
    return join(times(Monomial(arrays=shared), split(inner)), e.shape_)


def _pull(e: Apply, position: int) -> Expr | None:
    """f(A, x) + f(B, x) + … = f(A + B, x) + …, position being that of the common factor."""
    groups: dict[tuple[str, Expr], list[int]] = {}
    parts = [split(a) for a in e.args]
    cores = [core(p, a) for p, a in zip(parts, e.args, strict=True)]
    for n, c in enumerate(cores):
        if isinstance(c, Apply) and c.op in PAIRS:
            groups.setdefault((c.op, c.args[position]), []).append(n)
    for (op, common), members in groups.items():
        others = [_scaled_factor(parts[n], cores[n], 1 - position) for n in members]
        if len(members) > 1 and all(shape(o) == shape(others[0]) for o in others) and rank(others[0]):
            inner = simplify(add(*others))
            joined = simplify(apply(op, *((common, inner) if position == 0 else (inner, common))))
            rest = [joined if n == members[0] else a for n, a in enumerate(e.args) if n not in members[1:]]
            return joined if len(rest) == 1 else add(*rest)
    return None


def _scaled_factor(part: Monomial, e: Expr, position: int) -> Expr:
    assert isinstance(e, Apply)
    return scaled([Monomial(part.coefficient, part.scalars)], e.args[position])
