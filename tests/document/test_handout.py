"""The handout holds nothing of a solution: not in its words, its metadata, its attachments, nor in its last byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solgen.build.job import Job
from solgen.build.outcome import Outcome
from solgen.build.pipeline import make
from solgen.tex import Engine
from tests.document.paper import dictionaries, opened, text

CHECKOUT = Path(__file__).parent.parent.parent
POSED = """\
title: A small net
nodes: letters
statement: |
  Consider
  [[model equations]]
  where [[eq z1]] stands in [[ref z1]].
model: |
  x: R[n]
  t: R[m]
  W: R[m, n]
  z1 = W @ x
  h1 = relu(z1)
  L = norm2sq(h1 - t) / 2
parameters: [W]
parts:
- {prompt: 'Find [[symbol dL/dW]].', points: 2, hint: 'Use [[z1]].', space: 4cm, SECOND}
- {prompt: Draw it., points: 1, FIRST}
"""
SOLVED = (
    "solve: [{gradients: W}, {say: 'By [[ref h1]], nothing else.'}], answer: 'So [[dL/dW]], see [[ref dL/dW]].', "
    "expect: {dL/dW: 'outer(bar(z1), x)'}, rubric: [{points: 2, for: 'the mask, [[eq h1]]'}]",
    "solve: graph, answer: An answer in words.",
)
OTHERWISE = ("answer: Left to the reader.", "solve: [{jacobian: h1, wrt: x}, parameter_count], say: At once.")
WORDS = ("Backward", "Forward pass", "Checked", "Assumed", "Rules", "matrix product", "Figure", "verified", "reader")


def handed_out(folder: Path, solution: tuple[str, str], engine: Engine, cache: Path) -> Outcome:
    (folder / "hw").mkdir(exist_ok=True)
    file = folder / "hw" / "net.yaml"
    file.write_text(POSED.replace("SECOND", solution[0]).replace("FIRST", solution[1]))
    (folder / "hw" / "set.yaml").write_text("title: Homework 1\ncourse: DL\nauthor: A. Writer\n")
    outcome = make(Job(folder / "hw", cache, "a program", typesets=True, engine=engine))
    assert [d.text() for d in outcome.diagnostics] == []
    return outcome


def test_other_solutions_make_the_same_handout(tmp_path: Path, engine: Engine, with_tex: Path) -> None:
    one = handed_out(tmp_path, SOLVED, engine, with_tex).files
    other = handed_out(tmp_path, OTHERWISE, engine, with_tex).files
    assert one["solutions.tex"] != other["solutions.tex"]
    assert one["handout.tex"] == other["handout.tex"]
    assert one["handout.pdf"] == other["handout.pdf"]


def test_no_words_metadata_or_attachments_of_a_solution(tmp_path: Path, engine: Engine, with_tex: Path) -> None:
    files = handed_out(tmp_path, SOLVED, engine, with_tex).files
    pdf = files["handout.pdf"]
    assert [word for word in WORDS if word in text(pdf)] == []
    metadata = opened(pdf).metadata or {}
    assert {key: str(metadata[key]) for key in ("/Title", "/Author", "/Subject")} == {
        "/Title": "Homework 1 (Problems)", "/Author": "A. Writer", "/Subject": "Problems",
    }  # fmt: skip
    assert {*metadata} <= {
        "/Title",
        "/Author",
        "/Subject",
        "/Creator",
        "/Producer",
        "/Keywords",
        "/Trapped",
        "/PTEX.Fullbanner",
    }
    assert opened(pdf).attachments == {}
    assert not any(found.get("/Type") in ("/EmbeddedFile", "/Filespec", "/Metadata") for found in dictionaries(pdf))
    assert "Backward" in text(files["solutions.pdf"])  # the words are there to be found


def plain(tex: str) -> str:
    return re.sub(r"\\brk(?:eq|in|p)?\b|\{\}|\s", "", tex)


@pytest.mark.parametrize("name", ["homework-003", "homework-004"])
def test_no_answer_of_the_key_is_in_the_handout(name: str, engine: Engine, with_tex: Path) -> None:
    source = CHECKOUT / "problems" / name
    files = make(Job(source, with_tex, "a program", typesets=True, engine=engine)).files
    key, handout = (
        files[f"{product}.tex"].decode().partition(r"\begin{document}")[2] for product in ("key", "handout")
    )
    answers = [plain(found) for found in re.findall(r"\\answer\{(.*?)\}\{[^{}]*\}\{\d*\}(?:\\apart|%)", key)]
    assert len(answers) > 4
    assert [answer for answer in answers if answer in plain(handout)] == []
