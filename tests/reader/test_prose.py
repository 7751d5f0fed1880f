"""What people type in a problem file: each fault of prose, points or forms is an error of `check` at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.errors import Diagnostic, InputError
from solgen.reader.set_file import read

CASES = Path(__file__).parent.parent / "cases" / "prose"
MODEL = "title: T\nmodel: |\n  x: R[n]\n  L = norm2sq(x)\n"


def _found(path: Path) -> list[tuple[int, int, str, str]]:
    with pytest.raises(InputError) as caught:
        read(path)
    return [_place(d) for d in caught.value.diagnostics]


def _place(d: Diagnostic) -> tuple[int, int, str, str]:
    return (d.span.line, d.span.column, d.message, d.hint) if d.span else (0, 0, d.message, d.hint)


@pytest.mark.parametrize(
    ("name", "places", "message", "hint"),
    [
        ("percent", [(3, 32), (10, 20), (11, 42)], "TeX drops what follows `%`", r"write \%"),
        ("unicode", [(1, 27), (4, 3)], "the page cannot set", ""),
        ("rubric-sum", [(8, 13)], "the rubric gives 2 of 3 points", "add up"),
        ("forms", [(8, 40), (10, 36)], "has no form", "form"),
    ],
)
def test_a_case_is_refused_at_its_places(name: str, places: list[tuple[int, int]], message: str, hint: str) -> None:
    found = _found(CASES / f"{name}.yaml")
    assert [place[:2] for place in found] == places
    assert all(message in place[2] and hint in place[3] and place[3] for place in found)


@pytest.mark.parametrize("name", ["ids", "leaks", "long-equation"])
def test_a_case_that_is_right_is_read(name: str) -> None:
    (problem,) = read(CASES / f"{name}.yaml").problems
    assert problem.parts


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("statement: A sum of 5% here.\nparts: [{prompt: p}]\n", (5, 22)),
        ("parts:\n  - prompt: |\n      First line.\n      See \\ref{eq:1}.\n", (8, 11)),
        ("parts:\n  - prompt: p\n    hint: use \\verb|x|\n", (7, 15)),
        ("parts:\n  - prompt: p\n    say: >\n      a\n      \\def\\x{y}\n", (9, 7)),
        ("parts:\n  - prompt: p\n    answer: 'it''s $\\gdef\\bm{}$'\n", (7, 21)),
        ("parts:\n  - prompt: p\n    solve:\n      - say: a_b\n", (8, 15)),
        ("latex: {x: '\\let\\frac\\relax x'}\nparts: [{prompt: p}]\n", (5, 13)),
        ("source: A $\\catcode37=12$ book\nparts: [{prompt: p}]\n", (5, 12)),
        ("parts:\n  - prompt: Given [[model]], find [[L]] & more.\n", (6, 41)),
    ],
)
def test_a_fault_has_its_line_and_column(tmp_path: Path, lines: str, place: tuple[int, int]) -> None:
    (tmp_path / "p.yaml").write_text(MODEL + lines)
    assert _found(tmp_path / "p.yaml")[0][:2] == place


def test_a_set_and_its_names_are_checked_and_its_header_is_known(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "header.tex.j2").write_text("\\newcommand{\\R}{\\mathbb{R}}\n")
    (tmp_path / "set.yaml").write_text("title: A $\\input{x}$ set\n")
    (tmp_path / "01.yaml").write_text(MODEL + "parts: [{prompt: 'Let $x \\in \\R^n$.'}]\n")
    assert [place[:2] for place in _found(tmp_path)] == [(1, 11)]
    (tmp_path / "set.yaml").write_text("title: A $\\R^n$ set\n")
    assert read(tmp_path).title == "A $\\R^n$ set"


def test_a_part_without_points_takes_those_of_its_rubric(tmp_path: Path) -> None:
    rubric = "    rubric: [{points: 1.5, for: a}, {points: 1, for: b}]\n"
    (tmp_path / "p.yaml").write_text(MODEL + "parts:\n  - prompt: p\n" + rubric)
    (problem,) = read(tmp_path / "p.yaml").problems
    assert problem.parts[0].points == problem.points == 2.5


def test_typed_equations_lose_their_number_and_signs_become_commands(tmp_path: Path) -> None:
    text = "statement: Für $α × β$ ist\nparts:\n  - prompt: \\begin{equation} a \\end{equation}\n"
    (tmp_path / "p.yaml").write_text(MODEL + text)
    (problem,) = read(tmp_path / "p.yaml").problems
    assert problem.statement == (r"Für ${\alpha} \times  {\beta}$ ist",)
    assert problem.parts[0].prompt == (r"\begin{equation*} a \end{equation*}",)
