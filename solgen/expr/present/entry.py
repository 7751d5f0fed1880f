"""An entry of a formula, written through entries of its names."""

from __future__ import annotations

from solgen.expr.nodes import Adj, Apply, Entry, Expr, Index, Var, shape
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import Elementwise


def entrywise(e: Expr, at: tuple[Index, ...]) -> Expr | None:
    """The entry of e at `at`, written through entries of its leaves; None where that reads no better."""
    match e:
        case Var() | Adj():
            return Entry(e, at) if shape(e) else e
        case Apply(op="fill", args=(inner,)):
            return inner
        case Apply(op=op, args=args, params=params):
            if op not in ("mul", "scale") and not isinstance(TABLE[op], Elementwise) and op != "call":
                return None if shape(e) else e
            inside = [entrywise(a, at) for a in args]
            kept = tuple(i for i in inside if i is not None)
            return Apply("mul" if op == "scale" else op, kept, params, ()) if len(kept) == len(args) else None
        case _:
            return None if shape(e) else e
