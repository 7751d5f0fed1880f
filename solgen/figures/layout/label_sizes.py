"""Texts measured and grouped before they have a place: a value with its shape, a gradient, a node's label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solgen.figures.layout.geometry import Rect
from solgen.figures.layout.picture import Measure, PlacedText
from solgen.model.figure import GraphEdge, GraphNode, TextRole

SHAPE_SCALE = 0.76  # shapes are lighter and smaller than the values they belong to
WORD_GAP = 0.38  # between a value and its shape, in ems
MARK_SCALE = 0.9  # of the numbers of routes
MARK_PAD = 0.2  # around them, within their disc, in ems
NODE_GAP = 0.35  # between the lines of a node's label, in ems
LINE_GAP = 0.14  # between a value and its shape below it, in ems


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Texts placed relative to the lower left corner of a box that just holds them."""

    width: float
    height: float
    texts: tuple[PlacedText, ...]

    def at(self, rect: Rect) -> tuple[PlacedText, ...]:
        """The texts on the page, the block's corner at that of `rect`."""
        return tuple(_move_text(text, rect.left, rect.bottom) for text in self.texts)


def _move_text(text: PlacedText, x: float, y: float) -> PlacedText:
    box = Rect(text.box.left + x, text.box.bottom + y, text.box.right + x, text.box.top + y)
    return PlacedText(text.content, text.role, text.size, text.x + x, text.y + y, box)


def single(measure: Measure, content: str, role: TextRole, size: float) -> TextBlock:
    """One text as a block."""
    extent = measure(content, size)
    box = Rect(0.0, 0.0, extent.width, extent.height)
    return TextBlock(extent.width, extent.height, (PlacedText(content, role, size, 0.0, extent.descent, box),))


def value_label(measure: Measure, edge: GraphEdge, size: float, *, stacked: bool) -> TextBlock | None:
    """What flows forward: the value's symbol and its shape, on one baseline, or one above the other.

    A route's mark stands before the symbol, and leaves no place for the shape.
    """
    parts: Sequence[tuple[str, TextRole, float]] = (
        (edge.label, "label", size),
        (edge.shape, "shape", size * SHAPE_SCALE),
    )
    blocks = [single(measure, content, role, points) for content, role, points in parts if content]
    if edge.mark:
        disc = mark(measure, edge.mark, size * MARK_SCALE)
        return _row(disc, blocks[0], WORD_GAP * size) if blocks else disc
    if not blocks:
        return None
    if len(blocks) == 1:
        return blocks[0]
    return _column(blocks[0], blocks[1], LINE_GAP * size) if stacked else _row(blocks[0], blocks[1], WORD_GAP * size)


def mark(measure: Measure, content: str, size: float) -> TextBlock:
    """The numbers of routes in a disc, or, where they are several, in a strip with round ends."""
    extent = measure(content, size)
    height = max(measure(r"\mathrm{0}", size).height + 4 * MARK_PAD * size, extent.height + 2 * MARK_PAD * size)
    width = max(height, extent.width + 4 * MARK_PAD * size)
    x, y = (width - extent.width) / 2, (height - extent.height) / 2 + extent.descent
    return TextBlock(width, height, (PlacedText(content, "mark", size, x, y, Rect(0.0, 0.0, width, height)),))


def gradient_label(measure: Measure, edge: GraphEdge, size: float) -> TextBlock | None:
    """What flows backward."""
    return single(measure, edge.gradient, "gradient", size) if edge.gradient else None


def node(measure: Measure, graph_node: GraphNode, size: float) -> TextBlock:
    """The label inside a node, in one line or in two."""
    lines = [single(measure, line, "node", size) for line in graph_node.label.splitlines()]
    if not lines:
        return TextBlock(0.0, 0.0, ())
    return lines[0] if len(lines) == 1 else _column(lines[0], lines[1], NODE_GAP * size)


def _row(first: TextBlock, second: TextBlock, gap: float) -> TextBlock:
    baseline = max(first.texts[0].y, second.texts[0].y)
    left = _move_text(first.texts[0], 0.0, baseline - first.texts[0].y)
    right = _move_text(second.texts[0], first.width + gap, baseline - second.texts[0].y)
    height = max(left.box.top, right.box.top)  # one of them stands on the ground: the one that reaches lower
    return TextBlock(first.width + gap + second.width, height, (left, right))


def _column(first: TextBlock, second: TextBlock, gap: float) -> TextBlock:
    width = max(first.width, second.width)
    upper = _move_text(first.texts[0], (width - first.width) / 2, second.height + gap)
    lower = _move_text(second.texts[0], (width - second.width) / 2, 0.0)
    return TextBlock(width, first.height + gap + second.height, (upper, lower))
