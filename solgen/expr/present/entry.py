"""An entry of a formula, written through entries of its names."""

from __future__ import annotations

from solgen.expr.arith import is_filled, mul
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Index, Var, shape
from solgen.expr.ops import ENTRYWISE, Trait, having

SCALES = having(Trait.SCALES)


def entry_through_leaves(e: Expr, at: tuple[Index, ...]) -> Expr | None:
    """The entry of e at `at`, written through entries of its leaves; None where that reads no better."""
    match e:
        case Var() | Adj():
            return Entry(e, at) if shape(e) else e
        case Apply(args=(inner,)) if is_filled(e):
            return inner
        case Apply(op=op, args=args, params=params):
            if op not in ENTRYWISE | SCALES:
                return None if shape(e) else e
            inside = [entry_through_leaves(a, at) for a in args]
            kept = tuple(i for i in inside if i is not None)
            if len(kept) < len(args):
                return None
            return mul(*kept) if op in SCALES else Apply(op, kept, params, ())
        case _:
            return None if shape(e) else e
