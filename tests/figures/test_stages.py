"""The stages of the layout on their own: layers, order, coordinates, geometry."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgen.figures.layout.coordinates import across, separation
from solgen.figures.layout.geometry import (
    Rect,
    crossings,
    distance_to,
    exit_point,
    hits,
    is_straight,
    outline_distance,
    polyline,
    segments,
    straight,
)
from solgen.figures.layout.layers import Cell, layer_graph, ranks, resolve_links
from solgen.figures.layout.order import crossing_count, neighbours, order_layers
from solgen.model.figure import Graph, GraphEdge, GraphNode

NODE = Cell("node", 20.0, 10.0, 10.0)
LABEL = Cell("label", 30.0, 12.0, 8.0)


def graph_of(count: int, ends: list[tuple[int, int]]) -> Graph:
    nodes = tuple(GraphNode(str(i), "operation", "f") for i in range(count))
    return Graph(nodes, tuple(GraphEdge(str(a), str(b)) for a, b in ends))


@st.composite
def computations(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(2, 14))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    return count, [(min(p), max(p)) for p in draw(st.lists(pairs, max_size=25))]


@given(computations())
def test_edges_lead_to_later_layers(case: tuple[int, list[tuple[int, int]]]) -> None:
    count, ends = case
    found = resolve_links(graph_of(count, ends))
    rank = ranks(found)
    assert all(rank[a] < rank[b] for a, b in ends)
    assert min(rank) == 0
    for v in range(count):
        if not found.before[v] and found.after[v]:
            assert rank[v] == min(rank[s] for s in found.after[v]) - 1


def test_a_value_is_computed_where_it_makes_edges_short() -> None:
    # two long operands of one late sum: better one long edge, from an early sum
    ends = [(0, 1), (0, 2), (1, 3), (2, 3), (1, 4), (4, 5), (5, 6), (6, 7), (3, 7)]
    rank = ranks(resolve_links(graph_of(8, ends)))
    assert rank[3] == max(rank[1], rank[2]) + 1


def test_a_long_edge_gets_a_cell_in_every_layer_between() -> None:
    graph = layer_graph(
        resolve_links(graph_of(4, [(0, 1), (1, 2), (2, 3), (0, 3)])),
        [NODE] * 4,
        [LABEL] * 4,
        [(0, 1), (1, 2), (2, 3), (0, 3)],
    )
    assert len(graph.chains[3]) == 7
    assert [graph.cells[v].kind for v in graph.chains[3]].count("label") == 1
    assert all(len(chain) == 3 for chain in graph.chains[:3])
    layer = {v: i for i, row in enumerate(graph.layers) for v in row}
    assert [layer[v] for v in graph.chains[3]] == list(range(7))


def test_crossings_are_counted() -> None:
    layers = ((0, 1, 2), (3, 4, 5))
    after: tuple[tuple[int, ...], ...] = ((5, 4), (3,), (3, 4), (), (), ())
    brute = [(i, j) for i, v in enumerate(layers[0]) for w in after[v] for j in [layers[1].index(w)]]
    expected = sum(a < c and b > d for a, b in brute for c, d in brute)
    assert crossing_count(layers, after) == expected == 5


def test_a_planar_order_is_found() -> None:
    # attention: only one order of query, key and value has no crossing
    ends = [(0, 4), (0, 5), (0, 6), (1, 4), (2, 5), (3, 6), (4, 8), (5, 7), (7, 8), (8, 9), (9, 10), (6, 10)]
    graph = order_layers(layer_graph(resolve_links(graph_of(11, ends)), [NODE] * 11, [None] * 12, ends))
    assert crossing_count(graph.layers, neighbours(graph)[1]) == 0


@given(computations())
def test_cells_keep_order_and_distance(case: tuple[int, list[tuple[int, int]]]) -> None:
    count, ends = case
    labels = [LABEL if i % 2 else None for i in range(len(ends))]
    graph = order_layers(layer_graph(resolve_links(graph_of(count, ends)), [NODE] * count, labels, ends))
    for spread in (1.0, 1.8):
        ys = across(graph, spread)
        for layer in graph.layers:
            for a, b in pairwise(layer):
                assert ys[b] - ys[a] >= separation(graph.cells[a], graph.cells[b], spread) - 1e-6


def test_a_long_edge_runs_level() -> None:
    ends = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 4)]
    graph = order_layers(layer_graph(resolve_links(graph_of(5, ends)), [NODE] * 5, [LABEL] * 6, ends))
    ys = across(graph)
    for chain in graph.chains:
        assert max(ys[v] for v in chain[1:-1]) - min(ys[v] for v in chain[1:-1]) < 1e-9


def test_segments_and_rectangles() -> None:
    box = Rect(0.0, 0.0, 2.0, 2.0)
    assert hits(box, segments([(-1, 1), (3, 1)]))
    assert hits(box, segments([(0.5, 0.5), (1, 1)]))
    assert not hits(box, segments([(-1, 2), (3, 2)]))  # along the border
    assert not hits(box, segments([(-1, 1.5), (1.5, 4)]))  # its bounding box meets, it does not
    assert not hits(box, segments([(3, 0), (3, 2)]))


def test_proper_crossings() -> None:
    cross, other = segments([(0, 0), (2, 2)]), segments([(0, 2), (2, 0), (4, 2)])
    assert crossings(cross, other) == 1
    assert crossings(cross, segments([(2, 2), (3, 0)])) == 0  # a shared end
    assert distance_to([(0.0, 2.0)], cross)[0] == pytest.approx(2**0.5)


@given(st.floats(0, 6.28), st.floats(0, 9.9))
def test_lines_leave_an_outline_where_they_should(angle: float, radius: float) -> None:
    from math import cos, sin

    box = Rect(-20.0, -10.0, 20.0, 10.0)
    point = exit_point(box, radius, (0.0, 0.0), (100 * cos(angle), 100 * sin(angle)), 0.8)
    assert outline_distance(box, radius, point) == pytest.approx(0.8, abs=1e-6)


def test_a_circle_is_a_rounded_box() -> None:
    assert outline_distance(Rect(-5, -5, 5, 5), 5.0, (3.0, 4.0)) == pytest.approx(0.0)
    assert outline_distance(Rect(-5, -5, 5, 5), 0.0, (3.0, 4.0)) == pytest.approx(-1.0)


def test_straight_curves_need_two_points() -> None:
    line = straight((0.0, 0.0), (3.0, 6.0))
    assert is_straight(line) and polyline(line) == ((0.0, 0.0), (3.0, 6.0))
    bent = ((0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (2.0, 2.0))
    assert not is_straight(bent) and len(polyline(bent)) > 5
