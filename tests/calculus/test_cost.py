"""Cost grows with the graph, not with its paths: counted in calls, not in seconds, so that a slow machine passes."""

from __future__ import annotations

from typing import Any

import pytest

from solgen.calculus.engine.adjoints import Detail, gradients
from solgen.calculus.engine.prepare import prepare
from solgen.expr.arith import add, fn
from solgen.expr.build import apply, matmul
from solgen.expr.nodes import Expr, Var
from solgen.expr.size import Size
from solgen.expr.walk import leaves
from solgen.model.problem import Declaration, Equation, Model
from solgen.model.step import StepId
from tests.calculus.support import HERE
from tests.calls import calls_of

N = Size.of("n")


def named_net(layers: int, tied: bool, skip: bool) -> Model:
    """h_{k+1} = tanh(W_k h_k + b) (+ h_k), one equation a layer."""
    equations, h = [], Var("x", (N,))
    weights = [Var("W" if tied else f"W{k}", (N, N)) for k in range(layers)]
    bias = Var("b", (N,))
    for k, w in enumerate(weights):
        body: Expr = fn("tanh", add(matmul(w, h), bias))
        body = add(body, h) if skip else body
        h = Var(f"h{k}", (N,))
        equations.append(Equation(h, body, HERE))
    equations.append(Equation(Var("L"), apply("norm2sq", h), HERE))
    leaves_ = dict.fromkeys((Var("x", (N,)), bias, *weights))
    return Model(tuple(Declaration(v, "parameter", HERE) for v in leaves_), equations=tuple(equations))


def all_gradients(model: Model) -> Any:
    names = [d.var.name for d in model.declarations]
    assert model.output is not None
    return gradients(prepare(model), model.output, names, Detail(), StepId())


@pytest.mark.parametrize("skip", [False, True], ids=["plain", "skip"])
@pytest.mark.parametrize("tied", [False, True], ids=["own", "tied"])
def test_gradients_of_a_deep_net_cost_twice_for_twice_the_layers(tied: bool, skip: bool) -> None:
    """2^50 paths with skips; a weight tied over all layers has one contribution a layer."""
    costs = []
    for layers in (50, 100):
        model = named_net(layers, tied, skip)
        costs.append(calls_of(lambda model=model: all_gradients(model)))  # type: ignore[misc]
    assert costs[1] < 2.5 * costs[0], costs


def test_no_printed_form_grows_with_the_depth() -> None:
    """Answers hold symbols of gradients, not written-out chains of a hundred layers."""
    found = all_gradients(named_net(60, tied=False, skip=True))
    longest = max(leaves(e) for b in found.blocks for e in (*b.total.chain, b.closed, *b.final))
    assert longest < 80


def test_a_formula_with_exponentially_many_paths_is_differentiated() -> None:
    """x ← (x + x) + (x + x), thirty times in one formula; the gradient is 2·4³⁰·4³⁰ x."""
    e: Expr = Var("x", (N,))
    for _ in range(30):
        e = add(add(e, e), add(e, e))
    declaration = Declaration(Var("x", (N,)), "input", HERE)
    model = Model((declaration,), equations=(Equation(Var("L"), apply("norm2sq", e), HERE),))
    assert calls_of(lambda: all_gradients(model)) < 2_000_000
