"""A long chain set in rows, left to right and then on below, like text.

A figure may be cut where a single value crosses the cut, best one that has a name.  Each row is then a graph of its
own, which ends in a bare point and goes on from a bare point; a line with round corners leads from one to the other
through the gap between the rows.  A value with several uses fans out where the next row begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise
from math import inf

from solgen.figures.layout.draft import Draft, Labels, Shape
from solgen.figures.layout.geometry import Curve, Point, Rect, bounding, straight
from solgen.model.figure import Graph, GraphEdge, GraphNode

MOST_ROWS = 12
HOPE = 1.2  # a row may be estimated longer than the page by this factor
ROW_GAP = 20.0  # between two rows; the line runs in its middle
TURN = 7.0  # how far the line runs out of a row before it turns
CORNER = 5.0  # radius of its corners
EXIT, ENTRY = "the row ends", "the row begins"
ARC = 0.5523  # of a quarter of a circle, see draw.CIRCLE


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A part of a graph: its nodes and edges by number, and as a graph with bare points at its open ends.

    `graph` has these nodes and edges first and in this order; then the line that leaves, which stands for all edges in
    `leaves`, then those that enter.
    """

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    graph: Graph
    leaves: tuple[int, ...]
    enters: tuple[int, ...]


def cut_rows(graph: Graph, found: Draft, width: float) -> Iterator[tuple[ChainRow, ...]]:
    """Ways to cut the graph into rows about equally long: in two, in three, …, as far as they promise to fit the width.

    `found` is the graph in one row, from which the rows' lengths are estimated (they may turn out shorter).
    """
    everywhere = _cuts(graph, found.ends)
    named = tuple(cut for cut in everywhere if graph.edges[cut[0][0]].label)
    for choices in zip(_best(named, found), _best(everywhere, found), strict=True):
        for length, chosen in choices:
            if length <= HOPE * (width - 2 * TURN):
                yield _divide_graph(graph, found.ends, chosen)


Cut = tuple[tuple[int, ...], frozenset[int]]  # the edges that are cut, and the nodes before them


def _cuts(graph: Graph, ends: Sequence[tuple[int, int]]) -> tuple[Cut, ...]:
    """The places where the uses of a single node join what is before and what is after."""
    before: list[frozenset[int]] = [frozenset((v,)) for v in range(len(graph.nodes))]
    for _ in graph.nodes:  # nodes come in no particular order: repeat until nothing changes
        grown = list(before)
        for a, b in ends:
            grown[b] |= grown[a]
        if grown == before:
            break
        before = grown
    found: list[Cut] = []
    for source, part in enumerate(before):
        crossing = tuple(k for k, (a, b) in enumerate(ends) if a in part and b not in part)
        if crossing and all(ends[k][0] == source for k in crossing) and 1 < len(part) < len(graph.nodes) - 1:
            found.append((crossing, part))
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
    labels = [max(map(partial(_label_width, found), edges)) for edges, _ in cuts] + [0.0]
    result: list[list[float]] = []
    for i in range(len(pieces)):
        around = accumulate(pieces[i:], lambda a, b: bounding((a, b)))
        widths = (r.width + label for r, label in zip(around, labels[i:], strict=True))
        result.append([inf] * i + list(widths))
    return result


def _label_width(found: Draft, edge: int) -> float:
    return bounding(r for r in found.spots[edge] if r is not None).width


def _parts(chosen: Sequence[Cut], count: int) -> list[frozenset[int]]:
    """The nodes of each row."""
    bounds = [frozenset[int](), *(part for _, part in chosen), frozenset(range(count))]
    return [after - before for before, after in pairwise(bounds)]


def _divide_graph(graph: Graph, ends: Sequence[tuple[int, int]], chosen: Sequence[Cut]) -> tuple[ChainRow, ...]:
    cut = [(), *(edges for edges, _ in chosen), ()]
    parts = _parts(chosen, len(graph.nodes))
    return tuple(_row(graph, ends, part, *pair) for part, pair in zip(parts, pairwise(cut), strict=True))


def _row(
    graph: Graph,
    ends: Sequence[tuple[int, int]],
    part: frozenset[int],
    enters: tuple[int, ...],
    leaves: tuple[int, ...],
) -> ChainRow:
    own = tuple(v for v in range(len(graph.nodes)) if v in part)
    inner = tuple(e for e, (a, b) in enumerate(ends) if a in part and b in part)
    nodes, edges = [graph.nodes[v] for v in own], [graph.edges[e] for e in inner]
    if leaves:
        nodes.append(GraphNode(EXIT, "value", ""))
        edges.append(_leaving([graph.edges[e] for e in leaves]))
    if enters:
        nodes.append(GraphNode(ENTRY, "value", ""))
        edges += _entering([graph.edges[e] for e in enters])
    return ChainRow(own, inner, Graph(tuple(nodes), tuple(edges)), leaves, enters)


