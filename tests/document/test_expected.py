"""An instructor's right answer is on the page, however many answers are gathered in one frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.reader.set_file import read
from tests.document_of import solution_document

NET = """\
title: A deep net
model: |
  x: R[d]
  U: R[h, d]
  V: R[h, h]
  W: R[h, h]
  a = tanh(U @ x)
  b = tanh(V @ a)
  c = tanh(W @ b)
  L = sum(c**3)
parts:
  - prompt: p
    solve: {gradients: 'U, V, W, x', of: L}
"""
EXPECT = "    expect:\n      U: outer(bar(a) * (1 - a**2), x)\n"


def page(folder: Path, text: str, product: str) -> str:
    file = folder / "p.yaml"
    file.write_text(text)
    problem_set = read(file)
    return solution_document(problem_set, [derive(p) for p in problem_set.problems], [None], {}, product).tex


@pytest.mark.parametrize("product", ["solutions", "key"])
def test_an_expected_form_is_in_the_frame(product: str, tmp_path: Path) -> None:
    own = r"\brkeq {}= \Bigl(\frac{\partial L}{\partial \bm{a}}\brkin  \odot (1 \brkin - \bm{a}^{\odot 2})\Bigr)"
    assert [own in page(tmp_path, text, product) for text in (NET, NET + EXPECT)] == [False, True]
