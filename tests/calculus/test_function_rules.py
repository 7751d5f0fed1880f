"""Functions that meet themselves: signs and absolute values, the rest to 1 of a sigmoid."""

from __future__ import annotations

import pytest

from solgen.calculus.textbook.simplify import simplify
from solgen.expr.arith import ONE, add, div, fill, fn, mul, neg, num
from solgen.expr.nodes import Expr, Var
from solgen.expr.size import Size
from tests.calculus.support import draw, evaluator, same_value

q, s = Var("q"), Var("s")
v = Var("v", (Size.of("n"),))
ones = fill(ONE, v.shape_)


def sigmoid(e: Expr) -> Expr:
    return fn("sigmoid", e)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (div(fn("sign", q), fn("abs", q)), div(ONE, q)),
        (mul(fn("sign", q), fn("abs", q)), q),
        (neg(mul(s, div(fn("sign", q), fn("abs", q)))), neg(div(s, q))),
        (add(ones, neg(sigmoid(neg(v)))), sigmoid(v)),
        (add(ONE, neg(sigmoid(neg(q))), s), add(sigmoid(q), s)),
        (add(ONE, neg(sigmoid(q))), add(ONE, neg(sigmoid(q)))),
        (add(num(2), neg(sigmoid(neg(q)))), add(num(2), neg(sigmoid(neg(q))))),
    ],
)
def test_what_meets_is_taken_together(written: Expr, expected: Expr) -> None:
    found = simplify(written)
    assert found == expected
    assert same_value(written, found, evaluator(draw((q, s, v), "functions")))


def test_a_difference_stays_together_in_a_longer_sum() -> None:
    """(v − w) + u reads v − w + u, not v + u − w; a positive term leads."""
    u, w = (Var(name, v.shape_) for name in "uw")
    assert simplify(add(add(v, neg(w)), u)) == add(v, neg(w), u)
    assert simplify(add(neg(w), u, neg(v))) == add(u, neg(w), neg(v))
