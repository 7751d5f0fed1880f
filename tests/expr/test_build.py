"""Checked construction: what @, .T, * and + mean for shapes, as numpy has it, and what they refuse."""

from __future__ import annotations

import pytest

from solgen.expr.build import apply, broadcast, entrywise, matmul, plus, scalar, spread, times, transpose
from solgen.expr.nodes import Apply, Expr, Var, shape
from solgen.expr.ops import ShapeError
from solgen.expr.size import ONE, Size

N, M = Size.of("n"), Size.of("m")
S, V, U = Var("s"), Var("v", (N,)), Var("u", (M,))
A, B, Q = Var("A", (M, N)), Var("B", (N, M)), Var("Q", (N, N))
ROW, COL = apply("row", V), apply("col", U)


def op(e: Expr) -> str:
    assert isinstance(e, Apply)
    return e.op


@pytest.mark.parametrize(
    ("left", "right", "name", "result"),
    [
        (A, B, "matmul", (M, M)), (A, V, "matvec", (M,)), (U, A, "vecmat", (N,)), (V, V, "dot", ()),
        (transpose(V), V, "dot", ()), (A, transpose(V), "matvec", (M,)), (transpose(U), A, "vecmat", (N,)),
        (transpose(A), U, "matvec", (N,)), (ROW, Q, "matmul", (ONE, N)),
    ],
)  # fmt: skip
def test_the_product_of_matrices_and_vectors(left: Expr, right: Expr, name: str, result: tuple[Size, ...]) -> None:
    e = matmul(left, right)
    assert (op(e), shape(e)) == (name, result)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (A, A, ("n", "m")), (A, U, ("n", "m")), (V, A, ("n", "m")), (V, U, ("n", "m")), (S, V, ("scalar", "(n,)")),
        (V, transpose(V), ("outer",)), (A, S, ("(m, n)", "scalar")),
    ],
)  # fmt: skip
def test_products_that_do_not_conform(left: Expr, right: Expr, said: tuple[str, ...]) -> None:
    """The message names both sizes."""
    with pytest.raises(ShapeError) as caught:
        matmul(left, right)
    assert all(word in str(caught.value) for word in said)


def test_transposes() -> None:
    assert shape(transpose(A)) == (N, M)
    assert shape(transpose(V)) == (N,) and transpose(transpose(V)) == V
    assert transpose(S) is S


def test_arrays_of_size_one_are_scalars_where_one_is_needed() -> None:
    one, grid = Var("y", (ONE,)), Var("Y", (ONE, ONE))
    assert shape(scalar(one)) == shape(scalar(grid)) == ()
    assert scalar(V) is V and scalar(S) is S
    assert shape(plus(one, S)) == () and shape(times(grid, V)) == (N,)


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        (S, S, ()), (S, V, (N,)), (V, S, (N,)), (V, V, (N,)), (A, S, (M, N)), (A, A, (M, N)),
        (A, V, (M, N)), (A, U, (M, N)), (V, A, (M, N)), (A, ROW, (M, N)), (COL, A, (M, N)), (COL, ROW, (M, N)),
    ],
)  # fmt: skip
def test_broadcasting(left: Expr, right: Expr, result: tuple[Size, ...]) -> None:
    """A vector spreads along the axis that bears its dimension's name."""
    assert shape(plus(left, right)) == shape(times(left, right)) == result


@pytest.mark.parametrize(("left", "right"), [(Q, V), (V, U), (A, B), (A, Var("w", (Size.of("k"),))), (Q, A)])
def test_ambiguous_or_impossible_broadcasts_are_refused(left: Expr, right: Expr) -> None:
    with pytest.raises(ShapeError):
        plus(left, right)


def test_an_ambiguous_vector_is_told_how_to_say_it() -> None:
    with pytest.raises(ShapeError, match=r"row\(…\) or col\(…\)"):
        plus(Q, V)
    assert shape(plus(Q, ROW)) == (N, N)


def test_spreading_a_row_leaves_no_traces() -> None:
    """A + row(v) is A + 1 vᵀ, not A + 1 ((vᵀ)ᵀ)ᵀ."""
    spread_row = broadcast((A, ROW))[1]
    assert op(spread_row) == "rows" and isinstance(spread_row, Apply) and spread_row.args == (V,)
    spread_column = broadcast((COL, A))[0]
    assert op(spread_column) == "cols" and isinstance(spread_column, Apply) and spread_column.args == (U,)


def test_a_sign_stays_in_front_of_what_is_spread() -> None:
    """X − row(μ) is X − 1 μᵀ."""
    found = broadcast((A, apply("neg", ROW)))[1]
    assert op(found) == "neg" and isinstance(found, Apply) and op(found.args[0]) == "rows"


def test_spreading_to_a_shape() -> None:
    assert shape(spread(S, (M, N))) == (M, N) and spread(V, (N,)) is V
    with pytest.raises(ShapeError):
        spread(V, (M,))


def test_entrywise_functions_broadcast_and_keep_shapes() -> None:
    assert shape(entrywise("maximum", S, V)) == (N,)
    assert shape(entrywise("maximum", A, V)) == (M, N)
    assert shape(entrywise("tanh", A)) == (M, N)


def test_rows_check_their_arguments() -> None:
    with pytest.raises(ShapeError):
        apply("tr", A)
    with pytest.raises(ShapeError):
        apply("softmax", A)
    with pytest.raises(ShapeError):
        apply("matmul", A, V)
