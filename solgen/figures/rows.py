"""A long chain set in rows, left to right and then on below, like text.

A figure may be cut where a single edge crosses the cut, best behind a named value.  Each row is then a graph of its
own, which ends in a bare point and goes on from a bare point; a line with round corners leads from one to the other
through the gap between the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import inf

from solgen.figures.draft import Draft, Labels, Shape
from solgen.figures.geometry import Curve, Point, Rect, bounding, straight
from solgen.model import Graph, GraphEdge, GraphNode

MOST_ROWS = 12
HOPE = 1.2  # a row may be estimated longer than the page by this factor
ROW_GAP = 20.0  # between two rows; the line runs in its middle
TURN = 7.0  # how far the line runs out of a row before it turns
CORNER = 5.0  # radius of its corners
EXIT, ENTRY = "the row ends", "the row begins"
ARC = 0.5523  # of a quarter of a circle, see draw.CIRCLE


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a graph: its nodes and edges by number, and as a graph with bare points at its open ends.

    `graph` has these nodes and edges first and in this order; then the line that leaves, then the line that enters.
    """

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    graph: Graph
    leaves: int | None
    enters: int | None


def rows(graph: Graph, found: Draft, width: float) -> Iterator[tuple[Row, ...]]:
    """Ways to cut the graph into rows about equally long: in two, in three, …, as far as they promise to fit the width.

    `found` is the graph in one row, from which the rows' lengths are estimated (they may turn out shorter).
    """
    everywhere = _cuts(graph, found.ends)
    named = tuple(cut for cut in everywhere if graph.edges[cut[0]].label)
    for choices in zip(_best(named, found), _best(everywhere, found), strict=True):
        for length, chosen in choices:
            if length <= HOPE * (width - 2 * TURN):
                yield _divided(graph, found.ends, chosen)


Cut = tuple[int, frozenset[int]]  # the edge that is cut, and the nodes before it


def _cuts(graph: Graph, ends: Sequence[tuple[int, int]]) -> tuple[Cut, ...]:
    """The places where a single edge joins what is before and what is after."""
    before: list[frozenset[int]] = [frozenset((v,)) for v in range(len(graph.nodes))]
    for _ in graph.nodes:  # nodes come in no particular order: repeat until nothing changes
        grown = list(before)
        for a, b in ends:
            grown[b] |= grown[a]
        if grown == before:
            break
        before = grown
    found: list[Cut] = []
    for e, (source, _) in enumerate(ends):
        part = before[source]
        crossing = [k for k, (a, b) in enumerate(ends) if a in part and b not in part]
        if crossing == [e]:
            found.append((e, part))
    nested: list[Cut] = []
    for cut in sorted(found, key=lambda c: -len(c[1])):
        if not nested or cut[1] < nested[-1][1]:
            nested.append(cut)
    return tuple(reversed(nested))


Choice = tuple[float, tuple[Cut, ...]]  # how long the longest row is, and the cuts


def _best(cuts: Sequence[Cut], found: Draft) -> tuple[Choice, ...]:
    """For two rows, three, …: the cuts whose longest row is shortest, by dynamic programming."""
    length = _lengths(cuts, found)
    every = range(len(length))
    best: list[tuple[float, tuple[int, ...]]] = [(length[0][i], (i,)) for i in every]  # up to piece i: longest, ends
    result: list[Choice] = []
    for _ in range(1, MOST_ROWS):
        ways = ([(max(best[j][0], length[j + 1][i]), (*best[j][1], i)) for j in range(i)] for i in every)
        best = [min(found_ways, default=(inf, ())) for found_ways in ways]
        longest, ends = best[-1]
        result.append((longest, tuple(cuts[i] for i in ends[:-1])))
    return tuple(result)


def _lengths(cuts: Sequence[Cut], found: Draft) -> list[list[float]]:
    """How long a row is estimated to be that holds the pieces from i to j, with the label at its end."""
    pieces = [bounding(found.shapes[v].rect for v in part) for part in _parts(cuts, len(found.shapes))]
    labels = [bounding(r for r in found.spots[e] if r is not None).width for e, _ in cuts] + [0.0]
    result: list[list[float]] = []
    for i in range(len(pieces)):
        around = accumulate(pieces[i:], lambda a, b: bounding((a, b)))
        widths = (r.width + label for r, label in zip(around, labels[i:], strict=True))
        result.append([inf] * i + list(widths))
    return result


def _parts(chosen: Sequence[Cut], count: int) -> list[frozenset[int]]:
    """The nodes of each row."""
    bounds = [frozenset[int](), *(part for _, part in chosen), frozenset(range(count))]
    return [after - before for before, after in pairwise(bounds)]


