r"""A matrix displayed with dots: which of its entries are written out, and what δ, 0 and 1 make of each of them.

The entry at row i and column j is one formula; a display writes it at the first, the second and the last position, as
e.g. \(\delta_{ij} x_j\) becomes \(x_1\) and 0.  What is written is verified entry by entry, so both read it from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from solgen.expr.arith import ONE, ZERO, add, is_negation, is_sum, neg, strip_sign
from solgen.expr.nodes import Apply, Delta, Expr, Idx, Index
from solgen.expr.ops import Trait, having
from solgen.expr.size import Size
from solgen.expr.walk import reindex, transform

TIMES = having(Trait.TIMES)
ALL = 3  # so many positions of a short axis are written out


def shown_positions(index: Idx) -> tuple[Size, ...]:
    """The positions that are written out: all of few, else the first two and the last."""
    n = index.size.constant
    if n is not None and n <= ALL:
        return tuple(Size.of(k) for k in range(n))
    return (Size.of(0), Size.of(1), index.size - 1)


def ends(index: Idx) -> tuple[Size, ...]:
    """Within a block: the first and the last, or all of two."""
    n = index.size.constant
    return (Size.of(0),) if n == 1 else (Size.of(0), index.size - 1)


def skips(index: Idx) -> int:
    """Whether positions are left out."""
    n = index.size.constant
    return int(n is None or n > ALL)


def corner(entry: Expr, positions: Mapping[Index, Index]) -> Expr:
    """The entry as it is written at one position."""
    return transform(reindex(entry, dict(positions)), settle_deltas)


def corners(row: Idx, column: Idx, minor: Idx | None) -> Iterator[dict[Index, Index]]:
    """The positions of all entries that are written out; of a flattened matrix, both ends of each block."""
    for i, j, *k in product(shown_positions(row), shown_positions(column), *((ends(minor),) if minor else ())):
        yield {row: i, column: j} | ({minor: k[0]} if minor else {})


def settle_deltas(e: Expr) -> Expr:
    """δ of two positions decided, and what 0 and 1 do to products and sums."""
    match e:
        case Delta(left=Size() as i, right=Size() as j):
            return ONE if i == j else ZERO
        case Apply(op=op, args=(a, b)) if op in TIMES and ZERO in (a, b):
            return ZERO
        case Apply(op=op, args=(a, b)) if op in TIMES and ONE in (a, b):
            return b if a == ONE else a
        case Apply(op=op, args=(a, b)) if op in TIMES and is_negation(b):
            return neg(Apply(op, (a, strip_sign(b)), e.params, e.shape_))
        case Apply() if is_negation(e) and strip_sign(e) == ZERO:
            return ZERO
        case Apply(args=args) if is_sum(e) and ZERO in args:
            kept = tuple(a for a in args if a != ZERO)
            return ZERO if not kept else kept[0] if len(kept) == 1 else add(*kept)
        case _:
            return e
