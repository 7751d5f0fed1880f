"""The reserved picture: every cell has its place, every edge a safe route and every label a free spot.

A route crosses each layer flat, at the height of its cell, and bends only between layers, where there is
neither box nor label. So a draft has no overlap by construction; `refine` makes it beautiful without
ever giving that up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import sqrt

from solgen.figures.layout.coordinates import across
from solgen.figures.layout.geometry import Curve, Point, Rect, bounding, is_straight, polyline, straight
from solgen.figures.layout.label_sizes import TextBlock, gradient_label, node, value_label
from solgen.figures.layout.layers import Cell, Layered, layer_graph, resolve_links
from solgen.figures.layout.order import order_layers
from solgen.figures.layout.picture import Measure
from solgen.model.figure import Graph, GraphNode

LABEL_PAD = 2.4  # between an edge and its labels
MARGIN = 1.5  # around the picture, so that no stroke is cut
TIP_GAP = 0.8  # between an arrow's tip and the outline it points to


@dataclass(frozen=True, slots=True)
class DraftStyle:
    """One way to set a figure: text size, direction, where shapes stand, room for bends and across."""

    size: float
    turned: bool = False
    stacked: bool = False
    slack: float = 0.45
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a node in (along, across) and the block inside it."""

    rect: Rect
    radius: float
    block: TextBlock


@dataclass(frozen=True, slots=True)
class Labels:
    """The blocks of an edge: on its upper side the value, on its lower side the gradient."""

    upper: TextBlock | None
    lower: TextBlock | None


@dataclass(frozen=True, slots=True)
class Draft:
    """Nodes, safe curves and label spots (upper, lower; None where there is no label), all by number.

    `wraps` are the edges that lead from one row to the next, each with how much of its curve (the number of the point
    where it ends) it shares with other edges from the same value.
    """

    style: DraftStyle
    shapes: tuple[Shape, ...]
    ends: tuple[tuple[int, int], ...]
    labels: tuple[Labels, ...]
    curves: tuple[Curve, ...]
    spots: tuple[tuple[Rect | None, Rect | None], ...]
    channels: tuple[float, ...]
    wraps: Mapping[int, int] = field(default_factory=dict)

    @property
    def extent(self) -> Rect:
        """The smallest rectangle around everything, with a margin for the strokes."""
        rects = [s.rect for s in self.shapes] + [r for pair in self.spots for r in pair if r is not None]
        for curve in self.curves:
            xs, ys = zip(*polyline(curve), strict=True)
            rects.append(Rect(min(xs), min(ys), max(xs), max(ys)))
        return bounding(r.grow(MARGIN) for r in rects)

    def translate(self, dx: float, dy: float) -> Draft:
        """The same draft elsewhere."""
        return replace(
            self,
            shapes=tuple(replace(s, rect=s.rect.translate(dx, dy)) for s in self.shapes),
            curves=tuple(tuple((x + dx, y + dy) for x, y in curve) for curve in self.curves),
            spots=tuple((a and a.translate(dx, dy), b and b.translate(dx, dy)) for a, b in self.spots),
            channels=tuple(c + dy for c in self.channels),
        )


def orient_page(width: float, height: float, style: DraftStyle) -> tuple[float, float]:
    """A page size as (along, across)."""
    return (height, width) if style.turned else (width, height)


def plan_layers(graph: Graph, measure: Measure) -> Layered:
    """Layers, chains and orders of a graph: what does not depend on the style.

    Raises ValueError when it is not an acyclic graph of known nodes.
    """
    style = DraftStyle(9.0)
    _, sizes = _measure_nodes(graph, measure, style)
    cells = [_node_cell(*orient_page(width, height, style)) for width, height, _ in sizes]
    labels = [_label_cell(pair, style) for pair in _labels(graph, measure, style)]
    return order_layers(layer_graph(resolve_links(graph), cells, labels, _ends(graph)))


