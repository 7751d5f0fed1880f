"""What dots stand for: the members between a first and a last one that differ in one index."""

from __future__ import annotations

from solgen.expr.nodes import Apply, Entry, Expr, Idx, Index, Sum, Var
from solgen.expr.size import ONE, Size
from solgen.expr.walk import free_indices, reindex

FIRST = Size.of(0)


def series(first: Expr, last: Expr) -> tuple[Idx, Expr] | None:
    """The index and the body of x₁, …, xₙ, from its ends; None where they are not alike but for one index."""
    ends = _ends(first, last)
    if ends is None or ends[0] != FIRST:
        return None
    index = Idx("i", ends[1] + ONE)
    while index.name in {i.name for i in free_indices(first)}:
        index = Idx(index.name + "'", index.size)
    body = reindex(first, {FIRST: index})
    return (index, body) if reindex(body, {index: ends[1]}) == last else None


def member(index: Idx, body: Expr, place: int) -> Expr:
    """One member of a series, counted from 0."""
    return reindex(body, {index: Size.of(place)})


def read_series(first: Expr, last: Expr) -> Sum | None:
    """x₁ + … + xₙ."""
    found = series(first, last)
    return Sum(*found) if found else None


def _ends(first: Expr, last: Expr) -> tuple[Size, Size] | None:
    """Where two formulas that are alike differ: in an index."""
    match first, last:
        case Var(at=at), Var(at=to):
            return _differing(at, to)
        case Entry(array=a, indices=at), Entry(array=b, indices=to):
            return _differing(at, to) or _ends(a, b)
        case Apply(args=args), Apply(args=others):
            return next((found for a, b in zip(args, others, strict=False) if (found := _ends(a, b))), None)
        case _:
            return None


def _differing(at: tuple[Index, ...], to: tuple[Index, ...]) -> tuple[Size, Size] | None:
    pairs = zip(at, to, strict=False)
    return next(((a, b) for a, b in pairs if a != b and isinstance(a, Size) and isinstance(b, Size)), None)
