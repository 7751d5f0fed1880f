"""The figures of well-known nets, laid out in real letters: no defect, readable, on the page."""

from fractions import Fraction
from functools import cache

import pytest

from solgen.expr.arith import add, div, fn, mul, neg, num, sub
from solgen.expr.build import apply, matmul
from solgen.expr.nodes import Expr, Var
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.style import Plain
from solgen.expr.size import Size
from solgen.figures.drawing.fonts import measurer
from solgen.figures.graph.equations import in_two_lines
from solgen.figures.layout.fit import Page
from solgen.figures.layout.picture import EdgeRoute, Layout
from solgen.figures.pictures import best_layout, calm, graphs_of
from solgen.render.mathtext import mathtext
from tests.figures.forward_passes import case
from tests.figures.nets import NETS, SIDEWAYS
from tests.figures.test_layout import Defects


@cache
def laid_out(name: str) -> Layout:
    found = case(name)
    return best_layout(graphs_of(found.asked, found.model, found.printer), measurer())


@pytest.mark.parametrize("name", NETS)
def test_a_net_has_no_defect_and_fits_the_page_in_readable_letters(name: str, defects: Defects) -> None:
    found = laid_out(name)
    assert defects(found) == []
    assert found.width <= Page().width and found.height <= Page().height and len(found.nodes) <= 25
    assert 8.0 <= found.size <= 10.0
    assert all(8.0 <= t.size <= 10.0 for n in found.nodes for t in n.texts)


@pytest.mark.parametrize("name", SIDEWAYS)
def test_these_read_from_left_to_right(name: str) -> None:
    assert not laid_out(name).turned and calm(laid_out(name))


def test_a_picture_full_of_steep_edges_is_not_calm() -> None:
    steep = tuple(EdgeRoute("a", "b", ((0, 0), (1, 30), (2, 60), (3, 90)), ()) for _ in range(3))
    assert not calm(Layout(100.0, 100.0, 9.0, False, (), steep, ""))
    assert calm(Layout(100.0, 100.0, 9.0, False, (), steep[:2], ""))


n = Size.of("n")
W, U = (Var(name, (n, n)) for name in "WU")
h0, h1, h2, h3, x, x1, b, p1, p2, y1, y2 = (Var(v, (n,)) for v in "h0 h1 h2 h3 x x1 b p1 p2 y1 y2".split())
letters = add(*map(Var, "abcdef"))


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        (fn("tanh", add(matmul(W, h0), matmul(U, x1), b)), 2),
        (fn("sigmoid", add(matmul(W, x), b)), 1),
        (mul(num(Fraction(1, 2)), apply("norm2sq", sub(add(h3, h2, h1), x))), 1),
        (div(letters, letters), 1),
        (sub(neg(matmul(y1, fn("log", p1))), matmul(y2, fn("log", p2))), 2),
    ],
)
def test_long_sums_are_broken_before_a_sign(label: Expr, lines: int) -> None:
    whole = Presenter(notation=Plain(vectors="plain")).inline(label)
    found = mathtext(in_two_lines(whole)).split("\n")
    assert len(found) == lines and " ".join(found).replace("{}", "") == mathtext(whole)
    assert all(line.startswith(("{}+", "{}-")) for line in found[1:])
