"""Likely mistakes on the page: what went wrong in a sentence, behind ≠, and only what the certificate refutes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from solgen.build.outcome import dump_checks, load_checks
from solgen.calculus.derive import derive
from solgen.calculus.engine import mistake_rules
from solgen.calculus.verbs import mistakes as search
from solgen.document.telling import telling
from solgen.document.verbs.mistakes import SENTENCES
from solgen.errors import Refused
from solgen.expr.nodes import Kind, rank
from solgen.model.derivation import Derivation, Mistakes
from solgen.model.problem import Ask, NameRef, Problem, ProblemSet
from solgen.model.verdict import Checks, Trial
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.filling import NO_BREAK
from solgen.render.terminal_words import terminal_words
from tests.document_of import solution_document

CASES = Path(__file__).parent.parent / "cases" / "document"
PROBLEMS = Path(__file__).parents[2] / "problems"


@cache
def made(name: str) -> tuple[ProblemSet, Derivation, Checks]:
    found = read(CASES / f"{name}.yaml")
    derivation = derive(found.problems[0])
    return found, derivation, verify(derivation, mutants=False)


def told(derivation: Derivation, checks: Checks | None) -> list[str]:
    """The paragraphs of the part about mistakes, as a terminal writes them."""
    (part,) = telling(derivation, "b", checks).parts
    paragraphs = (block.text for block in part.blocks if block.template == "paragraph")
    return [terminal_words(text).replace(NO_BREAK, " ") for text in paragraphs]


def page(checks: Checks | None, product: str) -> str:
    found, derivation, _ = made("mistakes")
    return solution_document(found, [derivation], [checks], {}, product).tex


def test_sentences_name_what_went_wrong() -> None:
    _, derivation, checks = made("mistakes")
    assert told(derivation, checks) == [
        "The right answer for x̄ is (6). The numbers below are those at the point",
        "× x̄ ≠ Wᵀ z̄: this forgets that x also enters u: this path adds ū. "
        "Entry 2 would be 15; finite differences give 18.",
        "× x̄ ≠ ū + Wᵀ h̄: this omits the slope φ′(z), and passes the signal at h on to z unchanged. "
        "Entry 1 would be 9, not −13.",
        "× x̄ ≠ W z̄ + ū: this multiplies by W instead of Wᵀ. Entry 2 would be 0, not 18.",
        "× x̄ ≠ ū + Wᵀ(h̄ ⊙ φ′(h)): this takes the slope at h instead of at z, to which the function is applied. "
        "Entry 2 would be −20, not 18.",
    ]


def test_every_kind_of_slip_has_its_sentence() -> None:
    sources = Path(mistake_rules.__file__).read_text() + Path(search.__file__).read_text()
    kinds = set(re.findall(r'(?:WrongStep|Candidate)\(\s*"([a-z ]+)"', sources)) | {"untransposed", "order"}
    kinds |= {"path", "occurrence", "path above", "occurrence above", "constant", "undivided"}
    assert kinds == set(SENTENCES)


def test_sentences_find_their_words_in_the_library() -> None:
    """Every wrong answer that is thought of, in whatever problem, has the names that its sentence speaks of."""
    for folder in ("sequences", "normalisation", "matrix-calculus"):
        for problem in read(PROBLEMS / "library" / folder).problems:
            for asked in _questions(problem):
                for wrong in asked.wrong:
                    words = {key for key, _ in wrong.names} | {"via"}
                    assert set(re.findall(r"\{(\w+)\}", SENTENCES[wrong.kind])) <= words, (problem.title, wrong.kind)


def _questions(problem: Problem) -> list[Mistakes]:
    """What could go wrong with the gradient at each declared value."""
    out, (first, *_) = problem.model.output, problem.parts
    if out is None or rank(out):
        return []
    found: list[Mistakes] = []
    for d in problem.model.declarations:
        if d.var.kind is Kind.LABEL:
            continue
        ask = Ask("mistakes", (NameRef(d.var.name, (), first.span),), first.span)
        part = replace(first, asks=(ask,), model=None, expect=(), prompt=("x",), say=(), answer=(), hint=())
        try:
            contents = derive(replace(problem, parts=(part,), statement=())).parts[0].contents
        except Refused:  # no path leads from there to the loss
            continue
        found += [c for c in contents if isinstance(c, Mistakes)]
    return found


# ---------------------------------------------------------------- nothing that was not refuted


def test_nothing_is_said_without_a_run() -> None:
    _, derivation, _ = made("mistakes")
    assert told(derivation, None) == []
    assert r"\ne " not in page(None, "solutions")


def test_what_the_certificate_does_not_refute_is_not_printed() -> None:
    _, derivation, checks = made("mistakes")
    (trial,) = checks.trials
    rest = trial.refuted[1:]
    fewer = replace(checks, trials=(replace(trial, refuted=rest),))
    before, after = told(derivation, checks), told(derivation, fewer)
    assert len(after) == len(before) - 1 and not [line for line in after if "enters u" in line]
    none = replace(checks, trials=(replace(trial, refuted=()),))
    assert told(derivation, none) == [
        "The right answer for x̄ is (6). No likely mistake was found that a run tells from the right answer."
    ]


def test_a_wrong_answer_never_stands_behind_an_equals_sign_nor_in_a_frame() -> None:
    _, _, checks = made("mistakes")
    body = page(checks, "solutions")
    items = [line for line in body.splitlines() if r"\ne " in line]
    assert len(items) == len(checks.trials[0].refuted)
    assert not [line for line in items if "=" in line or r"\ans" in line]


def test_handout_and_key_hold_no_mistake() -> None:
    _, _, checks = made("mistakes")
    for product in ("handout", "key"):
        body = page(checks, product)  # type: ignore[arg-type]
        assert r"\ne " not in body and "would be" not in body and "mistakes." not in body


def test_a_trial_survives_the_cache() -> None:
    _, _, checks = made("mistakes")
    kept = load_checks(dump_checks(checks))
    assert kept.trials == checks.trials and isinstance(kept.trials[0], Trial)
    assert isinstance(kept.trials[0].functions, Mapping)


@pytest.mark.parametrize("given", ["-3", "7/2", "0.5469", "4.963e-05"])
def test_numbers_on_the_page(given: str) -> None:
    _, derivation, checks = made("mistakes")
    (trial,) = checks.trials
    first = next(r for r in trial.refuted if r.how == "value")
    changed = replace(trial, refuted=(replace(first, wrong=given),))
    said = told(derivation, replace(checks, trials=(changed,)))[-1]
    written = {"-3": "−3", "7/2": "7/2", "0.5469": "0.5469", "4.963e-05": "4.963 · 10⁻⁵"}[given]
    assert f"would be {written};" in said
