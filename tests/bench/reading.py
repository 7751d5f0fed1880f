"""What reading back costs beside verification: both in one fresh process, over the problems of the homework sets.

`python -m tests.bench.reading` measures once, and prints the seconds of each stage.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import TypeVar

from solgen.build.alike import refuse_alike
from solgen.build.faults import report_misassembly
from solgen.build.read_back.forms import IN_LATEX
from solgen.build.read_back.misreadings import read_back
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import sections_of_set
from solgen.build.undefined import undefined_in_set
from solgen.calculus.derive import derive
from solgen.document.pages import tell_in_full
from solgen.document.products import PRODUCTS
from solgen.model.problem import Problem, ProblemSet
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.bench.processes import SETS
from tests.bench.table import table
from tests.bench.timing import ROOT, python, run

ROUNDS = 5
READING = ("formulas and data read and compared", "relations looked up", "files read", "symbols looked up")
Result = TypeVar("Result")


class Clock:
    """Processor seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def measure(self, stage: str, work: Callable[[], Result]) -> Result:
        started = time.process_time()
        result = work()
        self.seconds[stage] += time.process_time() - started  # type: ignore[assignment]
        return result


def measured() -> dict[str, float]:
    """The seconds of one run over the problems of all sets, nothing remembered before."""
    clock = Clock()
    for folder in SETS:
        for problem in read(ROOT / folder).problems:
            _measure(problem, clock)
    return dict(clock.seconds)


def _measure(problem: Problem, clock: Clock) -> None:
    derivation = clock.measure("derived", lambda: derive(problem))
    checks = clock.measure("verified", lambda: verify(derivation))
    alone = ProblemSet(problem.id, (problem,))
    told = clock.measure("told", lambda: tell_in_full(alone, [derivation], [checks], {}))
    shown = clock.measure("told", lambda: [told.pages(product) for product in PRODUCTS.values()])
    documents = clock.measure("told", lambda: [told.fill_pages(pages) for pages in shown])
    formulas, relations, files, symbols = READING
    sections = clock.measure(formulas, lambda: tuple(sections_of_set(told, shown)))
    known = Certified()
    clock.measure(relations, lambda: known.learn(derivation, checks))
    wrong: list[object] = [*clock.measure(formulas, lambda: [*read_back(sections, IN_LATEX, known)])]
    wrong += clock.measure(files, lambda: [fault for document in documents for fault in report_misassembly(document)])
    clock.measure(symbols, lambda: refuse_alike(sections))
    wrong += clock.measure(symbols, lambda: [*undefined_in_set(told, shown)])
    assert not wrong, wrong


def report() -> str:
    """Medians of several processes, and the ratio of each, reading : verification."""
    once = partial(run, python("-m", "tests.bench.reading"))
    runs = [json.loads(once().out) for _ in range(ROUNDS)]
    rows = [_row(stage, [found[stage] for found in runs], runs) for stage in ("derived", "verified", "told", *READING)]
    whole = [sum(found[stage] for stage in READING) for found in runs]
    rows.append(_row("all of reading back", whole, runs))
    title = f"Reading back beside verification, medians of {ROUNDS} processes ({len(SETS)} sets of homework)"
    return table(title, ("", "cpu", "× verified, in the same run"), rows)


def _row(stage: str, seconds: list[float], runs: list[dict[str, float]]) -> list[str]:
    ratios = [one / found["verified"] for one, found in zip(seconds, runs, strict=True)]
    return [stage, f"{median(seconds):.2f} s", f"{median(ratios):.2f}"]


if __name__ == "__main__":
    print(json.dumps(measured()))
