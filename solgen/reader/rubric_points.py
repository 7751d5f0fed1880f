"""Points: a problem's default to the sum of its parts', a part's to that of its rubric, and no two may disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from solgen.errors import Span
from solgen.reader.source import Defects
from solgen.reader.yaml.yaml_nodes import Node, Scalar


def read_points(node: Node | None) -> Fraction | None:
    """The number of points that a checked scalar is."""
    return Fraction(node.text) if isinstance(node, Scalar) else None


def total_points(
    given: Fraction | None, place: Span | None, parts: Sequence[tuple[Fraction | None, Span]], report: Defects
) -> Fraction | None:
    """A problem's points; a sum that differs, or points for only some of the parts, are reported."""
    known = [points for points, _ in parts if points is not None]
    if not known:
        return given
    if len(known) < len(parts):
        first = next(span for points, span in parts if points is None)
        report.error("points", "some parts have points and this one has none", first, "give every part points, or none")
        return given
    worth = sum(known, Fraction(0))
    if given is not None and given != worth:
        hint = f"write {_show_points(worth)}, or leave the problem's points out"
        report.error(
            "points",
            f"the parts have {_show_points(worth)} points, the problem says {_show_points(given)}",
            place,
            hint,
        )
    return worth


def rubric_total(
    given: Fraction | None, lines: Sequence[Fraction], keys: Mapping[str, Node], report: Defects
) -> Fraction | None:
    """A part's points; those of its rubric where it says none, and a rubric that gives others is reported."""
    if not lines:
        return given
    worth = sum(lines, Fraction(0))
    if given is not None and given != worth:
        message = f"the rubric gives {_show_points(worth)} of {_show_points(given)} points"
        hint = f"its lines add up to the part's points; write `points: {_show_points(worth)}`, or mend the lines"
        report.error("points", message, keys["rubric"].span, hint)
    return worth if given is None else given


def _show_points(points: Fraction) -> str:
    return str(points) if points.denominator == 1 else f"{float(points):g}"
