"""The figures of a set: each sketched for its question, drawn only where what it shows has changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from solgen.build.cache import digest
from solgen.build.job import Job
from solgen.document.exposition import figure_key
from solgen.document.node_letters import node_letters
from solgen.errors import blaming
from solgen.figures.drawing.draw import draw
from solgen.figures.drawing.fonts import measurer
from solgen.figures.drawing.pagella import pagella
from solgen.figures.graph.numerals import values_of
from solgen.figures.pictures import Sketch, sketch_of
from solgen.model.derivation import Derivation
from solgen.model.figure import Figure
from solgen.model.verdict import Checks
from solgen.render.printer import Printer


def figures(derivations: Sequence[Derivation], checks: Sequence[Checks], job: Job) -> dict[str, Figure]:
    """The figures of a set by the names under which a document looks for them; drawn only where they changed."""
    drawn: dict[str, Figure] = {}
    for derivation, verified, letters in zip(derivations, checks, node_letters(derivations), strict=True):
        problem = derivation.problem
        for p in derivation.parts:
            printer = Printer({**problem.latex, **letters}, p.part.notation or problem.notation, dialect="mathtext")
            values = partial(values_of, example=p.example if p.part.model else derivation.example, checks=verified)
            for position, content in enumerate(p.contents):
                name = f"figure-{len(drawn) + 1}"  # a file's name, plain whatever the problem is called
                with blaming(p.part.id, f"part ({p.part.id}), its figure", p.part.span):
                    sketch = sketch_of(content, p.part.model or problem.model, printer, values)
                    if sketch is not None:
                        drawn[figure_key(problem.id, p.part.id, position)] = _figure(name, sketch, job)
    return drawn


def _figure(name: str, sketch: Sketch, job: Job) -> Figure:
    """One drawing, from the cache where the same was drawn before; stored as its width, a newline, the PDF."""
    key = digest("figure", job.program, sketch.made_of)
    stored = job.store.get(key)
    if stored is None:
        fonts = pagella(job.cache)
        plan = sketch.plan(measurer(fonts))
        stored = f"{plan.width}\n".encode() + draw(plan, format="pdf", fonts=fonts)
        job.store.put(key, stored)
    width, _, pdf = stored.partition(b"\n")
    return Figure(name, pdf, sketch.alt, float(width))
