"""Whole commands timed in turn: every round runs each command once, so that a busy machine slows all of them alike."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds on the wall and of all processors, its exit code and standard output."""

    wall: float
    cpu: float
    code: int
    out: str


@dataclass(frozen=True, slots=True)
class Typical:
    """Medians of several runs; `out` and `code` are the last run's."""

    wall: float
    cpu: float
    code: int
    out: str

    def times(self, other: Typical) -> tuple[float, float]:
        """How many times as long as another command: on the wall, and of processor time."""
        return self.wall / other.wall, self.cpu / other.cpu


def run(words: tuple[str, ...], cwd: Path | None = None, **environment: str) -> Run:
    """A command run once, from the project's folder; its errors are shown when it fails."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as wrong:
        started = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=cwd or ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=out, stderr=wrong
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        wrong.seek(0)
        if process.returncode:
            sys.stderr.write(f"{' '.join(words)}: exit {process.returncode}\n{wrong.read()[-2000:]}\n")
        return Run(wall, used.ru_utime + used.ru_stime, process.returncode, out.read())


def python(*words: str) -> tuple[str, ...]:
    """A command of the interpreter that runs the bench."""
    return (sys.executable, *words)


def in_turn(commands: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, Typical]:
    """Medians over so many rounds, each of which runs every command once; one round before is not counted."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for n in range(rounds + 1):
        for name, command in commands.items():
            measured = command()
            if n:
                found[name].append(measured)
    return {name: _typical(runs) for name, runs in found.items()}


def _typical(runs: list[Run]) -> Typical:
    return Typical(median(r.wall for r in runs), median(r.cpu for r in runs), runs[-1].code, runs[-1].out)
