"""Chains of relations as lines of a terminal: in one line where they fit, else a side a line, each broken to fit.

A line is broken at the outermost sign, before the weakest one, as late as it fits; a deeper break is indented more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from solgen.render.boxes import Box, box_of, line_box, side_by_side
from solgen.render.chains import Side as Formula
from solgen.render.marks import GAP, BreakPlace, Mark, Marks, text_of

INDENT, DEEPER = 4, 2  # columns before what continues a side, and more for each bracket that is open
EARLY = 0.15  # no line is broken in its first part


@dataclass(frozen=True, slots=True)
class TerminalSide:
    """One side of a chain, its sign before it: `= a`; `answer` where the page frames it."""

    box: Box
    answer: bool = False


def set_sides(sides: Sequence[Formula]) -> tuple[TerminalSide, ...]:
    """Each side with its sign."""
    return tuple(TerminalSide(_prefix_sign(side), side.answer) for side in sides)


def _prefix_sign(side: Formula) -> Box:
    body = box_of(side.body)
    return line_box((Mark(side.sign), GAP)).beside(body) if side.sign else body


def join_chain(chain: Sequence[TerminalSide]) -> Box:
    """The chain in one line."""
    return side_by_side([box for side in chain for box in (line_box((GAP,)), side.box)][1:])


def stack_sides(chain: Sequence[TerminalSide], width: int) -> tuple[TerminalSide, ...]:
    """A side a line, each broken to fit."""
    return tuple(piece for side in chain for piece in _break_side(side, width))


def _break_side(side: TerminalSide, width: int) -> tuple[TerminalSide, ...]:
    if side.box.tall or side.box.width <= width:
        return (side,)
    return tuple(replace(side, box=Box((line,))) for line in break_lines(side.box.marks, width))


def break_lines(marks: Marks, width: int) -> list[str]:
    """A formula in lines of at most `width` columns where it can be broken at all."""
    lines: list[str] = []
    indent, rest = 0, marks
    while indent + cell_len(text_of(rest)) > width:
        at = _break(rest, width - indent, EARLY * width - indent)
        if at is None:
            break
        lines.append(" " * indent + text_of(rest[:at]).rstrip())
        place = rest[at].place
        indent = INDENT + DEEPER * (place.depth if place else 0)
        rest = rest[at:]
    return [*lines, " " * indent + text_of(rest)]


def _break(marks: Marks, width: int, early: float) -> int | None:
    """Where to break: at the outermost level, before the weakest sign, as late as it fits."""
    places = [
        (at, mark.place) for at, mark in enumerate(marks) if mark.place and any(m.text.strip() for m in marks[:at])
    ]
    ends = {at: cell_len(text_of(marks[:at])) for at, _ in places}
    found = [place for place in places if ends[place[0]] <= width] or places[:1]
    late = [place for place in found if ends[place[0]] >= early] or found
    if not late:
        return None
    best = min(_order(place) for _, place in late)
    return max(at for at, place in late if _order(place) == best)


def _order(place: BreakPlace) -> tuple[int, int]:
    return place.depth, place.rank
