"""From what was asked to a picture: for pages as PDF, for the command line as SVG or PNG."""

import subprocess
import sys
from functools import cache

import pytest

from solgen.errors import Refused
from solgen.figures.drawing.draw import Format, draw, draw_many
from solgen.figures.drawing.fonts import measurer, readable
from solgen.figures.layout.fit import Page
from solgen.figures.layout.picture import Layout
from solgen.figures.pictures import best_layout, graphs_of
from solgen.model.derivation import GraphAsked
from solgen.model.problem import Model
from solgen.render.printer import Printer
from tests.figures.forward_passes import LARGE, MODELS, Case
from tests.figures.forward_passes import case as read

case = cache(read)


def laid_out(found: Case, page: Page | None = None, printer: Printer | None = None) -> Layout:
    return best_layout(graphs_of(found.asked, found.model, printer or found.printer), measurer(), page)


def test_a_figure_has_its_words_and_its_width() -> None:
    found = case("residual")
    plan = laid_out(found)
    assert draw(plan, format="pdf").startswith(b"%PDF") and plan.alt == found.graph.alt
    assert 300.0 < plan.width <= Page().width


def test_many_figures_are_those_drawn_alone() -> None:
    plans = [laid_out(case(name)) for name in ("residual", "swish net", "recurrent")]
    assert draw_many(plans, format="pdf") == tuple(draw(plan, format="pdf") for plan in plans)
    assert draw_many([], format="pdf") == ()


@pytest.mark.parametrize("name", [*MODELS, *LARGE])
def test_homework_graphs_fit_the_page(name: str) -> None:
    assert laid_out(case(name)).width <= Page().width


def test_a_narrow_page_is_respected() -> None:
    assert laid_out(case("swish net"), Page(width=260.0)).width <= 260.0


@pytest.mark.parametrize(("format", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_for_the_command_line(format: Format, start: bytes) -> None:
    assert draw(laid_out(case("autoencoder")), format=format).startswith(start)


def test_a_label_that_cannot_be_set_is_refused() -> None:
    found = case("autoencoder")
    printer = Printer({"W": r"\undefinedcommand{W}"}, found.problem.notation, dialect="mathtext")
    with pytest.raises(Refused, match="a figure cannot show the label"):
        laid_out(found, printer=printer)


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(Refused, match="no computational graph"):
        graphs_of(GraphAsked((), None), Model(), case("autoencoder").printer)


def test_the_drawing_library_waits_until_something_is_drawn() -> None:
    script = "import sys, solgen.figures.pictures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_calligraphic_letters_are_characters_of_their_own() -> None:
    """Every face has an L, so that `\\mathcal{L}` would be printed as the plain one."""
    assert readable(r"\partial \mathcal{L}/\partial \bm{W}") == r"\partial ℒ/\partial \mathbfit {W}"
    assert readable(r"\mathcal A + \mathscr{B}") == "𝒜 + ℬ"
    assert readable(r"\mathcal{AB}") == r"\mathcal{AB}"
