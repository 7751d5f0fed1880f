"""Long axes made short: what is found there is what the true lengths give, and they have the last word."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.errors import InputError
from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks
from solgen.numeric.points.shorten import shorten_axes
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

NET = """\
title: A net
model: |
  x: R[90]
  t: R[60]
  W: R[60, 90]
  h = tanh(W @ x)
  L = mean(square(h - t))
parameters: [W]
parts:
  - prompt: How many?
    solve: parameter_count
  - prompt: Which?
    solve: {gradients: [h, W, x]}
"""


def derived(folder: Path, text: str) -> Derivation:
    file = folder / "net.yaml"
    file.write_text(text)
    return derive(read(file).problems[0])


def checked(folder: Path, text: str) -> Checks:
    return verify(derived(folder, text))


def test_long_axes_are_tried_short(tmp_path: Path) -> None:
    checks = checked(tmp_path, NET)
    assert checks.sizes == {"60": 13, "90": 14} and not checks.failures and checks.mutants.killed > 20
    count = next(c for c in checks.checks if c.id == "parameter_count")
    assert count.verdict == "equal"


def test_a_derivation_keeps_its_form(tmp_path: Path) -> None:
    derivation = derived(tmp_path, NET)
    found = shorten_axes(derivation)
    assert found is not None
    (before, after) = (d.parts[1].contents[0] for d in (derivation, found[0]))
    assert str(after) == str(before).replace("((), 60)", "((), 13)").replace("((), 90)", "((), 14)")


def test_a_wrong_answer_is_told_at_the_true_lengths(tmp_path: Path) -> None:
    checks = checked(tmp_path, f"{NET}    expect: {{h: 2 * (h - t) / 61}}\n")
    assert checks.failures and checks.sizes == {}


def test_a_number_that_means_the_length_passes_at_the_true_lengths(tmp_path: Path) -> None:
    checks = checked(tmp_path, f"{NET}    expect: {{h: 2 * (h - t) / 60}}\n")
    assert not checks.failures


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("R[90]\n", "R[n]\n  u: R[n, n]\n"),
        ("h = tanh(W @ x)", "h = flip(tanh(W @ x))"),
        ("W: R[60, 90]", "W: R[60, n + 90]\n  q: R[n + 90]"),
    ],
)
def test_what_cuts_or_mixes_lengths_keeps_them(tmp_path: Path, old: str, new: str) -> None:
    text = NET.replace(old, new).replace("W @ x", "W @ q" if "q:" in new else "W @ x")
    if "u:" in new:
        text = text.replace("W: R[60, 90]", "W: R[60, n]")
    assert shorten_axes(derived(tmp_path, text)) is None


def test_a_value_of_too_many_entries_is_refused_before_it_is_computed(tmp_path: Path) -> None:
    powers = "title: T\nmodel: |\n  x: R[n, n]\n  a = kron(x, x)\n  b = kron(a, a)\n  L = sum(kron(b, b))\n"
    with pytest.raises(InputError) as caught:
        checked(tmp_path, powers + "parts:\n  - prompt: P\n    solve: {gradients: x}\n")
    (wrong,) = caught.value.diagnostics
    assert wrong.message == "`L` has 43046721 entries, or a value in it has, even with n = 3"
    assert wrong.span is not None and wrong.span.line == 6 and wrong.hint


def test_too_many_entries_are_refused_with_what_to_do(tmp_path: Path) -> None:
    text = NET.replace("90", "99999").replace("tanh(W @ x)", "flip(tanh(W @ x))")
    with pytest.raises(InputError) as caught:
        checked(tmp_path, text)
    (wrong,) = caught.value.diagnostics
    assert wrong.code == "too-large" and "R[100, d]" in wrong.hint
