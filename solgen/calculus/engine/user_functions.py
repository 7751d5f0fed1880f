"""Derivatives of the scalar functions that a file names: φ gets a prime, an own function a differentiated body."""

from __future__ import annotations

from dataclasses import replace

from solgen.calculus.textbook.simplify import simplify
from solgen.errors import Refused
from solgen.expr.arith import ONE, ZERO, add, mul
from solgen.expr.nodes import Apply, Expr, Var, shape
from solgen.expr.ops import ENTRYWISE, TABLE, Called, Callee, Elementwise, Trait, having
from solgen.expr.walk import nodes, variables

TIMES = having(Trait.TIMES)


def derive_callee(callee: Callee) -> Callee:
    """f′ of f; the body, where there is one, is differentiated and simplified."""
    if callee.body is None or callee.parameter is None:
        return replace(callee, order=callee.order + 1)
    assert isinstance(callee.parameter, Var)
    return replace(callee, order=callee.order + 1, body=differentiate_scalar(callee.body, callee.parameter))


def differentiate_scalar(e: Expr, x: Var) -> Expr:
    """d e/d x of a scalar function of scalars, by the chain rule over the rows of the table.

    Linear in the nodes of e: each node's derivative is formed once.  Raises Refused for an operation
    that is not a function of scalars.
    """
    memo: dict[Expr, Expr] = {}
    for node in nodes(e):
        memo[node] = ONE if node == x else _chain(node, x, memo)
    return simplify(memo[e])


def _chain(node: Expr, x: Var, memo: dict[Expr, Expr]) -> Expr:
    if x not in variables(node):
        return ZERO
    if not isinstance(node, Apply) or shape(node):
        raise Refused(f"`{x.name}` stands inside something that is not a function of scalars")
    terms = [mul(local, memo[arg]) for arg, local in zip(node.args, _locals(node), strict=True) if memo[arg] != ZERO]
    return simplify(add(*terms)) if terms else ZERO


def _locals(node: Apply) -> list[Expr]:
    match TABLE[node.op]:
        case Elementwise() as row:
            return [row.partials[min(k, len(row.partials) - 1)](*node.args, node) for k in range(len(node.args))]
        case Called() if node.op in ENTRYWISE and isinstance(node.params[0], Callee):
            return [Apply(node.op, node.args, (derive_callee(node.params[0]),), ())]
        case _ if node.op in TIMES:
            return [node.args[1], node.args[0]]
        case _:
            raise Refused(f"`{node.op}` is not a function of scalars")
