"""What the rewrites recognise: zeros, ones, and the operation at a root."""

from __future__ import annotations

from collections.abc import Callable

from solgen.expr.arith import ONE, ZERO, num
from solgen.expr.nodes import Apply, Expr

TWO = num(2)
RuleFn = Callable[[Apply], Expr | None]


def is_zero(e: Expr) -> bool:
    """The number 0, or an array of zeros."""
    return e == ZERO or (isinstance(e, Apply) and e.op == "fill" and e.args[0] == ZERO)


def is_ones(e: Expr) -> bool:
    """An array of ones."""
    return isinstance(e, Apply) and e.op == "fill" and e.args[0] == ONE


def is_op(e: Expr, op: str) -> bool:
    """An application of `op`."""
    return isinstance(e, Apply) and e.op == op


def args_of(e: Expr) -> tuple[Expr, ...]:
    """The arguments of an application."""
    assert isinstance(e, Apply)
    return e.args
