"""The figures of well-known nets, laid out in real letters: no defect, readable, on the page."""

from functools import cache

import pytest

from solgen.figures.choice import best_layout, calm, graphs_of
from solgen.figures.collapse import in_two_lines
from solgen.figures.fonts import measurer
from solgen.figures.layout import Page
from solgen.figures.picture import EdgeRoute, Layout
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


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        (r"\tanh(W\,h_{0}+U\,x_{1}+b)", 2),
        (r"\sigma(W\,x+b)", 1),
        (r"\frac{1}{2}\Vert h_{3}+h_{2}+h_{1}-x\Vert^{2}", 1),
        (r"\frac{a+b+c+d+e+f}{a+b+c+d+e+f}", 1),
        (r"-y_{1}^{\top}\,\log\,p_{1}-y_{2}^{\top}\,\log\,p_{2}", 2),
    ],
)
def test_long_sums_are_broken_before_a_sign(label: str, lines: int) -> None:
    found = in_two_lines(label).split("\n")
    assert len(found) == lines and "".join(found).replace("{}+", "+").replace("{}-", "-") == label
    assert all(line.startswith(("{}+", "{}-")) for line in found[1:])
