"""The reverse sweep on real models: every gradient, of leaves and intermediate names, equals differences."""

from __future__ import annotations

import pytest

from solgen.calculus.engine.adjoints import Detail
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.engine.sweep import on_path, sweep
from solgen.expr.nodes import Adj, Expr
from solgen.expr.walk import nodes
from solgen.model.derivation import Gradients
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.point import sample_axes
from solgen.numeric.values.run_forward import evaluate_equations, family_value
from tests.calculus.models import MODELS
from tests.calculus.support import agree, derived, differences, evaluator, point, problem, var


@pytest.mark.parametrize("name", MODELS)
def test_gradients_equal_differences(name: str) -> None:
    """Of the forward pass as the file writes it, at a point with both signs."""
    model, asks, extra = MODELS[name]
    source = problem(model, asks, extra).model
    prepared, found = derived(model, asks, extra)
    values = point(source, name)
    run = evaluator(values)
    evaluate_equations(run, prepared.shown)
    assert found.of.name == source.equations[-1].var.name
    for block in found.blocks:
        symbol = block.symbol
        got = _record(run, symbol, block.value)
        named = {q.var.name for q in prepared.shown} - {q.var.name for q in source.equations}
        forward = prepared.shown if symbol.wrt.name in named else source.equations
        assert agree(got.array, differences(forward, found.of, symbol.wrt, values)), f"{name}: {symbol.wrt.name}"
    assert {n.strip() for n in asks.split(",")} == {b.symbol.wrt.name for b in found.blocks if b.asked}


@pytest.mark.parametrize("style", [Detail(), Detail(0, False), Detail(9, True)], ids=["plain", "named", "long"])
@pytest.mark.parametrize("name", MODELS)
def test_every_member_of_every_chain_has_the_value_of_its_gradient(name: str, style: Detail) -> None:
    model, asks, extra = MODELS[name]
    prepared, found = derived(model, asks, extra, style)
    run = evaluator(point(problem(model, asks, extra).model, name))
    evaluate_equations(run, prepared.shown)
    for block in found.blocks:
        value = _record(run, block.symbol, block.value)
        for form in (*block.total.chain, block.closed, *block.final):
            assert agree(_at(run, block.symbol, form).array, value.array), f"{name}: {block.symbol.wrt.name}: {form}"
        for contribution in block.contributions:
            first, *others = (_at(run, block.symbol, e).array for e in contribution.line.chain)
            assert all(agree(first, other) for other in others), f"{name}: {contribution.line.id}"


def _record(run: Evaluator, symbol: Adj, form: Expr) -> Value:
    """The value of a gradient, kept under its symbol for the formulas that follow."""
    found = _at(run, symbol, form)
    run.adjoints[(symbol.of.name, symbol.wrt.name)] = found
    return found


def _at(run: Evaluator, symbol: Adj, form: Expr) -> Value:
    value = run.value(form)
    return family_value(run, value, sample_axes(symbol))


# ---------------------------------------------------------------- paths and uses


def tied() -> tuple[Prepared, Gradients]:
    return derived(*MODELS["tied autoencoder"])


def test_a_weight_used_twice_has_two_contributions() -> None:
    _, found = tied()
    (block,) = [b for b in found.blocks if b.symbol.wrt.name == "W"]
    assert len(block.contributions) == 2
    assert len({c.line.id for c in block.contributions}) == 2


def test_a_weight_shared_over_time_has_one_contribution_a_step() -> None:
    _, found = derived(*MODELS["recurrent net, three steps"])
    shared = {b.symbol.wrt.name: len(b.contributions) for b in found.blocks}
    assert (shared["W"], shared["U"], shared["b"], shared["h1"]) == (3, 3, 3, 1)


def test_gradients_come_from_the_loss_backwards() -> None:
    """Each block needs only gradient symbols of earlier blocks."""
    for model, asks, extra in MODELS.values():
        prepared, found = derived(model, asks, extra)
        seen = {found.of.name}
        for block in found.blocks:
            for form in (*block.total.chain, *(e for c in block.contributions for e in c.line.chain)):
                assert {n.wrt.name for n in _symbols(form)} <= seen
            seen.add(block.symbol.wrt.name)
        assert len({q.var.name for q in prepared.shown}) == len(prepared.shown)


def _symbols(e: Expr) -> list[Adj]:

    return [n for n in nodes(e) if isinstance(n, Adj)]


def test_a_name_off_every_path_has_gradient_zero_in_its_shape() -> None:
    _, found = derived("x: R[n]\nW: R[m, n]\nL = norm2sq(x)", "W")
    (block,) = found.blocks
    assert block.contributions == ()
    assert agree(evaluator({}).value(block.value).array, [[0] * 2] * 3)


def test_only_names_between_are_swept() -> None:
    prepared, _ = derived("x: R[n]\ny: R[n]\na = x * x\nb = y * y\nL = a @ b + sum(b)", "x")
    assert on_path(prepared.equations, "L", {"x"}) == {"x", "a", "L"}
    swept = sweep(prepared.equations, var("L"), ["x"])
    assert [a.symbol.wrt.name for a in swept] == ["a", "x"]
