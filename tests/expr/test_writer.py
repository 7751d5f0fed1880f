"""Formulas as text: parentheses exactly where Python needs them."""

from __future__ import annotations

import ast
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgen.expr.arith import add, delta, div, fill, fn, mul, neg, num, power, sub, total
from solgen.expr.build import apply, matmul, transpose
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx, Pi, SizeNum, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.expr.text import text
from solgen.numeric.code import Names, NumpyWriter
from solgen.numeric.evaluate import Evaluator, Value
from solgen.numeric.fields import Floats
from tests.numeric.models import D, M, N, variable

A, B, v, w = variable("A", N, N), variable("B", N, N), variable("v", N), variable("w", N)
a, b = Var("a"), Var("b")


def source(e: Expr) -> str:
    return NumpyWriter(Names(["A", "B", "v", "w", "a", "b"])).write(e)


@pytest.mark.parametrize(("e", "expected"), [
    (matmul(A, matmul(B, v)), "A @ (B @ v)"),
    (matmul(matmul(A, B), v), "A @ B @ v"),
    (sub(v, sub(w, v)), "v - (w - v)"),
    (add(v, neg(w)), "v - w"),
    (neg(add(v, w)), "-(v + w)"),
    (mul(add(v, w), v), "(v + w) * v"),
    (neg(mul(v, w)), "-(v * w)"),
    (power(neg(a), 2), "(-a) ** 2.0"),
    (neg(power(a, 2)), "-a ** 2.0"),
    (power(power(a, b), 2), "(a ** b) ** 2.0"),
    (power(a, power(b, 2)), "a ** b ** 2.0"),
    (power(a, num(Fraction(-1, 2))), "a ** -0.5"),
    (div(a, mul(a, b)), "a / (a * b)"),
    (mul(num(Fraction(1, 3)), v), "1.0 / 3.0 * v"),
    (div(v, num(Fraction(1, 3))), "v / (1.0 / 3.0)"),
    (transpose(add(A, B)), "(A + B).T"),
    (matmul(transpose(A), v), "A.T @ v"),
    (div(apply("sum", v), SizeNum(N + D)), "np.sum(v) / (d + n)"),
    (apply("softmax", A, params=(1,)), "_softmax(A, 1)"),
    (apply("softmax", v), "_softmax(v, 0)"),
    (fill(a, (N, D)), "np.full((n, d), a)"),
    (fill(num(1), (N,)), "np.full((n,), 1.0)"),
    (apply("call", v, params=(Callee("phi", 1),)), "phi_prime(v)"),
    (fn("step", sub(v, w)), "np.where(v - w > 0, 1.0, 0.0)"),
    (mul(Pi(), a), "np.pi * a"),
    (total(Idx("k", N), mul(Entry(A, (Idx("k", N), Size.of(0))), delta(Idx("k", N), Size.of(1)))),
     "sum(A[k, 0] * float(k == 1) for k in range(n))"),
])  # fmt: skip
def test_numpy_source(e: Expr, expected: str) -> None:
    assert source(e) == expected
    ast.parse(source(e))


@pytest.mark.parametrize(("e", "expected"), [
    (matmul(A, matmul(B, v)), "A @ (B @ v)"),
    (num(Fraction(1, 2)), "1 / 2"),
    (mul(Adj(Var("L"), v), v), "dL/dv * v"),
    (apply("softmax", A, params=(0,)), "softmax(A, axis=0)"),
    (apply("sum_rows", A), "sum(A, axis=0)"),
    (apply("outer", v, w), "outer(v, w)"),
    (apply("eye", params=(N,)), "eye(n)"),
    (apply("call", v, params=(Callee("phi", 2),)), "phi′′(v)"),
    (variable("z", M, at=(Idx("i", N),)), "z[i]"),
])  # fmt: skip
def test_model_language(e: Expr, expected: str) -> None:
    assert text(e) == expected


def test_a_huge_formula_is_not_written_out() -> None:
    e: Expr = a
    for _ in range(50):
        e = mul(e, e)
    assert text(e) == f"(a formula of {2**50} symbols)"


def test_names_that_clash_with_the_module_are_changed() -> None:
    names = Names(["np", "sum", "x", "_softmax", "lambda_"])
    assert [names.of(n) for n in ("np", "sum", "x", "_softmax", "lambda_")] == [
        "np_",
        "sum_",
        "x",
        "_softmax_",
        "lambda_",
    ]
    assert NumpyWriter(names).write(mul(Var("np"), Var("sum"))) == "np_ * sum_"


SCALARS = st.recursive(
    st.sampled_from([a, b, num(2), num(Fraction(-1, 3)), num(Fraction(1, 2))]),
    lambda inner: st.one_of(
        st.builds(add, inner, inner), st.builds(sub, inner, inner), st.builds(mul, inner, inner), st.builds(neg, inner),
        st.builds(lambda x, y: div(x, add(num(1), mul(y, y))), inner, inner), st.builds(lambda x: fn("sin", x), inner),
        st.builds(lambda x: power(fn("sin", x), 2), inner), st.builds(lambda x: Apply("relu", (x,)), inner),
    ),
    max_leaves=12,
)  # fmt: skip


@given(SCALARS)
def test_source_parses_to_the_same_value(e: Expr) -> None:
    """The text, read back by Python's own parser, has the value of the tree."""
    values = {"a": 0.75, "b": -1.25}
    run = Evaluator(Floats(), {}, {k: Value((), np.asarray(x)) for k, x in values.items()}, {})
    expected = float(run.value(e).array)
    assert np.isclose(interpreted(ast.parse(source(e), mode="eval").body, values), expected, rtol=1e-9, atol=1e-9)


OPERATORS = {
    ast.Add: lambda x, y: x + y, ast.Sub: lambda x, y: x - y, ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y, ast.Pow: lambda x, y: x**y,
}  # fmt: skip


def interpreted(node: ast.AST, values: dict[str, float]) -> float:
    match node:
        case ast.Constant(value=x):
            return x
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=x, op=op, right=y):
            return OPERATORS[type(op)](interpreted(x, values), interpreted(y, values))
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return -interpreted(x, values)
        case ast.Call(func=ast.Attribute(attr="sin"), args=[x]):
            return float(np.sin(interpreted(x, values)))
        case ast.Call(func=ast.Attribute(attr="maximum"), args=[x, y]):
            return max(interpreted(x, values), interpreted(y, values))
    raise AssertionError(ast.dump(node))
