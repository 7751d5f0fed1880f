"""A derivation for other people's documents: LaTeX that compiles with amsmath and bm alone, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from solgen.document.portable import latex, markdown, portable
from solgen.document.tex import Engine, typeset
from solgen.model import Derivation, ProblemSet

Load = Callable[[str], tuple[ProblemSet, list[Derivation]]]
OURS = re.compile(
    r"\\(?:sh|ans|brk|brkeq|brkin|brkp|eqlink|eqn|rulelink|formulas?|apart|gridfit|lead|step)(?![A-Za-z])"
)
MINIMAL = r"\documentclass{{article}}\usepackage{{amsmath,amssymb,bm}}\begin{{document}}{}\end{{document}}"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (r"{}= \sh{\bm{W}_{1}}{m \times n}\,\brkp \bm{x}", r"= \underset{m \times n}{\bm{W}_{1}}\,\bm{x}"),
        (r"\ans{\sh{x}{n \times 1}} \brkeq {}= y", r"\boxed{\underset{n \times 1}{x}} = y"),
        (r"squared norm (\rulelink{1})", "squared norm"),
        (r"by \rulelink{1}, \rulelink{2} and \rulelink{3}", ""),
        (r"as \eqlink{12} says", "as (12) says"),
        (r"\mathbb{1}[z > 0]", r"\mathbf{1}[z > 0]"),
        (r"\shape{x} \bracket", r"\shape{x} \bracket"),
    ],
)
def test_our_macros_are_written_out(ours: str, theirs: str) -> None:
    assert portable(ours) == theirs


@pytest.mark.parametrize("name", ["residual", "softmax-net", "lstm"])
def test_nothing_of_ours_is_left(load: Load, name: str) -> None:
    _, (derivation,) = load(name)
    for text in (latex(derivation), markdown(derivation)):
        assert not OURS.search(text)
        assert text.count("{") == text.count("}")
    assert markdown(derivation).count("$$") % 2 == 0


def test_latex_compiles_in_a_plain_article(load: Load, engine: Engine, user_cache: Path) -> None:
    _, (derivation,) = load("residual")
    body = latex(derivation)
    assert r"\section*{A residual block}" in body and r"\boxed{" in body
    run = typeset(engine, MINIMAL.format(body), {}, source_date_epoch=0, timeout=60, cache=user_cache)
    assert not [d for d in run.log.defects() if d.kind != "overfull"]  # its page is not ours


def test_markdown_reads_as_markdown(load: Load) -> None:
    _, (derivation,) = load("residual")
    text = markdown(derivation)
    assert text.startswith("# A residual block\n") and "\n## (a)\n" in text and "**Backward pass.**" in text
    assert r"\bm{" not in text and r"\boldsymbol{W}" in text
