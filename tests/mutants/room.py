"""A room of the shell broken: what must notice is a test of the room, or the build itself.

KILLED      a sample output cannot be made any more, or a test fails that runs the changed lines.
SAME        no test fails, and every sample output that runs the changed lines is what it was: equivalent, for these.
SURVIVED    no test fails, and an output is another one; or no sample output runs the lines, so nothing shows that the
            mutant is harmless.
NEVER RUN   neither a test nor a sample output runs the lines in this process.

Tests are tried from the cheapest on, until those that are tried take BUDGET seconds with the whole house; where others
are left, the verdict says of how many.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

import solgen
from tests.mutants import shell, source
from tests.mutants.coverage import ROOT, Covering, Line, Tracer, cheapest, covering
from tests.mutants.farm import Late, limited, limited_by_clock, quiet
from tests.mutants.judge import Verdict
from tests.mutants.mutant import Mutant, forget, ready
from tests.mutants.report import Result
from tests.mutants.slice import Slice, sampled, tried
from tests.mutants.suite import first_failure, with_tests

BUDGET = 20.0
SPARE, SLOWER = 5.0, 10.0
WAITING = 6.0  # how much longer by the clock than by the processor, on a machine that others use, too
Maker = Callable[[], object]
Makers = Mapping[str, Maker]


@dataclass(frozen=True, slots=True)
class Sample:
    """Something that the room makes, by name: how, what it is with the whole house, the lines that run, the seconds."""

    name: str
    make: Maker
    value: object
    lines: frozenset[Line]
    seconds: float


@dataclass(frozen=True, slots=True)
class Room:
    """A room with its tests, by their names below tests/; `quick` are some that take few seconds together.

    `makers` gives the sample outputs; what they need of other rooms is made before, so that only this one is judged.
    """

    name: str
    quick: tuple[str, ...]
    makers: Callable[[], Makers]

    def slice(self, floor: float) -> Slice:
        return Slice(self.name, self.name, self.run, floor)

    @property
    def folder(self) -> Path:
        return ROOT / "solgen" / self.name

    def mutants(self) -> Iterator[Mutant]:
        """Every expression of every function of the room broken, file after file."""
        for file in sorted(self.folder.rglob("*.py")):
            yield from source.of_file(file, shell.ways)

    def run(self, options: Namespace) -> list[Result]:
        for module in pkgutil.walk_packages(solgen.__path__, "solgen."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        tests = [f"{self.name}/{name}" for name in self.quick] if options.quick else [self.name]
        return with_tests([ROOT / "tests" / name for name in tests], partial(self._run, options))

    def _run(self, options: Namespace, session: pytest.Session) -> list[Result]:
        start = time.monotonic()
        source.living()
        ready()
        jury = Jury(session, covering(session, self.folder), tuple(_samples(self.makers(), self.folder)))
        print(
            f"{len(jury.tests)} tests and {len(jury.samples)} outputs with the whole house "
            f"in {time.monotonic() - start:.0f} s",
            flush=True,
        )
        chosen = [m for m in self.mutants() if options.only in m.name]
        if options.unseen:
            print("\n".join(m.name for m in chosen if not jury.runs(m)))
            return []
        if options.quick:  # only what so few tests run
            chosen = [m for m in chosen if jury.runs(m)]
        chosen = sampled(chosen, options.sample)
        return tried(chosen, [partial(quiet, partial(jury.judge, m)) for m in chosen], options.workers)


@dataclass(frozen=True, slots=True)
class Jury:
    """What a mutant of the room is judged by: collected tests, with what they run, and sample outputs."""

    session: pytest.Session
    tests: Mapping[str, Covering]
    samples: tuple[Sample, ...]

    def runs(self, mutant: Mutant) -> bool:
        return bool(self._samples(mutant)) or bool(cheapest(self.tests, mutant.where, 0.0))

    def judge(self, mutant: Mutant) -> Verdict:
        """The room broken, in this process, and tried on sample outputs, then on tests, up to the first that tells."""
        samples = self._samples(mutant)
        running = cheapest(self.tests, mutant.where, float("inf"))
        names = frozenset(cheapest(self.tests, mutant.where, BUDGET))
        mutant.install()
        forget()
        changed = ""
        for sample in samples:
            found = _in_time(sample.seconds, partial(_compared, sample))
            if found.startswith("stopped"):
                return Verdict("KILLED", found, sample.name)
            changed = changed or (sample.name if found else "")
        if failed := self._failure(names):
            return Verdict("KILLED", failed.partition("::")[0].rpartition("/")[2], failed, len(names))
        tests = f"{len(names)} of {len(running)} tests that run it"
        if changed:
            return Verdict("SURVIVED", f"{changed} is another, {tests} pass", changed, len(names))
        if samples:
            return Verdict("SAME", "", "", len(names))
        return Verdict("SURVIVED", f"{tests} pass", "", len(names)) if names else Verdict("NEVER RUN", "", "")

    def _samples(self, mutant: Mutant) -> list[Sample]:
        file, numbers = mutant.where
        return [s for s in self.samples if any((file, n) in s.lines for n in numbers)]

    def _failure(self, names: frozenset[str]) -> str:
        """The first test that fails, in folders of their own."""
        if not names:
            return ""
        items = [item for item in self.session.items if item.nodeid in names]
        files: dict[Path, float] = {}
        for item in items:
            files[item.path] = files.get(item.path, 0.0) + self.tests[item.nodeid].seconds
        items.sort(key=lambda item: (files[item.path], str(item.path)))  # fixtures of a file are set up once
        folder = tempfile.mkdtemp()
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        try:
            return _in_time(sum(files.values()), partial(first_failure, self.session, items)).replace(
                "stopped", f"{items[0].nodeid}: stopped"
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _in_time(seconds: float, work: Callable[[], str]) -> str:
    """What the work says; `stopped` where it takes ten times as long as with the whole house, and some seconds more."""
    most = SPARE + SLOWER * seconds
    try:
        with limited(most), limited_by_clock(WAITING * most):
            return work()
    except Late:
        return "stopped: came to no end"


def _compared(sample: Sample) -> str:
    """Whether an output is another one, or cannot be made."""
    try:
        return "" if sample.make() == sample.value else "another"
    except Late:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever stops it stops the build
        return f"stopped ({type(error).__name__})"


def _samples(makers: Makers, folder: Path) -> Sequence[Sample]:
    """What the room makes with the whole house; made twice, and the same each time."""
    found = []
    for name, make in makers.items():
        forget(f"solgen.{folder.name}")
        with Tracer(f"{folder}/") as tracer:
            start = time.monotonic()
            value = make()
            seconds = time.monotonic() - start
        assert make() == value, f"{name} is made in two ways"
        found.append(Sample(name, make, value, frozenset(tracer.spans[-1]), seconds))
    return found
