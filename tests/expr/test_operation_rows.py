"""An operation is one row: patches that add one of each kind, each to a copy of the house, and everything follows.

`patches/operations/NAME.patch` adds the operation NAME in one place of one file of the table.  Afterwards its
generated tests, its part of the reference, and derivation, check and export of a problem that uses it must work.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).parents[1] / "patches/operations"
COPIED = ("solgen", "templates", "tests/conftest.py", "tests/expr", "tests/calculus", "pyproject.toml")

# The operation in a model, what its reference says of it, and what its derivation prints.
MODELS: Mapping[str, tuple[str, str]] = {
    "mish": ("x: R[n]\nW: R[m, n]\nL = sum(mish(W @ x))", "y = mish(x)    entry by entry, any shape"),
    "logmeanexp": (
        "X: R[k, n]\nW: R[m, n]\nL = sum(logmeanexp(X @ W.T, axis=1))",
        "y = logmeanexp(X, axis=1)    X: R[m, n] → R[m]",
    ),
    "solve": ("W: Invertible[n]\nb: R[n]\nL = norm2sq(solve(W, b))", "x = solve(A, b)    A: R[n, n], b: R[n] → R[n]"),
    "bilinear": (
        "x: R[m]\ny: R[n]\nW: R[m, n]\nL = bilinear(x, W, y) ** 2",
        "u = bilinear(x, A, y)    x: R[m], A: R[m, n], y: R[n] → R",
    ),
}


@pytest.fixture(params=sorted(MODELS))
def op(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def house(op: str, tmp_path: Path) -> Path:
    """A copy of the house with the operation."""
    for name in COPIED:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place)
    subprocess.run(["git", "apply", str(PATCHES / f"{op}.patch")], cwd=tmp_path, check=True)
    return tmp_path


def run(house: Path, *arguments: str) -> str:
    """`python -m …` on the copy; its output, which is shown where it fails."""
    environment = os.environ | {"PYTHONPATH": str(house), "SOLGEN_CACHE": str(house / "cache"), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", *arguments],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_is_a_patch_for_every_model() -> None:
    assert {p.stem for p in PATCHES.glob("*.patch")} == {*MODELS}


def test_a_row_is_one_place(op: str) -> None:
    lines = (PATCHES / f"{op}.patch").read_text(encoding="utf-8").splitlines()
    assert [re.sub(r"\w+\.py$", "*.py", line) for line in lines if line.startswith("+++")] == [
        "+++ b/solgen/expr/ops/*.py"
    ]
    assert len([line for line in lines if line.startswith("@@")]) == 1
    assert not [line for line in lines if line.startswith("-") and not line.startswith("---")]


def test_everything_follows_from_the_row(op: str, house: Path) -> None:
    model, reference = MODELS[op]
    (house / "problem.yaml").write_text(
        f"title: One operation\nmodel: |\n{''.join(f'  {line}{chr(10)}' for line in model.splitlines())}"
        "parts:\n  - {prompt: The gradient., solve: [{gradients: W}]}\n"
    )
    tests = run(house, "pytest", "-q", "-p", "no:cacheprovider", "-k", op, "tests/expr/test_table.py")
    assert re.search(r"\d+ passed", tests) and "failed" not in tests
    assert reference in run(house, "solgen", "functions", op).splitlines()
    assert op in run(house, "solgen", "functions")
    run(house, "solgen", "check", "problem.yaml")
    assert "W" in run(house, "solgen", "show", "problem.yaml")
    assert "dL_dW" in run(house, "solgen", "export", "problem.yaml")
