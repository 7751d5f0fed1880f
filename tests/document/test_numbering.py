"""The numbers under which a page prints its equalities, as the certificate names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from solgen.calculus.derive import derive
from solgen.document.exposition import figure_key
from solgen.document.pages import tell_in_full
from solgen.model.figure import Figure
from solgen.model.step import StepId
from solgen.reader.set_file import read
from tests.document_of import solution_document

PROBLEM = """\
title: Two uses
model: |
  x: R[n]
  W: R[m, n]
  h = W @ x
  r = W.T @ h - x
  L = norm2sq(r) / 2
parts:
  - prompt: The gradient.
    solve: {gradients: [h, W]}
  - prompt: The paths.
    solve: {paths: W}
"""


def by_name(numbers: tuple[Mapping[StepId, str], ...]) -> dict[str, str]:
    """The numbers of the only problem, by the printed names of its lines."""
    (own,) = numbers
    return {str(step): number for step, number in own.items()}


def test_lines_have_the_numbers_that_the_page_shows(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PROBLEM)
    problem_set = read(tmp_path / "p.yaml")
    derivation = derive(problem_set.problems[0])
    document = solution_document(problem_set, [derivation], [None], {}, "solutions")
    numbers = by_name(tell_in_full(problem_set, [derivation], [None], {}).numbers)
    assert {"(a) dL/dh", "(a) dL/dW", "dL/dW", "(b) sum of paths"} <= numbers.keys()
    assert numbers["(a) dL/dh"] != numbers["(a) dL/dW"] != numbers["(b) sum of paths"]
    shown = set(re.findall(r"^\\(?:step|result)\{.*\{(\d+)\}$", document.tex, re.MULTILINE))
    assert {number for number in numbers.values() if number.isdigit()} <= shown
    rules = {name: number for name, number in numbers.items() if number.startswith("rule ")}
    assert rules and set(rules.values()) == {f"rule {n}" for n in range(1, len(rules) + 1)}


def test_a_line_keeps_the_number_of_its_own_part(tmp_path: Path) -> None:
    again = PROBLEM.replace("solve: {paths: W}", "solve: {gradients: [h, W], again: true}")
    (tmp_path / "p.yaml").write_text(again)
    problem_set = read(tmp_path / "p.yaml")
    numbers = by_name(tell_in_full(problem_set, [derive(problem_set.problems[0])], [None], {}).numbers)
    assert numbers["(a) dL/dW"] != numbers["(b) dL/dW"] and numbers["dL/dW"] == numbers["(a) dL/dW"]


def test_what_has_no_number_belongs_to_a_part_or_to_a_figure(tmp_path: Path) -> None:
    asked = PROBLEM + "  - prompt: The rest.\n    solve: [{shapes: h}, graph]\n"
    (tmp_path / "p.yaml").write_text(asked)
    problem_set = read(tmp_path / "p.yaml")
    derivation = derive(problem_set.problems[0])
    drawn = {figure_key(derivation.problem.id, "c", 1): Figure("figure-1", b"%PDF", "A graph.", 100.0)}
    numbers = by_name(tell_in_full(problem_set, [derivation], [None], drawn).numbers)
    assert numbers["shape h"] == "part (c)" and numbers["(c)"] == "part (c)"
    assert numbers["(c) graph dL/dr"] == "figure 1" and numbers["dL/dW"] == numbers["(a) dL/dW"]
    assert numbers["forward L"] == "part (a)"
