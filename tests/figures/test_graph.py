"""Graphs of forward passes as data: leaves, edges, labels, and gradients that are right on every single edge."""

import re
from collections import Counter
from functools import cache

import numpy as np
import pytest

from solgen.errors import Refused
from solgen.expr.nodes import Expr, Idx, Var
from solgen.expr.walk import children, rebuild
from solgen.figures.drawing.fonts import measurer
from solgen.figures.graph.alt_text import read_aloud
from solgen.figures.graph.equations import block_graph
from solgen.figures.graph.operations import graph_of
from solgen.figures.graph.signals import inline, occurrences, signals
from solgen.model.derivation import GraphAsked
from solgen.model.figure import Graph, GraphEdge
from solgen.model.problem import Equation, Model
from solgen.render.printer import Printer
from tests.calculus.support import agree, differences, evaluator, point
from tests.figures.forward_passes import LARGE, MODELS, Case
from tests.figures.forward_passes import case as read

case = cache(read)
measured = cache(measurer)


def between(graph: Graph, source: str, target: str) -> list[GraphEdge]:
    """The edges between two nodes, by label."""
    label = {n.id: n.label for n in graph.nodes}
    return [e for e in graph.edges if (label[e.source], label[e.target]) == (source, target)]


def labels(graph: Graph, kind: str) -> list[str]:
    return [n.label for n in graph.nodes if n.kind == kind]


# ---------------------------------------------------------------- what is drawn


@pytest.mark.parametrize("name", MODELS)
def test_every_used_name_is_a_leaf_once(name: str) -> None:
    found = case(name)
    used = {v.name for q in found.asked.forward for v in occurrences(q.body)}
    leaves = Counter(n.id for n in found.operations.nodes if n.kind not in ("operation", "value"))
    declared = {d.var.name: d.role for d in found.model.declarations}
    assert leaves == Counter(f"leaf {n}" for n in declared if n in used)
    assert all(n.kind == declared[n.id.removeprefix("leaf ")] for n in found.operations.nodes if n.id in leaves)


@pytest.mark.parametrize("name", MODELS)
def test_every_use_is_an_edge(name: str) -> None:
    found = case(name)
    uses = Counter(v.name for q in found.asked.forward for v in occurrences(q.body))
    leaving = Counter(e.source for e in found.operations.edges)
    for d in found.model.declarations:
        assert leaving[f"leaf {d.var.name}"] == uses[d.var.name], d.var.name
    named = Counter(e.label for e in found.operations.edges)
    for q in found.asked.forward:
        assert named[found.printer.expr(q.var)] == uses[q.var.name], q.var.name


@pytest.mark.parametrize("name", MODELS)
def test_the_graph_is_connected_to_its_results(name: str) -> None:
    graph = case(name).operations
    ends = {e.source for e in graph.edges}
    assert all((n.id in ends) == (n.kind != "value") for n in graph.nodes)
    entered = {e.target for e in graph.edges}
    assert all(n.id in entered for n in graph.nodes if n.kind in ("operation", "value"))


@pytest.mark.parametrize("name", MODELS)
def test_changes_of_form_are_not_drawn(name: str) -> None:
    words = {"item", "unitem", "fill", "rows", "cols", "row", "col", "unrow", "uncol", r"as\ row"}
    assert not words & {
        re.sub(r"\\mathrm\{(.*)\}", r"\1", label) for label in labels(case(name).operations, "operation")
    }


def test_operations_of_the_residual_block() -> None:
    graph = case("residual", "bar").graph
    norm = r"\frac{1}{2}\,\Vert \cdot\Vert^{2}"
    assert labels(graph, "operation") == [r"\times", r"\phi", "+", r"\times", "-", norm]
    assert labels(graph, "value") == ["L"]
    (skip,) = between(graph, r"\mathbfit{x}", "+")
    assert (skip.label, skip.shape, skip.gradient) == ("", "", r"\bar{\mathbfit{z}}_{2}")
    (into,) = between(graph, r"\mathbfit{x}", r"\times")
    assert into.gradient == r"\mathbfit{W}_{1}^{\top}\,\bar{\mathbfit{z}}_{1}" and into.shape == "d"


def test_a_name_used_twice_in_one_equation_has_two_edges() -> None:
    pair = between(case("reductions").graph, r"\mathbfit{x}", r"\langle\cdot,\cdot\rangle")
    assert [e.gradient for e in pair] == [r"\mathbfit{x}", r"\mathbfit{x}"]
    assert len({e.source for e in pair}) == 1


