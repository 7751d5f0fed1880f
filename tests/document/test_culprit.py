"""What TeX stopped at is shown in the problem file, where its text is found there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solgen.document.author.blame import culprit
from solgen.model.problem import Problem
from solgen.reader.set_file import read
from solgen.tex import Defect

TEXT = r"""title: T
model: |
  x: R[n]
  L = norm2sq(x)
parts:
  - prompt: Show that $\fraction{1}{2} [[x]]$ holds, and x_2 too.
    answer: |
      From [[L]] it follows by \therefor that $\frac{1}{2}$ is right.
"""


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    """A problem that passed the check of its prose, with a text in which TeX stops all the same."""
    (tmp_path / "p.yaml").write_text(
        TEXT.replace(r"\fraction", r"\frac").replace(r"\therefor", "it").replace("x_2", "x")
    )
    (found,) = read(tmp_path / "p.yaml").problems
    return replace(found, file="p.yaml", text=TEXT)


@pytest.mark.parametrize(
    ("message", "context", "place", "shown"),
    [
        ("Undefined control sequence.", r"Show that $\fraction", (6, "\\fraction"), r"does not know the command `\fr"),
        ("Undefined control sequence.", r"...s} From $L$ it follows by \therefor", (8, "\\therefor"), "does not know"),
        ("Missing $ inserted.", "...hat $x$ holds, and x_", (6, "x_"), "TeX: Missing $ inserted"),
    ],
)
def test_it_is_placed(problem: Problem, message: str, context: str, place: tuple[int, str], shown: str) -> None:
    found = culprit(Defect("error", message, 233, context=context), [problem])
    assert found is not None and found.span is not None and shown in found.message and found.hint
    line, word = place
    assert (found.span.line, found.source[found.span.column - 1 : found.span.end - 1]) == (line, word)


@pytest.mark.parametrize("context", ["", r"\shapelss", "...of a template"])
def test_what_no_file_has_is_not_placed(problem: Problem, context: str) -> None:
    assert culprit(Defect("error", "Undefined control sequence.", 2, context=context), [problem]) is None
