"""What questions are worth: the points on a page are those of the file, and their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from solgen.build.read_back.section import Section
from solgen.document.blocks import PartPage
from solgen.document.pages import Document
from solgen.model.problem import Problem

PARTS = {"½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
Points = Fraction | None


def read_points(text: str) -> Points:
    """The number of points that a text says, `3`, `2½ points`; none where it says nothing.

    Raises ValueError where it says anything else.
    """
    number, _, word = text.partition(" ")
    if not text:
        return None
    part = PARTS.get(number[-1:], Fraction(0))
    whole = number[:-1] if part else number
    if word not in ("", "point", "points") or not (whole or part):
        raise ValueError(f"`{text}` is no number of points")
    return Fraction(whole or 0) + part


def misstated_points(section: Section) -> Iterator[str]:
    """What a problem or a part says that it is worth, and is not: each in words."""
    if section.problem is None:
        return
    part = section.part
    if part is None:
        for page in section.pages:
            said = [one for one in page if isinstance(one, str)] if isinstance(page, tuple) else []
            yield from _differing(said, [section.problem.points] * len(said))
        return
    for one in section.pages:
        if not isinstance(one, PartPage):
            continue
        yield from _differing([one.points], [part.points])
        if one.rubric:
            yield from _differing([worth for worth, _ in one.rubric], [point.points for point in part.rubric])


def misstated_total(document: Document) -> Iterator[str]:
    """What a document says that all of it is worth, and each line of its table for marks, where it is another."""
    problems, pages = document.problems, document.pages
    given = [p.points for p in problems if p.points is not None]
    yield from _differing([pages.points], [_sum(given)])
    if pages.scores:
        worth = _points_in_table(problems)
        yield from _differing([points for _, points in pages.scores], [*worth, _sum(worth)])


def _points_in_table(problems: Sequence[Problem]) -> list[Points]:
    """What a table for marks has a line for: the problems, or the parts of the only one."""
    return [part.points for part in problems[0].parts] if len(problems) == 1 else [p.points for p in problems]


def _sum(worth: Sequence[Points]) -> Points:
    return sum((points for points in worth if points is not None), Fraction(0)) if worth else None


def _differing(said: Sequence[str], worth: Sequence[Points]) -> Iterator[str]:
    if len(said) != len(worth):
        yield f"says of {len(said)} things what they are worth, and there are {len(worth)}"
    for text, points in zip(said, worth, strict=False):
        if not _says(text, points):
            yield f"says `{text}`, and that is worth {'nothing' if points is None else points}"


def _says(text: str, points: Points) -> bool:
    try:
        return read_points(text) == points
    except ValueError:
        return False