def test_weights_shared_over_time_fan_out() -> None:
    graph = case("recurrent", "delta").graph
    edges = [e for e in graph.edges if e.source == "leaf W"]
    assert len(edges) == len({e.target for e in edges}) == len({e.gradient for e in edges}) == 3
    assert [bool(e.shape) for e in edges] == [True, False, False], "the shape of a leaf is told once"


def test_signs_and_constants_belong_to_their_operation() -> None:
    assert labels(case("scalars").operations, "operation") == [
        r"\times", "+", r"\max(\cdot, 0)", r"2\,\cdot", "+", r"(\cdot)^{2}", r"\div",
    ]  # fmt: skip
    found = labels(case("two arguments").operations, "operation")
    assert r"\max" in found and r"1+\cdot" in found and r"\exp" in found and found.count("-") == 2
    assert r"\frac{1}{n}\,\Vert \cdot\Vert^{2}" in labels(case("batch").operations, "operation")


def test_what_is_subtracted_comes_second() -> None:
    graph = case("logistic").graph
    (minus,) = (n.id for n in graph.nodes if n.label == "-")
    first, second = (next(n.label for n in graph.nodes if n.id == e.source) for e in graph.edges if e.target == minus)
    assert first.endswith(r"\times") and second == "+"


def test_copies_are_nodes_of_their_own() -> None:
    graph = case("copies").graph
    assert labels(graph, "operation").count("=") == 2
    (edge,) = between(graph, "=", r"\top")
    assert edge.label == r"\mathbfit{j}"


def test_a_value_used_by_nobody_is_a_result() -> None:
    graph = case("several outputs").graph
    assert labels(graph, "value") == [r"\mathbfit{g}", "L"]
    results = [e for e in graph.edges if e.target.startswith("value ")]
    assert [(e.shape, e.gradient) for e in results] == [("m", ""), ("", "1")]
    assert not any("spare" in n.id for n in graph.nodes)


def test_an_entry_at_a_label_is_one_node() -> None:
    graph = read("pick", backward=False).graph
    assert r"(\cdot)_{k}" in labels(graph, "operation") and r"(\cdot)_{1}" in labels(graph, "operation")
    assert len([e for e in graph.edges if e.source == "leaf k"]) == 1


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(Refused, match="no computational graph"):
        graph_of(GraphAsked((), None), Model(), Printer(dialect="mathtext"))


# ---------------------------------------------------------------- what is written on it


@pytest.mark.parametrize("notation", ["partial", "nabla", "bar", "delta"])
@pytest.mark.parametrize("name", [*MODELS, *LARGE])
def test_every_label_can_be_set(name: str, notation: str) -> None:
    measure = measured()
    graph = case(name, notation).graph
    texts = [n.label for n in graph.nodes] + [t for e in graph.edges for t in (e.label, e.shape, e.gradient) if t]
    assert all(measure(text, 9.0).width > 0 for text in texts)


@pytest.mark.parametrize("notation", ["partial", "nabla", "bar", "delta"])
@pytest.mark.parametrize("name", MODELS)
def test_gradients_are_printed_as_in_the_text(name: str, notation: str) -> None:
    found = case(name, notation)
    assert found.asked.backward is not None
    known = {"", "1"}
    for signal in signals(found.asked.forward, found.asked.backward).values():
        known |= {found.printer.expr(form) for form in signal.forms}
        known |= {inline(signal.symbol, found.printer)} if signal.symbol else set()
    assert {e.gradient for e in found.operations.edges} <= known


def test_gradients_of_named_notations_are_symbols() -> None:
    for name in ("residual", "swish net", "batch"):
        graph = case(name, "bar").graph
        written = [e.gradient for e in graph.edges if e.gradient not in ("", "1")]
        assert written and all(r"\bar" in text for text in written)


def test_nothing_flows_back_to_targets_and_constants() -> None:
    for name, leaf in (("residual", "t"), ("swish net", "y"), ("logistic", "lam")):
        edges = [e for e in case(name).graph.edges if e.source == f"leaf {leaf}"]
        assert edges and all(e.gradient == "" for e in edges)


def test_without_the_backward_pass_no_gradient_is_written() -> None:
    graph = read("residual", backward=False).graph
    assert all(e.gradient == "" for e in graph.edges)
    assert "back" not in graph.alt


# ---------------------------------------------------------------- whether it is right


def at_one_use(e: Expr, name: str, k: int, moved: Expr) -> Expr:
    """e with another value at the k-th occurrence of a name."""
    seen = -1

    def visit(node: Expr) -> Expr:
        nonlocal seen
        if isinstance(node, Var):
            seen += node.name == name
            return moved if node.name == name and seen == k else node
        return rebuild(node, tuple(visit(c) for c in children(node)))

    return visit(e)


