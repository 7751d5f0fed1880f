"""What the parts of the second pass need of each other, and how readings are combined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Protocol

from solgen.written.consulted import Consulted
from solgen.written.syntax import Items, Node, Sign
from solgen.written.typed import DEEPEST, TypedValue
from solgen.written.unreadable import Unreadable

Bound = frozenset[str]  # letters that the sums around bind
Readings = tuple[TypedValue, ...]
MOST = 32  # readings of one place; who writes more is asked to write brackets
NONE: Bound = frozenset()


class Reads(Protocol):
    """A reader at work on one text."""

    @property
    def names(self) -> Consulted: ...

    @property
    def bold(self) -> bool:
        """Whether arrays stand in bold here."""

    def sum(self, items: Items, bound: Bound) -> Readings:
        """All readings of what stands side by side, signs and all."""

    def term(self, items: Items, bound: Bound) -> Readings:
        """All readings of a product."""

    def factor(self, node: Node, bound: Bound) -> Readings:
        """All readings of one node."""

    def symbol(self, node: Node, bound: Bound) -> Readings:
        """All readings of a name with its scripts."""

    def blame(self, at: int, reason: str) -> None:
        """Why a place has no reading, told if nothing else is found."""

    def remark(self, at: int, fork: str) -> None:
        """A fork at which readers differ though only one side has a value."""

    def spend(self, steps: int = 1) -> None:
        """So much work; raises Unreadable where it was too much."""


def combine(
    r: Reads, parts: Sequence[Readings], make: Callable[..., TypedValue | None], at: int, reason: str
) -> Readings:
    """`make` of every choice of one reading a part; those that fit, each once."""
    found: dict[tuple[object, bool], TypedValue] = {}
    for choice in product(*parts):
        r.spend(len(choice))
        made = make(*choice)
        if made is None:
            continue
        if made.deep > DEEPEST:
            raise Unreadable("this is nested too deeply", at)
        found.setdefault((made.e, made.row), made)
        if len(found) > MOST:
            raise Unreadable(f"this can be read in more than {MOST} ways", at, expected="brackets")
    if not found and all(parts):
        r.blame(at, reason)
    return tuple(found.values())


def unite(readings: Iterable[Readings]) -> Readings:
    """All of them, each once."""
    found: dict[tuple[object, bool], TypedValue] = {}
    for several in readings:
        for t in several:
            found.setdefault((t.e, t.row), t)
    return tuple(found.values())


def split_at_signs(items: Items, signs: frozenset[str]) -> list[tuple[str, Items]]:
    """The stretches between top-level signs, each with the sign before it."""
    found: list[tuple[str, Items]] = []
    sign, start = "", 0
    for k, item in enumerate(items):
        if isinstance(item, Sign) and item.text in signs:
            found.append((sign, items[start:k]))
            sign, start = item.text, k + 1
    found.append((sign, items[start:]))
    return found
