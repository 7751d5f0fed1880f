"""Figures read back: every text that a finished picture shows, beside the problem and the derivation it is drawn for.

Nothing of the data from which a picture was made is used: the graph is put together from the drawing alone, by the
reader of `solgen.written`, and must be the forward pass, its shapes, numbers and gradients.
"""

from __future__ import annotations

from solgen.build.read_figures.edges import check_marks, check_numbers, check_shapes, check_signals
from solgen.build.read_figures.graph import DrawnGraph
from solgen.build.read_figures.numbers import numbers_on
from solgen.build.read_figures.products import check_products
from solgen.build.read_figures.subject import Misdrawn, Subject, words_of
from solgen.model.derivation import Shapes
from solgen.model.figure import Drawing

__all__ = ["Misdrawn", "Subject", "check_drawing", "numbers_on"]


def check_drawing(drawing: Drawing, subject: Subject) -> None:
    """Raise Misdrawn where a picture shows something else than it should."""
    if isinstance(subject.content, Shapes):
        check_products(drawing, subject)
        return
    graph = DrawnGraph(drawing, subject)
    graph.name_leaves()
    graph.name_values()
    graph.read_operations()
    graph.read_blocks()
    graph.check_complete()
    check_shapes(graph)
    check_numbers(graph)
    check_signals(graph)
    check_marks(graph)
    if drawing.notes:
        raise Misdrawn(f"`{words_of(drawing.notes[0])}` stands beside nothing")
