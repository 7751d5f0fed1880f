"""An expected answer in LaTeX is compared as one in the model language is; what is not read in one way is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.errors import InputError
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

FILE = """title: A layer
latex: {{yhat: '\\hat y'}}
model: |
  x: R[d]
  t: R[m]
  W: R[m, d]
  v: R[d]
  yhat = W @ x
  L = norm2sq(yhat - t) / 2 + v @ x
parts:
  - prompt: Find the gradients.
    solve: {{gradients: [W, x, v], of: L}}
    expect: {{{name}: {{latex: '{tex}'}}}}
"""


def written(name: str, tex: str, folder: Path) -> Path:
    path = folder / "p.yaml"
    path.write_text(FILE.format(name=name, tex=tex), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "tex", "right"),
    [
        ("dL/dW", r"(\hat y - t)\, x^\top", True),
        ("W", r"(W x - t) x^T", True),
        ("dL/dW", r"\frac{\partial L}{\partial \hat y} x^\top", True),
        ("dL/dx", r"W^\top (\hat{y} - t) + v", True),
        ("dL/dv", "x", True),
        ("dL/dW", r"(t - \hat y)\, x^\top", False),
        ("dL/dx", r"W^\top (\hat{y} - t)", False),
    ],
)
def test_an_answer_on_paper_is_compared(name: str, tex: str, right: bool, tmp_path: Path) -> None:
    (problem,) = read(written(name, tex, tmp_path)).problems
    (expected,) = problem.parts[0].expect
    assert expected.span.line == 13
    rows = [c for c in verify(derive(problem), mutants=False).checks if c.step.kind == "expected derivative"]
    assert [check.verdict == "equal" for check in rows] == [right]


def test_an_answer_without_a_formula_is_refused(tmp_path: Path) -> None:
    path = written("W", "x", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("{latex: 'x'}", "{}"), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read(path)
    assert [wrong.code for wrong in refused.value.diagnostics] == ["missing-key"]


@pytest.mark.parametrize(
    ("name", "tex", "code", "told"),
    [
        ("dL/dW", r"(\hat y - q)\, x^\top", "unreadable", "after `(\\hat y - `"),
        ("dL/dW", r"x (\hat y - t)^\top", "shape", "is (d, m), but `dL/dW` is (m, d)"),
        ("dL/dx", r"W^\top (\hat y - t) = v", "syntax", "one formula"),
        ("dL/dx", r"\partial L/\partial v \, v^\top v", "ambiguous", "several ways"),
        ("dL/dx", r"\frac{\partial L}{\partial x}", "circular", "itself"),
        ("shape W", r"m \times d", "bad-name", "no answer in LaTeX"),
    ],
)
def test_what_is_not_one_formula_is_an_error_at_its_place(
    name: str, tex: str, code: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        read(written(name, tex, tmp_path))
    (wrong,) = refused.value.diagnostics
    assert wrong.code == code and told in wrong.message and wrong.hint
    assert wrong.span and wrong.span.line == 13
