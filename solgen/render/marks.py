"""A line of a terminal as the marks that it is made of: between some of them it may break, between others is a gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakPlace:
    """Where a line may break: how many brackets are open, and how tightly the sign binds; the least is the best."""

    depth: int
    rank: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a line that is not taken apart; `place` says whether the line may break before it."""

    text: str
    place: BreakPlace | None = None


GAP = Mark(" ")
Marks = tuple[Mark, ...]


def text_of(marks: Sequence[Mark]) -> str:
    """The marks as one text."""
    return "".join(mark.text for mark in marks)


def trim_gaps(marks: Iterable[Mark]) -> Marks:
    """The marks without a gap beside another, at the beginning or at the end."""
    kept = single_gaps(marks)
    return kept[kept[:1] == (GAP,) : len(kept) - (kept[-1:] == (GAP,))]


def single_gaps(marks: Iterable[Mark]) -> Marks:
    """The marks without a gap beside another."""
    kept: list[Mark] = []
    for mark in marks:
        if (mark.text or mark.place) and (mark != GAP or not kept or kept[-1] != GAP):
            kept.append(mark)
    return tuple(kept)
