"""What the rewrites recognise: zeros, ones, and the operation at a root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from solgen.expr.arith import ONE, ZERO, is_filled, num
from solgen.expr.nodes import Apply, Expr, Kind, Var

TWO = num(2)
RuleFn = Callable[[Apply], Expr | None]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A textbook identity, and the operations at whose applications it is tried."""

    ops: tuple[str, ...]
    rule: RuleFn


def rule_for(*ops: str) -> Callable[[RuleFn], Rewrite]:
    """A function from an application of one of the operations to its replacement, or to None, as a rewrite."""
    return lambda rule: Rewrite(ops, rule)


def is_zero(e: Expr) -> bool:
    """The number 0, or an array of zeros."""
    return e == ZERO or (is_filled(e) and e.args[0] == ZERO)


def is_ones(e: Expr) -> bool:
    """An array of ones."""
    return is_filled(e) and e.args[0] == ONE


def is_op(e: Expr, op: str) -> TypeGuard[Apply]:
    """An application of `op`."""
    return isinstance(e, Apply) and e.op == op


def sums_to_one(e: Expr) -> bool:
    """Whether the entries of a vector sum to 1: a unit vector, a softmax, what is declared so."""
    declared = isinstance(e, Var) and e.kind in (Kind.ONEHOT, Kind.SIMPLEX)
    return declared or is_op(e, "basis") or is_op(e, "softmax")


def args_of(e: Expr) -> tuple[Expr, ...]:
    """The arguments of an application."""
    assert isinstance(e, Apply)
    return e.args
