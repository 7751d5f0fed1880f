"""What a derivation takes for granted, found where it is used: a function differentiable, a matrix invertible, what a
derivative is at a kink.

Facts that the file declares (one-hot, symmetric) are no assumptions; the lines that rest on them say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from solgen.calculus.engine.sweep import on_path
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Kind, Var
from solgen.expr.ops import TABLE, Called, Callee
from solgen.expr.walk import nodes, variables
from solgen.model.derivation import (
    Assumption,
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Equation

SAFE = frozenset({Kind.INVERTIBLE, Kind.POSDEF})


def assumptions(content: Content) -> tuple[Assumption, ...]:
    """The assumptions of one content, each once, in the order of the equations that it differentiates."""
    match content:
        case Gradients(of=of, forward=forward, blocks=blocks):
            found = _find_assumptions(forward, of, {b.symbol.wrt.name for b in blocks})
        case Paths(of=of, wrt=wrt, forward=forward):
            found = _find_assumptions(forward, of, {wrt.name})
        case Worked(forward=forward, symbol=Adj(of=of, wrt=wrt) | Entry(array=Adj(of=of, wrt=wrt))):
            found = _find_assumptions(forward, of, {wrt.name})
        case Worked() | Shapes() | Count() | GraphAsked() | Mistakes() | Example() | Said():
            return ()
        case _:
            assert_never(content)
    return tuple(dict.fromkeys(found))


def _find_assumptions(forward: Iterable[Equation], of: Var, wrt: set[str]) -> Iterator[Assumption]:
    """Of each step that leads to `of`: what it needs to be defined, and, where it is differentiated, to be smooth."""
    forward = tuple(forward)
    needed = {of.name}
    for q in reversed(forward):
        needed |= {v.name for v in variables(q.body)} if q.var.name in needed else set()
    differentiated = on_path(forward, of.name, wrt)
    for q in forward:
        for node in nodes(q.body) if q.var.name in needed else ():
            if isinstance(node, Apply):
                yield from _of(node, q.var.name in differentiated and _varies(node, differentiated))


def _varies(e: Expr, names: frozenset[str]) -> bool:
    return any(v.name in names for v in variables(e))


def _of(node: Apply, differentiated: bool) -> Iterator[Assumption]:
    """What one operation takes for granted."""
    row = TABLE[node.op]
    if row.domain == "invertible" or (differentiated and row.assumes == "invertible"):
        if not (isinstance(node.args[0], Var) and node.args[0].kind in SAFE):
            yield Assumption("invertible", of=node.args[0])
        return
    if not differentiated:
        return
    callee = node.params[0] if isinstance(row, Called) else None
    if isinstance(callee, Callee):
        if callee.body is None:
            yield Assumption("differentiable", callee.name)
        return
    if row.assumes == "nonzero":
        yield Assumption("nonzero", of=node.args[0])
        return
    if row.convention:
        yield Assumption("convention", row.convention)
