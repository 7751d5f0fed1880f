"""Reading a small network of entries back as a matrix expression.

The inverse of the index definition: Σ_k C_pk B_qk becomes C Bᵀ.  Rules are derived one operation at a time, so only
small networks occur: entrywise products of equal index sets, an index contracted between two factors, a vector that
scales rows or columns, a lone index that is a sum of entries, an index of the result that nothing bears.
What has no such form is refused; the caller then keeps the index form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from solgen.calculus.engine.network import Factor, Term
from solgen.errors import Refused
from solgen.expr import applied
from solgen.expr.arith import fill, mul, neg, num, product
from solgen.expr.nodes import Apply, Expr, Idx, Index, SizeNum, Sum
from solgen.expr.size import Size
from solgen.expr.walk import free_indices

Out = tuple[Index, ...]
MANY_AXES = "an array of three axes meets others in it, which has no matrix form"


def readback(term: Term, out: Out) -> Expr:
    """The array whose entry at `out` the contracted term is; `out` are the free indices.

    A bound index of samples, which the arrays themselves bear, stays a sum: Σᵢ aᵢ bᵢᵀ.
    Raises Refused where the network has no matrix form.
    """
    samples = _samples(term)
    if samples:
        summed = readback(replace(term, bound=tuple(i for i in term.bound if i not in samples)), out)
        for index in reversed(samples):
            summed = Sum(index, summed)
        return summed
    scalars = [*term.scalars, *_idle(term)]
    factors = [_drop_units(_diagonal(f)) for f in term.factors]
    wanted = tuple(i for i in out if not _is_unit(i))
    core = tuple(dict.fromkeys(_collapse(wanted, term.deltas)))
    factors = _contract_all([_follow(f, wanted, term.deltas) for f in factors], core, scalars)
    array = _assemble(factors, core, scalars)
    array = _unfold(array, wanted, core, out)
    result = mul(product(tuple(scalars)), array) if scalars and array is not None else array
    if result is None:
        result = product(tuple(scalars)) if scalars else num(1)
        result = _spread(result, wanted, core, out)
    return neg(result) if term.negative else result


def _samples(term: Term) -> tuple[Idx, ...]:
    """The bound indices that arrays and scalars bear as their samples."""
    borne = frozenset[Idx]().union(*(free_indices(e) for e in (*term.scalars, *(f.array for f in term.factors))))
    places = {i for f in term.factors for i in f.indices} | {i for d in term.deltas for i in d}
    found = tuple(i for i in term.bound if i in borne)
    if any(i in places for i in found):
        raise Refused("an index is summed over that stands both under a function and beside it")
    return found


def _idle(term: Term) -> Iterator[Expr]:
    """Σ_k of what does not depend on k is n times it."""
    used = {i for f in term.factors for i in f.indices} | {i for d in term.deltas for i in d}
    for index in term.bound:
        if index not in used and not any(index in free_indices(s) for s in term.scalars):
            yield SizeNum(index.size)


# ---------------------------------------------------------------- indices


def _is_unit(i: Index) -> bool:
    """The only position of an axis of size 1."""
    return isinstance(i, Size) and i.constant == 0


def _collapse(out: Out, deltas: tuple[tuple[Index, Index], ...]) -> Out:
    """The result's indices with those that a δ equates named alike."""
    same = dict(_orient(d, out) for d in deltas)
    return tuple(same.get(i, i) for i in out)


def _orient(delta: tuple[Index, Index], out: Out) -> tuple[Index, Index]:
    """(later, earlier) of two indices of the result; raises Refused for any other δ."""
    if delta[0] in out and delta[1] in out:
        first, second = sorted(delta, key=out.index)
        return second, first
    raise Refused("an index is fixed to a position that the result does not bear")


def _follow(f: Factor, out: Out, deltas: tuple[tuple[Index, Index], ...]) -> Factor:
    same = dict(_orient(d, out) for d in deltas)
    return _diagonal(Factor(f.array, tuple(same.get(i, i) for i in f.indices)))


