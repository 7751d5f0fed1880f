"""The build: files and exit codes of sets that are right and of one that is wrong, made, remembered and made again."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from solgen.build.cache import Store
from solgen.build.formats import Choice
from solgen.build.job import Job
from solgen.build.outcome import dump_outcome, load_outcome, outcomes_json
from solgen.build.pipeline import make
from solgen.document.products import PRODUCTS
from tests.mutants.coverage import ROOT
from tests.mutants.room import Maker, Room

SETS = ("problems/homework-003", "tests/cases/problems/tanh-net.yaml", "tests/cases/problems/five-mistakes.yaml")
SOURCES = Choice(tuple(PRODUCTS), ("tex",))


def _made(source: Path) -> object:
    """What a build makes of a set in an empty cache, and once more from there; no TeX, which is another room's."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(source, Path(folder), "a program", typesets=True, choice=SOURCES)
        outcomes = [make(job), make(job)]
        store = Store(Path(folder))
        kept = [load_outcome(dump_outcome(outcome, store), store) for outcome in outcomes]
    return [(outcome, outcomes_json([outcome])) for outcome in (*outcomes, *kept) if outcome is not None]


def _makers() -> Mapping[str, Maker]:
    return {name: partial(_made, ROOT / name) for name in SETS}


SLICE = Room("build", ("test_outcome.py", "test_locate.py", "test_config.py", "test_cache.py"), _makers).slice(
    floor=0.6
)
