"""Graphs of the kinds that homework asks for, a measure without fonts, and the list of a layout's defects."""

import re
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest

from solgen.figures.layout.fit import layout
from solgen.figures.layout.geometry import Rect, bezier, bezier_segments, hits, outline_distance, segments
from solgen.figures.layout.picture import EdgeRoute, Extent, Layout
from solgen.model.figure import Graph, GraphEdge, GraphNode

TOUCH = 0.01  # points; rounding


def graph_of(nodes: str, edges: str) -> Graph:
    """A graph from `id:kind:label` words and `source>target:label:shape:gradient` words (`~`: a space)."""
    made_nodes = tuple(GraphNode(*(word.replace("~", " ").split(":"))) for word in nodes.split())
    made_edges = []
    for word in edges.split():
        ends, *texts = word.replace("~", " ").split(":")
        made_edges.append(GraphEdge(*ends.split(">"), *texts))
    return Graph(made_nodes, tuple(made_edges), "a graph")


def autoencoder() -> Graph:
    return graph_of(
        r"W:parameter:\mathbfit{W} x:input:\mathbfit{x} t:operation:\top m1:operation:\times"
        r" m2:operation:\times s:operation:- n:operation:\frac{1}{2}\Vert\cdot\Vert^2 L:value:L",
        r"W>t:::(rh^{\top})^{\top} W>m1:::Wrx^{\top} x>m1 t>m2:W^{\top}:n~\times~m:rh^{\top} m1>m2:h:m:Wr"
        r" m2>s:\hat{x}:n:r x>s::n s>n:r:n:r n>L:::1",
    )


def residual() -> Graph:
    return graph_of(
        r"W1:parameter:W^{(1)} x:input:x m1:operation:\times phi:operation:\phi add:operation:+"
        r" W2:parameter:W^{(2)} m2:operation:\times t:target:t s:operation:- n:operation:\frac{1}{2}(\cdot)^2"
        r" L:value:L",
        r"W1>m1::d~\times~d:\bar{W}^{(1)} x>m1::d m1>phi:z_1:d:\bar{z}_1 phi>add:h:d:\bar{h}"
        r" x>add::d:\bar{z}_2 add>m2:z_2:d:\bar{z}_2 W2>m2::1~\times~d:\bar{W}^{(2)}"
        r" m2>s:y::\bar{y} t>s s>n:y-t::y-t n>L:::1",
    )


def deep_net(depth: int) -> Graph:
    nodes, edges, last = ["x:input:x"], [], "x"
    for i in range(1, depth + 1):
        nodes += [
            f"W{i}:parameter:W_{i}",
            rf"m{i}:operation:\times",
            f"b{i}:parameter:b_{i}",
            f"a{i}:operation:+",
        ]
        edges += [rf"W{i}>m{i}::h_{i}~\times~h:\bar{{W}}_{i}", rf"{last}>m{i}:h_{i}:h:\bar{{h}}_{i}"]
        edges += [rf"m{i}>a{i}:u_{i}:h_{i}:\bar{{u}}_{i}", rf"b{i}>a{i}::h_{i}:\bar{{b}}_{i}"]
        nodes, last = [*nodes, rf"p{i}:operation:\tanh"], f"p{i}"
        edges.append(rf"a{i}>p{i}:z_{i}:h_{i}:\bar{{z}}_{i}")
    return graph_of(" ".join([*nodes, "L:value:L"]), " ".join([*edges, f"{last}>L:::1"]))


def lstm() -> Graph:
    nodes = [r"x:input:x_t hp:input:h_{t-1} cp:input:c_{t-1} cat:operation:[\,;\,]"]
    edges = ["x>cat::d hp>cat::h"]
    for gate in "fiog":
        nodes.append(rf"W{gate}:parameter:W_{gate} m{gate}:operation:\times s{gate}:operation:\sigma")
        edges.append(
            rf"W{gate}>m{gate}:::\bar{{W}}_{gate} cat>m{gate}:v:h+d"
            rf" m{gate}>s{gate}:a_{gate}:h:\bar{{a}}_{gate}"
        )
    nodes.append(r"fc:operation:\odot ig:operation:\odot c:operation:+ tc:operation:\tanh oh:operation:\odot")
    nodes.append("h:value:h_t ct:value:c_t")
    edges.append(
        r"sf>fc:f:h:\bar{f} cp>fc::h si>ig:i:h:\bar{i} sg>ig:g:h:\bar{g}"
        r" fc>c::h ig>c::h"
        r" c>tc:c_t:h tc>oh::h"
    )
    edges.append(r"so>oh:o:h:\bar{o} oh>h:::\bar{h} c>ct:::\bar{c}")
    return graph_of(" ".join(nodes), " ".join(edges))


