"""Families of samples that meet: pairs of samples, one sample by its number, a sum beside each member."""

from __future__ import annotations

import pytest

from solgen.calculus import derive
from solgen.calculus.family import aligned
from solgen.expr.arith import delta, mul
from solgen.expr.nodes import Idx, Sum, Var
from solgen.expr.size import Size
from solgen.numeric import verify
from tests.calculus.support import problem

FIRST, SECOND = Idx("i", Size.of("n")), Idx("j", Size.of("n"))
L = Var("L")


def a(index: Idx | Size) -> Var:
    return Var("a", at=(index,))


def test_a_use_at_another_letter_is_renamed() -> None:
    assert aligned(a(SECOND), a(SECOND), L, a(FIRST)) == a(FIRST)


def test_the_equations_own_index_is_summed_over() -> None:
    value = mul(a(FIRST), a(SECOND))
    assert aligned(a(SECOND), value, L, a(FIRST)) == Sum(Idx("k", FIRST.size), mul(a(Idx("k", FIRST.size)), a(FIRST)))


def test_one_sample_by_its_number() -> None:
    first = Size.of(0)
    assert aligned(a(first), a(first), L, a(FIRST)) == mul(delta(FIRST, first), a(first))


@pytest.mark.parametrize("loss", [
    "sum(sum(norm2sq(z[i] - z[j]), j), i)",
    "sum(sum(exp(z[i] @ z[j]), j), i)",
    "sum(norm2sq(z[i]), i) + norm2sq(z[0])**2",
    "sum(sum(z[i] @ z[j], j) * norm2sq(z[i]), i)",
])  # fmt: skip
def test_samples_that_meet_verify(loss: str) -> None:
    text = f"""
        i: Index[n]
        j: Index[n]
        x[i]: R[d]
        W: R[m, d]
        z[i] = tanh(W @ x[i])
        L = {loss}
    """
    checks = verify(derive(problem(text, "z, W, x")))
    assert checks.checks and not checks.failures
