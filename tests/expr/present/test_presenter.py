"""Presentation trees of random formulas: what every format may rely on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction as Rational

from hypothesis import given

from solgen.expr.nodes import Adj, Expr, Num, Var
from solgen.expr.present.breaks import COUNTED, without_breaks
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.tree import (
    MINUS,
    Authored,
    Fence,
    Identifier,
    Node,
    Number,
    Operator,
    Row,
    Script,
    Shaped,
    children,
    walk,
)
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.render.latex import latex
from solgen.render.mathtext import mathtext
from tests.calculus.strategies import expressions

n, m = Size.of("n"), Size.of("m")


def signs(node: Node, depth: int | None = 0) -> Iterator[tuple[Operator, int | None]]:
    """Every sign with the brackets that are open there; None where a line cannot break at all."""
    match node:
        case Operator():
            yield node, depth
        case Row(items):
            for item in items:
                yield from signs(item, depth)
        case Fence(body, kind):
            yield from signs(body, None if depth is None else depth + (kind in COUNTED))
        case Script(base):
            yield from signs(base, depth)
            for child in children(node)[1:]:
                yield from signs(child, None)
        case _:
            for child in children(node):
                yield from signs(child, None)


@given(expressions())
def test_a_sign_at_which_a_line_may_break_says_how_deep_it_stands(e: Expr) -> None:
    for sign, depth in signs(Presenter(shapes=True).formula(e)):
        assert sign.depth in (None, depth), sign


@given(expressions())
def test_without_break_points_a_formula_reads_the_same(e: Expr) -> None:
    inline = Presenter().inline(e)
    assert all(node.depth is None for node in walk(inline) if isinstance(node, Operator))
    assert inline == without_breaks(Presenter().formula(e))
    assert mathtext(inline) == mathtext(Presenter().formula(e))


@given(expressions())
def test_a_sign_is_a_sign_and_a_number_a_number(e: Expr) -> None:
    for node in walk(Presenter().formula(e)):
        match node:
            case Number():
                assert node.value >= 0
            case Identifier(letters):
                assert letters and not set(letters) & set("-−+\\{}")
            case _:
                assert not isinstance(node, Authored), "nobody declared LaTeX"


@given(expressions())
def test_a_tree_says_which_formula_it_shows(e: Expr) -> None:
    """A change of form that paper does not show leaves what it is applied to."""
    tree = Presenter().formula(e)
    assert tree.shows is not None and tree.shows in set(nodes(e)) | {tree.shows}
    assert Presenter().formula(tree.shows) == tree


@given(expressions())
def test_shapes_stand_beneath_what_is_read_as_one_thing(e: Expr) -> None:
    plain = latex(Presenter().inline(e))
    assert r"\sh" not in plain
    for node in walk(Presenter(shapes=True).formula(e)):
        if isinstance(node, Shaped):
            assert not any(isinstance(inner, Shaped) for inner in walk(node.body)), "no shape within a factor"


def test_a_minus_is_a_sign_before_a_number() -> None:
    assert Presenter().formula(Num(Rational(-3))) == Row((Operator(MINUS, "none"), Number("3")))


def test_a_gradient_is_one_thing_that_shows_itself() -> None:
    gradient = Adj(Var("L"), Var("W", (m, n)))
    assert Presenter().formula(gradient).shows == gradient
