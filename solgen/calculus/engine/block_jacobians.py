"""Jacobians through what moves entries: ∂[a; b]/∂x = [∂a/∂x; ∂b/∂x], ∂(v[a:b])/∂x = rows a to b of ∂v/∂x.

The maps are linear, so each acts on the columns of the Jacobian of its argument.
"""

from __future__ import annotations

from collections.abc import Callable

from solgen.errors import Refused
from solgen.expr import applied
from solgen.expr.arith import ZERO, fill
from solgen.expr.nodes import Apply, Expr, Shape, rank, shape
from solgen.expr.ops.structure import bounds, take_slice
from solgen.expr.size import Size

Inner = Callable[[Expr], Expr | None]  # the Jacobian of an argument; None where it does not depend on the variable
NOTHING = Size.of(0)


def differentiate_block(e: Apply, wrt: Shape, inner: Inner) -> Expr:
    """∂e/∂x as an array over e's indices and those of x.

    Raises Refused for an operation whose Jacobian is no such array of blocks.
    """
    match e:
        case Apply(op="concat", args=args) if rank(e) == 2 and not wrt:
            return Apply(e.op, tuple(_rows(a, wrt, inner) for a in args), e.params, e.shape_)
        case Apply(op="concat", args=args) if rank(e) == 1 and len(wrt) <= 1:
            rows = [_rows(a, wrt, inner) for a in args]
            return applied.concat(tuple(rows), 0)
        case Apply(op="slice", args=(v,)) if rank(e) == 1 and len(wrt) <= 1:
            found = _look_up(v, inner)
            return take_slice(found, (bounds(e)[0], *((NOTHING, n) for n in shape(found)[1:])))
        case Apply(op="pick", args=(v, k)) if len(wrt) <= 1:
            found = _look_up(v, inner)
            return applied.pick_row(found, k) if rank(found) == 2 else applied.pick(found, k)
        case _:
            raise Refused(f"`{e.op}` moves entries about and has no Jacobian in matrix form")


def _look_up(e: Expr, inner: Inner) -> Expr:
    found = inner(e)
    if found is None:
        raise Refused("the Jacobian of what it is taken from has no matrix form")
    return found


def _rows(e: Expr, wrt: Shape, inner: Inner) -> Expr:
    """The Jacobian of one argument as a block of rows; zeros where it does not depend on the variable."""
    if isinstance(e, Apply) and e.op == "unitem":
        found = inner(e.args[0])
        return fill(ZERO, (*e.shape_, *wrt)) if found is None else applied.row(found) if wrt else applied.unitem(found)
    found = inner(e)
    return fill(ZERO, (*shape(e), *wrt)) if found is None else found
