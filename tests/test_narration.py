"""What `solgen show` prints: aligned, with shapes and reasons, answers marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from solgen import calculus, reader
from solgen.narration import told_in_full

ROOT = Path(__file__).parent.parent


def told(path: Path) -> str:
    (problem,) = reader.read(path).problems
    return told_in_full(calculus.derive(problem))


def test_the_residual_block_reads_as_a_lecturer_writes() -> None:
    text = told(ROOT / "problems/residual-block")
    for line in (
        "  ▌ W⁽¹⁾ ∈ ℝ^(d × d)   the inner sizes of a product agree, the outer ones remain",
        "  ▌ #parameters = d² + d",
        "    z₁ = W⁽¹⁾ x      d × 1",
        "  ▌         z̄₁ = h̄ ⊙ φ′(z₁)      d × 1; elementwise function",
        "  ▌          x̄ = W⁽¹⁾ᵀ z̄₁ + z̄₂   d × 1; sum over the paths",
    ):
        assert line in text.splitlines()


def test_the_two_paths_of_the_autoencoder() -> None:
    text = told(ROOT / "problems/tied-autoencoder")
    assert "W → B → x̂ → r → L : h rᵀ" in text
    assert "= W x(Wᵀ W x − x)ᵀ + W(Wᵀ W x − x) xᵀ   m × n; sum over the paths" in text


@pytest.mark.parametrize("name", ["residual-block", "tied-autoencoder"])
def test_signs_stand_in_one_column(name: str) -> None:
    for paragraph in told(ROOT / "problems" / name).split("\n\n"):
        signs = {
            cell_len(line.split(" = ")[0]) for line in paragraph.splitlines() if " = " in line and " : " not in line
        }
        assert len(signs) <= 1, paragraph


def test_a_name_without_a_path_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: None\nmodel: |\n  x: R[n]\n  u: R[m]\n  L = norm2sq(x)\nparts:\n"
        "  - prompt: p\n    solve: {gradients: u}\n"
    )
    assert "no path leads to the loss" in told(tmp_path / "p.yaml")
