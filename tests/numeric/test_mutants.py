from __future__ import annotations

import pytest

from solgen.calculus.derive import derive
from solgen.expr.arith import add, div, fn, mul, neg, num
from solgen.expr.build import apply, matmul, transpose
from solgen.expr.nodes import Kind, SizeNum, Var
from solgen.numeric.checks.mutants import MOST, mutants_of
from solgen.numeric.verify import verify
from tests.numeric.models import C, D, N, autoencoder, model, problem, residual, variable

A, B, v, w = variable("A", N, N), variable("B", N, N), variable("v", N), variable("w", N)


def labels(answer, *names) -> set[str]:
    return {m.label for m in mutants_of(answer, names)}


def test_every_kind_of_slip_is_made() -> None:
    answer = add(div(matmul(A, transpose(B)), SizeNum(N)), apply("outer", v, w))
    found = labels(answer, A, B, v, w)
    assert {"sign", "2 times", "0.5 times", "1.0001 times", "one entry", "transposed"} <= found
    assert {"term outer(v, w) dropped", "sign of outer(v, w)", "division by n dropped", "n doubled"} <= found
    assert {"order of outer(v, w)", "B for A", "A transposed", "transpose of B dropped", "w for v"} <= found


def test_a_mask_dropped() -> None:
    masked = mul(v, fn("step", w))
    assert {"factor step(w) dropped", "v for w"} <= labels(masked, v, w)


def test_a_mask_moved() -> None:
    """To the next term, and out of the product that it stands in."""
    masked = mul(v, fn("step", w))
    other = apply("matvec", B, v)
    found = {m.answer for m in mutants_of(add(masked, other), (v, w)) if "moved" in m.label}
    assert found == {add(v, mul(other, fn("step", w)))}
    found = {m.answer for m in mutants_of(apply("matvec", A, masked), (v, w)) if "moved" in m.label}
    assert found == {mul(apply("matvec", A, v), fn("step", w))}


def test_the_other_axis_of_a_square_matrix() -> None:
    assert "axis of sum(A, axis=0)" in labels(apply("sum_rows", A), A)
    assert not any("axis" in label for label in labels(apply("sum_rows", variable("R", N, D)), A))


def test_a_formula_has_only_so_many_mutants() -> None:
    long = v
    for k in range(60):
        long = add(mul(num(k + 2), long), w)
    assert len(mutants_of(long, (v, w))) <= MOST


@pytest.mark.parametrize("make", [autoencoder, residual])
def test_all_are_told_apart(make) -> None:
    found = verify(derive(make())).mutants
    assert found.killed >= 13 and found.equivalent == () and found.survived == ()


def test_an_equal_mutant_is_recorded_as_equivalent() -> None:
    """tr(BᵀAB): the gradient B Bᵀ is symmetric, so its transpose is the answer itself."""
    W, X, L = variable("W", N, N), variable("X", N, D), Var("L")
    trace = apply("tr", matmul(transpose(X), matmul(W, X)))
    found = verify(derive(problem(model([W, X], [(L, trace)]), "W"))).mutants
    assert [*map(str, found.equivalent)] == ["dL/dW: transposed"] and found.survived == ()


def test_an_undefined_mutant_is_told_apart() -> None:
    """1/x with a neighbour that is 0 now and then."""
    x, y = variable("x", N, kind=Kind.POSITIVE), variable("y", N, kind=Kind.BINARY)
    loss = add(apply("sum", fn("log", x)), apply("dot", y, y))
    found = verify(derive(problem(model([x, y], [(Var("L"), loss)]), "x"))).mutants
    assert found.survived == ()


def test_mutants_can_be_left_out() -> None:
    assert verify(derive(autoencoder()), mutants=False).mutants.killed == 0


def test_a_label_is_not_confused_with_a_number() -> None:
    """−log p[k]: no mutant puts a number in the label's place, and all are told apart."""
    W, x, k = variable("W", C, D), variable("x", D), variable("k", kind=Kind.LABEL)
    z, p, s = variable("z", C), variable("p", C), Var("s")
    steps = [(z, matmul(W, x)), (p, apply("softmax", z)), (s, apply("pick", p, k)), (Var("L"), neg(fn("log", s)))]
    found = verify(derive(problem(model([W, x, k], steps), "W x")))
    assert found.failures == () and found.mutants.survived == ()
