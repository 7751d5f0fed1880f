"""The nouns of a derivation walked as structure: whatever field holds them, and whatever kind of noun that is.

A walk that is written for each kind forgets the next one.  Formulas are leaves here: `solgen.expr.walk` goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from solgen.expr.nodes import Expr
from solgen.expr.size import Size

Noun = TypeVar("Noun")


_FIELDS: dict[type, tuple[str, ...]] = {}  # of each kind of thing that was met; none for what is no noun


def is_noun(thing: Any) -> bool:
    """Whether a thing is made of fields, and no formula."""
    return bool(_field_names(type(thing)))


def _field_names(kind: type) -> tuple[str, ...]:
    known = _FIELDS.get(kind)
    if known is None:
        is_made_of_fields = is_dataclass(kind) and not issubclass(kind, (Expr, Size))
        known = _FIELDS[kind] = tuple(f.name for f in fields(kind)) if is_made_of_fields else ()
    return known


def parts(thing: Any) -> Sequence[Any]:
    """What is directly in a noun, a tuple or a mapping."""
    names = _field_names(type(thing))
    if names:
        return [getattr(thing, name) for name in names]
    if isinstance(thing, str | int | None):
        return ()
    if isinstance(thing, tuple):
        return thing
    return tuple(thing.values()) if isinstance(thing, Mapping) else ()


def found(thing: Any, kind: type[Noun] | tuple[type[Noun], ...]) -> Iterator[Noun]:
    """Every noun of a kind, or of one of several, anywhere in a thing: each object once, in the order of the fields."""
    seen: set[int] = set()
    stack = [thing]
    while stack:
        one = stack.pop()
        if _field_names(type(one)):
            if id(one) in seen:
                continue
            seen.add(id(one))
        if isinstance(one, kind):
            yield one
        inner = parts(one)
        if inner:
            stack.extend(reversed(inner))


def rebuilt(thing: Any, change: Callable[[Any], Any]) -> Any:
    """A noun, a tuple or a mapping with each of its parts changed; anything else as it is."""
    if isinstance(thing, tuple):
        return tuple(map(change, thing))
    if isinstance(thing, Mapping):
        return {key: change(value) for key, value in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{f.name: change(getattr(thing, f.name)) for f in fields(thing) if f.init})
    return thing
