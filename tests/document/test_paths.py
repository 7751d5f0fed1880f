"""Routes as they are told: the figure first, its numbers beside the terms, and which use where a name is used twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.exposition import figure_key
from solgen.model.figure import Figure
from solgen.reader.set_file import read
from tests.document_of import solution_document

TIED = "  x: R[n]\n  W: R[m, n]\n  h = W @ x\n  r = W.T @ h - x\n  L = norm2sq(r) / 2\n"
TWICE = "  x: R[n]\n  W: R[n, n]\n  z = W @ (W @ x)\n  L = norm2sq(z) / 2\n"
ONE = "  x: R[n]\n  W: R[m, n]\n  h = W @ x\n  L = norm2sq(h) / 2\n"
MANY = "  W: R[n]\n  a = tanh(W) + W\n  b = tanh(a) + a + W\n  L = norm2sq(b)\n"


def page(folder: Path, model: str, options: str = "", drawn: bool = True) -> str:
    """The solutions of a problem that asks for the routes of W."""
    text = f"title: T\nmodel: |\n{model}parts:\n- prompt: Go\n  solve: {{paths: W, of: L{options}}}\n"
    (folder / "p.yaml").write_text(text)
    problem_set = read(folder / "p.yaml")
    derivation = derive(problem_set.problems[0])
    key = figure_key(derivation.problem.id, derivation.parts[0].part.id, 0)
    figures = {key: Figure("figure-1", b"%PDF", "the routes", 200.0)} if drawn else {}
    return solution_document(problem_set, [derivation], [None], figures, "solutions").tex


@pytest.mark.parametrize(("model", "count"), [(TIED, 2), (TWICE, 2), (MANY, 5)])
def test_each_term_bears_the_mark_of_its_route(tmp_path: Path, model: str, count: int) -> None:
    tex = page(tmp_path, model).partition(r"\begin{document}")[2]
    marks = re.findall(r"\\step\{\\routemark\{(\d+)\}\{(\d+)\}", tex)
    assert [int(n) for n, _ in marks] == list(range(1, count + 1))
    assert all(colour == (n if count <= 4 else "0") for n, colour in marks)
    assert tex.index("figure-1") < tex.index(r"\routemark")


def test_routes_with_the_same_stops_say_which_use_they_take(tmp_path: Path) -> None:
    twice, once = page(tmp_path, TWICE), page(tmp_path, TIED)
    assert twice.count("first use of") == twice.count("second use of") == 1
    assert "use of" not in once.partition(r"\begin{document}")[2]


def test_without_a_figure_nothing_refers_to_it(tmp_path: Path) -> None:
    assert r"\routemark" not in page(tmp_path, TIED, drawn=False).partition(r"\begin{document}")[2]


def test_one_route_needs_no_number(tmp_path: Path) -> None:
    tex = page(tmp_path, ONE).partition(r"\begin{document}")[2]
    assert "figure-1" in tex and r"\routemark" not in tex


def test_without_steps_there_is_the_sum_alone(tmp_path: Path) -> None:
    assert "figure-1" not in page(tmp_path, TIED, ", steps: none")
