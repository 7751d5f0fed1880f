"""Sums of products of entries: the form in which every rule is derived.

A `Term` is Σ over `bound` of coefficient · Π scalars · Π entries · Π δ.  `expand` brings a scalar in index form to
a sum of terms, `contract` removes every δ that a bound index can absorb (Σ_i δ_ip B_i = B_p), `index_form` writes
a term back.  Reading a term as matrices is `readback`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from solgen.errors import Refused
from solgen.expr.arith import ONE, ZERO, add, div, is_negation, is_quotient, is_sum, neg, product, total
from solgen.expr.nodes import Apply, Delta, Entry, Expr, Idx, Index, Sum, rank
from solgen.expr.walk import free_indices, reindex

Pair = tuple[Index, Index]


@dataclass(frozen=True, slots=True)
class Factor:
    """One entry of an array, with its indices."""

    array: Expr
    indices: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """Σ_bound (Π scalars) (Π factors) (Π deltas), negated if `negative`."""

    factors: tuple[Factor, ...] = ()
    scalars: tuple[Expr, ...] = ()
    deltas: tuple[Pair, ...] = ()
    bound: tuple[Idx, ...] = ()
    negative: bool = False


def expand(e: Expr) -> tuple[Term, ...]:
    """The scalar e as a sum of terms; raises Refused for an index under a function."""
    match e:
        case Delta(left=i, right=j):
            return (Term(deltas=((i, j),)),)
        case Entry(array=a, indices=ix):
            return (Term(factors=(Factor(a, ix),)),)
        case Sum(index=i, body=body) if rank(e) == 0:
            return tuple(replace(t, bound=(i, *t.bound)) for t in expand(body))
        case Apply(args=(a,)) if is_negation(e):
            return tuple(replace(t, negative=not t.negative) for t in expand(a))
        case Apply() if not _has_entries(e):  # a scalar is one factor, p (1 − p) too
            return (Term(scalars=(e,)),)
        case Apply(op="mul", args=(a, b)):
            return tuple(multiply_terms(s, t) for s in expand(a) for t in expand(b))
        case Apply(args=args) if is_sum(e):
            return tuple(t for a in args for t in expand(a))
        case Apply(args=(a, b)) if is_quotient(e) and not free_indices(b):
            return tuple(t if b == ONE else multiply_terms(t, Term(scalars=(div(ONE, b),))) for t in expand(a))
        case _ if _has_entries(e):
            raise Refused(f"{type(e).__name__} has no form as a sum of products of entries")
        case _:
            return (Term(scalars=() if e == ONE else (e,)),)


def multiply_terms(left: Term, right: Term) -> Term:
    """The product of two terms; their bound indices are different symbols."""
    return Term(
        left.factors + right.factors,
        left.scalars + right.scalars,
        left.deltas + right.deltas,
        left.bound + right.bound,
        left.negative != right.negative,
    )


def contract(term: Term) -> Term:
    """Every δ with a bound index absorbed: Σ_i δ_ip B_i = B_p; δ_pp = 1."""
    kept: list[Pair] = []
    while term.deltas:
        (left, right), rest = term.deltas[0], term.deltas[1:]
        term = replace(term, deltas=rest)
        if left == right:
            continue
        if right in term.bound:
            term = _rename(term, right, left)
        elif left in term.bound:
            term = _rename(term, left, right)
        else:
            kept.append((left, right))
    return replace(term, deltas=tuple(kept))


def index_form(term: Term) -> Expr:
    """The term as a scalar in index form, sums outermost."""
    parts = [
        *term.scalars,
        *(Delta(i, j) for i, j in term.deltas),
        *(Entry(f.array, f.indices) if f.indices else f.array for f in term.factors),
    ]
    result = product(tuple(parts))
    for index in reversed(term.bound):
        result = total(index, result)
    return neg(result) if term.negative else result


def index_sum(terms: tuple[Term, ...]) -> Expr:
    """The sum of terms in index form; one term stands alone, none is 0."""
    found = [index_form(t) for t in terms]
    if not found:
        return ZERO
    return found[0] if len(found) == 1 else add(*found)


def _rename(term: Term, old: Index, new: Index) -> Term:
    def swap(i: Index) -> Index:
        return new if i == old else i

    return Term(
        tuple(Factor(_rename_index(f.array, old, new), tuple(map(swap, f.indices))) for f in term.factors),
        tuple(_rename_index(s, old, new) for s in term.scalars),
        tuple((swap(i), swap(j)) for i, j in term.deltas),
        tuple(i for i in term.bound if i != old),
        term.negative,
    )


def _rename_index(e: Expr, old: Index, new: Index) -> Expr:
    """e with an index renamed, that of a family's sample too."""
    return reindex(e, {old: new}) if old in free_indices(e) else e


def _has_entries(e: Expr) -> bool:
    """Whether e holds an index of its own network (sample indices of families belong to the values)."""
    match e:
        case Entry() | Delta():
            return True
        case Apply(args=args):
            return any(map(_has_entries, args))
        case Sum(body=body):
            return _has_entries(body)
        case _:
            return False
