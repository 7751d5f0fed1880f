"""The shell's back and forth: what an edit costs beside bare runs of TeX over the same documents.

A bare pass is the engine that solgen uses, once over the LaTeX that it wrote, without a stored preamble.  A bare run of
a set is two such passes for each of its documents, one after the other.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from solgen.build.config import find_config
from solgen.document.trial import trial_document
from solgen.tex import Engine, TrialPage, ensure_engine
from tests.bench.table import table
from tests.bench.timing import ROOT, Run, Typical, in_turn, python, run

ROUNDS = 5
COLD_ROUNDS = 3
SETS = tuple(f"problems/{folder.name}" for folder in sorted((ROOT / "problems").glob("homework-*")))
EDITED = "problems/homework-000/03-swish-net.yaml"  # one problem of three
LINES = {"one changed sentence": "  The right class is number", "one changed title": "title: "}  # how each begins


def engine() -> Engine:
    """The TeX that solgen uses here."""
    settings = find_config()
    return ensure_engine(settings.engine, settings.cache, TrialPage(trial_document), lambda stage, fraction: None)


@contextmanager
def course() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with all problems, and a cache with nothing in it but TeX; with what commands find them by."""
    tex = find_config().cache / "tex"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cache").mkdir()
        if tex.is_dir():
            (folder / "cache/tex").symlink_to(tex)
        shutil.copytree(ROOT / "problems", folder / "problems")  # the sets take problems from other folders too
        yield folder, {"SOLGEN_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT), "CI": "1"}


def solgen(folder: Path, environment: Mapping[str, str], *words: str) -> Run:
    return run(python("-m", "solgen", *words), folder, **environment)


def edited(folder: Path, environment: Mapping[str, str], numbers: Iterator[int], start: str) -> Run:
    """`solgen build` of a set, one line of one problem changed, which every document prints; a title stands in the
    bookmarks too, which takes TeX a second pass."""
    file = folder / EDITED
    lines = file.read_text().splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith(start))
    lines[at] = re.sub(r" \(edition \d+\)|$", f" (edition {next(numbers)})", lines[at], count=1)
    file.write_text("\n".join(lines) + "\n")
    return solgen(folder, environment, "build", "problems/homework-000")


def bare(used: Engine, folder: Path, documents: list[Path], passes: int) -> Run:
    """So many passes of TeX over each document, beside its figures, one after the other."""
    total = Run(0.0, 0.0, 0, "")
    for document in documents:
        with tempfile.TemporaryDirectory() as name:
            for file in document.parent.iterdir():
                shutil.copy(file, name)
            command = (*used.command, f"-fmt={used.format}", "-interaction=batchmode", document.name)
            words = ("env", "-i", *(f"{key}={value}" for key, value in used.environment), *command)
            for _ in range(passes):
                one = run(words, Path(name))
                total = Run(total.wall + one.wall, total.cpu + one.cpu, total.code or one.code, "")
    return total


def together(*runs: Callable[[], Run]) -> Run:
    """Commands one after the other, as one."""
    made = [each() for each in runs]
    return Run(sum(m.wall for m in made), sum(m.cpu for m in made), max(m.code for m in made), "")


def cold_build(folder: Path, environment: Mapping[str, str]) -> Run:
    """`solgen build` of the homework sets with nothing in the cache but TeX."""
    for kept in ("made", "preambles", "tried"):
        shutil.rmtree(folder / "cache" / kept, ignore_errors=True)
    return solgen(folder, environment, "build", *SETS)


def report() -> str:
    """Medians of runs in turn, and the ratios that are the aim."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed solgen has its modules compiled
    used = engine()
    with course() as (folder, environment):
        build = partial(solgen, folder, environment, "build", *SETS)
        build()
        documents = sorted(folder.glob("output/*/*.tex"))
        page = folder / "output/homework-000/solutions.tex"
        short = in_turn({
            "a bare pass of TeX": partial(bare, used, folder, [page], 1),
            **{name: partial(edited, folder, environment, count(), start) for name, start in LINES.items()},
            "solgen --help": partial(solgen, folder, environment, "--help"),
            "nothing changed, build": build,
        }, ROUNDS)  # fmt: skip
        imports = partial(run, python("-c", "import sympy, matplotlib"))
        long = in_turn({
            "bare runs and imports": partial(together, partial(bare, used, folder, documents, 2), imports),
            "cold build": partial(cold_build, folder, environment),
        }, COLD_ROUNDS)  # fmt: skip
    return table(TITLE, ("", "wall", "cpu", "×", "of", "exit"), _rows({**short, **long}))


TITLE = f"An edit and a cold build, medians of {ROUNDS} and {COLD_ROUNDS} runs in turn"
BESIDE = {
    **dict.fromkeys(LINES, "a bare pass of TeX"), "nothing changed, build": "solgen --help",
    "cold build": "bare runs and imports",
}  # fmt: skip


def _rows(measured: Mapping[str, Typical]) -> list[list[str]]:
    rows = []
    for name, found in measured.items():
        base = BESIDE.get(name, "")
        ratio = f"{found.wall / measured[base].wall:.2f}" if base else ""
        rows.append([name, f"{found.wall:.2f} s", f"{found.cpu:.2f} s", ratio, base, str(found.code)])
    return rows
