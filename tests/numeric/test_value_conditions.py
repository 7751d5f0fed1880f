"""An assumption that is a condition on values is printed where values are found at which it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.narration import narrate
from solgen.document.telling import telling
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

NEEDED = {  # the model, what it is differentiated by, what is assumed
    "A: R[n,n]; x: R[n]; L = x @ inv(A) @ x | A": "A is invertible",
    "A: R[n,n]; x: R[n]; L = x @ inv(A) @ x | x": "A is invertible",
    "X: R[m,n]; L = det(X.T @ X) | X": "R is invertible",
    "A: R[n,n]; L = logdet(eye(n) - A) | A": "Iₙ − A is invertible",
    "A: R[n,n]; B: R[n,n]; L = logdet(A - B) | A": "A − B is invertible",
    "x: R[n]; L = norm(x) | x": "x is not zero",
    "A: Sym[n]; x: R[n]; b: R[n]; L = norm(A @ x - b) | x": "r is not zero",
    "x: R[n]; y: R[n]; L = norm(x - y) | x": "x − y is not zero",
}
NOT_NEEDED = [
    "X: R[m,n]; x: R[n]; L = x @ inv(X.T @ X + eye(n)) @ x | X",  # positive definite whatever X is
    "S: PosDef[n]; c: Positive; L = logdet(S + c * eye(n)) | S",
    "p: Simplex[n]; L = norm(p) | p",
    "x: Positive[n]; L = norm(x) | x",
    "x: R[n]; L = norm(x) ** 2 | x",  # 2x has a value at 0 too
]


def told(tmp_path: Path, case: str) -> str:
    model, _, wrt = case.partition(" | ")
    lines = "".join(f"  {line.strip()}\n" for line in model.split(";"))
    file = tmp_path / "p.yaml"
    file.write_text(f"title: T\nmodel: |\n{lines}parts:\n  - prompt: Do.\n    solve: {{gradients: {wrt}}}\n")
    derivation = derive(read(file).problems[0])
    checks = verify(derivation, mutants=False)
    assert not checks.failures
    return "\n".join(line.plain for line in narrate(telling(derivation, "", checks), 88))


@pytest.mark.parametrize("case", NEEDED)
def test_a_condition_that_fails_somewhere_is_printed(tmp_path: Path, case: str) -> None:
    assert f"Assumed: {NEEDED[case]}." in told(tmp_path, case)


@pytest.mark.parametrize("case", NOT_NEEDED)
def test_a_condition_that_nothing_fails_without_is_not(tmp_path: Path, case: str) -> None:
    assert "Assumed" not in told(tmp_path, case)


def test_what_functions_are_and_do_is_told_apart(tmp_path: Path) -> None:
    case = "x: R[n]; A: R[n,n]; phi: Elementwise; L = sum(relu(x)) + sum(phi(inv(A) @ x)) | x"
    lines = [line.strip() for line in told(tmp_path, case).splitlines()]
    assert "Assumed: A is invertible." in lines
    assert any(line.startswith("About functions: ") and "φ is differentiable" in line for line in lines)


def test_the_certificate_has_the_values_at_which_it_fails(tmp_path: Path) -> None:
    told(tmp_path, "A: R[n,n]; x: R[n]; L = x @ inv(A) @ x | A")
    checks = verify(derive(read(tmp_path / "p.yaml").problems[0]), mutants=False)
    (row,) = [check for check in checks.checks if check.step.kind == "condition"]
    assert (row.left, row.right, row.verdict) == ("A", "singular", "equal")
    assert "A = [0, 0, 0" in row.message and str(row.step) == "(a) assumption #1: invertible"
