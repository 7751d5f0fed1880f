"""`python -m tests.surroundings.fuzz`: mutated problem files, sets, headers and templates, each checked.

None may end in a traceback, take more than five seconds of a processor, or be told as a mistake in solgen.  Each file
is found again by its number: `--first 4711 --count 1 --keep FOLDER` writes it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from solgen.build.job import Job
from solgen.build.pipeline import make
from solgen.errors import InputError
from solgen.reader.folders import find
from solgen.scratch import scratch_folder
from tests.surroundings.mutate import mutated

ROOT = Path(__file__).parents[2]
SECONDS = 5
PATIENCE = 120.0  # seconds of the clock, on a busy machine, before a file counts as one that hangs
LARGEST = 1600  # bytes of a problem to begin with: what its derivation takes is not what is measured
OURS = ("internal", "misread", "unverified", "undecided")
MISTAKE = "mistake in solgen"
PLACES = {"set": "p/set.yaml", "course": "course.yaml", "header": "p/templates/header.tex.j2"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A file that ended as none may: how, and the last lines of what was said."""

    number: int
    how: str
    said: str


@cache
def problems() -> tuple[bytes, ...]:
    """Small problem files of the library and of the tests."""
    found = [path for place in ("problems", "tests/cases") for path in sorted((ROOT / place).rglob("*.yaml"))]
    return tuple(p.read_bytes() for p in found if p.name != "set.yaml" and p.stat().st_size <= LARGEST)


@cache
def sets() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((ROOT / "problems").rglob("set.yaml")))


@cache
def templates() -> dict[str, bytes]:
    return {
        p.relative_to(ROOT / "templates").as_posix(): p.read_bytes() for p in sorted((ROOT / "templates").rglob("*.j2"))
    }


def case(number: int) -> Mapping[str, bytes]:
    """The files of one trial, by their places; one of them is mutated."""
    chance = random.Random(number)
    kind = chance.choices(("problem", "set", "course", "header", "template"), (70, 10, 4, 6, 10))[0]
    if kind == "problem":
        return {"p/a.yaml": mutated(chance.choice(problems()), problems(), chance)}
    sound = {"p/a.yaml": SOUND, "p/b.yaml": SOUND.replace(b"title: ", b"title: Another "), "p/set.yaml": SET}
    if kind == "template":
        name = chance.choice(list(templates()))
        return {**sound, f"p/templates/{name}": mutated(templates()[name], tuple(templates().values()), chance)}
    texts = (HEADER,) if kind == "header" else (SET, *sets())
    return {**sound, PLACES[kind]: mutated(chance.choice(texts), (*texts, *problems()[:20]), chance)}


SET = b"""title: A set
course: A course
term: Autumn
notation: {gradient: bar, layout: denominator}
latex: {W: 'W^{(1)}'}
sizes: {d: 3}
problems: [a.yaml, {file: b.yaml, points: 2, number: 3, parts: [a]}]
"""
SOUND = b"""title: A line
statement: Consider $z = Wx$.
model: |
  x: R[d]
  W: R[d, d]
  z = W @ x
  L = norm2sq(z)
parts:
  - prompt: Compute.
    points: 2
    solve: {gradients: x, of: L}
"""
HEADER = rb"""\newcommand{\vect}[1]{\mathbf{#1}}
\DeclareMathOperator{\rank}{rank}
<# a comment #>
\usepackage{enumitem}
"""


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def judge(folder: Path) -> tuple[str, str]:
    """How the check of a folder's set ended: `right` or `refused`, or as none may; and what was said."""
    try:
        with contextlib.chdir(folder):
            sources = find([Path("p")], folder)
            outcomes = [make(Job(source, folder / ".cache", "fuzz")) for source in sources]
    except InputError as wrong:
        return "refused", str(wrong)
    except BaseException:  # noqa: BLE001 - whatever it is, none may come
        return "traceback", traceback.format_exc()[-1500:]
    found = [diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics]
    said = "\n".join(diagnostic.text() for diagnostic in found)
    bad = next((d.code for d in found if d.code in OURS or MISTAKE in d.text()), "")
    return bad or ("refused" if found else "right"), said


# ---------------------------------------------------------------- many files, in processes that may be lost


def fuzzed(numbers: Sequence[int]) -> Iterator[Finding]:
    """How each file ended."""
    left = list(numbers)
    while left:
        done = 0
        for finding in _batch(left):
            yield finding
            done += 1
        left = left[done:]


def _batch(numbers: Sequence[int]) -> Iterator[Finding]:
    """Files one after another in one process, until it is lost."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        _serve(numbers, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            for number in numbers:
                line = _line(pipe.fileno())
                if line is None:
                    os.kill(process, signal.SIGKILL)
                    yield Finding(number, "too long", "")
                    return
                how, _, said = line.partition("\0")
                yield Finding(number, how, said)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _line(pipe: int) -> str | None:
    """The next answer; None where the process is lost, or silent for too long."""
    data = b""
    until = time.monotonic() + PATIENCE
    while not data.endswith(b"\n"):
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        more = os.read(pipe, 1) if ready else b""
        if not more:
            return None
        data += more
    return data[:-1].decode("utf-8", "replace").replace("\x01", "\n")


def _serve(numbers: Sequence[int], pipe: int) -> None:
    """Check the files; a processor's time runs out by SIGPROF, which nobody catches."""
    for number in numbers:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        with scratch_folder() as folder:
            lay_out(case(number), folder)
            how, said = judge(folder)
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(pipe, f"{how}\0{said[-1500:]}".replace("\n", "\x01").encode("utf-8", "replace") + b"\n")
    os._exit(0)


GOOD = ("right", "refused")


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    numbers = range(options.first, options.first + options.count)
    if options.keep:
        lay_out(case(options.first), options.keep)
        return 0
    counted: Counter[str] = Counter()
    for finding in fuzzed(numbers):
        counted[finding.how] += 1
        if finding.how not in GOOD:
            print(f"{finding.number}: {finding.how}\n{finding.said}\n", flush=True)
    print(f"{sum(counted.values())} files: " + ", ".join(f"{n} {how}" for how, n in sorted(counted.items())))
    return 1 if set(counted) - set(GOOD) else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.surroundings.fuzz", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="write the first file into this folder, and do nothing else")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