def by_differences(found: Case, use: tuple[str, str, int]) -> np.ndarray:
    """What the loss gains when the value moves on this one edge alone."""
    name, consumer, k = use
    values, equations = point(found.model, "edges"), []
    var = found.model.variables.get(name) or next(q.var for q in found.asked.forward if q.var.name == name)
    moved = Var("moved", var.shape_)
    for q in found.asked.forward:
        if q.var.name == consumer:
            equations.append(Equation(moved, var, q.span))
            equations.append(Equation(q.var, at_one_use(q.body, name, k, moved), q.span))
        else:
            equations.append(q)
    loss = found.asked.forward[-1].var
    return differences(equations, loss, moved, values)


def gradients_of(found: Case) -> dict[tuple[str, str], np.ndarray]:
    """All gradient symbols by differences of the forward pass."""
    assert found.asked.backward is not None
    of = found.asked.backward.of
    return {
        (of.name, b.symbol.wrt.name): differences(found.asked.forward, of, b.symbol.wrt, point(found.model, "edges"))
        for b in found.asked.backward.blocks
    }


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_on_each_edge_is_right(name: str) -> None:
    found = case(name)
    back = signals(found.asked.forward, found.asked.backward)
    run = evaluator(point(found.model, "edges"), gradients_of(found))
    for q in found.asked.forward:
        run.names[q.var.name] = run.value(q.body)
    for use, signal in back.items():
        truth = by_differences(found, use)
        for form in signal.forms:
            assert agree(run.value(form).array, truth), (use, form)


@pytest.mark.parametrize("name", MODELS)
def test_every_edge_to_the_loss_has_a_signal(name: str) -> None:
    found = case(name)
    assert found.asked.backward is not None
    back = signals(found.asked.forward, found.asked.backward)
    on_path = {b.symbol.wrt.name for b in found.asked.backward.blocks if b.contributions}
    fused = {"p"} if name in ("swish net", "entropy") else set()  # softmax and cross-entropy are one step
    for q in found.asked.forward:
        seen: Counter[str] = Counter()
        for v in occurrences(q.body):
            use = (v.name, q.var.name, seen[v.name])
            seen[v.name] += 1
            if v.name in on_path - fused and (q.var.name in on_path or q.var == found.asked.backward.of):
                assert use in back, use


# ---------------------------------------------------------------- words and blocks


def test_the_alternative_text_says_everything() -> None:
    alt = case("autoencoder").graph.alt
    assert alt == (
        "Computational graph. Input x. Parameter W. h is W times x. xhat is W transposed times h. r is xhat minus x. "
        "L is the squared norm of r over 2. W is used twice. x is used twice. The gradients of L flow back to "
        "r, xhat, h, W and x."
    )
    for name in MODELS:
        found = case(name)
        text = found.graph.alt
        assert text.isascii() and text.endswith(".") and "Computational graph. " in text
        assert all(f"{q.var.name} is " in text for q in found.asked.forward)
        assert not re.search(r"Apply|Var\(|\\|  ", text)


def test_words_keep_the_grouping() -> None:
    bodies = {q.var.name: read_aloud(q.body) for q in case("two arguments").asked.forward}
    assert bodies["b"] == "a over (1 plus v to the power 2)"
    assert bodies["g"] == "exp of (minus u)"
    assert read_aloud(case("own").asked.forward[-1].body) == "ell of h"


def test_a_large_graph_is_drawn_in_blocks() -> None:
    found = case("six layers")
    graph = found.graph
    assert len(found.operations.nodes) > 25 >= len(graph.nodes)
    first = r"\operatorname{ReLU}(\mathbfit{W}_{1}\,\mathbfit{x} + \mathbfit{b}_{1})"
    assert labels(graph, "block")[0] == first
    chain = [e.label for e in graph.edges if e.label]
    assert chain == [rf"\mathbfit{{h}}_{{{i}}}" for i in range(1, 7)]
    assert all(e.gradient for e in graph.edges)


def test_shared_weights_stay_outside_their_blocks() -> None:
    found = case("recurrent", "delta")
    graph = block_graph(found.asked, found.model, found.printer)
    assert labels(graph, "parameter") == [r"\mathbfit{W}", r"\mathbfit{U}"]
    assert not labels(graph, "target"), "what one block uses stands in its label"
    fan = [e.gradient for e in graph.edges if e.source == "leaf W"]
    assert fan == [e.gradient for e in found.operations.edges if e.source == "leaf W"]
    assert len(labels(graph, "block")) == 4


def test_indices_of_families_are_spoken() -> None:
    assert read_aloud(Var("z", (), at=(Idx("i", case("residual").model.variables["x"].shape_[0]),))) == "z i"
