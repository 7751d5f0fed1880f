"""Whole commands beside what every scientific Python program pays anyway: its start, numpy, sympy."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from tests.bench.table import table
from tests.bench.timing import ROOT, Run, Typical, in_turn, python, run

NET = "tests/cases/problems/tanh-net.yaml"
SETS = tuple(str(folder.relative_to(ROOT)) for folder in sorted((ROOT / "problems").glob("homework-*")))
ROUNDS = 5


def cold_check() -> Run:
    """`solgen check` of the homework sets with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        return run(python("-m", "solgen", "check", *SETS), SOLGEN_CACHE=cache, CI="1")


def report() -> str:
    """Medians, and how many times as long as the imports; `cpu` leaves out the worker processes of `check`."""
    with tempfile.TemporaryDirectory() as cache:
        Path(cache, "made").mkdir()
        measured = in_turn({
            "python -c pass": partial(run, python("-c", "pass")),
            "import numpy": partial(run, python("-c", "import numpy")),
            "import sympy": partial(run, python("-c", "import sympy")),
            "solgen --help": partial(run, python("-m", "solgen", "--help")),
            "solgen export": partial(run, python("-m", "solgen", "export", NET), CI="1"),
            "solgen check, unchanged": partial(run, python("-m", "solgen", "check", *SETS), SOLGEN_CACHE=cache, CI="1"),
            "solgen check, cold": cold_check,
        }, ROUNDS)  # fmt: skip
    rows = [_row(name, found, measured) for name, found in measured.items()]
    head = ("", "wall", "cpu", "× pass", "× numpy", "× sympy", "exit")
    title = f"Whole processes, median of {ROUNDS}; ratios of wall time (check: {len(SETS)} sets of homework)"
    return table(title, head, rows)


def _row(name: str, found: Typical, measured: dict[str, Typical]) -> list[str]:
    ratios = [found.wall / measured[base].wall for base in ("python -c pass", "import numpy", "import sympy")]
    return [name, f"{found.wall:.2f} s", f"{found.cpu:.2f} s", *(f"{ratio:.2f}" for ratio in ratios), str(found.code)]
