"""Texts measured and grouped before they have a place: a value with its shape, a gradient, a node's label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solgen.figures.geometry import Rect
from solgen.figures.picture import Measure, Text, TextRole
from solgen.model import GraphEdge, GraphNode

SHAPE_SCALE = 0.76  # shapes are lighter and smaller than the values they belong to
WORD_GAP = 0.38  # between a value and its shape, in ems
MARK_SCALE = 0.9  # of the numbers of routes
MARK_PAD = 0.2  # around them, within their disc, in ems
LINE_GAP = 0.14  # between a value and its shape below it, in ems


@dataclass(frozen=True, slots=True)
class Block:
    """Texts placed relative to the lower left corner of a box that just holds them."""

    width: float
    height: float
    texts: tuple[Text, ...]

    def at(self, rect: Rect) -> tuple[Text, ...]:
        """The texts on the page, the block's corner at that of `rect`."""
        return tuple(_moved(text, rect.left, rect.bottom) for text in self.texts)


def _moved(text: Text, x: float, y: float) -> Text:
    box = Rect(text.box.left + x, text.box.bottom + y, text.box.right + x, text.box.top + y)
    return Text(text.content, text.role, text.size, text.x + x, text.y + y, box)


def single(measure: Measure, content: str, role: TextRole, size: float) -> Block:
    """One text as a block."""
    extent = measure(content, size)
    box = Rect(0.0, 0.0, extent.width, extent.height)
    return Block(extent.width, extent.height, (Text(content, role, size, 0.0, extent.descent, box),))


def value(measure: Measure, edge: GraphEdge, size: float, *, stacked: bool) -> Block | None:
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


def mark(measure: Measure, content: str, size: float) -> Block:
    """The numbers of routes in a disc, or, where they are several, in a strip with round ends."""
    extent = measure(content, size)
    height = max(measure(r"\mathrm{0}", size).height + 4 * MARK_PAD * size, extent.height + 2 * MARK_PAD * size)
    width = max(height, extent.width + 4 * MARK_PAD * size)
    x, y = (width - extent.width) / 2, (height - extent.height) / 2 + extent.descent
    return Block(width, height, (Text(content, "mark", size, x, y, Rect(0.0, 0.0, width, height)),))


def gradient(measure: Measure, edge: GraphEdge, size: float) -> Block | None:
    """What flows backward."""
    return single(measure, edge.gradient, "gradient", size) if edge.gradient else None


def node(measure: Measure, graph_node: GraphNode, size: float) -> Block:
    """The label inside a node."""
    return single(measure, graph_node.label, "node", size) if graph_node.label else Block(0.0, 0.0, ())


def _row(first: Block, second: Block, gap: float) -> Block:
    baseline = max(first.texts[0].y, second.texts[0].y)
    left = _moved(first.texts[0], 0.0, baseline - first.texts[0].y)
    right = _moved(second.texts[0], first.width + gap, baseline - second.texts[0].y)
    height = max(left.box.top, right.box.top)  # one of them stands on the ground: the one that reaches lower
    return Block(first.width + gap + second.width, height, (left, right))


def _column(first: Block, second: Block, gap: float) -> Block:
    width = max(first.width, second.width)
    upper = _moved(first.texts[0], (width - first.width) / 2, second.height + gap)
    lower = _moved(second.texts[0], (width - second.width) / 2, 0.0)
    return Block(width, first.height + gap + second.height, (upper, lower))