def draft(graph: Graph, plan: Layered, measure: Measure, style: DraftStyle) -> Draft:
    """Place the planned cells in the sizes of a style, and route the edges through them."""
    blocks, sizes = _measure_nodes(graph, measure, style)
    labels = _labels(graph, measure, style)
    cells = _style_plan(plan, sizes, labels, style)
    heights = [-y for y in across(cells, style.spread)]
    columns = _columns(cells, heights, style)
    shapes = tuple(
        Shape(_box(columns[v], heights[v], orient_page(*sizes[v][:2], style)), sizes[v][2], block)
        for v, block in enumerate(blocks)
    )
    ports = _ports(cells, heights, shapes)
    curves = tuple(_route(chain, e, cells, heights, columns, ports) for e, chain in enumerate(cells.chains))
    pairs = zip(cells.chains, labels, strict=True)
    spots = tuple(_spots(chain, pair, cells, heights, columns, style) for chain, pair in pairs)
    channels = tuple(_channel(chain, heights) for chain in cells.chains)
    return Draft(style, shapes, _ends(graph), labels, curves, spots, channels)


def _ends(graph: Graph) -> tuple[tuple[int, int], ...]:
    number = {n.id: i for i, n in enumerate(graph.nodes)}
    return tuple((number[e.source], number[e.target]) for e in graph.edges)


def _measure_nodes(
    graph: Graph, measure: Measure, style: DraftStyle
) -> tuple[tuple[TextBlock, ...], tuple[tuple[float, float, float], ...]]:
    """The label of each node, and the node's width, height and corner radius."""
    blocks = tuple(node(measure, n, style.size) for n in graph.nodes)
    pairs = zip(graph.nodes, blocks, strict=True)
    return blocks, tuple(node_size(n, block, style.size) for n, block in pairs)


def _labels(graph: Graph, measure: Measure, style: DraftStyle) -> tuple[Labels, ...]:
    return tuple(
        Labels(value_label(measure, e, style.size, stacked=style.stacked), gradient_label(measure, e, style.size))
        for e in graph.edges
    )


def _style_plan(
    plan: Layered, sizes: Sequence[tuple[float, float, float]], labels: Sequence[Labels], style: DraftStyle
) -> Layered:
    """The plan with its cells in the sizes of a style."""
    cells = list(plan.cells)
    for v, (width, height, _) in enumerate(sizes):
        cells[v] = _node_cell(*orient_page(width, height, style))
    for chain, pair in zip(plan.chains, labels, strict=True):
        for v in chain[1:-1]:
            cell = _label_cell(pair, style)
            if cells[v].kind == "label" and cell is not None:
                cells[v] = cell
    return replace(plan, cells=tuple(cells))


def node_size(graph_node: GraphNode, block: TextBlock, size: float) -> tuple[float, float, float]:
    """Width, height and corner radius of a node, for text of `size` points.

    Operations are circles, or pills when the label is too long; everything else is a rounded box; what has no
    label is a bare point.
    """
    if not graph_node.label:
        return 0.0, 0.0, 0.0
    if graph_node.kind == "operation":
        diameter = 2.05 * size
        if max(block.width, block.height) <= 0.72 * diameter:
            return diameter, diameter, diameter / 2
        height = max(diameter, block.height + 0.9 * size)
        return max(height, block.width + 1.5 * size), height, height / 2
    height = max(2.3 * size, block.height + 1.0 * size)
    return max(2.9 * size, block.width + 1.3 * size), height, 0.4 * size


def _node_cell(along: float, across_size: float) -> Cell:
    return Cell("node", along, across_size / 2, across_size / 2)


def _label_cell(pair: Labels, style: DraftStyle) -> Cell | None:
    """The room for an edge's labels: as long as the longer one, and as far out as each reaches."""
    if pair.upper is None and pair.lower is None:
        return None
    sides = [orient_page(b.width, b.height, style) if b else (0.0, -LABEL_PAD) for b in (pair.upper, pair.lower)]
    (first, up), (second, down) = sides
    return Cell("label", max(first, second), up + LABEL_PAD, down + LABEL_PAD)


def _columns(cells: Layered, heights: Sequence[float], style: DraftStyle) -> dict[int, Rect]:
    """Where each cell's layer begins and ends along the flow; gaps grow with the steepest bend in them."""
    column: dict[int, Rect] = {}
    bends = [0.0] * len(cells.layers)
    layer_of = {v: i for i, layer in enumerate(cells.layers) for v in layer}
    for chain in cells.chains:
        for a, b in pairwise(chain):
            bends[layer_of[b]] = max(bends[layer_of[b]], abs(heights[a] - heights[b]))
    start = 0.0
    for i, layer in enumerate(cells.layers):
        least, most = (0.55, 2.0) if i % 2 else (0.95, 2.4)  # arrows need room before a node
        if i:
            start += min(max(least * style.size, style.slack * bends[i]), most * style.size)
        end = start + max((cells.cells[v].length for v in layer), default=0.0)
        column |= {v: Rect(start, 0.0, end, 0.0) for v in layer}
        start = end
    return column


