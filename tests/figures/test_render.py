"""One call from what was asked to a picture: for the pipeline as PDF, for the command line as SVG or PNG."""

import subprocess
import sys
from functools import cache

import pytest

from solgen.errors import Refused
from solgen.figures.drawing.fonts import readable
from solgen.figures.layout.fit import Page, picture
from solgen.figures.render import Wish, render, render_many
from solgen.model.derivation import GraphAsked
from solgen.model.problem import Model
from tests.figures.forward_passes import LARGE, MODELS, Case
from tests.figures.forward_passes import case as read

case = cache(read)


def wish(name: str, found: Case) -> Wish:
    return Wish(name, found.asked, found.model, found.printer)


def test_a_figure_has_its_name_its_words_and_its_width() -> None:
    found = case("residual")
    figure = render(found.asked, found.model, found.printer, name="block")
    assert figure.name == "block" and figure.pdf.startswith(b"%PDF") and figure.alt == found.graph.alt
    assert 300.0 < figure.width_pt <= Page().width


def test_many_figures_are_those_drawn_alone() -> None:
    names = ("residual", "swish net", "recurrent")
    many = render_many([wish(name, case(name)) for name in names])
    for name, figure in zip(names, many, strict=True):
        found = case(name)
        assert figure == render(found.asked, found.model, found.printer, name=name)
    assert render_many([]) == ()


@pytest.mark.parametrize("name", [*MODELS, *LARGE])
def test_homework_graphs_fit_the_page(name: str) -> None:
    (figure,) = render_many([wish(name, case(name))])
    assert figure.width_pt <= Page().width


def test_a_narrow_page_is_respected() -> None:
    found = case("swish net")
    figure = render(found.asked, found.model, found.printer, name="net", page=Page(width=260.0))
    assert figure.width_pt <= 260.0


@pytest.mark.parametrize(("format", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_for_the_command_line(format: str, start: bytes) -> None:
    found = case("autoencoder")
    shown = picture(found.asked, found.model, found.printer, format=format)  # type: ignore[arg-type]
    assert shown.startswith(start)


def test_a_label_that_cannot_be_set_is_refused() -> None:
    found = case("autoencoder")
    printer = type(found.printer)({"W": r"\undefinedcommand{W}"}, found.problem.notation, dialect="mathtext")
    with pytest.raises(Refused, match="a figure cannot show the label"):
        render(found.asked, found.model, printer, name="x")


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(Refused, match="no computational graph"):
        render(GraphAsked((), None), Model(), case("autoencoder").printer, name="x")


def test_the_drawing_library_waits_until_something_is_drawn() -> None:
    script = "import sys, solgen.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_calligraphic_letters_are_characters_of_their_own() -> None:
    """Every face has an L, so that `\\mathcal{L}` would be printed as the plain one."""
    assert readable(r"\partial \mathcal{L}/\partial \bm{W}") == r"\partial ℒ/\partial \mathbfit {W}"
    assert readable(r"\mathcal A + \mathscr{B}") == "𝒜 + ℬ"
    assert readable(r"\mathcal{AB}") == r"\mathcal{AB}"
