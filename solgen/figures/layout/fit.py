"""Graph to layout: choose how to set the figure so that it fits the page, draft it, refine it, turn it.

Styles are tried in order of preference and the first that fits the page is taken: left to right; with tighter
bends; with shapes below their values instead of beside; cut into rows, like text; in rows of smaller text, but never
below 8 points; then in one row of it, or from top to bottom, where a long chain has the height of the page. When
nothing fits, the style that needs the least reduction is taken, and reduced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solgen.figures.layout.draft import Draft, DraftStyle, draft, plan_layers
from solgen.figures.layout.geometry import Rect
from solgen.figures.layout.label_sizes import TextBlock
from solgen.figures.layout.layers import Layered
from solgen.figures.layout.picture import EdgeRoute, Layout, Measure, NodeBox, PlacedText
from solgen.figures.layout.refine import refine_draft
from solgen.figures.layout.rows import TURN, cut_rows, enters_freely, stack_rows
from solgen.model.figure import Graph

SPREADS = (1.0, 1.35, 1.8, 2.4)
SPREAD_COST = 1.0  # what a figure stretched by 1 must gain, in badness of edges
MANY_EDGES = 40  # above, one distance must do

WIDE = (
    DraftStyle(9.0),
    DraftStyle(9.0, slack=0.28),
    DraftStyle(9.0, slack=0.28, stacked=True),
    DraftStyle(8.5, slack=0.25, stacked=True),
)
SMALL = (
    DraftStyle(8.0, slack=0.25),
    DraftStyle(8.0, slack=0.22, stacked=True),
    DraftStyle(8.0, slack=0.1, stacked=True),
)
TURNED = (
    DraftStyle(9.0, turned=True),
    DraftStyle(9.0, turned=True, slack=0.2),
    DraftStyle(8.5, turned=True, slack=0.15),
    DraftStyle(8.0, turned=True, slack=0.1),
    DraftStyle(8.0, turned=True, slack=0.1, stacked=True),
)


@dataclass(frozen=True, slots=True)
class Page:
    """The room for a figure, in points: the text's width, and a height that leaves room for a caption."""

    width: float = 400.0
    height: float = 560.0


def layout(graph: Graph, measure: Measure, page: Page | None = None) -> Layout:
    """Lay out a computational graph; the same graph and measures always give the same layout.

    Raises ValueError when the graph has a cycle, a repeated id, or an edge to a node that does not exist.
    """
    room = page or Page()
    found = _on_page(graph, _fit_figure(graph, measure, room))
    return found.scale(min(1.0, room.width / max(found.width, 1.0), room.height / max(found.height, 1.0)))


def _fit_figure(graph: Graph, measure: Measure, room: Page) -> Draft:
    """The figure in the first style that fits the page, or in the one that must be reduced least."""
    plan = plan_layers(graph, measure)
    style, reduction = _choose_style(graph, plan, measure, WIDE, room)
    for styles in (WIDE, SMALL) if reduction > 1.0 else ():
        if (found := _in_rows(graph, plan, measure, room, styles)) is not None:
            return found
    if reduction > 1.0:
        style, reduction = _choose_style(graph, plan, measure, (*WIDE, *SMALL, *TURNED), room)
    return _finest(graph, plan, measure, style, room)


def _choose_style(
    graph: Graph, plan: Layered, measure: Measure, styles: Sequence[DraftStyle], room: Page
) -> tuple[DraftStyle, float]:
    """The first style that fits, else the one that must be reduced least; and by how much."""
    best: tuple[float, DraftStyle] | None = None
    for style in styles:
        reduction = _reduction(draft(graph, plan, measure, style), room)
        if best is None or reduction < best[0]:
            best = reduction, style
        if reduction <= 1.0:
            break
    assert best is not None
    return best[1], best[0]


def _in_rows(graph: Graph, plan: Layered, measure: Measure, room: Page, styles: Sequence[DraftStyle]) -> Draft | None:
    """The figure in as few rows as fit the page, all in one of these styles, where it can be cut so."""
    whole = draft(graph, plan, measure, styles[1])
    lane = Page(room.width - 2 * TURN, room.height)
    for parts in cut_rows(graph, whole, room.width):
        pairs = [(row.graph, plan_layers(row.graph, measure)) for row in parts]
        for style in styles:
            if any(_reduction(draft(*pair, measure, style), lane) > 1.0 for pair in pairs):
                continue
            drafts = [_finest(*pair, measure, style, lane) for pair in pairs]
            found = stack_rows(graph, whole.ends, parts, drafts)
            if all(map(enters_freely, parts, drafts)) and _reduction(found, room) <= 1.0:
                return found
    return None


def _finest(graph: Graph, plan: Layered, measure: Measure, style: DraftStyle, room: Page) -> Draft:
    """The best refinement of a style over several distances between rows: room across buys straight edges."""
    best: tuple[float, Draft] | None = None
    for spread in SPREADS if len(graph.edges) <= MANY_EDGES else SPREADS[:1]:
        for slack in dict.fromkeys((style.slack, style.slack / spread)):
            found = draft(graph, plan, measure, replace(style, spread=spread, slack=slack))
            if best is not None and _reduction(found, room) > 1.0:
                continue
            result, badness = refine_draft(found)
            cost = badness + SPREAD_COST * spread
            if best is None or cost < best[0]:
                best = cost, result
            break
    assert best is not None
    return best[1]


def _reduction(found: Draft, room: Page) -> float:
    """By how much a draft exceeds the page (at most 1: it fits)."""
    extent = _to_page(found.extent, found.style)
    return max(extent.width / room.width, extent.height / room.height)


def _to_page(rect: Rect, style: DraftStyle) -> Rect:
    """From (along, across) to the page: upper sides stay above, or, from top to bottom, become left sides."""
    return Rect(-rect.top, -rect.right, -rect.bottom, -rect.left) if style.turned else rect


def _on_page(graph: Graph, found: Draft) -> Layout:
    extent = _to_page(found.extent, found.style)
    dx, dy = -extent.left, -extent.bottom

    def place(rect: Rect) -> Rect:
        page = _to_page(rect, found.style)
        return Rect(page.left + dx, page.bottom + dy, page.right + dx, page.top + dy)

    def point(p: tuple[float, float]) -> tuple[float, float]:
        x, y = (-p[1], -p[0]) if found.style.turned else p
        return x + dx, y + dy

    nodes = tuple(
        NodeBox(n.id, n.kind, place(s.rect), s.radius, _centre(s.block, place(s.rect)))
        for n, s in zip(graph.nodes, found.shapes, strict=True)
    )
    edges = []
    parts = zip(graph.edges, found.curves, found.labels, found.spots, strict=True)
    for e, (edge, curve, labels, pair) in enumerate(parts):
        blocks = ((labels.upper, pair[0]), (labels.lower, pair[1]))
        texts = tuple(t for block, rect in blocks if block and rect for t in block.at(place(rect)))
        how = e in found.wraps, found.wraps.get(e, 0), edge.routes
        edges.append(EdgeRoute(edge.source, edge.target, tuple(map(point, curve)), texts, *how))
    size, turned = found.style.size, found.style.turned
    return Layout(extent.width, extent.height, size, turned, nodes, tuple(edges), graph.alt, graph.routes)


def _centre(block: TextBlock, rect: Rect) -> tuple[PlacedText, ...]:
    x, y = rect.centre
    left, bottom = x - block.width / 2, y - block.height / 2
    return block.at(Rect(left, bottom, left + block.width, bottom + block.height))