def _box(column: Rect, height: float, size: tuple[float, float]) -> Rect:
    centre = column.centre[0]
    return Rect(centre - size[0] / 2, height - size[1] / 2, centre + size[0] / 2, height + size[1] / 2)


def _ports(cells: Layered, heights: Sequence[float], shapes: Sequence[Shape]) -> dict[tuple[int, int], Point]:
    """Where edge e leaves (e, 0) and enters (e, 1): side by side, in the order of the cells they lead to."""
    sides: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for e, chain in enumerate(cells.chains):
        sides.setdefault((chain[0], 0), []).append((heights[chain[1]], e))
        sides.setdefault((chain[-1], 1), []).append((heights[chain[-2]], e))
    ports: dict[tuple[int, int], Point] = {}
    for (v, side), found in sides.items():
        shape = shapes[v]
        room = shape.rect.height - 0.4 * shape.radius
        step = min(7.0, room / max(len(found), 2))
        for i, (_, e) in enumerate(sorted(found)):
            offset = step * (i - (len(found) - 1) / 2)
            ports[e, side] = _port(shape, offset, side)
    return ports


def _port(shape: Shape, offset: float, side: int) -> Point:
    """The point of the outline `offset` above the middle of the right (side 0) or left (side 1) end."""
    (x, y), rect = shape.rect.centre, shape.rect
    inset = max(0.0, abs(offset) - rect.height / 2 + shape.radius)
    reach = rect.width / 2 - shape.radius + sqrt(max(0.0, shape.radius**2 - inset**2))
    return (x + reach, y + offset) if side == 0 else (x - reach - TIP_GAP, y + offset)


def _route(
    chain: tuple[int, ...],
    edge: int,
    cells: Layered,
    heights: Sequence[float],
    columns: dict[int, Rect],
    ports: dict[tuple[int, int], Point],
) -> Curve:
    """Flat through each layer, bending in between."""
    first, last = ports[edge, 0], ports[edge, 1]
    stops = [first, (columns[chain[0]].right, first[1])]
    for v in chain[1:-1]:
        stops += [(columns[v].left, heights[v]), (columns[v].right, heights[v])]
    stops += [(min(columns[chain[-1]].left, last[0]), last[1]), last]
    return join_stops(stops)


def join_stops(stops: Sequence[Point]) -> Curve:
    """A curve through points that ascend along the flow: straight where level, else an S with level ends."""
    curve: list[Point] = [stops[0]]
    for stop in stops[1:]:
        (x0, y0), (x1, y1) = curve[-1], stop
        if x1 - x0 < 1e-9:
            continue
        middle = (x0 + x1) / 2
        level = abs(y1 - y0) < 1e-9
        if level and len(curve) > 1 and is_straight(curve[-4:]) and abs(curve[-4][1] - y0) < 1e-9:
            del curve[-3:]
            curve += straight(curve[-1], stop)[1:]
        else:
            curve += straight((x0, y0), stop)[1:] if level else ((middle, y0), (middle, y1), stop)
    return tuple(curve)


def _spots(
    chain: tuple[int, ...],
    pair: Labels,
    cells: Layered,
    heights: Sequence[float],
    columns: dict[int, Rect],
    style: DraftStyle,
) -> tuple[Rect | None, Rect | None]:
    """The reserved places of an edge's labels, in the middle of its label cell."""
    home = next((v for v in chain if cells.cells[v].kind == "label"), None)
    if home is None:
        return None, None
    middle, line = columns[home].centre[0], heights[home]
    return spot(pair.upper, middle, line, style, 1), spot(pair.lower, middle, line, style, -1)


def spot(block: TextBlock | None, middle: float, line: float, style: DraftStyle, side: int) -> Rect | None:
    """The place of a block centred at `middle` whose near side keeps off a line at the given height."""
    if block is None:
        return None
    along, size = orient_page(block.width, block.height, style)
    near, far = line + side * LABEL_PAD, line + side * (LABEL_PAD + size)
    return Rect(middle - along / 2, min(near, far), middle + along / 2, max(near, far))


def _channel(chain: tuple[int, ...], heights: Sequence[float]) -> float:
    """The height at which an edge passes the layers between its ends."""
    inner = sorted(heights[v] for v in chain[1:-1])
    return inner[len(inner) // 2]
