"""Textbook form: every rewrite keeps the value on random expressions, is idempotent, ends, and does not lengthen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings

from solgen.calculus.simplify import simplify, tidy
from solgen.expr.nodes import Adj, Expr, Var, shape
from solgen.expr.walk import children, nodes, variables
from solgen.numeric.evaluate import Evaluator
from solgen.numeric.fields import Undefined
from tests.calculus.strategies import expressions
from tests.calculus.support import draw, evaluator, same_value

TRY = settings(max_examples=400, suppress_health_check=list(HealthCheck))


def at_a_point(*forms: Expr) -> Evaluator:
    """An evaluator that has values for all forms; the example is dropped where the first has none."""
    names = dict.fromkeys(v for e in forms for v in variables(e))
    run = evaluator(draw(names, "simplify"))
    try:
        run.value(forms[0])
    except Undefined:
        assume(False)
    return run


@TRY
@given(expressions())
@pytest.mark.parametrize("rewrite", [simplify, tidy])
def test_the_value_and_the_shape_are_kept(rewrite: Callable[[Expr], Expr], e: Expr) -> None:
    found = rewrite(e)
    assert shape(found) == shape(e)
    run = at_a_point(e)
    assert same_value(e, found, run)


@TRY
@given(expressions())
@pytest.mark.parametrize("rewrite", [simplify, tidy])
def test_a_second_time_changes_nothing(rewrite: Callable[[Expr], Expr], e: Expr) -> None:
    once = rewrite(e)
    assert rewrite(once) == once


@TRY
@given(expressions())
def test_what_is_simplified_is_not_longer(e: Expr) -> None:
    assert symbols(simplify(e)) <= symbols(e)


def symbols(e: Expr) -> int:
    """How many names a reader sees, with repetition; numbers and sizes are not counted (1ᵀ(s1) = n s)."""
    memo: dict[Expr, int] = {}
    for node in nodes(e):
        memo[node] = sum(memo[c] for c in children(node)) + isinstance(node, Var | Adj)
    return memo[e]