def _diagonal(f: Factor) -> Factor:
    """A_ii is an entry of the diagonal."""
    if len(f.indices) == 2 and f.indices[0] == f.indices[1] and isinstance(f.indices[0], Idx):
        return Factor(applied.diagpart(f.array), f.indices[:1])
    return f


def _drop_units(f: Factor) -> Factor:
    """Axes of size 1 at their only position fall away."""
    match tuple(map(_is_unit, f.indices)):
        case (True,):
            return Factor(applied.item(f.array), ())
        case (True, False):
            return Factor(applied.unrow(f.array), f.indices[1:])
        case (False, True):
            return Factor(applied.uncol(f.array), f.indices[:1])
        case _:
            return f


# ---------------------------------------------------------------- contraction


def _contract_all(factors: list[Factor], out: Out, scalars: list[Expr]) -> list[Factor]:
    """Factors over indices of the result only; what became a scalar moves to `scalars`."""
    while True:
        scalars.extend(f.array for f in factors if not f.indices)
        factors = _merge_equal([f for f in factors if f.indices])
        step = _next(factors, out)
        if step is None:
            return factors
        factors = step


def _merge_equal(factors: list[Factor]) -> list[Factor]:
    """A_ij B_ij = (A ⊙ B)_ij, also where one is written A_ji; vectors v_i w_i alike."""
    merged: dict[frozenset[Index], Factor] = {}
    for f in factors:
        key = frozenset(f.indices)
        if key not in merged:
            merged[key] = f
            continue
        first = merged[key]
        if f.indices != first.indices and len(f.indices) > 2:
            raise Refused(MANY_AXES)
        second = f.array if f.indices == first.indices else applied.transpose(f.array)
        merged[key] = Factor(mul(first.array, second), first.indices)
    return list(merged.values())


def _next(factors: list[Factor], out: Out) -> list[Factor] | None:
    """One summed index removed, cheapest first; None when only indices of the result are left."""
    count = Counter(i for f in factors for i in f.indices)
    summed = [i for i in count if i not in out]
    if not summed:
        return None
    lone = frozenset(i for i in summed if count[i] == 1)
    first_lone = next((i for i in summed if i in lone), None)
    if first_lone is not None:
        return _sum_lone(factors, first_lone, lone)
    pairs = [
        (f, g, i)
        for i in summed
        if count[i] == 2
        for f, g in combinations(factors, 2)
        if i in f.indices and i in g.indices
    ]
    if pairs:
        first, second, index = min(pairs, key=lambda p: len(p[0].indices) + len(p[1].indices))
        rest = [f for f in factors if f is not first and f is not second]
        joined = _join(first, second, index, out)
        place = factors.index(first)
        return [*rest[:place], joined, *rest[place:]]
    return _scale_axis(factors, summed)


def _sum_lone(factors: list[Factor], index: Index, lone: frozenset[Index]) -> list[Factor]:
    """Σ_i v_i, or Σ_i A_ij: a sum of entries; of three and more axes, of all of them."""
    result = []
    for f in factors:
        if index not in f.indices:
            result.append(f)
        elif len(f.indices) == 1 or (len(f.indices) > 2 and lone.issuperset(f.indices)):
            result.append(Factor(applied.sum(f.array), ()))
        elif len(f.indices) > 2:
            raise Refused(MANY_AXES)
        elif f.indices[0] == index:
            result.append(Factor(applied.sum_rows(f.array), f.indices[1:]))
        else:
            result.append(Factor(applied.sum_cols(f.array), f.indices[:1]))
    return result


def _join(f: Factor, g: Factor, index: Index, out: Out) -> Factor:
    """The contraction of two factors over one shared index: matrix times vector, matrix product.

    Two vectors were merged before into their entrywise product, whose sum is their inner product.
    """
    left, right = (i for h in (f, g) for i in (tuple(k for k in h.indices if k != index),))
    if len(left) > 1 or len(right) > 1:
        raise Refused(MANY_AXES)
    if left and right:
        if _before(right[0], left[0], out):
            f, g, left, right = g, f, right, left
        a = f.array if f.indices[1] == index else _transpose_factor(f.array)
        b = g.array if g.indices[0] == index else _transpose_factor(g.array)
        return Factor(applied.matmul(a, b), (left[0], right[0]))
    if not left:
        f, g, left = g, f, right
    a = f.array if f.indices[1] == index else _transpose_factor(f.array)
    return Factor(applied.matvec(a, g.array), left)


