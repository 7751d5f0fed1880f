from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from solgen.expr.arith import div, fn, mul, num
from solgen.expr.build import apply, matmul
from solgen.expr.nodes import Var
from solgen.model.problem import Equation
from solgen.numeric.checks.oracle import (
    BITS,
    Flow,
    against_differences,
    difference_jacobian,
    differences,
    directions,
    step,
)
from solgen.numeric.values.fields import Balls, NotExact, Rationals
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations, numbers
from solgen.numeric.values.stand_ins import Polynomial
from tests.numeric.models import HERE, M, N, variable

TINY = arb(10) ** -50
SIZES = {"m": 2, "n": 3}
X = np.array([Fraction(1, 2), Fraction(-3, 4), Fraction(5, 4)], dtype=object)
x, y, L = variable("x", N), variable("y", N), Var("L")


def run(equations: list[Equation], K=None):
    found = begin_run(Point({"x": X}, {"phi": Polynomial((Fraction(1), Fraction(2)))}), K or Balls(BITS[0]), SIZES)
    evaluate_equations(found, equations)
    return found


def judge(equations: list[Equation], gradient: list[Fraction], of: Var = L):
    place = run(equations)
    with place.field.working():
        g = numbers(place.field, np.array(gradient, dtype=object))
    flow = Flow(equations)

    def by(*args):
        return differences(args[0], flow, *args[1:])

    return against_differences(place, by, of, x, g, directions((3,), random.Random(0)), BITS[0])


CUBE = [Equation(y, mul(mul(x, x), x), HERE), Equation(L, apply("sum", y), HERE)]
RIGHT = [3 * v * v for v in X]


def test_a_right_gradient_shows_its_second_order() -> None:
    found = judge(CUBE, RIGHT)
    assert found.verdict == "equal" and found.digits >= 50


@pytest.mark.parametrize("factor", [Fraction(10001, 10000), 1 + Fraction(1, 10**6), 1 + Fraction(1, 10**20), -1, 2])
def test_a_wrong_gradient_is_told_apart(factor: Fraction) -> None:
    found = judge(CUBE, [RIGHT[0], RIGHT[1] * factor, RIGHT[2]])
    assert found.verdict == "different"
    assert "direction 2" in found.detail


@pytest.mark.parametrize("scale", [Fraction(1, 10**4), Fraction(10**4), Fraction(1, 10**40)])
def test_the_scale_of_the_loss_does_not_matter(scale: Fraction) -> None:
    scaled = [CUBE[0], Equation(L, mul(num(scale), apply("sum", y)), HERE)]
    assert judge(scaled, [scale * g for g in RIGHT]).verdict == "equal"
    assert judge(scaled, [scale * g * (1 + Fraction(1, 10**6)) for g in RIGHT]).verdict == "different"


def test_quadratic_functions_have_no_error() -> None:
    assert judge([Equation(L, apply("norm2sq", x), HERE)], [2 * v for v in X]).verdict == "equal"


def test_no_path_has_a_zero_gradient() -> None:
    constant = [Equation(L, num(3), HERE)]
    assert judge(constant, [Fraction(0)] * 3).verdict == "equal"
    assert judge(constant, [Fraction(0), Fraction(1, 10**30), Fraction(0)]).verdict == "different"


def test_an_intermediate_value_is_cut_from_what_made_it() -> None:
    z = variable("z", N)
    steps = [Equation(z, mul(num(2), x), HERE), Equation(L, apply("dot", z, x), HERE)]
    assert [q.var.name for q in Flow(steps).equations_between("z", "L")] == ["L"]
    place = run(steps)
    v = directions((3,), random.Random(0))
    _, narrow = differences(place, Flow(steps), L, "z", v, step(BITS[0]))
    with place.field.working():
        assert all(abs(d - x) < TINY for d, x in zip(narrow, numbers(place.field, X), strict=True))


def test_jacobian_of_a_product_is_exact_and_of_a_sine_is_enclosed() -> None:
    A = variable("A", M, N)
    c = Equation(variable("c", M), matmul(A, x), HERE)
    values = np.array([[Fraction(i + 2 * j, 3) for j in range(3)] for i in range(2)], dtype=object)
    place = begin_run(Point({"x": X, "A": values}, {}), Rationals(), SIZES)
    assert (difference_jacobian(place, c, "x", 128).array == numbers(place.field, values)).all()
    with pytest.raises(NotExact):
        difference_jacobian(place, Equation(y, fn("sin", x), HERE), "x", 128)
    balls = run([], Balls(512))
    found = difference_jacobian(balls, Equation(y, fn("sin", x), HERE), "x", 512).array
    with balls.field.working():
        for k, entry in enumerate(X):
            error = found[k, k] - balls.field.number(entry).cos()
            assert error.contains(0) and error.rad() < TINY
            assert found[k, (k + 1) % 3].contains(0)


def test_large_variables_are_sampled_and_small_ones_exhausted() -> None:
    small = directions((4, 5), random.Random(0))
    assert small.shape == (20, 4, 5) and (small.sum(axis=0) == 1).all()
    large = directions((20, 30), random.Random(0))
    assert large.shape == (13, 20, 30) and (large[10:] != 0).all()


def test_division_shows_third_order_terms_too() -> None:
    steps = [Equation(L, apply("sum", div(num(1), x)), HERE)]
    assert judge(steps, [-1 / v**2 for v in X]).verdict == "equal"
    assert judge(steps, [1 / v**2 for v in X]).verdict == "different"
