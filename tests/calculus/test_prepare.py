"""Naming the forward pass: values kept, names fresh and unique, cost linear in the nodes."""

from __future__ import annotations

import pytest

from solgen.calculus.engine.prepare import prepare
from solgen.expr.arith import add, fn
from solgen.expr.build import apply, matmul
from solgen.expr.nodes import Expr, Var
from solgen.expr.size import Size
from solgen.expr.walk import nodes, variables
from solgen.model.problem import Declaration, Equation, Model
from solgen.numeric.values.run_forward import evaluate_equations
from tests.calculus.models import MODELS
from tests.calculus.support import HERE, agree, evaluator, point, problem


@pytest.mark.parametrize("name", MODELS)
def test_every_name_of_the_file_keeps_its_value(name: str) -> None:
    model = problem(*MODELS[name]).model
    prepared = prepare(model)
    values = point(model, name)
    before, after, fused = evaluator(values), evaluator(values), evaluator(values)
    evaluate_equations(before, model.equations)
    evaluate_equations(after, prepared.shown)
    evaluate_equations(fused, prepared.equations)
    for q in model.equations:
        expected = before.names[q.var.name]
        assert expected is not None
        for run in (after, fused):
            found = run.names[q.var.name]
            assert found is not None and agree(found.array, expected.array)


@pytest.mark.parametrize("name", MODELS)
def test_names_are_fresh_and_unique_and_come_in_order(name: str) -> None:
    model = problem(*MODELS[name]).model
    prepared = prepare(model)
    left = [q.var.name for q in prepared.shown]
    assert len(set(left)) == len(left)
    sizes = {s for v in model.variables.values() for n in v.shape_ for s in n.symbols}
    taken = set(model.variables) | {f.name for f in model.functions} | sizes | {i.name for i in model.indices}
    assert not taken & {v.name for v in prepared.introduced}
    assert {v.name for v in prepared.introduced} == set(left) - {q.var.name for q in model.equations}
    known = {d.var.name for d in model.declarations}
    for q in prepared.shown:
        assert {v.name for v in variables(q.body)} <= known | set(model.fixed)
        known.add(q.var.name)


def test_a_subexpression_met_in_two_equations_is_named_once() -> None:
    model = problem("x: R[n]\na = norm2sq(x - mean(x))\nb = sum(exp(x - mean(x)))\nL = a * b", "x").model
    left = [q.var.name for q in prepare(model).shown]
    assert len(set(left)) == len(left)


def test_softmax_is_fused_with_cross_entropy_unless_its_gradient_is_asked_for() -> None:
    model = problem(*MODELS["swish softmax net"]).model
    ops = lambda keep: {n.op for q in prepare(model, keep).equations for n in nodes(q.body) if hasattr(n, "op")}  # noqa: E731
    assert "softmax_cross_entropy" in ops(frozenset())
    assert "softmax_cross_entropy" not in ops(frozenset({"p"}))


# ---------------------------------------------------------------- cost


def doubled(depth: int) -> Model:
    """L = Σ x_d with x_{k+1} = (x_k + x_k) + (x_k + x_k) as one unnamed formula: 4^d paths, a few nodes a level."""
    n = Size.of("n")
    e: Expr = Var("x", (n,))
    for _ in range(depth):
        e = add(add(e, e), add(e, e))
    declaration = Declaration(Var("x", (n,)), "input", HERE)
    return Model((declaration,), equations=(Equation(Var("L"), apply("norm2sq", e), HERE),))


def test_sharing_nested_thirty_deep_does_not_blow_up() -> None:
    """4³⁰ paths, about 60 nodes."""
    model = doubled(30)
    prepared = prepare(model)
    assert sum(1 for q in prepared.shown for _ in nodes(q.body)) < 300
    run, before = (evaluator(point(model, "deep")) for _ in range(2))
    evaluate_equations(run, prepared.shown)
    evaluate_equations(before, model.equations)
    found, expected = run.names["L"], before.names["L"]
    assert found is not None and expected is not None and agree(found.array, expected.array)


def net(layers: int) -> Model:
    """h_{k+1} = tanh(W_k h_k), as one unnamed formula, with a skip over every layer."""
    n = Size.of("n")
    weights = [Var(f"W{k}", (n, n)) for k in range(layers)]
    h: Expr = Var("x", (n,))
    for w in weights:
        h = add(fn("tanh", matmul(w, h)), h)
    declarations = tuple(Declaration(v, "parameter", HERE) for v in (Var("x", (n,)), *weights))
    return Model(declarations, equations=(Equation(Var("L"), apply("norm2sq", h), HERE),))


def test_naming_is_linear_in_the_layers() -> None:
    sizes = [sum(1 for q in prepare(net(k)).shown for _ in nodes(q.body)) for k in (50, 100)]
    assert sizes[1] < 2.2 * sizes[0]


GATE = ["h: R[n]", "U: R[n, n]", "W: R[n, n]"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["h1 = relu(W @ h)", "h2 = relu(U @ h1)"], ["z1", "z2"]),
        (["f = sigmoid(W @ h)", "i = sigmoid(U @ h)"], ["z_f", "z_i"]),
        (["p = softmax(W @ h)"], ["z"]),
        (["z = sigmoid(W @ h)", "g = tanh(U @ h)"], ["a_z", "a_g"]),
        (["z1 = W @ h", "g = tanh(U @ z1)"], ["a"]),
        (["yhat = relu(W @ h)", "ytilde = relu(U @ h)"], ["r", "u"]),
    ],
)
def test_what_a_function_is_applied_to_is_called_as_books_call_it(lines: list[str], expected: list[str]) -> None:
    left = lines[-1].split()[0]
    model = problem("\n".join([*GATE, *lines, f"L = norm2sq({left})"]), "h").model
    assert [v.name for v in prepare(model).introduced] == expected