def _transpose_factor(array: Expr) -> Expr:
    """The transpose of a factor; (Aᵀ B)ᵀ = Bᵀ A for a product that was read back before."""
    match array:
        case Apply(op="transpose", args=(a,)):
            return a
        case Apply(op="matmul", args=(a, b)):
            return applied.matmul(_transpose_factor(b), _transpose_factor(a))
        case _:
            return applied.transpose(array)


def _before(i: Index, j: Index, out: Out) -> bool:
    return i in out and j in out and out.index(i) < out.index(j)


def _scale_axis(factors: list[Factor], summed: list[Index]) -> list[Factor]:
    """v_i A_ij = (diag(v) A)_ij: an index that a vector and two more factors share."""
    for v in factors:
        if len(v.indices) == 1 and v.indices[0] in summed:
            for k, a in enumerate(factors):
                if len(a.indices) == 2 and v.indices[0] in a.indices:
                    scaled = Factor(scale_axis(v.array, a.array, a.indices.index(v.indices[0])), a.indices)
                    return [scaled if n == k else f for n, f in enumerate(factors) if f is not v]
    raise Refused("the sum runs over an index that three matrices share, which has no matrix form")


def scale_axis(v: Expr, a: Expr, axis: int) -> Expr:
    """diag(v) A scales the rows of A, A diag(v) its columns."""
    return applied.matmul(applied.diag(v), a) if axis == 0 else applied.matmul(a, applied.diag(v))


# ---------------------------------------------------------------- the result


def _assemble(factors: list[Factor], out: Out, scalars: list[Expr]) -> Expr | None:
    """The array over `out` (distinct indices); None where no factor bears any of them."""
    if len(out) == 0 or not factors:
        return None
    if len(out) == 1:
        return factors[0].array
    if len(out) > 2:
        return _of_many_axes(factors, out)
    matrices = [f for f in factors if len(f.indices) == 2]
    vectors = {f.indices[0]: f.array for f in factors if len(f.indices) == 1}
    if matrices:
        array = matrices[0].array if matrices[0].indices == out else applied.transpose(matrices[0].array)
        for axis, index in enumerate(out):
            if index in vectors:
                array = scale_axis(vectors[index], array, axis)
        return array
    left, right = (vectors.get(i) for i in out)
    if left is not None and right is not None:
        return applied.outer(left, right)
    if left is not None:
        return applied.cols(left, _size(out[1]))
    assert right is not None
    return applied.rows(right, _size(out[0]))


def _of_many_axes(factors: list[Factor], out: Out) -> Expr:
    """An array of three and more axes, which one factor bears as the result does."""
    match factors:
        case [Factor(array=array, indices=indices)] if indices == out:
            return array
        case _:
            raise Refused(MANY_AXES)


def _unfold(array: Expr | None, wanted: Out, core: Out, out: Out) -> Expr | None:
    """The array with equated indices on a diagonal and axes of size 1 put back."""
    if array is None:
        return None
    if len(core) == 1 and len(wanted) == 2:
        array = applied.diag(array)
    return _unit_axes(array, out)


def _unit_axes(array: Expr, out: Out) -> Expr:
    match tuple(map(_is_unit, out)):
        case (True,):
            return applied.unitem(array)
        case (True, False):
            return applied.row(array)
        case (False, True):
            return applied.col(array)
        case _:
            return array


def _spread(scalar: Expr, wanted: Out, core: Out, out: Out) -> Expr:
    """A scalar in every entry, or on the diagonal."""
    if len(core) == 1 and len(wanted) == 2:
        return mul(scalar, applied.eye(_size(core[0])))
    return _unit_axes(fill(scalar, tuple(_size(i) for i in core)), out)


def _size(i: Index) -> Size:
    assert isinstance(i, Idx)
    return i.size
