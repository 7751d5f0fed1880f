"""The nouns of a derivation walked as structure: whatever field holds them, and whatever kind of noun that is.

A walk that is written for each kind forgets the next one.  Formulas are leaves here: `solgen.expr.walk` goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from typing import Any, TypeVar

from solgen.expr.nodes import Expr
from solgen.expr.size import Size

Noun = TypeVar("Noun")
Parts = Callable[[Any], Sequence[Any]]


_PARTS: dict[type, tuple[bool, Parts]] = {}  # of each kind of thing that was met: whether it is a noun, its parts


def is_noun(thing: Any) -> bool:
    """Whether a thing is made of fields, and no formula."""
    return _recall_walk(type(thing))[0]


def parts(thing: Any) -> Sequence[Any]:
    """What is directly in a noun, a tuple or a mapping."""
    return _recall_walk(type(thing))[1](thing)


def _recall_walk(kind: type) -> tuple[bool, Parts]:
    known = _PARTS.get(kind)
    if known is None:
        known = _PARTS[kind] = _walk_of(kind)
    return known


def _walk_of(kind: type) -> tuple[bool, Parts]:
    """Whether things of a kind are nouns, and how their parts are taken from them."""
    if is_dataclass(kind) and not issubclass(kind, (Expr, Size)) and (names := [f.name for f in fields(kind)]):
        whole = attrgetter(*names)
        return True, whole if len(names) > 1 else lambda thing: (whole(thing),)
    if issubclass(kind, tuple):
        return False, lambda thing: thing
    return False, (lambda thing: tuple(thing.values())) if issubclass(kind, Mapping) else lambda thing: ()


def found(thing: Any, kind: type[Noun] | tuple[type[Noun], ...]) -> Iterator[Noun]:
    """Every noun of a kind, or of one of several, anywhere in a thing: each object once, in the order of the fields."""
    seen: set[int] = set()
    stack = [thing]
    while stack:
        one = stack.pop()
        is_made_of_fields, inside = _recall_walk(type(one))
        if is_made_of_fields:
            if id(one) in seen:
                continue
            seen.add(id(one))
        if isinstance(one, kind):
            yield one
        stack.extend(reversed(inside(one)))


def rebuilt(thing: Any, change: Callable[[Any], Any]) -> Any:
    """A noun, a tuple or a mapping with each of its parts changed; anything else as it is."""
    if isinstance(thing, tuple):
        return tuple(map(change, thing))
    if isinstance(thing, Mapping):
        return {key: change(value) for key, value in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{f.name: change(getattr(thing, f.name)) for f in fields(thing) if f.init})
    return thing
