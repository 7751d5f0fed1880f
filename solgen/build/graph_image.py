"""`solgen show --graph`: the computational graphs of a problem as pictures for other documents, with words for who
cannot see them.

The graphs are those that the parts ask for; where none does, that of the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from solgen.build.faults import report_misdrawing
from solgen.build.read_figures import Misdrawn, Subject, check_drawing
from solgen.document.english import part_letters
from solgen.document.node_letters import node_letters
from solgen.document.voice import taken_in
from solgen.errors import Diagnostic, InputError, VerificationError
from solgen.figures.drawing.draw import Format, picture_of
from solgen.figures.drawing.fonts import Fonts, measurer
from solgen.figures.pictures import best_layout, graphs_of
from solgen.model.derivation import Derivation, GraphAsked, Paths
from solgen.model.figure import Graph
from solgen.model.problem import Part
from solgen.render.dollars import without_marks
from solgen.render.printer import Printer


@dataclass(frozen=True, slots=True)
class Portrait:
    """A graph to be drawn: its title, the ways to draw it, and what any of them must show."""

    title: str
    graphs: tuple[Graph, ...]
    subject: Subject


def portraits(derivations: Sequence[Derivation], part: str = "") -> tuple[Portrait, ...]:
    """Every graph that is asked for, in the parts of that letter or id if one is given; else that of each model.

    Raises InputError where there is nothing to draw, Refused where a label cannot be drawn.
    """
    letters = node_letters(derivations)
    found = [
        one
        for d, named in zip(derivations, letters, strict=True)
        for one in _find_portraits(d, named, part)
        if one.graphs
    ]
    if not found and not part:
        with_model = [(d, named) for d, named in zip(derivations, letters, strict=True) if d.forward]
        found = [_portrait(d, named, GraphAsked(d.forward, None)) for d, named in with_model]
    if not found:
        message = f"part ({part}) asks for no graph" if part else "there is no forward pass to draw"
        hint = "leave `--part` out to draw what the other parts ask for, or the model" if part else "give it a `model`"
        raise InputError([Diagnostic("no-graph", message, hint=hint)])
    return tuple(found)


def draw_picture(found: Portrait, format: Format, fonts: Fonts, dpi: int) -> bytes:
    """One picture as the bytes of a file; an SVG says in words what it shows.

    Raises VerificationError where a text of the finished picture says something else than it should.
    """
    plan = best_layout(found.graphs, measurer(fonts))
    picture, drawing = picture_of(plan, format=format, fonts=fonts, dpi=dpi)
    try:
        check_drawing(drawing, found.subject)
    except Misdrawn as wrong:
        diagnostic = report_misdrawing(wrong, found.subject.problem, found.subject.part).diagnostic
        raise VerificationError(diagnostic.text()) from None
    return _describe_svg(picture, found.title, plan.alt) if format == "svg" else picture


def number_files(file: Path, count: int) -> tuple[Path, ...]:
    """The names of so many pictures: the one that was given, or that name with a number each."""
    if count == 1:
        return (file,)
    return tuple(file.with_stem(f"{file.stem}-{n}") for n in range(1, count + 1))


def _find_portraits(d: Derivation, letters: dict[str, str], part: str) -> Iterator[Portrait]:
    names = part_letters(len(d.parts))
    for name, p in zip(names, d.parts, strict=True):
        for content in p.contents if part in ("", name, p.part.id) else ():
            if isinstance(content, GraphAsked | Paths):
                yield _portrait(d, letters, content, f", part ({name})", p.part)


def _portrait(
    d: Derivation, letters: dict[str, str], asked: GraphAsked | Paths, where: str = "", part: Part | None = None
) -> Portrait:
    problem, model, notation = d.problem, d.problem.model_of(part), d.problem.notation_of(part)
    names, taken = {**problem.latex, **letters}, taken_in(problem, notation)
    printer = Printer(names, notation, taken=taken, dialect="mathtext")
    subject = Subject(problem, part, model, asked, letters, {})
    return Portrait(without_marks(problem.title) + where, graphs_of(asked, model, printer), subject)


def _describe_svg(svg: bytes, title: str, alt: str) -> bytes:
    """The picture with a title and a description as its first children, where readers of screens look for them."""
    start = svg.index(b"<svg")
    end = svg.index(b">", start)
    words = f"\n <title>{escape(title, quote=False)}</title>\n <desc>{escape(alt, quote=False)}</desc>"
    return svg[:end] + b' role="img">' + words.encode() + svg[end + 1 :]
