"""What stands between formulas: words, and no mathematics that nobody reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solgen.build.read_back.counts import Amounts
from solgen.build.read_back.finished import misprinted_file
from solgen.build.read_back.leftover import stray_words, without_formulas
from solgen.calculus.derive import derive
from solgen.document.pages import Document, tell_in_full
from solgen.document.products import PRODUCTS
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.words import Typed, Words
from solgen.written.passages import passages

CASE = Path(__file__).parents[1] / "cases/problems/tanh-net.yaml"

KNOWN = Amounts()
STRAY = (
    "the derivative is 1 − h²", "so W = V", "the sum Σ of all", "with λ before it", "it has 3 entries", "a × b",
    "the transpose Wᵀ", "ReLU′(0) = 1", "x + y", "m/n of them is a / b", "a ∈ b", "12 of 14 are told",
    "there are two of them", "it stands twice",
    "9 equalities at 3 random points with ", "13 paths",
)  # fmt: skip
CLEAN = (
    "2½ points", "by R12", "MC 70, 101", "as in problem 2", "In problems 2, 3b and 6.1 it is written ",
    "In problem 12 ",
    "all of whose entries sum to 1",
    "ReLU′(0) = 0.",
    " is 1 where the condition in its brackets holds, else 0.", "input/output pairs", "the left- and right-hand side",
)  # fmt: skip


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    problem_set = read(CASE)
    derivations = [derive(problem) for problem in problem_set.problems]
    told = tell_in_full(problem_set, derivations, [verify(d) for d in derivations], {})
    return [told.fill_pages(told.pages(product)) for product in PRODUCTS.values()]


@pytest.mark.parametrize("phrase", STRAY)
def test_mathematics_in_a_sentence_is_noticed(phrase: str) -> None:
    assert [*stray_words((Words((phrase,)),), None, KNOWN)]


@pytest.mark.parametrize("phrase", CLEAN)
def test_references_points_and_counts_are_not(phrase: str) -> None:
    assert [*stray_words((Words((phrase,)),), None, KNOWN)] == []


def test_what_the_author_typed_is_another_readers() -> None:
    (problem,) = read(CASE).problems
    typed = replace(problem, title="The rule x = y")
    page = Words(("The rule x = y",))
    assert [*stray_words((page,), typed, KNOWN)] == [] and [*stray_words((page,), problem, KNOWN)] != []


def test_a_document_holds_no_other_mathematics(documents: list[Document]) -> None:
    assert [what for document in documents for what in misprinted_file(document)] == []


@pytest.mark.parametrize("added", ["and so = 3", r"$x$ + y", r"so \ensuremath{\lambda}", "with 7 neurons", "W ⊙ V"])
def test_a_template_that_prints_more_is_noticed(documents: list[Document], added: str) -> None:
    for document in documents:
        more = replace(document, tex=document.tex.replace(r"\begin{solution}", rf"{added} \begin{{solution}}", 1))
        more = replace(more, tex=more.tex.replace(r"\end{document}", rf"{added} \end{{document}}", 1))
        assert [what for what in misprinted_file(more) if "stands in no formula" in what]


def test_a_formula_may_begin_in_one_phrase_and_end_in_another(documents: list[Document]) -> None:
    page = Words((Typed("of $a +"), Typed(" b$, where 2 + 2 are 4, ")))
    pages = replace(documents[0].pages, conventions=(page,))
    typed = replace(documents[0], pages=pages, tex=documents[0].tex + "of $a + b$, where 2 + 2 are 4, ")
    assert not [what for what in misprinted_file(typed) if "stands in no formula" in what]


def test_formulas_are_taken_out() -> None:
    text = r"With $x$ and \step{a}{b}{= c}{so}{1} done"
    left = without_formulas(text, passages(text))
    assert "x" not in left and "= c" not in left and "done" in left and r"\step{a}{" in left
