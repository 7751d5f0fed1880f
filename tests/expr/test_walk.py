"""Walking formulas: rebuilding, substitution, renaming of indices, free indices; each linear in the nodes."""

from __future__ import annotations

from solgen.expr.arith import add, delta, entry, mul, num, total
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx, Kind, Position, Sum, Var
from solgen.expr.size import Size
from solgen.expr.walk import (
    children,
    free_indices,
    leaves,
    nodes,
    rebuild,
    reindex,
    substitute,
    transform,
    variables,
)

N, M = Size.of("n"), Size.of("m")
X, Y, W = Var("x", (N,)), Var("y", (N,)), Var("W", (N, N))
I, J, K = (Idx(c, N) for c in "ijk")  # noqa: E741 - the letters of the book


def deep(levels: int) -> Expr:
    """x ← x + x: 2^levels paths."""
    e: Expr = X
    for _ in range(levels):
        e = add(e, e)
    return e


def test_every_node_once_children_first() -> None:
    e = mul(apply("matvec", W, X), X)
    order = list(nodes(e))
    assert order[-1] == e and len(order) == len(set(order)) == 4
    assert all(order.index(c) < order.index(p) for p in order for c in children(p))


def test_walks_cost_nodes_not_paths() -> None:
    e = deep(60)
    assert sum(1 for _ in nodes(e)) == 61
    assert leaves(e) == 2**60
    assert variables(e) == (X,)
    assert free_indices(e) == frozenset()
    assert leaves(substitute(e, {X: Y})) == 2**60
    visited: list[Expr] = []
    transform(e, lambda node: visited.append(node) or node)  # type: ignore[func-returns-value]
    assert len(visited) == 61


def test_rebuilding_with_the_same_parts_is_the_same_object() -> None:
    for e in (mul(X, Y), Entry(X, (I,)), Sum(I, Entry(X, (I,))), X, num(1)):
        assert rebuild(e, children(e)) is e or not children(e)
    assert transform(deep(20), lambda e: e) == deep(20)


def test_substitution_replaces_whole_subformulas_once() -> None:
    """x → x + y does not run for ever."""
    assert substitute(mul(X, X), {X: add(X, Y)}) == mul(add(X, Y), add(X, Y))
    assert substitute(add(mul(X, Y), X), {mul(X, Y): Y}) == add(Y, X)


def test_free_indices() -> None:
    a_ij = entry(W, (I, J))
    assert free_indices(a_ij) == {I, J}
    assert free_indices(total(J, a_ij)) == {I}
    assert free_indices(mul(total(J, a_ij), entry(X, (J,)))) == {I, J}
    assert free_indices(Var("z", (M,), at=(I,))) == {I}
    assert free_indices(Adj(Var("L"), Var("z", (M,), at=(I,)))) == {I}
    assert free_indices(delta(I, J)) == {I, J}


def test_renaming_an_index_everywhere_it_is_free() -> None:
    z = Var("z", (M,), at=(I,))
    e = mul(mul(entry(X, (I,)), delta(I, J)), entry(z, (Idx("k", M),)))
    moved = reindex(e, {I: K})
    assert free_indices(moved) == {K, J, Idx("k", M)}
    assert reindex(moved, {K: I}) == e
    assert reindex(e, {}) is e


def test_renaming_leaves_a_bound_index_alone() -> None:
    """Σ_i A_ij x_i with i renamed to k is the same sum; with j renamed, only j changes."""
    e = total(I, mul(entry(W, (I, J)), entry(X, (I,))))
    assert reindex(e, {I: K}) == e
    assert reindex(e, {J: K}) == total(I, mul(entry(W, (I, K)), entry(X, (I,))))


def test_renaming_never_captures() -> None:
    """Σ_i A_ij with j renamed to i must not become Σ_i A_ii."""
    moved = reindex(total(I, entry(W, (I, J))), {J: I})
    assert isinstance(moved, Sum) and moved.index != I
    assert moved.body == entry(W, (moved.index, I))
    assert free_indices(moved) == {I}


def test_renaming_keeps_what_a_symbol_says() -> None:
    """The kind of a variable, the second derivative, the numerator's sample."""
    z = Var("z", (M,), Kind.POSITIVE, (I,))
    loss = Var("l", (), at=(I,))
    assert reindex(z, {I: K}) == Var("z", (M,), Kind.POSITIVE, (K,))
    assert reindex(Adj(loss, z, True), {I: K}) == Adj(Var("l", (), at=(K,)), Var("z", (M,), Kind.POSITIVE, (K,)), True)
    picked = Apply("pick", (X, Position(I)), (), ())
    assert free_indices(reindex(picked, {I: K})) == {K}


def test_a_label_used_as_an_index_is_a_value_too() -> None:
    label = Var("k", (), Kind.LABEL)
    assert label in variables(entry(X, (label,)))
    assert free_indices(entry(X, (label,))) == frozenset()
