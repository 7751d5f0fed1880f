"""The LaTeX of each verb, as golden text: one part of one problem each, with its certificate.

`SOLGEN_REGEN=1 pytest tests/document` writes what is made now; the difference is for reading.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solgen.calculus.derive import VERBS, derive
from solgen.numeric.verify import verify
from solgen.reader.questions import VERBS as ROWS
from solgen.reader.set_file import read
from solgen.tex import Engine, typeset
from tests.document_of import solution_document

CASE = Path(__file__).parent.parent / "cases" / "verbs" / "verbs.yaml"


@pytest.fixture(scope="module")
def tex() -> str:
    problem_set = read(CASE)
    derivations = [derive(p) for p in problem_set.problems]
    checks = [verify(d, mutants=False) for d in derivations]
    assert not [c for found in checks for c in found.failures]
    return solution_document(problem_set, derivations, checks, {}, "solutions").tex


def test_golden(tex: str) -> None:
    golden = CASE.with_suffix(".tex")
    body = tex[tex.index(r"\begin{document}") :].partition(r"\textbf{Checked.}")[0]
    if os.environ.get("SOLGEN_REGEN"):
        golden.write_text(body)
    assert body == golden.read_text()


def test_every_verb_has_its_part() -> None:
    (problem,) = read(CASE).problems
    assert {ask.verb for part in problem.parts for ask in part.asks} == VERBS.keys() - {"say"}


def test_its_pages_have_no_defect(tex: str, engine: Engine, user_cache: Path) -> None:
    run = typeset(engine, tex, {}, source_date_epoch=0, timeout=60, cache=user_cache)
    assert run.log.defects() == ()


def test_what_can_be_asked_can_be_derived() -> None:
    assert VERBS.keys() == ROWS.keys()
