"""A line of LaTeX is traced to the line of a course's own template, to a reference, or to a part."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.origin import named_origin, problem_origin, template_origin, unclosed_brace
from solgen.document.pages import Document, tell_in_full
from solgen.document.products import PRODUCTS
from solgen.reader.set_file import read

PROBLEM = r"""title: T
statement: |
  Consider
  [[model equations]]
model: |
  x: R[n]
  A: R[n, n]
  z = tanh(A @ x) * x
  L = norm2sq(z)
parts:
  - prompt: Derive $[[eq z]]$ by hand.
    solve: {gradients: x}
  - prompt: Say something.
    answer: Something plain.
"""


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.chdir(tmp_path)
    for place, name, text in (
        ("templates", "header.tex.j2", "% ours\n\\usepackage{nosuch}\n  \\newcommand{\\mine}{x\n"),
        ("templates", "title.tex.j2", "\\far\n"),
        ("problems/s/templates", "title.tex.j2", "\\near{<< doc.title >>}{title}\n"),
    ):
        Path(place).mkdir(parents=True, exist_ok=True)
        (Path(place) / name).write_text(text)
    Path("problems/s/p.yaml").write_text(PROBLEM)
    read_set = read(Path("problems/s"))
    told = tell_in_full(read_set, [derive(p) for p in read_set.problems], [None], {})
    return told.document(PRODUCTS["solutions"])


def line_of(document: Document, text: str) -> int:
    """The last line that has it: macros are defined before they are used."""
    return max(n for n, line in enumerate(document.tex.splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("text", "file", "line"),
    [
        (r"\usepackage{nosuch}", "templates/header.tex.j2", 2),
        (r"\newcommand{\mine}", "templates/header.tex.j2", 3),
        (r"\near{", "problems/s/templates/title.tex.j2", 1),
    ],
)
def test_a_line_of_an_own_template(document: Document, text: str, file: str, line: int) -> None:
    found = template_origin(document, line_of(document, text))
    assert found is not None and (found.span.file, found.span.line) == (file, line)
    assert found.source[found.span.column - 1 : found.span.end - 1] == found.source.strip()


def test_what_is_no_line_of_an_own_template(document: Document) -> None:
    assert r"\far" not in document.tex
    assert template_origin(document, line_of(document, r"\begin{document}")) is None
    assert template_origin(document, 100_000) is None


def test_a_file_that_is_missing_and_a_brace_that_is_open(document: Document) -> None:
    missing = named_origin(document, "LaTeX Error: File `nosuch.sty' not found.")
    assert missing is not None and (missing.span.line, missing.span.column) == (2, 13)
    opened = unclosed_brace(document)
    assert opened is not None and (opened.span.file, opened.span.line) == ("templates/header.tex.j2", 3)
    assert opened.source[opened.span.column - 1 :] == "{x"


@pytest.mark.parametrize(
    ("text", "line", "where"),
    [
        ("Consider", 4, "problem 1, `[[model equations]]`"),
        ("by hand.", 11, "problem 1 (a), `[[eq z]]`"),
        (r"Something plain", 13, "problem 1 (b)"),
    ],
)
def test_a_part_or_a_reference_in_it(document: Document, text: str, line: int, where: str) -> None:
    found = problem_origin(document, line_of(document, text))
    assert found is not None and (found.span.line, found.where) == (line, where)


def test_the_preamble_and_the_appendix_are_of_no_part(document: Document) -> None:
    assert problem_origin(document, 3) is None
    assert problem_origin(document, line_of(document, r"\appendixhead{Rules}") + 1) is None
