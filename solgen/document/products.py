"""What a set is made into: the table of products, one row each.

A product is *what* is shown of a set; a format (`solgen.build.formats`) is *how* it is written; any product comes in
any format.  The command line, the pages and the names of files follow these rows: a product is added here and nowhere
else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Solution = Literal["worked", "answers", "none"]
Shown = Literal["questions", "hints", "room", "scores", "conventions", "certificate", "rules", "grading"]
SOLVED: frozenset[Shown] = frozenset({"conventions", "certificate", "rules", "grading"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A row: `name` is the stem of its files and its name on the command line, `title` stands on its pages.

    solution: what it shows of each solution; without any, its pages are made from the problems alone, and no derivation
    comes near them.  shows: the parts of a document that it has: `questions` are statements and prompts, `room` the
    space for an answer, `scores` the table for marks, `rules` the appendix, `grading` how points are given.  body: the
    template that sets title and problems.
    """

    name: str
    title: str
    doc: str
    solution: Solution
    shows: frozenset[Shown]
    body: str = "problems.tex.j2"

    def __post_init__(self) -> None:
        if self.solution == "none" and self.shows & SOLVED:
            raise ValueError(f"{self.name} has no solutions: it cannot show {', '.join(sorted(self.shows & SOLVED))}")


ROWS = (
    Product(
        name="solutions",
        title="Solutions",
        doc="questions with worked solutions",
        solution="worked",
        shows=frozenset({"questions", "hints", *SOLVED}),
    ),
    Product(
        name="handout",
        title="Problems",
        doc="questions only",
        solution="none",
        shows=frozenset({"questions", "hints", "room", "scores"}),
    ),
    Product(
        name="key",
        title="Answer key",
        doc="results only",
        solution="answers",
        shows=frozenset(),
        body="key.tex.j2",
    ),
)

PRODUCTS: Mapping[str, Product] = MappingProxyType({row.name: row for row in ROWS})
