"""Common factors pulled out of a sum: A x + B x + c = (A + B) x + c."""

from __future__ import annotations

from solgen.calculus.textbook.monomial import Monomial, core, join, multiply_monomials, scale_by_parts, split_factors
from solgen.calculus.textbook.patterns import is_op
from solgen.calculus.textbook.simplify import simplify
from solgen.expr import applied
from solgen.expr.arith import add, is_sum, mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, rank, shape
from solgen.expr.ops import Trait, having

PRODUCTS = having(Trait.PRODUCT)


def factor_sum(e: Expr) -> tuple[Expr, ...]:
    """The sum with a factor that terms share pulled out of them, if there is one; else nothing."""
    if not is_sum(e):
        return _inside(e)
    for found in (_weights(e), _entrywise(e), _pull(e, 1), _pull(e, 0)):
        if found is not None:
            return (found,)
    return ()


def _inside(e: Expr) -> tuple[Expr, ...]:
    """s (a x − b x) = s (a − b) x: a sum that is the only array of a product."""
    part = split_factors(e)
    if not rank(e) or len(part.arrays) != 1 or part.arrays[0][1] != 1 or part.arrays[0][0] == e:
        return ()
    return tuple(scale_by_parts([Monomial(part.coefficient, part.scalars)], f) for f in factor_sum(part.arrays[0][0]))


def _weights(e: Apply) -> Expr | None:
    """a x + b x + c = (a + b) x + c for scalars a and b."""
    parts = [split_factors(a) for a in e.args]
    for part in parts if rank(e) else ():
        members = [n for n, p in enumerate(parts) if part.arrays and p.arrays == part.arrays]
        if len(members) > 1:
            weight = simplify(add(*(join(Monomial(parts[n].coefficient, parts[n].scalars), ()) for n in members)))
            return _with_rest(e, members, mul(weight, join(Monomial(arrays=part.arrays), e.shape_)))
    return None


def _with_rest(e: Apply, members: list[int], joined: Expr) -> Expr:
    """The sum with some terms replaced by one."""
    rest = [joined if n == members[0] else a for n, a in enumerate(e.args) if n not in members[1:]]
    return joined if len(rest) == 1 else add(*rest)


def _entrywise(e: Apply) -> Expr | None:
    """a ⊙ u − a ⊙ v = a ⊙ (u − v), the factor common to all terms."""
    parts = [split_factors(a) for a in e.args]
    shared = tuple(p for p in parts[0].arrays if p[1] > 0 and all(p in other.arrays for other in parts))
    if not rank(e) or not shared or any(shape(a) != e.shape_ for a in e.args):
        return None
    rests = (Monomial(p.coefficient, p.scalars, tuple(q for q in p.arrays if q not in shared)) for p in parts)
    inner = simplify(add(*(join(rest, e.shape_) for rest in rests)))
    return simplify(join(multiply_monomials(Monomial(arrays=shared), split_factors(inner)), e.shape_))


def _pull(e: Apply, position: int) -> Expr | None:
    """f(A, x) + f(B, x) + … = f(A + B, x) + …, position being that of the common factor."""
    groups: dict[tuple[str, Expr], list[int]] = {}
    parts = [split_factors(a) for a in e.args]
    cores = [core(p, a) for p, a in zip(parts, e.args, strict=True)]
    for n, c in enumerate(cores):
        if isinstance(c, Apply) and c.op in PRODUCTS and len(c.args) == 2:
            groups.setdefault((c.op, c.args[position]), []).append(n)
    for (op, common), members in groups.items():
        others = [_scaled_factor(_before(parts[n], e), cores[n], 1 - position) for n in members]
        if len(members) > 1 and all(shape(o) == shape(others[0]) for o in others) and rank(others[0]):
            inner = simplify(add(*others))
            joined = simplify(apply(op, *((common, inner) if position == 0 else (inner, common))))
            return _with_rest(e, members, joined)
    return None


def _before(part: Monomial, term: Apply) -> Monomial:
    """What stands before the product of a term: a scalar product, uᵀx, is itself the only scalar of its term."""
    return Monomial(part.coefficient, part.scalars if rank(term) else ())


def _scaled_factor(part: Monomial, e: Expr, position: int) -> Expr:
    assert isinstance(e, Apply)
    return scale_by_parts([part], e.args[position])


# ---------------------------------------------------------------- chains of Jacobians


def right_factored(e: Expr) -> Expr:
    """A J + B J + u (Jᵀ v)ᵀ = (A + B + u vᵀ) J, J the longest chain of factors at the end that all terms share."""
    if rank(e) == 1:
        return next(iter(factor_sum(e)), e)
    if not is_sum(e) or rank(e) != 2:
        found = _inside_right(e)
        return e if found is None else found
    parts = [split_factors(a) for a in e.args]
    chains = [_chain(core(p, a)) for p, a in zip(parts, e.args, strict=True)]
    common = _shared_end([c for c, _ in chains])
    if not common:
        return next(iter(factor_sum(e)), e)
    lefts = [_left(c[: len(c) - len(common)], u, common[0]) for c, u in chains]
    if sum(is_op(a, "eye") for a in lefts) == len(lefts):
        return e
    inner = simplify(add(*(scale_by_parts([p], a) for p, a in zip(parts, lefts, strict=True))))
    return _times([inner, *common])


def _inside_right(e: Expr) -> Expr | None:
    part = split_factors(e)
    if rank(e) != 2 or len(part.arrays) != 1 or part.arrays[0][0] == e or part.arrays[0][1] != 1:
        return None
    return scale_by_parts([Monomial(part.coefficient, part.scalars)], right_factored(part.arrays[0][0]))


def _chain(e: Expr) -> tuple[list[Expr], Expr | None]:
    """The factors of a product of matrices; of u (Jᵀ v)ᵀ the factors v and J, and u apart."""
    match e:
        case Apply(op="matmul", args=(a, b)):
            left, u = _chain(a)
            right, _ = _chain(b)
            return [*left, *right], u
        case Apply(op="outer", args=(u, v)):
            factors: list[Expr] = []
            while is_op(v, "matvec"):
                factors.insert(0, simplify(applied.transpose(v.args[0])))
                v = v.args[1]
            return [v, *factors], u
        case _:
            return [e], None


def _shared_end(chains: list[list[Expr]]) -> list[Expr]:
    """The longest common end of all chains."""
    shared: list[Expr] = []
    for column in zip(*(reversed(c) for c in chains), strict=False):
        if any(f != column[0] for f in column) or rank(column[0]) != 2:
            break
        shared.insert(0, column[0])
    return shared


def _left(chain: list[Expr], u: Expr | None, after: Expr) -> Expr:
    """What stands before the shared factors: I where nothing does."""
    if u is not None:
        rest = chain[1:]
        vector = chain[0]
        for factor in rest:
            vector = applied.matvec(applied.transpose(factor), vector)
        return applied.outer(u, vector)
    return _times(chain) if chain else applied.eye(shape(after)[0])


def _times(chain: list[Expr]) -> Expr:
    result = chain[0]
    for factor in chain[1:]:
        result = applied.matmul(result, factor)
    return result
