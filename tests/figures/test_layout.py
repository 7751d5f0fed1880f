"""Layouts as data: nothing overlaps, edges run forward, and the figure suits its page."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from solgen.figures.layout.fit import Page, layout
from solgen.figures.layout.geometry import Rect, is_straight
from solgen.figures.layout.picture import Extent, Layout
from solgen.model.figure import Graph, GraphEdge, GraphNode

LayOut = Callable[[Graph], Layout]
Defects = Callable[[Layout], list[str]]
KINDS = ("parameter", "input", "target", "constant")


@st.composite
def random_graphs(draw: st.DrawFn) -> Graph:
    """A computation with up to 25 nodes: leaves, then operations on one to three earlier values."""
    leaves = draw(st.integers(1, 8))
    operations = draw(st.integers(0, 25 - leaves))
    text = st.text("abcW", max_size=9)
    nodes = [GraphNode(f"n{i}", draw(st.sampled_from(KINDS)), "W") for i in range(leaves)]
    edges: list[GraphEdge] = []
    for i in range(leaves, leaves + operations):
        nodes.append(GraphNode(f"n{i}", "operation", draw(st.text("abc", min_size=1, max_size=12))))
        operands = draw(st.lists(st.integers(0, i - 1), min_size=1, max_size=3))
        edges += [GraphEdge(f"n{o}", f"n{i}", draw(text), draw(text), draw(text)) for o in operands]
    return Graph(tuple(nodes), tuple(edges))


def test_examples_have_no_defect(example: Graph, lay_out: LayOut, defects: Defects) -> None:
    assert defects(lay_out(example)) == []


@given(random_graphs())
@settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate])
def test_random_graphs_have_no_defect(lay_out: LayOut, defects: Defects, graph: Graph) -> None:
    found = lay_out(graph)
    assert defects(found) == []
    assert [n.id for n in found.nodes] == [n.id for n in graph.nodes]
    written = sum(bool(t) for e in graph.edges for t in (e.label, e.shape, e.gradient))
    assert sum(len(e.texts) for e in found.edges) == written


@st.composite
def chains(draw: st.DrawFn) -> Graph:
    """A long chain of operations, with leaves that join it here and there, and skips over a few of them."""
    length = draw(st.integers(8, 20))
    nodes = [GraphNode("n0", "input", "x")]
    edges: list[GraphEdge] = []
    for i in range(1, length):
        nodes.append(GraphNode(f"n{i}", "operation", draw(st.sampled_from(("+", "softmax", "abc")))))
        edges.append(GraphEdge(f"n{i - 1}", f"n{i}", draw(st.sampled_from(("", "h", "abcd"))), "n", "g"))
        if draw(st.booleans()):
            nodes.append(GraphNode(f"w{i}", "parameter", "W"))
            edges.append(GraphEdge(f"w{i}", f"n{i}", "", "m x n", draw(st.text("abc", max_size=12))))
        if i > 3 and draw(st.integers(0, 5)) == 0:
            edges.append(GraphEdge(f"n{i - 3}", f"n{i}", "s"))
    return Graph(tuple(nodes), tuple(edges))


@given(chains())
@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
def test_random_chains_have_no_defect(lay_out: LayOut, defects: Defects, graph: Graph) -> None:
    found = lay_out(graph)
    assert defects(found) == []
    written = sum(bool(t) for e in graph.edges for t in (e.label, e.shape, e.gradient))
    assert sum(len(e.texts) for e in found.edges) == written


def test_defects_are_noticed(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut, defects: Defects) -> None:
    found = lay_out(graphs["residual"]())
    first, second, *rest = found.nodes
    moved = replace(found, nodes=(replace(first, rect=second.rect), second, *rest))
    assert any(" on " in d for d in defects(moved))
    backwards = replace(found.edges[0], curve=found.edges[0].curve[::-1])
    assert any("bends back" in d for d in defects(replace(found, edges=(backwards, *found.edges[1:]))))
    text = replace(found.edges[2].texts[0], box=first.rect)
    labelled = replace(found.edges[2], texts=(text,))
    assert any("z_1 on W1" in d for d in defects(replace(found, edges=(*found.edges[:2], labelled))))


def test_homework_graphs_fit_the_page_at_eight_points(example: Graph, lay_out: LayOut) -> None:
    found = lay_out(example)
    assert found.width <= Page().width and found.height <= Page().height
    assert 8.0 <= found.size <= 10.0


def test_a_long_chain_is_set_in_rows_like_text(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    assert not any(e.wraps for e in lay_out(graphs["autoencoder"]()).edges)
    for name, rows in (("three-layers", 2), ("six-layers", 4)):
        found = lay_out(graphs[name]())
        wraps = [e for e in found.edges if e.wraps]
        assert not found.turned and 2 <= len(wraps) + 1 <= rows
        for edge in wraps:
            ends = {n.id: n.rect for n in found.nodes if n.id in (edge.source, edge.target)}
            assert ends[edge.target].top < ends[edge.source].bottom
            assert any(t.role == "label" for t in edge.texts), "only a named value is carried to the next row"


def test_what_is_too_large_is_reduced_to_the_page(lay_out: LayOut, defects: Defects) -> None:
    nodes = tuple(GraphNode(f"n{i}", "operation", "+") for i in range(70))
    skips = [GraphEdge("n0", n.id) for n in nodes[2:]]
    found = lay_out(Graph(nodes, (*(GraphEdge(a.id, b.id, "label", "n") for a, b in pairwise(nodes)), *skips)))
    assert found.height == pytest.approx(Page().height) and found.width <= Page().width and found.size < 8.0
    assert not any("leaves" in d or " on " in d for d in defects(found))


def test_rows_are_about_equally_long(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    found = lay_out(graphs["three-layers"]())
    (wrap,) = (e for e in found.edges if e.wraps)
    first = max(n.rect.right for n in found.nodes if n.rect.bottom > wrap.curve[-1][1])
    assert abs(first - max(n.rect.right for n in found.nodes)) < 0.4 * found.width


def test_what_cannot_be_cut_runs_down(lay_out: LayOut, defects: Defects) -> None:
    # a weight shared by every step crosses every cut
    names = [f"s{i}" for i in range(14)]
    nodes = [GraphNode("W", "parameter", "W"), *(GraphNode(n, "operation", "+") for n in names)]
    edges = [GraphEdge("W", n) for n in names]
    edges += [GraphEdge(a, b, "long label", "n") for a, b in pairwise(names)]
    found = lay_out(Graph(tuple(nodes), tuple(edges)))
    assert found.turned and not any(e.wraps for e in found.edges)
    assert defects(found) == []


def test_values_above_and_gradients_below_their_edge(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    for edge in lay_out(graphs["residual"]()).edges:
        start, end = edge.curve[0], edge.curve[-1]
        for text in edge.texts if is_straight(edge.curve) else ():
            x, y = text.box.centre
            line = start[1] + (end[1] - start[1]) * (x - start[0]) / (end[0] - start[0])
            assert (y < line) == (text.role == "gradient")


def test_most_edges_are_straight(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    for name, bent in (("autoencoder", 2), ("residual", 2), ("two-layers", 2), ("attention", 4)):
        edges = lay_out(graphs[name]()).edges
        assert sum(not is_straight(e.curve) for e in edges) <= bent, name


def test_the_forward_pass_runs_level(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    nodes = {n.id: n.rect.centre[1] for n in lay_out(graphs["residual"]()).nodes}
    levels = [nodes[v] for v in ("m1", "phi", "add", "m2", "s", "n", "L")]
    assert all(abs(a - b) < 0.01 for a, b in pairwise(levels))


def test_a_shared_variable_fans_out(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    found = lay_out(graphs["squared"]())
    first, second = (e.curve for e in found.edges if e.source == "x")
    assert abs(first[0][1] - second[0][1]) > 2.0
    assert abs(first[-1][1] - second[-1][1]) > 2.0


def test_leaves_stand_one_layer_before_their_first_use(graphs: dict[str, Callable[[], Graph]], lay_out: LayOut) -> None:
    x = {n.id: n.rect for n in lay_out(graphs["residual"]()).nodes}
    assert x["phi"].right < x["W2"].right < x["m2"].left
    assert x["m2"].left < x["t"].right < x["s"].left


def test_a_narrow_page_turns_the_figure(graphs: dict[str, Callable[[], Graph]], defects: Defects) -> None:
    def narrow(text: str, size: float) -> Extent:
        return Extent(0.4 * size * max(1, len(text)), 0.7 * size, 0.2 * size)

    found = layout(graphs["autoencoder"](), narrow, Page(width=250.0, height=560.0))
    assert found.turned
    assert defects(found) == []


def test_the_same_graph_has_the_same_layout(example: Graph, lay_out: LayOut) -> None:
    assert lay_out(example) == lay_out(example)


@pytest.mark.parametrize(
    ("nodes", "edges", "reason"),
    [
        ("ab", [("a", "b"), ("b", "a")], "cycle"),
        ("a", [("a", "a")], "cycle"),
        ("ab", [("a", "c")], "names no node: c"),
        ("ab", [("c", "b")], "names no node: c"),
        ("aa", [], "same id"),
    ],
)
def test_what_is_no_computation_is_refused(
    nodes: str, edges: list[tuple[str, str]], reason: str, lay_out: LayOut
) -> None:
    graph = Graph(tuple(GraphNode(n, "operation", n) for n in nodes), tuple(GraphEdge(*e) for e in edges))
    with pytest.raises(ValueError, match=reason):
        lay_out(graph)


def test_labels_grow_the_gap_they_stand_in(lay_out: LayOut) -> None:
    def gap(label: str) -> float:
        nodes = (GraphNode("a", "input", "a"), GraphNode("b", "operation", "b"))
        first, second = lay_out(Graph(nodes, (GraphEdge("a", "b", label),))).nodes
        return second.rect.left - first.rect.right

    assert gap("long label") > gap("l") + 20.0


def test_nodes_hold_their_labels(lay_out: LayOut) -> None:
    graph = Graph(
        (
            GraphNode("a", "operation", "+"),
            GraphNode("b", "operation", "softmax"),
            GraphNode("c", "value", "y"),
        ),
        (),
    )
    circle, pill, box = lay_out(graph).nodes
    assert circle.rect.width == pytest.approx(circle.rect.height) == pytest.approx(2 * circle.radius)
    assert pill.rect.width > pill.rect.height == pytest.approx(2 * pill.radius)
    assert box.radius < box.rect.height / 2
    assert isinstance(box.rect, Rect)
