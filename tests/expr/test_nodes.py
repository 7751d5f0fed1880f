"""Nodes: structural equality with cached hashes, shapes, immutability."""

from __future__ import annotations

import dataclasses

import pytest

from solgen.expr.arith import add, delta, entry, mul, num, total
from solgen.expr.build import apply
from solgen.expr.nodes import (
    Adj,
    Apply,
    Delta,
    Entry,
    Expr,
    Idx,
    Kind,
    Num,
    Pi,
    SizeNum,
    Sum,
    Var,
    rank,
    shape,
    shape_text,
)
from solgen.expr.size import Size

N, M = Size.of("n"), Size.of("m")
X, W = Var("x", (N,)), Var("W", (M, N))
I = Idx("i", N)  # noqa: E741 - the letter of the book


EXAMPLES: tuple[Expr, ...] = (
    num(2), Pi(), SizeNum(N), X, Var("x", (N,), Kind.POSITIVE), Var("x", (N,), at=(I,)),
    Adj(Var("L"), X), Adj(Var("L"), W), apply("matvec", W, X), Entry(X, (I,)), Delta(I, Idx("j", N)),
    Sum(I, Entry(X, (I,))), apply("softmax", W, params=(0,)), apply("softmax", W, params=(1,)),
)  # fmt: skip


def test_equality_is_structural() -> None:
    again = apply("matvec", Var("W", (M, N)), Var("x", (N,)))
    assert again == apply("matvec", W, X) and hash(again) == hash(apply("matvec", W, X))
    assert len({again, apply("matvec", W, X)}) == 1


def test_different_nodes_differ() -> None:
    assert len(set(EXAMPLES)) == len(EXAMPLES)
    assert num(2) != 2 and X != "x"


def test_a_number_and_a_size_are_not_the_same() -> None:
    """SizeNum(1) is a size; the number 1 is written Num."""
    assert SizeNum(Size.of(1)) != num(1)


def test_equality_of_shared_graphs_costs_nodes_not_paths() -> None:
    """Two copies of x ← x + x, sixty times: 2⁶⁰ paths."""
    a, b = Var("x", (N,)), Var("x", (N,))
    left: Expr = a
    right: Expr = b
    for _ in range(60):
        left, right = add(left, left), add(right, right)
    assert hash(left) == hash(right)
    different = add(right, right)
    assert left != different


def test_nodes_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        X.name = "y"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        X.other = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("e", "expected"),
    [
        (num(1), ()), (Pi(), ()), (SizeNum(N), ()), (X, (N,)), (W, (M, N)), (Adj(Var("L"), W), (M, N)),
        (Adj(X, W), (N, M, N)), (entry(X, (I,)), ()), (delta(I, I), ()), (total(I, W), (M, N)), (mul(X, X), (N,)),
        (apply("outer", X, X), (N, N)), (Adj(Var("L"), X, True), (N, N)),
    ],
)  # fmt: skip
def test_shapes(e: Expr, expected: tuple[Size, ...]) -> None:
    assert shape(e) == expected and rank(e) == len(expected)


def test_shapes_in_messages() -> None:
    assert (shape_text(()), shape_text((N,)), shape_text((M, N))) == ("scalar", "(n,)", "(m, n)")


def test_numbers_are_exact() -> None:
    assert num(1) == Num(num(1).value) and num(1).value.denominator == 1
    assert isinstance(apply("matvec", W, X), Apply)
