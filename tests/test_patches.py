"""How many places an extension touches: patches, each applied to a copy of the house, which then has what it adds.

A patch is kept in tests/patches as `git diff -U1` writes it; one that no longer applies is made anew.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdf
import pytest
from autograd import grad

ROOT = Path(__file__).parent.parent
PATCHES = ROOT / "tests/patches"
PROBLEM = (ROOT / "tests/cases/problems/tanh-net.yaml").read_text()
Command = Callable[..., str]


def touched(patch: Path) -> list[str]:
    """The files that a patch changes or makes."""
    return re.findall(r"^diff --git a/\S+ b/(\S+)$", patch.read_text(), re.MULTILINE)


def said(text: str) -> str:
    """The words of a page of help, whatever frames and lines they stand in."""
    return " ".join(text.replace("│", " ").split())


@pytest.fixture
def patched(tmp_path: Path, with_tex: Path) -> Callable[[str], Command]:
    """Applies a patch to a copy of the house; the command line of that copy, in a folder with one problem."""
    (tmp_path / "p.yaml").write_text(PROBLEM)
    house = tmp_path / "house"

    def run(*words: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(house), "SOLGEN_CACHE": str(with_tex), "COLUMNS": "200"}
        command = [sys.executable, "-m", "solgen", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(name: str) -> Command:
        for folder in ("solgen", "templates"):
            shutil.copytree(ROOT / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(["git", "apply", str(PATCHES / f"{name}.patch")], cwd=house, check=True)
        return run

    return apply


@pytest.mark.parametrize("name", ["notation", "product", "format", "target"])
def test_a_choice_is_added_in_one_place(name: str) -> None:
    assert len(touched(PATCHES / f"{name}.patch")) == 1


def test_a_verb_is_added_in_three_rooms() -> None:
    """What may be asked, how the answer is derived, and how it is told."""
    rooms = [place.split("/")[1] for place in touched(PATCHES / "verb.patch")]
    assert sorted(rooms) == ["calculus", "document", "reader"]


def test_a_notation(patched: Callable[[str], Command], tmp_path: Path) -> None:
    solgen = patched("notation")
    assert "λ_W" in said(solgen("build", "--help")) and '"adjoint"' in solgen("schema")
    assert r"\bm{\lambda}_{\bm{a}}" in solgen("show", "p.yaml", "--latex", "--notation", "adjoint")
    (tmp_path / "p.yaml").write_text(f"notation: adjoint\n{PROBLEM}  - prompt: Draw it.\n    solve: graph\n")
    solgen("build", "p.yaml")
    tex = (tmp_path / "output/p/solutions.tex").read_text()
    assert r"$\bm{\lambda}_{\bm{v}}$ is the gradient of $L$ with respect to $\bm{v}$" in tex


def test_a_product(patched: Callable[[str], Command], tmp_path: Path) -> None:
    solgen = patched("product")
    assert "answers (questions with their results)" in said(solgen("build", "--help"))
    assert solgen("build", "p.yaml", "--product", "answers").startswith("output/p/answers.pdf")
    (page,) = pypdf.PdfReader(tmp_path / "output/p/answers.pdf").pages
    text = page.extract_text()
    assert "Compute the gradients" in text and "Problems and answers" in text and "Backward" not in text
    assert r"\answer{\frac{\partial L}{\partial \bm{W}_{1}}" in (tmp_path / "output/p/answers.tex").read_text()


def test_a_format(patched: Callable[[str], Command], tmp_path: Path) -> None:
    solgen = patched("format")
    assert "zip (an archive of the LaTeX and its figures, to be typeset elsewhere)" in said(solgen("build", "--help"))
    solgen("build", "p.yaml")
    assert {path.name for path in (tmp_path / "output/p").glob("*.zip")} == {"solutions.zip", "handout.zip", "key.zip"}
    with zipfile.ZipFile(tmp_path / "output/p/key.zip") as archive:
        assert archive.read("key.tex") == (tmp_path / "output/p/key.tex").read_bytes()


def test_a_target(patched: Callable[[str], Command], tmp_path: Path) -> None:
    """What it exports, autograd differentiates: the same gradients by another way."""
    solgen = patched("target")
    assert "autograd (a Python module on autograd" in said(solgen("export", "--help"))
    source = solgen("export", "p.yaml", "--to", "autograd")
    assert "import autograd.numpy as np" in source
    rng = np.random.default_rng(5)
    shapes = {"x": (2,), "t": (3,), "W1": (4, 2), "b1": (4,), "W2": (3, 4), "b2": (3,)}
    given = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    (tmp_path / "exported.py").write_text(source)
    spec = importlib.util.spec_from_file_location("exported", tmp_path / "exported.py")
    assert spec and spec.loader
    exported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exported)
    found = exported.gradients(**given)
    for name in ("W1", "b1", "W2", "b2"):
        traced = grad(lambda value, name=name: exported.forward(**given | {name: value})["L"])(given[name])
        assert np.allclose(found[name], traced)


def test_a_verb(patched: Callable[[str], Command], tmp_path: Path) -> None:
    """Asked, derived, verified, told and numbered like those of the house."""
    solgen = patched("verb")
    assert '"laplacian"' in solgen("schema")
    (tmp_path / "p.yaml").write_text(
        "title: T\nmodel: |\n  x: R[n]\n  A: R[m, n]\n  L = norm2sq(A @ x) / 2 + sum(exp(x))\n"
        "parts: [{prompt: Find it., solve: {laplacian: L, wrt: x}}]\n"
    )
    assert "The Laplacian is the trace:" in solgen("show", "p.yaml")
    solgen("build", "p.yaml", "--product", "solutions,key", "--format", "tex")
    assert r"\result{\operatorname{tr}" in (tmp_path / "output/p/solutions.tex").read_text()
    assert r"\answer{\operatorname{tr}" in (tmp_path / "output/p/key.tex").read_text()
    (problem,) = json.loads((tmp_path / "output/p/checks.json").read_text())
    (answer,) = (check for check in problem["checks"]["checks"] if check["id"] == "(a) laplacian of L")
    assert answer["verdict"] == "equal" and answer["equation"].isdigit()
