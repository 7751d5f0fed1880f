"""Which declared fact a line rests on: that the entries of a one-hot vector, or of a distribution, sum to 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solgen.expr.nodes import Apply, Entry, Expr, Kind, Sum, Var, rank
from solgen.expr.ops import Trait, having
from solgen.expr.walk import nodes

UNIT_SUM = frozenset({Kind.ONEHOT, Kind.SIMPLEX, Kind.ONEHOT_COLUMNS, Kind.SIMPLEX_COLUMNS})
COLUMNS = frozenset({Kind.ONEHOT_COLUMNS, Kind.SIMPLEX_COLUMNS})
SUMS = having(Trait.TOTALS)


def summing_to_one(chain: Sequence[Expr]) -> tuple[Var, str] | None:
    """The variable whose sum stands in a chain and is gone at its end, and the fact about `{}`; or None."""
    left = set(_sums(chain[-1]))
    gone = (v for e in chain[:-1] for v in _sums(e) if v not in left)
    found = next(gone, None)
    if found is None:
        return None
    if rank(found) == 1:
        return found, "the entries of {} sum to 1"
    return found, f"each {'column' if found.kind in COLUMNS else 'row'} of {{}} sums to 1"


def _sums(e: Expr) -> Iterator[Var]:
    """Variables of a kind whose entries sum to 1 that are summed in e."""
    for node in nodes(e):
        match node:
            case Sum(index=i, body=Entry(array=Var() as v, indices=at)) if i in at and v.kind in UNIT_SUM:
                yield v
            case Apply(args=(Var() as v,)) if node.op in SUMS and v.kind in UNIT_SUM:
                yield v
            case _:
                pass
