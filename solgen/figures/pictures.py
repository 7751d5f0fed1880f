"""Which picture: of the ways to draw what was asked, the one that shows most and still reads from left to right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from solgen.errors import Refused
from solgen.figures.graph.equations import block_graph, narrow_block_graph
from solgen.figures.graph.marked_routes import route_graphs
from solgen.figures.graph.numerals import NO_VALUES, Values
from solgen.figures.graph.operations import MOST_NODES, graph_of, operation_graph
from solgen.figures.graph.rectangles import describe_rectangles, product_layout, products
from solgen.figures.layout.fit import Page, layout
from solgen.figures.layout.geometry import Curve, polyline
from solgen.figures.layout.picture import Layout, Measure
from solgen.model.derivation import Content, GraphAsked, Paths, Shapes
from solgen.model.figure import Graph
from solgen.model.problem import Model
from solgen.render.printer import Printer

Asked = GraphAsked | Paths
MOST_ROUTES = 16  # that a figure can tell apart
SMALLEST = 7.99  # points of text; less only where nothing else is possible
STEEP, FALL, FALLS = 4.0, 45.0, 2  # a slope, a height in points, and how many edges may be that steep for so long
LOW = 240.0  # points: a figure that runs downwards and is no higher is as good as one that runs to the right


@dataclass(frozen=True, slots=True)
class Sketch:
    """A figure before it is laid out: what it is made of, its words, and how to lay it out with given measures."""

    made_of: str
    alt: str
    plan: Callable[[Measure], Layout]


def sketch_of(
    content: Content, model: Model, printer: Printer, values: Callable[[GraphAsked], Values]
) -> Sketch | None:
    """The figure that belongs to a content of a part; most contents have none."""
    if isinstance(content, Shapes):
        rows = products(content, model, printer)
        return Sketch(repr(rows), describe_rectangles(rows), partial(product_layout, rows)) if rows else None
    if not isinstance(content, GraphAsked | Paths):
        return None
    numbers = values(content) if isinstance(content, GraphAsked) else NO_VALUES
    graphs = graphs_of(content, model, printer, numbers)
    return Sketch(repr(graphs), graphs[0].alt, partial(best_layout, graphs)) if graphs else None


def graphs_of(asked: Asked, model: Model, printer: Printer, values: Values = NO_VALUES) -> tuple[Graph, ...]:
    """The graphs that show what was asked, the most detailed first; none for a gradient without routes, or too many.

    `values` are numbers to stand on the edges.

    Raises Refused where there is no forward pass to draw.
    """
    if isinstance(asked, Paths):
        return route_graphs(asked, model, printer) if 0 < len(asked.terms) <= MOST_ROUTES else ()
    first = graph_of(asked, model, printer, values)
    blocks = block_graph(asked, model, printer, values)
    narrow = narrow_block_graph(asked, model, printer, values)
    others = (operation_graph(asked, model, printer, values), blocks, narrow)
    ways = (g for g in others if g != first and len(g.nodes) <= min(MOST_NODES, len(first.nodes)))
    return (first, *dict.fromkeys(ways))


def best_layout(graphs: Sequence[Graph], measure: Measure, page: Page | None = None) -> Layout:
    """The layout of the first graph that reads from left to right, calmly, in letters of 8 points or more.

    Where none does, the first with such letters; else the one with the largest.  Raises Refused where there is none.
    """
    if not graphs:
        raise Refused("there is no route to draw")
    found: list[Layout] = []
    for graph in graphs:
        found.append(layout(graph, measure, page))
        if found[-1].size >= SMALLEST and (found[-1].height <= LOW if found[-1].turned else calm(found[-1])):
            return found[-1]
    readable = (f for f in found if f.size >= SMALLEST)
    return next(readable, max(found, key=lambda f: f.size))


def calm(found: Layout) -> bool:
    """Whether at most a few edges run more up or down than forward over a long way."""
    return sum(_steep(e.curve) > FALL for e in found.edges if not e.wraps) <= FALLS


def _steep(curve: Curve) -> float:
    """How far a curve climbs or falls where it is steep."""
    steps = ((abs(b[0] - a[0]), abs(b[1] - a[1])) for a, b in pairwise(polyline(curve)))
    return sum(dy for dx, dy in steps if dy > STEEP * dx)
