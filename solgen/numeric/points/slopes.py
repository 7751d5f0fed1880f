"""The derivatives of operations that gradients rest on, which may be undefined where the operation has a value.

√x has a value at 0 and no slope there; det A has a value at a singular A, but its derivative is written with A⁻¹.  A
point at which such a slope is undefined is no point to check a gradient at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from solgen.expr.nodes import Adj, Apply, Expr, Idx, shape
from solgen.expr.ops import TABLE, Called, Elementwise, Multilinear, Paired, Special
from solgen.expr.walk import nodes, variables
from solgen.model.problem import Equation


@dataclass(frozen=True, slots=True)
class Slope:
    """The derivative of an operation in an equation by one of its arguments, as the operation's row states it."""

    equation: Equation
    operation: str
    argument: Expr
    formula: Expr


def slopes(equations: Iterable[Equation], symbols: Iterable[Adj]) -> tuple[Slope, ...]:
    """Every slope that these gradients rest on and that may be undefined where its operation is not."""
    equations, by_output = tuple(equations), dict[str, set[str]]()
    for symbol in symbols:
        by_output.setdefault(symbol.of.name, set()).add(symbol.wrt.name)
    found = (slope for of, wrt in by_output.items() for slope in _leading(equations, of, wrt))
    return tuple(dict.fromkeys(found))


def _leading(equations: tuple[Equation, ...], of: str, wrt: set[str]) -> Iterator[Slope]:
    """The slopes of the equations between the names in `wrt` and the output."""
    needed = {of}
    for q in reversed(equations):
        needed |= {v.name for v in variables(q.body)} if q.var.name in needed else set()
    varied = set(wrt)
    for q in equations:
        if q.var.name in needed and _varies(q.body, varied):
            varied.add(q.var.name)
            yield from (s for node in nodes(q.body) if isinstance(node, Apply) for s in _of(q, node, varied))


def _varies(e: Expr, names: set[str]) -> bool:
    return any(v.name in names for v in variables(e))


def _of(q: Equation, node: Apply, varied: set[str]) -> Iterator[Slope]:
    """The slopes of one operation by those of its arguments that vary."""
    known = set(nodes(node))
    for k, argument in enumerate(node.args):
        formula = _partial(node, k) if _varies(argument, varied) else None
        if formula is not None and any(_may_fail(n) for n in nodes(formula) if n not in known):
            yield Slope(q, node.op, argument, formula)


def _partial(node: Apply, k: int) -> Expr | None:
    """∂node/∂args[k] as the row states it; None where it is made of entries of the other arguments alone."""
    match TABLE[node.op]:
        case Elementwise() as row:
            return row.partials[min(k, len(row.partials) - 1)](*node.args, node)
        case Special() as row:
            o = tuple(Idx(f" o{n}", size) for n, size in enumerate(node.shape_))
            i = tuple(Idx(f" i{n}", size) for n, size in enumerate(shape(node.args[k])))
            return row.partials[k](node.args, node, o, i, node.params)
        case Multilinear() | Paired() | Called():
            return None
        case other:
            assert_never(other)


def _may_fail(n: Expr) -> bool:
    """Whether a node is an operation that has no value everywhere."""
    if not isinstance(n, Apply):
        return False
    row = TABLE[n.op]
    return isinstance(row, Special) or (isinstance(row, Elementwise) and row.domain != "all")