def _leaving(cut: Sequence[GraphEdge]) -> GraphEdge:
    """The one line out of a row: it bears the value's label, unless marks tell its uses apart further on."""
    first = cut[0]
    if len(cut) == 1:
        return replace(first, target=EXIT)
    label, shape = ("", "") if any(e.mark for e in cut) else (first.label, first.shape)
    return GraphEdge(first.source, EXIT, label, shape)


def _entering(cut: Sequence[GraphEdge]) -> list[GraphEdge]:
    """The lines into a row, one for each use, with what the line out of the last one does not tell."""
    if len(cut) == 1:
        return [GraphEdge(ENTRY, cut[0].target)]
    out = _leaving(cut)
    return [
        replace(e, source=ENTRY, label="" if e.label == out.label else e.label,
                shape="" if e.shape == out.shape else e.shape)
        for e in cut
    ]  # fmt: skip


def stack_rows(
    graph: Graph, ends: tuple[tuple[int, int], ...], parts: Sequence[ChainRow], drafts: Sequence[Draft]
) -> Draft:
    """The rows' drafts below each other, the cut edges joined, as a draft of the whole graph."""
    shapes: dict[int, Shape] = {}
    lines: dict[int, _Line] = {}
    wraps: dict[int, int] = {}
    trunk: tuple[Curve, _Line] | None = None
    level = 0.0
    for row, found in zip(parts, drafts, strict=True):
        extent = found.extent
        moved = found.translate(-extent.left, level - extent.top)
        own = list(zip(moved.curves, moved.labels, moved.spots, strict=True))
        shapes |= dict(zip(row.nodes, moved.shapes, strict=False))
        lines |= dict(zip(row.edges, own, strict=False))
        for k, e in enumerate(row.enters):
            assert trunk is not None
            entering = own[k - len(row.enters)]
            joined = _connect(trunk[0], level + ROW_GAP / 2, entering[0])
            wraps[e] = len(joined) - len(entering[0]) if len(row.enters) > 1 else 0
            lines[e] = (joined, *(_merge_labels(trunk[1], entering) if k == 0 else entering[1:]))
        trunk = (own[len(row.edges)][0], own[len(row.edges)]) if row.leaves else None
        level -= extent.height + ROW_GAP
    every = [lines[e] for e in range(len(graph.edges))]
    return Draft(
        drafts[0].style,
        tuple(shapes[v] for v in range(len(graph.nodes))),
        ends,
        tuple(labels for _, labels, _ in every),
        tuple(curve for curve, _, _ in every),
        tuple(spots for _, _, spots in every),
        tuple(0.0 for _ in every),
        wraps,
    )


_Line = tuple[Curve, Labels, tuple[Rect | None, Rect | None]]


def _merge_labels(leaving: _Line, entering: _Line) -> tuple[Labels, tuple[Rect | None, Rect | None]]:
    """The labels of a cut edge: each where it was written, on the line out of a row or on that into the next."""
    (_, out, first), (_, into, second) = leaving, entering
    labels = Labels(out.upper or into.upper, out.lower or into.lower)
    return labels, (first[0] or second[0], first[1] or second[1])


def enters_freely(row: ChainRow, found: Draft) -> bool:
    """Whether nothing stands between the left end of a row and the point where it begins."""
    if not row.enters:
        return True
    (x, y), left = found.curves[-1][0], found.extent.left
    way = Rect(left - 1.0, y - 2.0, x, y + 2.0)
    inside = [s.rect for s in found.shapes[: len(row.nodes)]] + [r for pair in found.spots for r in pair if r]
    return not any(way.overlaps(rect) for rect in inside)


def _connect(first: Curve, lane: float, second: Curve) -> Curve:
    """Out of a row, along the lane between the rows, and into the next one at its left end."""
    (x0, y0), (x1, y1) = first[-1], second[0]
    right, left = x0 + TURN, -TURN
    path = _round_corners(((x0, y0), (right, y0), (right, lane), (left, lane), (left, y1), (x1, y1)))
    return (*first, *path[1:], *second[1:])


def _round_corners(corners: Sequence[Point]) -> Curve:
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
