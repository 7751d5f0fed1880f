"""Numbers in sentences are counts of what the derivation and its certificate have: another number is noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from solgen.build.read_back.leftover import stray_words
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import Section, sections_of_set
from solgen.calculus.derive import derive
from solgen.document.pages import tell_in_full
from solgen.document.products import PRODUCTS
from solgen.model.noun_walk import parts, rebuilt
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.words import Words

ROOT = Path(__file__).parents[2]
FILES = (
    "problems/homework-000/01-tied-autoencoder.yaml",
    "problems/residual-block/01-residual-block.yaml",
    "problems/library/worked-examples/01-two-layers-by-hand.yaml",
)
OTHER = {
    "two": "three", "three": "four", "four": "five", "five": "four", "twice": "three times", "first": "second",
    "second": "third", "third": "first", "once": "twice",
}  # fmt: skip
NUMBER = re.compile(
    r"\b(?:two|three|four|five|twice|(?:first|second|third)(?= use)|[0-9]+(?= (?!\())(?!(?:,| and) [0-9]))(?![\w½])"
)
REFERENCE = re.compile(
    r"\bMC [0-9, ]+|\b(?:part|problem|figure|rule)s? [0-9]+|sums? to 1|is 1 where|its 1 in|[0-9½]+ points?|[12]-norm"
)


@cache
def told(file: str) -> tuple[tuple[Section, ...], Certified]:
    problem_set = read(ROOT / file)
    derivations = [derive(problem) for problem in problem_set.problems]
    checks = [verify(d) for d in derivations]
    whole = tell_in_full(problem_set, derivations, checks, {})
    known = Certified()
    for derivation, held in zip(derivations, checks, strict=True):
        known.learn(derivation, held)
    return tuple(sections_of_set(whole, [whole.pages(product) for product in PRODUCTS.values()])), known


def stray(section: Section, known: Certified) -> list[str]:
    return [*stray_words(section.pages, section.problem, known.amounts)]


def changes(section: Section) -> Iterator[tuple[str, Section]]:
    """The section with one number of one sentence changed."""
    for sentence in dict.fromkeys(_sentences(section.pages)):
        for k, phrase in enumerate(sentence.phrases):
            if isinstance(phrase, str) and not _is_typed(phrase, section):
                for match in NUMBER.finditer(REFERENCE.sub(lambda m: "_" * len(m[0]), phrase)):
                    now = OTHER.get(match[0]) or str(int(match[0]) + 1)
                    edited = phrase[: match.start()] + now + phrase[match.end() :]
                    other = Words((*sentence.phrases[:k], edited, *sentence.phrases[k + 1 :]))
                    yield edited, replace(section, pages=_with(section.pages, sentence, other))


def _sentences(page: Any) -> Iterator[Words]:
    if isinstance(page, Words):
        yield page
    else:
        for part in parts(page):
            yield from _sentences(part)


def _with(page: Any, was: Words, now: Words) -> Any:
    return now if page is was or page == was else rebuilt(page, lambda part: _with(part, was, now))


def _is_typed(phrase: str, section: Section) -> bool:
    return section.problem is not None and phrase.strip() in section.problem.text


@pytest.mark.parametrize("file", FILES)
def test_every_number_is_what_there_is(file: str) -> None:
    sections, known = told(file)
    assert [what for section in sections for what in stray(section, known)] == []


def test_another_number_is_noticed() -> None:
    made = [(edited, s, told(file)[1]) for file in FILES for section in told(file)[0] for edited, s in changes(section)]
    missed = [edited for edited, section, known in made if not stray(section, known)]
    assert len(made) > 20 and missed == []
