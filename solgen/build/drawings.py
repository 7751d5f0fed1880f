"""The figures of a set: each sketched for its question, drawn only where what it shows has changed, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from solgen.build.cache import digest
from solgen.build.faults import Fault, report_misdrawing
from solgen.build.job import Job
from solgen.build.read_figures import Misdrawn, Subject, check_drawing, numbers_on
from solgen.document.exposition import figure_key
from solgen.document.node_letters import node_letters
from solgen.document.voice import taken_in
from solgen.errors import blaming
from solgen.figures.drawing.draw import picture_of
from solgen.figures.drawing.fonts import measurer
from solgen.figures.drawing.pagella import pagella
from solgen.figures.graph.numerals import example_values
from solgen.figures.pictures import Sketch, sketch_of
from solgen.model.derivation import Content, Derivation, Example, GraphAsked, PartDerivation
from solgen.model.figure import Drawing, DrawnEdge, DrawnNode, DrawnText, Figure
from solgen.model.verdict import Checks
from solgen.render.printer import Printer


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """A content of a part, for which there may be a figure."""

    derivation: Derivation
    checks: Checks
    letters: Mapping[str, str]
    part: PartDerivation
    position: int

    @property
    def content(self) -> Content:
        return self.part.contents[self.position]

    @property
    def key(self) -> str:
        return figure_key(self.derivation.problem.id, self.part.part.id, self.position)

    @property
    def example(self) -> Example | None:
        """The worked example whose numbers stand on a graph of this part."""
        return self.part.example if self.part.part.model else self.derivation.example

    @property
    def subject(self) -> Subject:
        """What a figure here must show."""
        problem, part = self.derivation.problem, self.part.part
        numbers = numbers_on(self.content, self.example, self.checks)
        return Subject(problem, part, problem.model_of(part), self.content, self.letters, numbers)

    def sketch(self) -> Sketch | None:
        """The figure before it is laid out."""
        problem, part = self.derivation.problem, self.part.part
        notation, names = problem.notation_of(part), {**problem.latex, **self.letters}
        printer = Printer(names, notation, taken=taken_in(problem, notation), dialect="mathtext")

        def values(asked: GraphAsked) -> Any:
            return example_values(asked, self.example, self.checks)

        return sketch_of(self.content, problem.model_of(part), printer, values)


def places(derivations: Sequence[Derivation], checks: Sequence[Checks]) -> Iterator[FigurePlace]:
    """Every content of a set."""
    for derivation, verified, letters in zip(derivations, checks, node_letters(derivations), strict=True):
        for part in derivation.parts:
            yield from (FigurePlace(derivation, verified, letters, part, k) for k in range(len(part.contents)))


def draw_figures(derivations: Sequence[Derivation], checks: Sequence[Checks], job: Job) -> dict[str, Figure]:
    """The figures of a set by the names under which a document looks for them; drawn only where they changed."""
    drawn: dict[str, Figure] = {}
    for place in places(derivations, checks):
        name = f"figure-{len(drawn) + 1}"  # a file's name, plain whatever the problem is called
        part = place.part.part
        with blaming(part.id, f"part ({part.id}), its figure", part.span):
            if (sketch := place.sketch()) is not None:
                drawn[place.key] = _figure(name, sketch, job)
    return drawn


def misdrawn_figures(
    derivations: Sequence[Derivation], checks: Sequence[Checks], drawn: Mapping[str, Figure], job: Job
) -> tuple[Fault, ...]:
    """A fault for each figure that shows something else than it should; what was read before is not read again."""
    found: list[Fault] = []
    for place in places(derivations, checks):
        if (figure := drawn.get(place.key)) is not None:
            found += _check_figure(place, figure.drawing, job)
    return tuple(found)


def _check_figure(place: FigurePlace, drawing: Drawing, job: Job) -> Iterator[Fault]:
    subject = place.subject
    problem, part = place.derivation.problem, place.part.part
    notation = problem.notation_of(part)
    made_of = (problem.text, part.id, str(place.position), repr(notation), repr(subject.numbers), repr(place.letters))
    key = digest("read figure", job.program, repr(drawing), *made_of)
    if job.store.get(key) is not None:
        return
    try:
        check_drawing(drawing, subject)
    except Misdrawn as wrong:
        yield report_misdrawing(wrong, problem, part)
    else:
        job.store.put(key, b"")


def _figure(name: str, sketch: Sketch, job: Job) -> Figure:
    """One drawing, from the cache where the same was drawn before; stored as what it shows, a newline, the PDF."""
    key = digest("figure", job.program, sketch.made_of)
    stored = job.store.get(key)
    if stored is None:
        fonts = pagella(job.cache)
        plan = sketch.plan(measurer(fonts))
        pdf, drawing = picture_of(plan, format="pdf", fonts=fonts)
        stored = json.dumps({"width": plan.width, "drawing": asdict(drawing)}).encode() + b"\n" + pdf
        job.store.put(key, stored)
    shown, _, pdf = stored.partition(b"\n")
    row = json.loads(shown)
    return Figure(name, pdf, sketch.alt, row["width"], _drawing(row["drawing"]))


def _drawing(row: dict[str, Any]) -> Drawing:
    nodes = tuple(DrawnNode(n["kind"], tuple(n["box"]), _texts(n["texts"])) for n in row["nodes"])
    edges = tuple(DrawnEdge(e["source"], e["target"], _texts(e["texts"])) for e in row["edges"])
    return Drawing(nodes, edges, tuple(map(tuple, row["panes"])), _texts(row["notes"]))


def _texts(rows: list[dict[str, Any]]) -> tuple[DrawnText, ...]:
    return tuple(DrawnText(**{**row, "box": tuple(row["box"])}) for row in rows)
