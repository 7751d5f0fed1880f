"""Bound sample indices kept apart from free ones: in a formula of a_i, the inner sum is Σ_j a_j.

The value does not depend on the letter of a bound index, but a reader who meets Σ_i inside a formula in which i is free
is misled.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, islice

from solgen.calculus.engine.prepare import Prepared
from solgen.expr.nodes import Apply, Expr, Idx, Stack, Sum
from solgen.expr.ops import Callee
from solgen.expr.walk import children, free_indices, nodes, rebuild, reindex

PARTS = (("g", "h"), ("u", "v"), ("a", "b"), ("p", "q"), ("r", "s"), ("c", "d"))  # of a quotient or a product
LETTERS = ("j", "k", "l", "r", "s", "t", "u", "v", "p", "q")


def part_names(taken: Iterable[str]) -> tuple[str, str]:
    """What the quotient rule calls its numerator and denominator: g and h, unless the problem uses one of them."""
    used = frozenset(taken)
    numbered = ((f"g_{n}", f"h_{n}") for n in count(1))
    return next(pair for pair in (*PARTS, *islice(numbered, len(used) + 1)) if not used & set(pair))


def kept_apart(e: Expr, names: Iterable[str], beside: Expr) -> Expr:
    """e with every bound index that an outer one shadows renamed to a letter that no name of the model has.

    `beside` is the other side of the equation: its free indices count as outer ones.
    """
    outer = free_indices(e) | free_indices(beside)
    return _visit(e, outer, frozenset(names)) if _binds(e) else e


def _visit(e: Expr, outer: frozenset[Idx], names: frozenset[str]) -> Expr:
    if isinstance(e, Sum | Stack):
        index = e.index
        if index in outer:
            taken = names | {i.name for i in outer} | {i.name for i in free_indices(e.body)}
            index = Idx(next(c for c in (*LETTERS, *(f"i{n}" for n in range(1, 999))) if c not in taken), index.size)
            e = Sum(index, reindex(e.body, {e.index: index})) if isinstance(e, Sum) else e
        return rebuild(e, (_visit(e.body, outer | {e.index}, names),))
    return rebuild(e, tuple(_visit(c, outer, names) for c in children(e)))


def _binds(e: Expr) -> bool:
    return isinstance(e, Sum | Stack) or any(map(_binds, children(e)))


def taken_names(prepared: Prepared) -> frozenset[str]:
    """Every letter that the model uses for something else."""
    found = prepared.variables
    sizes = {s for v in found.values() for n in v.axes for s in n.symbols}
    samples = {i.name for v in found.values() for i in v.samples}
    called = {c.name for q in prepared.shown for n in nodes(q.body) for c in _callees(n)}
    return frozenset(found) | sizes | samples | called


def _callees(e: Expr) -> tuple[Callee, ...]:
    return tuple(p for p in e.params if isinstance(p, Callee)) if isinstance(e, Apply) else ()
