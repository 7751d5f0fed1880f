from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from solgen.expr.arith import add, delta, div, fn, mul, neg, num, total
from solgen.expr.build import apply, matmul, transpose
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx, Kind, SizeNum, Sum, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.model.problem import Equation
from solgen.numeric.values.evaluator import Evaluator, Unknown, Value
from solgen.numeric.values.fields import Balls, Floats, Rationals, Undefined
from solgen.numeric.values.run_forward import evaluate_equations
from tests.numeric.models import HERE, D, M, N

SIZES = {"m": 3, "n": 4, "d": 2}
W, x = Var("W", (M, N)), Var("x", (N,))
ROW, COL = Idx("i", M), Idx("j", N)
RNG = np.random.default_rng(0)
ARRAYS = {"W": RNG.normal(size=(3, 4)), "x": RNG.normal(size=4)}


def run(**more: object) -> Evaluator:
    arrays = {**ARRAYS, **{k: np.asarray(v, dtype=float) for k, v in more.items()}}
    return Evaluator(Floats(), SIZES, {k: Value((), v) for k, v in arrays.items()}, {})


def test_index_form_and_matrix_form_agree() -> None:
    product = total(COL, mul(Entry(W, (ROW, COL)), Entry(x, (COL,))))
    value = run().value(product)
    assert value.free == (ROW,)
    np.testing.assert_allclose(value.array, ARRAYS["W"] @ ARRAYS["x"])


def test_free_indices_come_in_the_order_of_their_names() -> None:
    value = run().value(Entry(transpose(W), (COL, ROW)))
    assert value.free == (ROW, COL)
    np.testing.assert_allclose(value.array, ARRAYS["W"])


def test_a_repeated_index_is_the_diagonal() -> None:
    square = matmul(transpose(W), W)
    np.testing.assert_allclose(run().value(Entry(square, (COL, COL))).array, np.diag(ARRAYS["W"].T @ ARRAYS["W"]))


def test_delta_sum_and_positions() -> None:
    other = Idx("p", N)
    np.testing.assert_array_equal(run().value(delta(COL, other)).array, np.eye(4))
    np.testing.assert_allclose(run().value(total(COL, mul(delta(COL, other), Entry(x, (COL,))))).array, ARRAYS["x"])
    assert run().value(delta(COL, COL)).array.tolist() == [1.0] * 4
    assert run().value(Sum(COL, num(2))).array == 8.0
    assert run().value(Entry(x, (Size.of(2),))).array == ARRAYS["x"][2]
    assert run().value(SizeNum(N + D)).array == 6.0


def test_a_label_picks() -> None:
    k = Var("k", (), Kind.LABEL)
    assert run(k=1).value(Entry(x, (k,))).array == ARRAYS["x"][1]
    np.testing.assert_array_equal(run(k=1).value(delta(COL, k)).array, [0, 1, 0, 0])
    with pytest.raises(Undefined):
        run(k=4).value(Entry(x, (k,)))


def test_families_have_their_samples_first() -> None:
    i = Idx("s", D)
    xs, zs = Var("xs", (N,), at=(i,)), Var("zs", (M,), at=(i,))
    samples = RNG.normal(size=(2, 4))
    place = run(xs=samples)
    evaluate_equations(place, [Equation(zs, matmul(W, xs), HERE), Equation(Var("c", at=(i,)), num(3), HERE)])
    np.testing.assert_allclose(place.names["zs"].array, samples @ ARRAYS["W"].T)
    assert place.names["c"].array.tolist() == [3.0, 3.0]
    np.testing.assert_allclose(place.value(Sum(i, zs)).array, (samples @ ARRAYS["W"].T).sum(axis=0))
    np.testing.assert_allclose(place.value(Var("zs", (M,), at=(Size.of(1),))).array, samples[1] @ ARRAYS["W"].T)


def test_softmax_of_each_sample() -> None:
    i = Idx("s", D)
    samples = RNG.normal(size=(2, 4))
    value = run(xs=samples).value(apply("softmax", Var("xs", (N,), at=(i,))))
    np.testing.assert_allclose(value.array, np.exp(samples) / np.exp(samples).sum(axis=1, keepdims=True))


def test_own_function_of_an_array_in_a_family() -> None:
    i, k = Idx("s", D), Var("k")
    half = Callee("half", 0, k, div(k, num(2)))
    samples = RNG.normal(size=(2, 4))
    value = run(xs=samples).value(Apply("call", (Var("xs", (N,), at=(i,)),), (half,), (N,)))
    np.testing.assert_allclose(value.array, samples / 2)


def test_own_function_that_ignores_its_argument() -> None:
    three = Callee("three", 0, Var("k"), num(3))
    np.testing.assert_allclose(run().value(Apply("call", (x,), (three,), (N,))).array, [3.0] * 4)


def test_unknown_names_and_gradients_raise() -> None:
    for stranger in (Var("q"), Adj(Var("L"), x), Apply("call", (x,), (Callee("phi"),), (N,))):
        with pytest.raises(Unknown):
            run().value(stranger)


def test_a_deep_formula_needs_no_recursion() -> None:
    e: Expr = Var("a")
    for _ in range(5000):
        e = add(fn("sin", e), num(1))
    assert np.isfinite(run(a=0.5).value(e).array)


def test_shared_nodes_are_evaluated_once() -> None:
    """2^60 paths, 60 nodes."""
    e: Expr = Var("a")
    for _ in range(60):
        e = add(e, e)
    assert run(a=1).value(e).array == 2.0**60


def test_exact_values_are_exact() -> None:
    K = Rationals()
    third = Value((), K.array(K.number(Fraction(1, 3))))
    value = Evaluator(K, {}, {"a": third}, {}).value(neg(mul(Var("a"), num(3))))
    assert value.array.item() == -1


def test_scalars_of_a_family_stay_numbers_of_the_field() -> None:
    """norm of each sample, then its logarithm, in balls."""
    i = Idx("s", D)
    K = Balls(100)
    samples = np.array([[K.number(k + j + 1) for j in range(4)] for k in range(2)], dtype=object)
    place = Evaluator(K, SIZES, {"xs": Value((), samples)}, {})
    value = place.value(fn("log", apply("norm", Var("xs", (N,), at=(i,)))))
    assert value.array.shape == (2,) and all(isinstance(x, arb) for x in value.array.flat)
