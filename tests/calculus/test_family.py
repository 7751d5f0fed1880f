"""Families of samples that meet: pairs of samples, one sample by its number, a sum beside each member."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.calculus.engine.family import align_gradient
from solgen.expr.arith import delta, mul
from solgen.expr.nodes import Idx, Sum, Var
from solgen.expr.size import Size
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.calculus.support import problem

FIRST, SECOND = Idx("i", Size.of("n")), Idx("j", Size.of("n"))
L = Var("L")


def a(index: Idx | Size) -> Var:
    return Var("a", at=(index,))


def test_a_use_at_another_letter_is_renamed() -> None:
    assert align_gradient(a(SECOND), a(SECOND), L, a(FIRST)) == a(FIRST)


def test_the_equations_own_index_is_summed_over() -> None:
    value = mul(a(FIRST), a(SECOND))
    assert align_gradient(a(SECOND), value, L, a(FIRST)) == Sum(
        Idx("k", FIRST.size), mul(a(Idx("k", FIRST.size)), a(FIRST))
    )


def test_one_sample_by_its_number() -> None:
    first = Size.of(0)
    assert align_gradient(a(first), a(first), L, a(FIRST)) == mul(delta(FIRST, first), a(first))


@pytest.mark.parametrize("loss", [
    "sum(sum(norm2sq(z[i] - z[j]), j), i)",
    "sum(sum(exp(z[i] @ z[j]), j), i)",
    "sum(norm2sq(z[i]), i) + norm2sq(z[0])**2",
    "sum(sum(z[i] @ z[j], j) * norm2sq(z[i]), i)",
])  # fmt: skip
def test_samples_that_meet_verify(loss: str) -> None:
    text = f"""
        i: Index[n]
        j: Index[n]
        x[i]: R[d]
        W: R[m, d]
        z[i] = tanh(W @ x[i])
        L = {loss}
    """
    checks = verify(derive(problem(text, "z, W, x")))
    assert checks.checks and not checks.failures


@pytest.mark.parametrize(("loss", "asks"), [
    ("sum(t[i]**2 * 2 + s, i)", "{gradients: [s, t]}"),
    ("mean(z[i] + norm2sq(s), i)", "{gradients: [s, t, z], form: [sample, sum, batch]}"),
    ("sum(z[i], i)", "[{gradients: s}, {paths: s, of: L}]"),
])  # fmt: skip
def test_a_term_that_every_sample_repeats_counts_as_often(loss: str, asks: str, tmp_path: Path) -> None:
    """∂/∂s Σ_i (a_i + s) = n."""
    lines = ["  i: Index[n]", "  t[i]: R", "  s: R", "  z[i] = t[i] + s", f"  L = {loss}"]
    text = "\n".join(["title: T", "model: |", *lines, "parts:", "  - prompt: x", f"    solve: {asks}"])
    (tmp_path / "p.yaml").write_text(text + "\n", encoding="utf-8")
    checks = verify(derive(read(tmp_path / "p.yaml").problems[0]))
    assert checks.checks and not checks.failures


@pytest.mark.parametrize("asks", ["{jacobian: h, wrt: x, form: [both, index]}", "{derivative: normpdf}"])
def test_index_form_after_the_matrix_form_and_a_slope_of_zero(asks: str, tmp_path: Path) -> None:
    text = f"title: T\nmodel: |\n  x: R[n]\n  h = softmax(x) * norm(x)\nparts:\n  - prompt: x\n    solve: {asks}\n"
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    assert not verify(derive(read(tmp_path / "p.yaml").problems[0])).failures


@pytest.mark.parametrize("samples", ["rows", "columns"])
def test_one_entry_a_sample_has_a_batch_form(samples: str, tmp_path: Path) -> None:
    """(V z_i)_1 is a number, and the matrix of these vectors of one entry a vector."""
    lines = ["i: Index[n]", "z[i]: R[m]", "t[i]: R", "V: R[1, m]", "q[i] = V @ z[i]", "L = sum((q[i] - t[i])**2, i)"]
    model = "\n".join(f"  {line}" for line in lines)
    text = f"title: T\nsamples: {samples}\nmodel: |\n{model}\nparts:\n  - prompt: x\n"
    text += "    solve: {gradients: [V, z], form: batch}\n"
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    checks = verify(derive(read(tmp_path / "p.yaml").problems[0]))
    assert checks.checks and not checks.failures


def test_a_delta_in_a_bracket_under_two_sums_comes_to_an_end(tmp_path: Path) -> None:
    text = "title: T\nmodel: |\n  z: R[n]\n  L = sum(exp(outer(z, z)))\nparts:\n  - prompt: x\n"
    (tmp_path / "p.yaml").write_text(text + "    solve: {gradients: z, form: index}\n", encoding="utf-8")
    assert not verify(derive(read(tmp_path / "p.yaml").problems[0])).failures
