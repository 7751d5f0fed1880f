"""What a derivation takes for granted: found where it is used, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.expr.nodes import Var
from solgen.model.derivation import Assumption
from solgen.reader.set_file import read
from tests.document_of import solution_document

FILE = """title: T
model: |
  x: R[n]
  b: R[n]
  A: {kind}
  phi: Elementwise
  W: R[n, n]
  {lines}
  L = sum(y)
parts:
- {{prompt: p, solve: {{gradients: {wrt}}}}}
- {{prompt: q, solve: {{gradients: {wrt}}}}}
"""


def found(tmp_path: Path, lines: str, wrt: str = "x", kind: str = "R[n, n]") -> tuple[Assumption, ...]:
    file = tmp_path / "p.yaml"
    file.write_text(FILE.format(lines=lines, wrt=wrt, kind=kind))
    (problem,) = read(file).problems
    first, second = derive(problem).parts
    assert first.assumptions == second.assumptions
    return first.assumptions[0]


@pytest.mark.parametrize(
    ("lines", "wrt", "told"),
    [
        ("y = relu(W @ x)", "x", "relu′(0) = 0"),
        ("y = relu(W @ x) + b", "b", ""),  # not differentiated
        ("y = phi(x)", "x", "phi"),
        ("y = tanh(x)", "x", ""),
        ("y = maximum(x, b)", "x", "at a tie, maximum takes the second argument's branch"),
        ("y = abs(b) * x", "x", ""),
        ("y = abs(b) * x", "b", "abs′(0) = 0"),
    ],
)
def test_kinks_and_functions_where_they_are_differentiated(tmp_path: Path, lines: str, wrt: str, told: str) -> None:
    assert [a.text for a in found(tmp_path, lines, wrt)] == [told] * bool(told)


def test_an_inverse_is_assumed_wherever_it_stands_unless_declared(tmp_path: Path) -> None:
    lines = "y = inv(A) @ x"
    (assumed,) = found(tmp_path, lines)
    assert assumed.kind == "invertible" and isinstance(assumed.of, Var) and assumed.of.name == "A"
    assert found(tmp_path, lines, kind="Invertible[n]") == found(tmp_path, lines, kind="PosDef[n]") == ()
    assert found(tmp_path, "y = det(A) * x") == ()  # defined everywhere; its derivative is not taken
    assert [a.kind for a in found(tmp_path, "y = det(A) * x", "A")] == ["invertible"]


def test_what_does_not_lead_to_the_output_is_not_assumed(tmp_path: Path) -> None:
    """An inverse beside the loss is nobody's concern; one on the way is, whether or not it is differentiated."""
    assert found(tmp_path, "u = inv(A) @ x\n  y = x * b") == ()
    assert [a.kind for a in found(tmp_path, "u = inv(A) @ b\n  y = x * u")] == ["invertible"]


def test_what_is_assumed_is_told_once_in_the_order_of_the_equations(tmp_path: Path) -> None:
    told = [a.text for a in found(tmp_path, "u = relu(x)\n  v = abs(u)\n  y = relu(v) + abs(x)")]
    assert told == ["relu′(0) = 0", "abs′(0) = 0"]


def test_a_function_that_the_model_defines_is_known_to_be_smooth(tmp_path: Path) -> None:
    assert [a.kind for a in found(tmp_path, "y = phi(W @ x)", "W")] == ["differentiable"]
    assert found(tmp_path, "y = phi(b) * x") == ()  # not on the way from x


def test_a_norm_is_not_zero(tmp_path: Path) -> None:
    assert [a.kind for a in found(tmp_path, "y = x / norm(x)")] == ["nonzero"]
    assert found(tmp_path, "y = x * norm2sq(x)") == ()


def test_the_document_says_it_once(tmp_path: Path) -> None:
    found(tmp_path, "y = relu(inv(A) @ x)")
    problem_set = read(tmp_path / "p.yaml")
    tex = solution_document(problem_set, [derive(p) for p in problem_set.problems], [None], {}, "solutions").tex
    for lead, told in (("Assumed:", r"$\bm{A}$ is invertible"), ("About functions:", "ReLU")):
        assert tex.count(lead) == 1 and told in tex.split(lead)[1].split("\n")[0]
    assert "is invertible" not in solution_document(problem_set, [], [], {}, "handout").tex
