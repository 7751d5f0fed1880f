"""The problems that are built while the product is broken, each with what its pages are made of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from solgen.build.formats import Choice
from solgen.build.job import Job
from solgen.build.outcome import Outcome
from solgen.build.pipeline import make
from solgen.calculus.derive import derive
from solgen.document.pages import tell_in_full
from solgen.document.products import PRODUCTS
from solgen.expr.nodes import Apply, Expr
from solgen.expr.present.tree import Shows
from solgen.expr.walk import nodes
from solgen.model.noun_walk import parts
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

ROOT = Path(__file__).parents[2]
SOURCES = Choice(tuple(PRODUCTS), ("tex",))
FOLDERS = ("problems", "tests/cases/problems")
NO_PROBLEM = ("set.yaml", "course.yaml")


@dataclass(frozen=True, slots=True)
class Text:
    """A problem file, the operations and the kinds of nodes on its pages, and its files as they should be."""

    source: Path
    operations: frozenset[str]
    kinds: frozenset[str]
    files: Mapping[str, bytes]


def corpus() -> tuple[Text, ...]:
    """The problems that build, the shortest first, as far as each shows an operation or a kind of node that none
    before it does."""
    found: list[Text] = []
    seen: set[str] = set()
    sources = [
        p for folder in FOLDERS for p in (ROOT / folder).rglob("*.yaml") if p.name not in ("set.yaml", "course.yaml")
    ]
    for source in sorted(sources, key=lambda p: (p.stat().st_size, p.name)):
        text = text_of(source)
        if text is not None and not text.operations | text.kinds <= seen:
            seen |= text.operations | text.kinds
            found.append(text)
    return tuple(found)


def text_of(source: Path) -> Text | None:
    """A problem that builds, with what its pages show."""
    outcome = built(source)
    if outcome.exit_code:
        return None
    problem_set = read(source)
    derivations = [derive(problem) for problem in problem_set.problems]
    told = tell_in_full(problem_set, derivations, [verify(d) for d in derivations], {})
    shown = [*_shown([told.pages(product) for product in PRODUCTS.values()])]
    operations = {n.op for e in shown if isinstance(e, Expr) for n in nodes(e) if isinstance(n, Apply)}
    kinds = {type(node).__name__ for node in shown if isinstance(node, Shows)}
    return Text(source, frozenset(operations), frozenset(kinds), outcome.files)


def _shown(page: object) -> Iterator[object]:
    """The nodes of pages, and the formulas that they show."""
    if isinstance(page, Shows):
        yield page
        yield page.shows
    for part in page if isinstance(page, list) else parts(page):
        yield from _shown(part)


def built(source: Path) -> Outcome:
    """What a build makes of a problem, its LaTeX and no PDF, with nothing remembered."""
    with tempfile.TemporaryDirectory() as folder:
        return make(Job(source, Path(folder), "a program", typesets=True, choice=SOURCES))
