"""Which test runs which line of a room: recorded once with the whole house, and kept in build/mutants.

A fixture that many tests share is set up by one of them and runs for all: its lines count for each.  What the room
remembers is forgotten before each test, or only the first would run what is behind a cache.  Lines that run in other
processes are not seen.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.mutants.farm import farmed, quiet
from tests.mutants.mutant import forget
from tests.mutants.suite import run_each

Line = tuple[str, int]
ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "mutants"
PATIENCE = 1000


@dataclass(frozen=True, slots=True)
class Covering:
    """One test that passes with the whole house: the seconds that it takes, the lines that it runs."""

    seconds: float
    lines: frozenset[Line]


@dataclass
class Tracer:
    """Notes the lines of a folder's files that run, in nested spans: the innermost span gets them.

    A function that ran PATIENCE lines without a new one is followed no more in that span: layouts are loops.
    """

    folder: str
    spans: list[set[Line]] = field(default_factory=list)
    idle: Counter[CodeType] = field(default_factory=Counter)

    def __enter__(self) -> Tracer:
        self.spans.append(set())
        threading.settrace(self._called)
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]

    def open(self) -> None:
        self.spans.append(set())
        self.idle.clear()

    def close(self) -> frozenset[Line]:
        """The lines of the innermost span, which count for the one around it, too."""
        found = self.spans.pop()
        self.spans[-1] |= found
        self.idle.clear()
        return frozenset(found)

    def _called(self, frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        return self._line if code.co_filename.startswith(self.folder) and self.idle[code] < PATIENCE else None

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        code, line = frame.f_code, (frame.f_code.co_filename, frame.f_lineno)
        if line not in self.spans[-1]:
            self.spans[-1].add(line)
            self.idle[code] = 0
        self.idle[code] += 1
        return self._line if self.idle[code] < PATIENCE else None


class _Fixtures:
    """A plugin of pytest that opens a span around each set-up of a fixture."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer
        self.lines: dict[object, frozenset[Line]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: object) -> Generator[None, object, object]:
        self.tracer.open()
        try:
            return (yield)
        finally:
            self.lines[fixturedef] = self.lines.get(fixturedef, frozenset()) | self.tracer.close()

    def behind(self, item: pytest.Item) -> frozenset[Line]:
        """The lines of every fixture that a test stands on."""
        known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
        return frozenset().union(*(self.lines.get(f, frozenset()) for found in known.values() for f in found))


def covering(session: pytest.Session, folder: Path) -> Mapping[str, Covering]:
    """The tests that were collected, by name; told and left out are those that fail anyway, or are skipped."""
    kept = KEPT / f"{folder.name}-{_digest(session)}.json"
    if not kept.is_file():
        ((_, found),) = farmed([partial(quiet, partial(_recorded, session, folder))], 1)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found), encoding="utf-8")
    rows = json.loads(kept.read_text(encoding="utf-8"))
    for name, (outcome, _, _) in rows.items():
        if outcome != "passed":
            print(f"left out, {outcome} with the whole house: {name}", flush=True)
    return {
        name: Covering(seconds, frozenset((str(ROOT / file), n) for file, numbers in lines.items() for n in numbers))
        for name, (outcome, seconds, lines) in rows.items()
        if outcome == "passed"
    }


def _recorded(session: pytest.Session, folder: Path) -> dict[str, tuple[str, float, dict[str, list[int]]]]:
    tracer = Tracer(f"{folder}/")
    fixtures = _Fixtures(tracer)
    session.config.pluginmanager.register(fixtures)
    rows: dict[pytest.Item, tuple[str, float, frozenset[Line]]] = {}
    package = ".".join(folder.relative_to(ROOT).parts)
    start = time.monotonic()
    with tracer:
        tracer.open()
        for item, outcome in run_each(session, session.items):
            rows[item] = (outcome, time.monotonic() - start, tracer.close())
            forget(package)
            start = time.monotonic()
            tracer.open()
    return {
        item.nodeid: (outcome, round(seconds, 3), _by_file(lines | fixtures.behind(item)))
        for item, (outcome, seconds, lines) in rows.items()
    }


def _by_file(lines: frozenset[Line]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for file, number in sorted(lines):
        found.setdefault(str(Path(file).relative_to(ROOT)), []).append(number)
    return found


def _digest(session: pytest.Session) -> str:
    """Of the house, its tests, the release of Python and the tests that were collected."""
    files = sorted(p for name in ("solgen", "tests", "templates") for p in (ROOT / name).rglob("*") if p.is_file())
    content = hashlib.sha256(sys.version.encode())
    for file in files:
        if "__pycache__" not in file.parts and "mutants" not in file.parts:
            content.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    content.update("\0".join(item.nodeid for item in session.items).encode())
    return content.hexdigest()[:16]


def cheapest(found: Mapping[str, Covering], where: tuple[str, frozenset[int]], seconds: float) -> Sequence[str]:
    """The tests that run one of these lines, from the cheapest on, as many as take so long together; one at least."""
    file, numbers = where
    wanted = {(file, n) for n in numbers}
    running = sorted((c.seconds, name) for name, c in found.items() if not wanted.isdisjoint(c.lines))
    chosen: list[str] = []
    for cost, name in running:
        if chosen and seconds < cost:
            break
        chosen.append(name)
        seconds -= cost
    return chosen
