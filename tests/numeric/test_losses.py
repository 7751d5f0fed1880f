"""A Loss of a number, a vector or a matrix, alone or for each sample: derived, verified, exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.document.narration import narrate
from solgen.document.telling import telling
from solgen.numeric.code.module import numpy_module
from solgen.numeric.verify import verify
from tests.numeric.texts import derived

CASES = Path(__file__).parents[1] / "cases/faults"
TEXT = "title: A loss\nmodel: |\n  ell: Loss\n  {model}\nparts:\n  - prompt: Solve.\n    solve: [{asks}]\n"
FAMILY = "i: Index[n]\n  "
LOSSES = {
    "a number": ("x: R\n  L = ell(x**2)", "{gradients: x}, {paths: x}, graph", "2 x ℓ′(x²)"),
    "a number, named": ("x: R\n  y = x**2\n  L = ell(y)", "{gradients: 'x, y'}", "2 (∂L/∂y) x = 2 x ℓ′(y)"),
    "a difference": ("w: R[n]\n  x: R[n]\n  t: R\n  L = ell(w @ x - t)", "{gradients: 'w, t'}, {mistakes: w}", "ℓ′("),
    "a norm": ("x: R[n]\n  L = ell(norm2sq(x))", "{gradients: 'x[k]'}, {gradients: x, form: index}", "2 (∂L/∂s) xₖ"),
    "a vector": ("X: R[n, d]\n  w: R[d]\n  p = X @ w\n  L = ell(p)", "{gradients: w}, {mistakes: w}", "∂L/∂p = ∇ℓ(p)"),
    "a matrix": ("X: R[m, n]\n  A: R[n, m]\n  L = ell(X @ A @ X)", "{gradients: 'X, A'}, graph", "∇ℓ("),
    "two": ("g: Loss\n  x: R\n  y: R[n]\n  L = ell(x**2) + g(x * y)", "{gradients: 'x, y'}, {paths: x}", "∇g(x y)"),
    "numbers": (FAMILY + "x[i]: R\n  w: R\n  L = mean(ell(w * x[i]), i)", "{gradients: w}, {paths: w}", "ℓ′(w xᵢ) xᵢ"),
    "vectors": (FAMILY + "x[i]: R[d]\n  W: R[k, d]\n  L = sum(ell(W @ x[i]), i)",
                "{gradients: W, form: [sample, sum]}", "∇ℓ("),
    "matrices": (FAMILY + "X[i]: R[d, d]\n  W: R[d, d]\n  L = sum(ell(W @ X[i]), i)", "{gradients: W}", "∇ℓ("),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_of_anything(name: str, tmp_path: Path) -> None:
    model, asks, shown = LOSSES[name]
    found = derived(TEXT.format(model=model, asks=asks), tmp_path)
    checks = verify(found)
    assert not checks.failures and not checks.mutants.survived
    assert shown in "\n".join(line.plain for line in narrate(telling(found, checks=checks), 110))
    assert "ell_grad" in numpy_module(found)  # which is run, and compared with the formulas


def test_the_derivative_of_a_loss_of_a_number(tmp_path: Path) -> None:
    found = derived((CASES / "loss-of-a-scalar.yaml").read_text(), tmp_path)
    assert not verify(found).failures
    assert "2 x ℓ′(x²)" in "\n".join(line.plain for line in narrate(telling(found), 110))
