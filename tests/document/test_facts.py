"""Reasons name the fact that a line rests on: whose entries, columns or rows sum to 1."""

from __future__ import annotations

import pytest

from solgen.document.cited_facts import summing_to_one
from solgen.expr.arith import entry, mul, total
from solgen.expr.build import apply
from solgen.expr.nodes import Expr, Idx, Kind, Var
from solgen.expr.size import Size

N, C = Size.of("n"), Size.of("C")
i = Idx("i", C)


def _summed(v: Var) -> Expr:
    return total(i, entry(v, (i,)))


@pytest.mark.parametrize(
    ("variable", "formula", "what"),
    [
        (Var("y", (C,), Kind.ONEHOT), _summed(Var("y", (C,), Kind.ONEHOT)), "the entries of {} sum to 1"),
        (Var("q", (C,), Kind.SIMPLEX), apply("sum", Var("q", (C,), Kind.SIMPLEX)), "the entries of {} sum to 1"),
        (Var("Y", (N, C), Kind.ONEHOT), apply("sum_cols", Var("Y", (N, C), Kind.ONEHOT)), "each row of {} sums to 1"),
    ],
)
def test_a_sum_that_is_gone_at_the_end_is_a_fact_used(variable: Var, formula: Expr, what: str) -> None:
    assert summing_to_one((formula, Var("r"))) == (variable, what)
    assert summing_to_one((formula, mul(formula, Var("r")))) is None


def test_an_undeclared_vector_sums_to_anything() -> None:
    assert summing_to_one((_summed(Var("x", (C,))), Var("r"))) is None