def attention() -> Graph:
    return graph_of(
        r"X:input:X Wq:parameter:W_Q Wk:parameter:W_K Wv:parameter:W_V q:operation:\times k:operation:\times"
        r" v:operation:\times kt:operation:\top qk:operation:\times sc:operation:/\sqrt{d}"
        r" sm:operation:softmax av:operation:\times O:value:O",
        r"X>q X>k X>v Wq>q:::\bar{W}_Q Wk>k:::\bar{W}_K Wv>v:::\bar{W}_V q>qk:Q:n~\times~d:\bar{Q}"
        r" k>kt:K:n~\times~d:\bar{K} kt>qk qk>sc:S:n~\times~n:\bar{S} sc>sm sm>av:A:n~\times~n:\bar{A}"
        r" v>av:V:n~\times~d:\bar{V} av>O::n~\times~d:\bar{O}",
    )


def squared() -> Graph:
    return graph_of(r"x:input:x m:operation:\odot y:value:y", r"x>m:x:n:g x>m:x:n:h\odot~g m>y:::1")


GRAPHS: dict[str, Callable[[], Graph]] = {
    "autoencoder": autoencoder,
    "residual": residual,
    "two-layers": lambda: deep_net(2),
    "three-layers": lambda: deep_net(3),
    "six-layers": lambda: deep_net(6),
    "lstm": lstm,
    "attention": attention,
    "squared": squared,
    "one-node": lambda: graph_of("x:input:x", ""),
    "empty": lambda: Graph((), ()),
}


def measure(text: str, size: float) -> Extent:
    """About as wide as Palatino: a command counts as one letter, braces and script marks as none."""
    letters = len(re.sub(r"[{}^_]", "", re.sub(r"\\[a-zA-Z]+|\\.", "x", text)))
    return Extent(0.42 * size * max(1, letters), 0.72 * size, 0.2 * size)


@pytest.fixture(params=GRAPHS)
def example(request: pytest.FixtureRequest) -> Graph:
    return GRAPHS[request.param]()


@pytest.fixture(name="graphs", scope="session")
def all_graphs() -> dict[str, Callable[[], Graph]]:
    return GRAPHS


@pytest.fixture(name="lay_out", scope="session")
def laid_out() -> Callable[[Graph], Layout]:
    return lambda graph: layout(graph, measure)


@pytest.fixture(scope="session")
def defects() -> Callable[[Layout], list[str]]:
    return lambda found: [*_box_defects(found), *_edge_defects(found), *_text_defects(found)]


def samples(edge: EdgeRoute) -> list[tuple[float, float]]:
    return [bezier(piece, i / 40) for piece in bezier_segments(edge.curve) for i in range(41)]


def _box_defects(found: Layout) -> list[str]:
    page = Rect(-TOUCH, -TOUCH, found.width + TOUCH, found.height + TOUCH)
    bad = [f"{n.id} leaves the page" for n in found.nodes if not page.contains(n.rect)]
    bad += [f"{n.id}'s label leaves it" for n in found.nodes if not all(n.rect.contains(t.box) for t in n.texts)]
    return bad + [f"{a.id} on {b.id}" for a, b in combinations(found.nodes, 2) if a.rect.overlaps(b.rect)]


def _edge_defects(found: Layout) -> list[str]:
    bad = []
    nodes = {n.id: n for n in found.nodes}
    for edge in found.edges:
        name, points = f"{edge.source}>{edge.target}", samples(edge)
        along = [-y if found.turned else x for x, y in points]
        if not edge.wraps and any(b < a - TOUCH for a, b in pairwise(along)):
            bad.append(f"{name} bends back")
        if any(not (-TOUCH <= x <= found.width + TOUCH and -TOUCH <= y <= found.height + TOUCH) for x, y in points):
            bad.append(f"{name} leaves the page")
        for end, point in ((edge.source, points[0]), (edge.target, points[-1])):
            if not -0.1 <= outline_distance(nodes[end].rect, nodes[end].radius, point) <= 1.0:
                bad.append(f"{name} does not reach the outline of {end}")
        bad += [
            f"{name} runs through {node.id}"
            for node in found.nodes
            if any(outline_distance(node.rect, node.radius, point) < -0.1 for point in points)
        ]
    return bad


def _text_defects(found: Layout) -> list[str]:
    bad = []
    page = Rect(-TOUCH, -TOUCH, found.width + TOUCH, found.height + TOUCH)
    texts = [(f"{e.source}>{e.target} {t.content}", t.box) for e in found.edges for t in e.texts]
    for name, box in texts:
        if not page.contains(box):
            bad.append(f"{name} leaves the page")
        bad += [f"{name} on {n.id}" for n in found.nodes if box.overlaps(n.rect)]
        bad += [f"{name} on {e.source}>{e.target}" for e in found.edges if hits(box, segments(samples(e)))]
    return bad + [f"{a} on {b}" for (a, p), (b, q) in combinations(texts, 2) if p.overlaps(q)]