def _divided(graph: Graph, ends: Sequence[tuple[int, int]], chosen: Sequence[Cut]) -> tuple[Row, ...]:
    cut = [None, *(e for e, _ in chosen), None]
    parts = _parts(chosen, len(graph.nodes))
    return tuple(_row(graph, ends, part, *pair) for part, pair in zip(parts, pairwise(cut), strict=True))


def _row(
    graph: Graph, ends: Sequence[tuple[int, int]], part: frozenset[int], enters: int | None, leaves: int | None
) -> Row:
    own = tuple(v for v in range(len(graph.nodes)) if v in part)
    inner = tuple(e for e, (a, b) in enumerate(ends) if a in part and b in part)
    nodes, edges = [graph.nodes[v] for v in own], [graph.edges[e] for e in inner]
    if leaves is not None:
        nodes.append(GraphNode(EXIT, "value", ""))
        edges.append(replace(graph.edges[leaves], target=EXIT))
    if enters is not None:
        nodes.append(GraphNode(ENTRY, "value", ""))
        edges.append(GraphEdge(ENTRY, graph.edges[enters].target))
    return Row(own, inner, Graph(tuple(nodes), tuple(edges)), leaves, enters)


def stacked(graph: Graph, ends: tuple[tuple[int, int], ...], parts: Sequence[Row], drafts: Sequence[Draft]) -> Draft:
    """The rows' drafts below each other, the cut edges joined, as a draft of the whole graph."""
    shapes: dict[int, Shape] = {}
    curves: dict[int, Curve] = {}
    labels: dict[int, Labels] = {}
    spots: dict[int, tuple[Rect | None, Rect | None]] = {}
    level = 0.0
    for row, found in zip(parts, drafts, strict=True):
        extent = found.extent
        dx, dy = -extent.left, level - extent.top
        moved = found.moved(dx, dy)
        shapes |= dict(zip(row.nodes, moved.shapes, strict=False))
        numbers = (*row.edges, *((row.leaves,) if row.leaves is not None else ()))
        labels |= dict(zip(numbers, moved.labels, strict=False))
        spots |= dict(zip(numbers, moved.spots, strict=False))
        if row.enters is not None:
            curves[row.enters] = _connected(curves[row.enters], level + ROW_GAP / 2, moved.curves[-1])
        curves |= dict(zip(numbers, moved.curves, strict=False))
        level -= extent.height + ROW_GAP
    every = range(len(graph.edges))
    return Draft(
        drafts[0].style,
        tuple(shapes[v] for v in range(len(graph.nodes))),
        ends,
        tuple(labels[e] for e in every),
        tuple(curves[e] for e in every),
        tuple(spots[e] for e in every),
        tuple(0.0 for _ in every),
        frozenset(row.enters for row in parts if row.enters is not None),
    )


def enters_freely(row: Row, found: Draft) -> bool:
    """Whether nothing stands between the left end of a row and the point where it begins."""
    if row.enters is None:
        return True
    (x, y), left = found.curves[-1][0], found.extent.left
    way = Rect(left - 1.0, y - 2.0, x, y + 2.0)
    inside = [s.rect for s in found.shapes[: len(row.nodes)]] + [r for pair in found.spots for r in pair if r]
    return not any(way.overlaps(rect) for rect in inside)


def _connected(first: Curve, lane: float, second: Curve) -> Curve:
    """Out of a row, along the lane between the rows, and into the next one at its left end."""
    (x0, y0), (x1, y1) = first[-1], second[0]
    right, left = x0 + TURN, -TURN
    path = _rounded(((x0, y0), (right, y0), (right, lane), (left, lane), (left, y1), (x1, y1)))
    return (*first, *path[1:], *second[1:])


def _rounded(corners: Sequence[Point]) -> Curve:
    """Straight lines between the corners, which are quarters of circles."""
    curve: list[Point] = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        start, end = _towards(corner, before, CORNER), _towards(corner, after, CORNER)
        curve += straight(curve[-1], start)[1:]
        curve += [_towards(corner, before, CORNER * (1 - ARC)), _towards(corner, after, CORNER * (1 - ARC)), end]
    curve += straight(curve[-1], corners[-1])[1:]
    return tuple(curve)


def _towards(start: Point, end: Point, distance: float) -> Point:
    (x0, y0), (x1, y1) = start, end
    length = abs(x1 - x0) + abs(y1 - y0) or 1.0  # lines are level or upright
    share = min(distance / length, 0.5)
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
