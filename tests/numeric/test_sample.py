from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from solgen.errors import InputError
from solgen.expr.arith import neg, num, sub
from solgen.expr.build import apply
from solgen.expr.nodes import Entry, Idx, Kind, Var
from solgen.expr.size import Size
from solgen.numeric.points.sample import Sample, SampleSpace, sample
from solgen.numeric.values.fields import Balls, Rationals
from solgen.numeric.values.run_forward import begin_run, evaluate_equations
from solgen.numeric.values.stand_ins import Polynomial, scalar_functions
from tests.numeric.models import C, D, K, M, N, model, rectified, residual, variable

SIZES = {"m": 3, "n": 4, "d": 5, "k": 6, "C": 3, "h": 7}


def scene(*declared: Var, equations=(), functions=(), samples: str = "") -> SampleSpace:
    found = model(list(declared), list(equations), functions)
    return SampleSpace(declared, found.functions, found.equations, SIZES, samples)


def values(kind: Kind, *shape) -> list[np.ndarray]:
    return [p.values["v"] for p in sample(scene(variable("v", *shape, kind=kind)), "s").points]


def test_the_same_seed_gives_the_same_points() -> None:
    first, again, other = (sample(scene(variable("v", N)), s).points[0].values["v"] for s in "aab")
    assert (first == again).all() and (first != other).any()


def test_entries_are_rational_nonzero_and_different() -> None:
    for v in values(Kind.REAL, M, N):
        flat = [abs(x) for x in v.flat]
        assert all(isinstance(x, Fraction) and x for x in flat) and len(set(flat)) == len(flat)


@pytest.mark.parametrize(("kind", "holds"), [
    (Kind.POSITIVE, lambda x: x > 0),
    (Kind.UNIT, lambda x: 0 < x < 1),
    (Kind.BINARY, lambda x: x in (0, 1)),
    (Kind.SIGNS, lambda x: x in (-1, 1)),
])  # fmt: skip
def test_entrywise_kinds(kind: Kind, holds) -> None:
    for v in values(kind, N):
        assert all(holds(x) for x in v.flat)
        assert len(set(v.flat)) > 1  # both of 0 and 1 occur


@pytest.mark.parametrize("shape", [(), (N,), (M, N)])
@pytest.mark.parametrize("seed", "abcdefgh")
def test_every_free_real_entry_takes_both_signs_over_the_points(shape: tuple[Size, ...], seed: str) -> None:
    points = [p.values["v"] for p in sample(scene(variable("v", *shape)), seed).points]
    signs = np.array([np.sign(v.astype(float)) for v in points])
    assert (signs.min(axis=0) == -1).all() and (signs.max(axis=0) == 1).all()


def test_where_only_one_sign_is_possible_the_other_is_not_insisted_on() -> None:
    v = variable("v")
    found = sample(scene(v, equations=[(variable("y"), apply("log", v))]), "s")
    assert len(found.points) >= 3 and all(p.values["v"].item() > 0 for p in found.points)


def test_distributions_sum_to_one_along_the_right_axis() -> None:
    for rows, columns in ((Kind.ONEHOT, Kind.ONEHOT_COLUMNS), (Kind.SIMPLEX, Kind.SIMPLEX_COLUMNS)):
        assert all(v.sum() == 1 for v in values(rows, C))
        assert all((v.sum(axis=1) == 1).all() for v in values(rows, N, C))
        assert all((v.sum(axis=0) == 1).all() for v in values(columns, C, N))
    hot = values(Kind.ONEHOT, N, C)[0].argmax(axis=1)
    assert len(set(hot)) == 3


def test_square_kinds() -> None:
    assert all((v == v.T).all() for v in values(Kind.SYM, N, N))
    assert all((v != v.T).any() for v in values(Kind.REAL, N, N))
    for v in values(Kind.POSDEF, N, N):
        assert (v == v.T).all() and np.linalg.eigvalsh(v.astype(float)).min() > 0
    assert all(abs(np.linalg.det(v.astype(float))) > 1e-12 for v in values(Kind.INVERTIBLE, N, N))


def test_undefined_points_are_discarded() -> None:
    """log(1 − v·v) asks for a small v, log of a difference for luck."""
    v, w = variable("v", N), variable("w")
    inside = sub(num(1), apply("norm2sq", v))
    found = sample(scene(v, w, equations=[(Var("L"), apply("log", inside)), (Var("g"), apply("log", neg(w)))]), "s")
    assert len(found.points) == 3
    for point in found.points:
        assert sum(x * x for x in point.values["v"].flat) < 1 and point.values["w"].item() < 0


