r"""What people write beside a formula: a condition, `\text{if } x > 0`, `(k = l)`, `j = l:`; a shape, `W_1: (d, d)`."""

from __future__ import annotations

from solgen.written.reads import split_at_signs
from solgen.written.signs import RELATIONS
from solgen.written.syntax import Digits, Fence, Items, Letter, Phrase, Scripted, Sign, Word

CONDITIONS = frozenset("if for when whenever where otherwise unless provided since as only given iff".split())
COLON = frozenset(":")
COMMA = frozenset(",")


def without_condition(items: Items) -> tuple[Items, Items]:
    """A formula, and the condition beside it; none where there is none."""
    before, after = _at_colon(items)
    if after and _has_relation(before):
        return after, before
    for k, item in enumerate(items):
        if k and isinstance(item, Phrase | Word) and _opens_condition(item.text):
            return items[:k], items[k:]
    match items:
        case (*formula, Fence("round", body)) if formula and _has_relation(body) and not isinstance(formula[-1], Sign):
            return tuple(formula), items[-1:]
        case _:
            return items, ()


def shape_statement(items: Items) -> tuple[Items, Items] | None:
    """The name and the sizes of `W_1: (d, d)`, also of a name as programs have it, `W1`."""
    name, sizes = _at_colon(items)
    match name, sizes:
        case (Letter() as letter, Digits() as number), (Fence("round", body),):
            return (Scripted(letter, sub=(number,), at=letter.at),), body
        case ((_,), (Fence("round", body),)):
            return name, body
        case _:
            return None


def _at_colon(items: Items) -> tuple[Items, Items]:
    """What stands before the first colon, and what behind it; nothing behind where there is none."""
    parts = split_at_signs(items, COLON)
    return parts[0][1], tuple(items[len(parts[0][1]) + 1 :]) if len(parts) > 1 else ()


def _has_relation(items: Items) -> bool:
    return any(isinstance(item, Sign) and item.text in RELATIONS for item in items)


def _opens_condition(words: str) -> bool:
    first = words.split()[:1]
    return bool(first) and first[0].strip(",;:(").lower() in CONDITIONS
