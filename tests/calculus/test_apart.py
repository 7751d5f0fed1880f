"""Bound sample indices never shadow free ones."""

from __future__ import annotations

from solgen.calculus.engine.bound_indices import kept_apart, part_names
from solgen.expr.arith import add, mul
from solgen.expr.nodes import Expr, Idx, Sum, Var
from solgen.expr.size import Size

I = Idx("i", Size.of("n"))  # noqa: E741
J = Idx("j", Size.of("n"))


def a(index: Idx) -> Var:
    return Var("a", at=(index,))


def test_a_sum_beside_its_own_free_index_gets_another_letter() -> None:
    e = add(a(I), Sum(I, a(I)))
    assert kept_apart(e, ("a",), a(I)) == add(a(I), Sum(J, a(J)))


def test_the_left_side_counts() -> None:
    total: Expr = Sum(I, a(I))
    assert kept_apart(total, ("a",), a(I)) == Sum(J, a(J))
    assert kept_apart(total, ("a",), Var("L")) == total


def test_nested_sums_of_one_letter() -> None:
    assert kept_apart(Sum(I, mul(a(I), Sum(I, a(I)))), ("a",), Var("L")) == Sum(I, mul(a(I), Sum(J, a(J))))


def test_letters_of_the_model_are_left_alone() -> None:
    found = kept_apart(Sum(I, a(I)), ("a", "j", "k"), a(I))
    assert isinstance(found, Sum) and found.index.name == "l"


def test_parts_of_a_quotient_bear_no_name_of_the_problem() -> None:
    assert part_names(("x", "W")) == ("g", "h")
    assert part_names(("x", "h")) == ("u", "v")
    assert part_names("ghuvabpqrscd") == ("g_1", "h_1")
