"""From what was asked to a picture: graph, layout, drawing; many at once in one warm process.

GraphAsked or Paths, Model, Printer → Graphs (graph, routes) → Layout (choice, layout) → PDF, SVG or PNG (draw)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from solgen.figures.drawing.draw import Format, draw, draw_many
from solgen.figures.drawing.fonts import Fonts, measurer
from solgen.figures.layout.fit import Page
from solgen.figures.pictures import Asked, best_layout, graphs_of
from solgen.model.figure import Figure, Graph
from solgen.model.problem import Model
from solgen.render.printer import Printer


@dataclass(frozen=True, slots=True)
class Wish:
    """A figure to be drawn, by the name that a document gives it; `printer` writes mathtext."""

    name: str
    asked: Asked
    model: Model
    printer: Printer

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """The ways to draw it; raises Refused where there is nothing to draw."""
        return graphs_of(self.asked, self.model, self.printer)


def render(
    asked: Asked, model: Model, printer: Printer, fonts: Fonts = (), *, name: str, page: Page | None = None
) -> Figure:
    """One figure as vector PDF, at most as large as the page.

    Raises Refused where there is nothing to draw or a label cannot be set.
    """
    return render_many([Wish(name, asked, model, printer)], fonts, page=page)[0]


def render_many(wishes: Iterable[Wish], fonts: Fonts = (), *, page: Page | None = None) -> tuple[Figure, ...]:
    """Several figures in one warm process; labels that they share are measured once."""
    measure = measurer(fonts)
    named = [(wish.name, best_layout(wish.graphs, measure, page)) for wish in wishes]
    pictures = draw_many([found for _, found in named], format="pdf", fonts=fonts)
    return tuple(Figure(name, pdf, found.alt, found.width) for (name, found), pdf in zip(named, pictures, strict=True))


def picture(
    asked: Asked,
    model: Model,
    printer: Printer,
    fonts: Fonts = (),
    *,
    format: Format = "svg",
    page: Page | None = None,
) -> bytes:
    """One figure as the bytes of an SVG, PNG or PDF file; raises Refused where there is nothing to draw."""
    return draw(best_layout(graphs_of(asked, model, printer), measurer(fonts), page), format=format, fonts=fonts)
