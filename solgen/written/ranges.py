"""Over what indices run: what an index of a δ runs over its partner says, or another place where it stands."""

from __future__ import annotations

from collections.abc import Callable

from solgen.expr.nodes import Delta, Expr, Idx, Index
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, nodes, reindex

UNKNOWN = Size.of("?")  # the size of an index that only a δ bears so far


def give_range(e: Expr, letter: str, size: Size) -> Expr:
    """The formula with an index of unknown range given one."""
    unknown = Idx(letter, UNKNOWN)
    return reindex(e, {unknown: Idx(letter, size)}) if unknown in free_indices(e) else e


def settle_ranges(e: Expr, known: Callable[[str], tuple[Idx, ...]]) -> Expr | None:
    """The formula with the range of every free index; None where one stays unknown or has two.

    known: the indices of the document by their names, which say it where the formula does not.
    """
    while unknown := [i for i in free_indices(e) if i.size == UNKNOWN]:
        to: dict[Index, Index] = {}
        for i in unknown:
            sizes = {k.size for k in free_indices(e) if k.name == i.name and k.size != UNKNOWN} or _partners(e, i)
            sizes = sizes or {k.size for k in known(i.name)}
            if len(sizes) == 1:
                to[i] = Idx(i.name, sizes.pop())
        if not to:
            return None
        e = reindex(e, to)
    return e if len({i.name for i in free_indices(e)}) == len(free_indices(e)) else None


def _partners(e: Expr, index: Idx) -> set[Size]:
    """The ranges of the indices that stand with this one in a δ."""
    found: set[Size] = set()
    for node in nodes(e):
        match node:
            case Delta(left=Idx() as left, right=Idx() as right) if index in (left, right):
                found |= {left.size, right.size} - {UNKNOWN}
            case _:
                pass
    return found
