"""Shapes deduced: sizes that an operation makes of others, and the reasons given for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.verbs.shapes import FOLLOWS, deduce
from solgen.model.derivation import ShapeLine
from solgen.reader.set_file import read

HEAD = """title: Shapes
parts:
  - prompt: Nothing.
model: |
"""


def lines(model: str, asked: str, given: str, folder: Path) -> dict[str, ShapeLine]:
    file = folder / "shapes.yaml"
    file.write_text(HEAD + "".join(f"  {line.strip()}\n" for line in model.splitlines()))
    found = deduce(read(file).problems[0].model, asked.split(), given.split()).lines
    return {line.var.name: line for line in found}


CONVOLUTION = "x: R[n]\nw: R[k]\nz = conv1d(x, w)\na = relu(z)"
CELL = "x: R[d]\nh: R[m]\nW: R[m, d + m]\nv = concat(x, h)\nz = W @ v"
CLASSIFIER = "X: R[n, d]\nW: R[d, C]\nP = softmax(X @ W, axis=1)\nL = sum(P * P) / 2"


@pytest.mark.parametrize(
    ("model", "given", "expected"),
    [
        (CONVOLUTION, "x w", {"z": FOLLOWS, "a": "an entrywise operation keeps the shape"}),
        (CELL, "x h", {"v": FOLLOWS}),
        (CLASSIFIER, "X W", {"P": "softmax keeps the shape", "L": "a scalar"}),
        ("X: R[n, d]\nm = X.T @ ones(n) / n", "X", {"m": "the inner sizes of a product agree, the outer ones remain"}),
    ],
)
def test_reasons(model: str, given: str, expected: dict[str, str], tmp_path: Path) -> None:
    found = lines(model, " ".join(expected), given, tmp_path)
    assert {name: found[name].reason for name in expected} == expected
    assert not [line.var.name for line in found.values() if line.reason == "free to choose"]


def test_one_of_two_sizes_is_not_enough(tmp_path: Path) -> None:
    """n − k + 1 does not follow from n alone: the filter is chosen first."""
    found = lines(CONVOLUTION, "z", "x", tmp_path)
    assert found["w"].reason == "free to choose" and found["z"].reason == FOLLOWS
