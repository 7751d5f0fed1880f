"""Places within a formula: the way from its root to a part, by numbers of children."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solgen.expr.nodes import Apply, Expr, Var
from solgen.expr.ops import Trait, having
from solgen.expr.walk import children, rebuild

Place = tuple[int, ...]
UNDRAWN = having(Trait.FORM | Trait.REPEATS)  # changes of form that no reader sees


def places_in(e: Expr, at: Place = ()) -> Iterator[tuple[Place, Expr]]:
    """Every part of a formula with its place, the formula first."""
    yield at, e
    for k, child in enumerate(children(e)):
        yield from places_in(child, (*at, k))


def part_at(e: Expr, at: Place) -> Expr:
    """The part at a place."""
    for k in at:
        e = children(e)[k]
    return e


def replace_parts(e: Expr, parts: Mapping[Place, Expr]) -> Expr:
    """The formula with other parts at some places, none within another."""
    if () in parts:
        return parts[()]
    if not parts:
        return e
    inner = [{at[1:]: new for at, new in parts.items() if at[0] == k} for k in range(len(children(e)))]
    return rebuild(e, tuple(replace_parts(c, new) for c, new in zip(children(e), inner, strict=True)))


def is_within(inner: Place, outer: Place) -> bool:
    """Whether a place lies in another, or is it."""
    return inner[: len(outer)] == outer


def apart(places: tuple[Place, ...]) -> bool:
    """Whether no place lies in another."""
    return not any(is_within(a, b) for i, a in enumerate(places) for j, b in enumerate(places) if i != j)


def lift_place(e: Expr, at: Place) -> Iterator[Place]:
    """A place and those above it from which only changes of form lead to it."""
    yield at
    while at:
        at = at[:-1]
        parent = part_at(e, at)
        if not (isinstance(parent, Apply) and parent.op in UNDRAWN and len(parent.args) == 1):
            return
        yield at


def name_places(e: Expr, name: str) -> tuple[Place, ...]:
    """Where a name stands, in reading order."""
    return tuple(at for at, part in places_in(e) if isinstance(part, Var) and part.name == name)
