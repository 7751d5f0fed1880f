"""Points on a page are those of the file: of a problem, a part, a line of a rubric, and their sum."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from solgen.build.read_back.points import misstated_points, misstated_total, read_points
from solgen.build.read_back.section import Section, sections_of_set
from solgen.calculus.derive import derive
from solgen.document.pages import Document, tell_in_full
from solgen.document.products import PRODUCTS
from solgen.model.noun_walk import rebuilt
from solgen.reader.set_file import read

PROBLEM = """\
title: T
points: 3½
model: |
  x: R[n]
  L = norm2sq(x) / 2
parts:
  - prompt: One.
    points: 2½
    solve: {gradients: [x]}
    rubric: [{points: 2, for: the rule}, {points: ½, for: the shape}]
  - prompt: Two.
    points: 1
    solve: {gradients: [x]}
"""


@pytest.fixture
def told(tmp_path: Path) -> tuple[list[Section], list[Document]]:
    (tmp_path / "p.yaml").write_text(PROBLEM.replace("½", ".5").replace(": .5", ": 0.5"), encoding="utf-8")
    problem_set = read(tmp_path / "p.yaml")
    found = tell_in_full(problem_set, [derive(p) for p in problem_set.problems], [None], {})
    shown = [found.pages(product) for product in PRODUCTS.values()]
    return [*sections_of_set(found, shown)], [found.fill_pages(pages) for pages in shown]


@pytest.mark.parametrize(("text", "worth"), [("3 points", 3), ("2½", "5/2"), ("½ point", "1/2"), ("1¼ points", "5/4")])
def test_points_are_read(text: str, worth: object) -> None:
    assert read_points(text) == Fraction(str(worth))


@pytest.mark.parametrize("text", ["three points", "3 marks", "−1 points", "½½"])
def test_what_is_no_number_of_points_is_not(text: str) -> None:
    with pytest.raises(ValueError, match=r"points|literal"):
        read_points(text)


def test_points_that_are_so(told: tuple[list[Section], list[Document]]) -> None:
    sections, documents = told
    assert [what for section in sections for what in misstated_points(section)] == []
    assert [what for document in documents for what in misstated_total(document)] == []


@pytest.mark.parametrize(
    ("was", "now"), [("2½ points", "3½ points"), ("½ point", "1 point"), ("3½ points", "4 points")]
)
def test_other_points_are_noticed(told: tuple[list[Section], list[Document]], was: str, now: str) -> None:
    sections, _ = told

    def change(thing: object) -> object:
        return now if thing == was else rebuilt(thing, change)

    changed = [replace(section, pages=rebuilt(section.pages, change)) for section in sections]
    assert [what for section in changed for what in misstated_points(section)] != []


def test_another_total_is_noticed(told: tuple[list[Section], list[Document]]) -> None:
    for document in told[1]:
        assert [*misstated_total(replace(document, pages=replace(document.pages, points="5 points")))]
