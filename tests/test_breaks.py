"""A sample of `make breaks`: the product broken on its way to a page stops a build by itself."""

from __future__ import annotations

from random import Random

import pytest

from solgen.document.products import PRODUCTS
from tests.breaks.broken import Break
from tests.breaks.corpus import ROOT, Text, text_of
from tests.breaks.edits import TERMINAL, random_edits, report, share_noticed
from tests.breaks.figure_edits import FIGURES, random_figure_edits
from tests.breaks.fuzz import fuzzed
from tests.breaks.judge import judged
from tests.breaks.named import named

SOURCES = (
    "tests/cases/problems/tanh-net.yaml",
    "problems/library/worked-examples/01-two-layers-by-hand.yaml",
    "problems/homework-003/02-softmax.yaml",
    "problems/library/normalisation/03-rms-norm.yaml",
)
BREAKS = {one.name: one for one in named()}


@pytest.fixture(scope="module")
def texts() -> tuple[Text, ...]:
    found = [text_of(ROOT / source) for source in SOURCES]
    return tuple(text for text in found if text is not None)


def test_the_sample_builds(texts: tuple[Text, ...]) -> None:
    assert len(texts) == len(SOURCES)


def test_each_break_is_noticed(texts: tuple[Text, ...]) -> None:
    found = {one.name: verdict for one, verdict in judged(list(BREAKS.values()), texts, workers=1)}
    assert {name: v.told for name, v in found.items() if v.outcome == "printed"} == {}
    stopped = {name for name, v in found.items() if v.outcome == "stopped"}
    assert len(stopped) >= len(BREAKS) - 3, sorted(set(BREAKS) - stopped)  # what these four problems do not show


def test_a_break_of_nothing_is_no_break(texts: tuple[Text, ...]) -> None:
    ((_, verdict),) = judged([Break("nothing", lambda: None)], texts[:1], workers=1)
    assert verdict.outcome == "unchanged"


@pytest.mark.parametrize("product", [*PRODUCTS, TERMINAL])
def test_edits_of_what_is_printed_are_noticed(product: str) -> None:
    edits = [*random_edits(product, 40, Random(product), [ROOT / source for source in SOURCES])]
    assert share_noticed(edits) >= 0.97, report(product, edits)


def test_edits_of_what_figures_show_are_noticed() -> None:
    edits = [*random_figure_edits(40, Random(FIGURES), [ROOT / "problems/homework-000/01-tied-autoencoder.yaml"])]
    assert share_noticed(edits) >= 0.97, report(FIGURES, edits)


def test_mutated_text_is_read_or_refused() -> None:
    assert [t for t in fuzzed(150, Random(4), [ROOT / source for source in SOURCES]) if t] == []
