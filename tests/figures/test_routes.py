"""The routes of a `paths` part in its graph: which edges each takes, where the numbers stand, what is left out."""

import tempfile
import textwrap
from functools import cache
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.errors import Refused
from solgen.figures.drawing.draw import ASIDE, PLAIN, ROUTES, SHARED, line_of
from solgen.figures.drawing.fonts import measurer
from solgen.figures.graph.marked_routes import ranges
from solgen.figures.layout.fit import Page
from solgen.figures.pictures import best_layout, graphs_of
from solgen.model.derivation import Paths
from solgen.model.figure import Graph
from solgen.model.problem import Model
from solgen.reader.set_file import read
from solgen.render.printer import Printer
from tests.figures.test_layout import Defects

PRINTER = Printer(dialect="mathtext")
TIED = ("W", "x: R[n]\nW: R[m, n]\nh = W @ x\nr = W.T @ h - x\nL = norm2sq(r) / 2")
TWICE = ("W", "x: R[n]\nW: R[n, n]\nz = W @ (W @ x)\nL = norm2sq(z) / 2")
SERIES = ("x", "x: R[d]\nA: R[d, d]\nB: R[d, d]\na = tanh(A @ x) + x\nb = tanh(B @ a) + a\nL = norm2sq(b)")
FUSED = ("h", "h: R[m]\ny: OneHot[C]\nV: R[C, m]\nz = V @ h\np = softmax(z)\nL = cross_entropy(p, y) + norm2sq(h)")
LONG = (
    "x",
    "x: R[d]\n"
    + "".join(f"W{i}: R[d, d]\n" for i in range(1, 5))
    + "h1 = relu(W1 @ x)\nh2 = relu(W2 @ (x + h1))\nh3 = relu(W3 @ (x + h2))\nh4 = relu(W4 @ (h3 + x))\n"
    + "L = norm2sq(h4 + x)",
)
NONE = ("x", "x: R[d]\nu: R[d]\ns = norm2sq(x)\nL = norm2sq(u)")
MANY = (
    "x",
    "x: R[d]\na = tanh(x) + x\nb = tanh(a) + a\nc = tanh(b) + b\ne = tanh(c) + c\nf = tanh(e) + e\nL = norm2sq(f)",
)


@cache
def derived(text: tuple[str, str]) -> tuple[Paths, Model]:
    name, model = text
    body = textwrap.indent(model, "  ")
    source = f"title: routes\nmodel: |\n{body}\nparts:\n  - prompt: Routes?\n    solve: {{paths: {name}, of: L}}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.yaml")
        path.write_text(source, encoding="utf-8")
        (problem,) = read(path).problems
    (content,) = derive(problem).parts[0].contents
    assert isinstance(content, Paths)
    return content, problem.model


def graphs(text: tuple[str, str]) -> tuple[Graph, ...]:
    return graphs_of(*derived(text), PRINTER)


def route(graph: Graph, number: int) -> tuple[str, ...]:
    """The vertices of a route in order, checked to be one unbroken way."""
    edges = [e for e in graph.edges if number in e.routes]
    (start,) = {e.source for e in edges} - {e.target for e in edges}
    way = [start]
    for _ in edges:
        (edge,) = (e for e in edges if e.source == way[-1])
        way.append(edge.target)
    return tuple(way)


@pytest.mark.parametrize("text", [TIED, TWICE, SERIES, FUSED, LONG])
def test_each_route_is_one_way_through_the_graph(text: tuple[str, str]) -> None:
    paths, _ = derived(text)
    for graph in graphs(text):
        ways = [route(graph, n) for n in range(1, len(paths.terms) + 1)]
        assert all(way[0] == f"leaf {text[0]}" and way[-1] == "value L" for way in ways)
        assert graph.routes == len(paths.terms)


@pytest.mark.parametrize("text", [TIED, TWICE, SERIES, FUSED, LONG])
def test_where_routes_part_each_branch_is_marked(text: tuple[str, str]) -> None:
    for graph in graphs(text):
        for node in graph.nodes:
            branches = [e for e in graph.edges if e.source == node.id and e.routes]
            assert all(bool(e.mark) == (len(branches) > 1) for e in branches)
            assert sum(len(e.routes) for e in branches) == len({n for e in branches for n in e.routes})


def test_a_name_used_twice_in_one_equation_has_two_routes() -> None:
    first, second = (route(graphs(TWICE)[0], n) for n in (1, 2))
    assert first != second and len(second) > len(first)
    assert "Route 1: W (first use), z, L. Route 2: W (second use), z, L." in graphs(TWICE)[0].alt


def test_a_fused_loss_is_passed_through_the_probabilities() -> None:
    way = route(graphs(FUSED)[0], 1)
    labels = {n.id: n.label for n in graphs(FUSED)[0].nodes}
    assert any("softmax" in labels[v] for v in way)


def test_few_routes_stand_in_the_whole_graph_and_many_alone() -> None:
    whole, touched = graphs(SERIES)
    assert any(not e.routes for e in whole.edges) and all(e.routes for e in touched.edges)
    assert {n.id for n in touched.nodes} < {n.id for n in whole.nodes}
    assert all(e.routes for graph in graphs(LONG) for e in graph.edges)


def test_no_figure_without_routes_or_with_too_many() -> None:
    assert graphs(NONE) == () and len(derived(MANY)[0].terms) == 32 and graphs(MANY) == ()
    with pytest.raises(Refused, match="no route"):
        best_layout(graphs(NONE), measurer())


@pytest.mark.parametrize("text", [TIED, TWICE, SERIES, FUSED, LONG])
def test_marks_stand_on_free_places(text: tuple[str, str], defects: Defects) -> None:
    found = best_layout(graphs(text), measurer())
    assert defects(found) == [] and 8.0 <= found.size <= 10.0
    written = [t for e in found.edges for t in e.texts if t.role == "mark"]
    assert len(written) == sum(bool(e.mark) for g in graphs(text) if len(g.nodes) == len(found.nodes) for e in g.edges)


def test_lines_tell_few_routes_apart_without_colour() -> None:
    assert len({(line.dashes, line.width) for line in ROUTES}) == len(ROUTES)
    assert line_of((2,), 3) == ROUTES[1] and line_of((1, 2), 3) == line_of((2,), 7) == SHARED
    assert line_of((), 3) == ASIDE and line_of((), 0) == PLAIN


def test_marks_are_short() -> None:
    assert ranges((1,)) == r"\mathrm{1}" and ranges((1, 2, 4)) == r"\mathrm{1,2,4}"
    assert ranges((1, 2, 3, 6, 8, 9, 10)) == r"\mathrm{1–3,6,8–10}"


def test_a_value_with_two_uses_runs_on_in_the_next_row(defects: Defects) -> None:
    found = best_layout(graphs(SERIES)[1:], measurer(), Page(width=230.0))
    together = [e for e in found.edges if e.trunk]
    assert len(together) == 2 and len({e.source for e in together}) == 1, "it leaves its row once"
    first, second = ([x for point in e.curve[: e.trunk + 1] for x in point] for e in together)
    assert first == pytest.approx(second, abs=1e-3) and defects(found) == []
    assert all(any(t.role == "mark" for t in e.texts) for e in together), "the marks stand where the lines part"