def test_undefined_everywhere_names_the_operation_and_a_kind() -> None:
    v = variable("v", N)
    with pytest.raises(InputError) as error:
        sample(scene(v, equations=[(variable("y", N), apply("log", neg(apply("square", v))))]), "s")
    diagnostic = error.value.diagnostics[0]
    assert diagnostic.code == "undefined-operation"
    assert "`log` in `y = log(-square(v))`" in diagnostic.message
    assert "Positive" in diagnostic.hint and "v" in diagnostic.hint
    assert diagnostic.span is not None


def signs_of(found: Sample, shown: SampleSpace, name: str) -> set[int]:
    signs = set()
    for point in found.points:
        run = begin_run(point, Balls(128), SIZES)
        evaluate_equations(run, shown.equations)
        signs |= {1 if x > 0 else -1 for x in run.names[name].array.flat}
    return signs


def test_both_sides_of_a_kink_occur_and_none_is_hit() -> None:
    found = rectified().model
    shown = SampleSpace(tuple(d.var for d in found.declarations), (), found.equations, SIZES)
    points = sample(shown, "s")
    assert points.unmet == () and signs_of(points, shown, "z") == {1, -1}


def test_a_side_that_is_rare_is_sought() -> None:
    """relu(v − 7/4) is positive only near the edge of the first scale."""
    v = variable("v")
    shown = scene(v, equations=[(Var("y"), apply("relu", sub(v, num(Fraction(7, 4)))))])
    found = sample(shown, "s")
    assert found.unmet == ()
    assert {p.values["v"].item() > Fraction(7, 4) for p in found.points} == {True, False}


def test_both_sides_occur_with_each_sign_of_a_slope() -> None:
    """step(b·v) is step(v) wherever b is positive: told apart only where v is positive and b negative."""
    v, b = variable("v", N), variable("b")
    for seed in map(str, range(8)):
        found = sample(scene(v, b, equations=[(variable("y", N), apply("leaky_relu", v, b))]), seed)
        met = {(x > 0, p.values["b"].item() > 0) for p in found.points for x in p.values["v"].flat}
        assert found.unmet == () and len(met) == 4


def test_a_side_that_never_occurs_with_a_sign_is_named() -> None:
    v, b = variable("v", N), variable("b")
    found = sample(scene(v, b, equations=[(variable("y", N), apply("leaky_relu", apply("square", v), b))]), "s")
    assert set(found.unmet) == {
        "the negative side of leaky_relu(square(v), b) where b is positive",
        "the negative side of leaky_relu(square(v), b) where b is negative",
    }


def test_a_side_that_never_occurs_is_named() -> None:
    v = variable("v", N)
    found = sample(scene(v, equations=[(variable("y", N), apply("relu", apply("square", v)))]), "s")
    assert found.unmet == ("the negative side of relu(square(v))",)


def test_an_unspecified_function_is_tried_as_a_polynomial_and_otherwise() -> None:
    found = residual().model
    shown = SampleSpace(tuple(d.var for d in found.declarations), found.functions, found.equations, SIZES)
    chosen = [p.functions["phi"] for p in sample(shown, "s").points]
    assert isinstance(chosen[0], Polynomial) and len({type(f) for f in chosen}) == 3


@pytest.mark.parametrize("index", range(4))
def test_derivatives_of_the_stand_ins(index: int) -> None:
    """φ^(k+1) is the difference quotient of φ^(k), for k = 0, 1, 2."""
    phi = scalar_functions(random.Random(3), 4, tame=False)[index]
    K = Balls(400)
    with K.working():
        x, h = K.array(K.number(Fraction(2, 7))), K.number(Fraction(1, 1 << 100))
        for order in range(3):
            slope = (phi.value(K, order, x + h) - phi.value(K, order, x - h)) / (2 * h)
            assert abs(slope - phi.value(K, order + 1, x)) < K.number(Fraction(1, 1 << 150))
            assert abs(slope) > K.number(Fraction(1, 1000))


def test_labels_stay_within_the_axis_they_pick_from() -> None:
    k, p = variable("y", kind=Kind.LABEL), variable("p", C, kind=Kind.POSITIVE)
    found = sample(scene(k, p, equations=[(Var("L"), Entry(p, (k,)))]), "s", 5)
    assert {point.values["y"].item() for point in found.points} <= {0, 1, 2}
    run = begin_run(found.points[0], Rationals(), SIZES)
    evaluate_equations(run, model([], [(Var("L"), Entry(p, (k,)))]).equations)
    assert run.names["L"] is not None


def test_a_family_has_a_value_for_each_sample() -> None:
    v = variable("v", D, at=(Idx("i", K),))
    assert sample(scene(v), "s").points[0].values["v"].shape == (6, 5)
