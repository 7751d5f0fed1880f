"""An operation whose value is not what its numpy text computes is found out, whichever of the two is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from solgen.calculus.derive import derive
from solgen.expr.arith import fn
from solgen.expr.build import apply
from solgen.expr.nodes import Expr, Var
from solgen.expr.ops import TABLE
from solgen.model.problem import Problem
from solgen.numeric.verify import verify
from tests.numeric.models import N, model, problem, samples, variable

A, v = variable("A", N, N), variable("v", N)


def asked(of: Expr, name: Var) -> Problem:
    return problem(model([name], [(Var("L"), of)]), name.name)


CASES = (
    (asked(apply("tr", A), A), "tr", "index", "<- ij"),
    (asked(apply("tr", A), A), "tr", "code", {"numpy": "(2.0 * np.trace({0}))"}),
    (asked(apply("sum", fn("sin", v)), v), "sin", "code", {"numpy": "np.cos({0})"}),
    (asked(apply("norm", v), v), "norm", "code", {"numpy": "({0})"}),  # another shape
    (samples(), "tanh", "code", {"numpy": "np.tan({0})"}),
)


@contextmanager
def broken(row: object, field: str, value: object) -> Iterator[None]:
    before = getattr(row, field)
    object.__setattr__(row, field, value)
    try:
        yield
    finally:
        object.__setattr__(row, field, before)


@pytest.mark.parametrize(("found", "op", "field", "value"), CASES, ids=[f"{c[1]} {c[2]}" for c in CASES])
def test_a_wrong_meaning_is_found_out(found: Problem, op: str, field: str, value: object) -> None:
    with broken(TABLE[op], field, value):
        failures = verify(derive(found), mutants=False).failures
    assert f"operation {op}" in [check.id for check in failures]
    assert "numpy form" in next(c.message for c in failures if c.id == f"operation {op}")
    assert verify(derive(found), mutants=False).failures == ()
