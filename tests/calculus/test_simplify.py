"""Textbook form: every rewrite keeps the value on random expressions, is idempotent, ends, and does not lengthen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from solgen.calculus.textbook.simplify import simplify, tidy
from solgen.expr.arith import add, div, fill, fn, mul, neg, num, power, sub
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Expr, Idx, Kind, SizeNum, Sum, Var, shape
from solgen.expr.size import Size
from solgen.expr.walk import children, nodes, variables
from solgen.numeric.values.evaluator import Evaluator
from solgen.numeric.values.fields import Undefined
from tests.calculus.strategies import expressions
from tests.calculus.support import draw, evaluator, same_value

TRY = settings(max_examples=250, suppress_health_check=list(HealthCheck))


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


# ---------------------------------------------------------------- one by one

N, M = Size.of("n"), Size.of("m")
X, Y, Z = (Var(c, (M,)) for c in "xyz")
S, T = Var("s"), Var("t")
A, B, Q = Var("A", (M, N)), Var("B", (M, N)), Var("Q", (M, M), Kind.SYM)
SIGN, BIT, HOT = Var("g", (M,), Kind.SIGNS), Var("b", (M,), Kind.BINARY), Var("o", (M,), Kind.ONEHOT)
CODE = Var("C", (N, M), Kind.ONEHOT)
ONES = fill(num(1), (M,))


def of(op: str, *args: Expr, params: tuple[object, ...] = ()) -> Expr:
    return apply(op, *args, params=params)


IDENTITIES: tuple[tuple[Expr, Expr], ...] = (
    (mul(SIGN, mul(SIGN, X)), X),  # ±1 squared
    (power(SIGN, 3), SIGN),
    (div(X, SIGN), mul(X, SIGN)),
    (mul(BIT, BIT), BIT),  # 0 or 1 squared
    (mul(HOT, mul(HOT, X)), mul(HOT, X)),
    (of("sum", HOT), num(1)),
    (of("sum_cols", CODE), fill(num(1), (N,))),
    (of("sum", of("softmax", X)), num(1)),
    (of("transpose", Q), Q),
    (add(mul(num(-2), X), mul(num(-2), Y)), neg(mul(num(2), add(X, Y)))),  # common factors in front
    (sub(mul(S, X), mul(S, Y)), mul(S, sub(X, Y))),
    (add(X, neg(sub(X, Y))), Y),  # terms that meet
    (neg(sub(X, Y)), sub(Y, X)),
    (neg(of("outer", sub(X, Y), Z)), of("outer", sub(Y, X), Z)),
    (sub(Z, sub(X, Y)), sub(Z, sub(X, Y))),  # a difference is kept together
    (mul(sub(div(sub(num(1), S), sub(num(1), T)), div(S, T)), mul(T, sub(num(1), T))), sub(T, S)),
    (mul(T, sub(num(1), T)), mul(T, sub(num(1), T))),  # not multiplied out for its own sake
    (mul(mul(fn("sigmoid", neg(mul(S, T))), S), X), mul(mul(S, fn("sigmoid", neg(mul(S, T)))), X)),
    (mul(fn("sigmoid", X), sub(ONES, Y)), mul(fn("sigmoid", X), sub(ONES, Y))),
    (div(num(1), add(num(1), fn("exp", neg(S)))), fn("sigmoid", S)),
    (div(fn("sinh", X), fn("cosh", X)), fn("tanh", X)),
    (fn("step", fn("relu", X)), fn("step", X)),
    (of("sum", mul(X, X)), of("norm2sq", X)),
    (of("dot", X, X), of("norm2sq", X)),
    (div(of("norm2sq", X), of("norm", X)), of("norm", X)),
    (of("sum", mul(X, Y)), of("dot", X, Y)),
    (of("dot", of("eye", params=(M,)), Q), of("tr", Q)),
    (of("matvec", of("diag", X), Y), mul(X, Y)),
    (of("matmul", A, of("transpose", of("outer", Z, Var("w", (N,))))), of("outer", of("matvec", A, Var("w", (N,))), Z)),
    (of("transpose", of("matmul", of("transpose", A), B)), of("matmul", of("transpose", B), A)),
    (of("transpose", neg(fill(S, (M, N)))), neg(fill(S, (N, M)))),
    (of("matvec", Q, mul(div(num(1), S), X)), mul(div(num(1), S), of("matvec", Q, X))),
)


@pytest.mark.parametrize(("e", "expected"), IDENTITIES, ids=range(len(IDENTITIES)))
def test_identities(e: Expr, expected: Expr) -> None:
    names = dict.fromkeys((*variables(e), *variables(expected)))
    values = draw(names, "identities") | {"g": np.array([Fraction(1), Fraction(-1), Fraction(-1)], dtype=object)}
    assert same_value(e, expected, evaluator(values))
    assert simplify(e) == expected


def test_sums_over_samples_keep_what_depends_on_the_sample() -> None:
    """Σ_i s a_i x_i = s Σ_i a_i x_i."""
    i = Idx("i", N)
    a, x = Var("a", (), at=(i,)), Var("x", (M,), at=(i,))
    e = Sum(i, mul(mul(S, a), x))
    assert simplify(e) == mul(S, Sum(i, mul(a, x)))
    assert same_value(e, simplify(e), evaluator(draw([S, a, x], "samples")))
    assert simplify(Sum(i, X)) == mul(SizeNum(N), X)


def test_inner_product_and_sum_of_numbers() -> None:
    s, t = Var("s"), Var("t")
    assert simplify(apply("dot", s, t)) == mul(s, t)
    assert simplify(apply("sum", s)) == s
