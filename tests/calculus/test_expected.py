"""The instructor's own answers stand in the frame after the derived ones, each once."""

from __future__ import annotations

from pathlib import Path

from solgen import reader
from solgen.calculus import derive
from solgen.expr.nodes import Expr
from solgen.expr.text import text
from solgen.model import Derivation, Gradients, Worked
from solgen.numeric import verify

PROBLEM = """\
title: A layer
model: |
  x: R[n]
  W: R[m, n]
  z = W @ x
  h = tanh(z)
  L = norm2sq(h) / 2
parts:
  - prompt: The gradients.
    solve: {{gradients: 'z, W', of: L}}
    expect:
      z: {z}
      W: outer(bar(z), x)
      W[i, j]: bar(z)[i] * x[j]
  - prompt: The Jacobian.
    solve: {{jacobian: h, wrt: z}}
    expect: {{dh/dz: {jacobian}}}
"""


def problem(folder: Path, z: str = "h * (1 - tanh(z)**2)", jacobian: str = "diag(1 - tanh(z)**2)") -> Derivation:
    file = folder / "p.yaml"
    file.write_text(PROBLEM.format(z=z, jacobian=jacobian))
    return derive(reader.read(file).problems[0])


def forms(derivation: Derivation, name: str) -> tuple[Expr, ...]:
    (content,) = derivation.parts[0].contents
    assert isinstance(content, Gradients)
    return next(block.final for block in content.blocks if block.symbol.wrt.name == name)


def test_right_answers_are_the_last_forms(tmp_path: Path) -> None:
    found = problem(tmp_path)
    first, second = (part.part.expect for part in found.parts)
    assert forms(found, "z")[-1] == first[0].answer
    assert forms(found, "W") == (first[1].answer,)
    again = problem(tmp_path, z="h * (1 - h**2)")
    assert forms(again, "z") == ()  # which is what was derived
    (content,) = found.parts[1].contents
    assert isinstance(content, Worked) and content.results[-1].chain[-1] == second[0].answer
    assert verify(found).failures == ()


def test_wrong_answers_fail_under_their_names(tmp_path: Path) -> None:
    failed = verify(problem(tmp_path, "h * (1 - h)", "diag(1 - h)")).failures
    assert {"(a) expect dL/dz", "(b) expect dh/dz"} <= {check.id for check in failed}
    told = [check.message for check in failed if ") expect " in check.id]
    assert told[0].startswith("dL/dz is not `h * (1 - h)`: its entry [") and all("(at n = " in m for m in told)


ROWS = """\
title: Rows
model: |
  x: R[d]
  y: OneHot[C]
  W: R[C, d]
  b: R[C]
  z = W @ x + b
  p = softmax(z)
  L = cross_entropy(p, y)
parts:
  - prompt: Rows.
    solve:
      - {gradients: 'W[k, :]', of: L}
      - {gradients: 'W[i, j]', of: L}
      - {gradients: b, of: L, form: index}
    expect:
      W[r, :]: p[r] * x - y[r] * x
      W[r, s]: x[s] * (p[r] - y[r])
      W: outer(p, x) - outer(y, x)
      b: softmax(z) - y
      b[r]: softmax(z)[r] - y[r]
  - prompt: Jacobian.
    solve: {jacobian: p, wrt: z, form: both}
    expect:
      dp[r]/dz[s]: p[r] * (eye(C)[r, s] - p[s])
      dp/dz: diag(p) @ (eye(C) - outer(ones(C), p))
"""


def test_rows_and_entries_are_forms_in_the_letters_of_the_derivation(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(ROWS)
    found = derive(reader.read(file).problems[0])
    worked = [content for part in found.parts for content in part.contents if isinstance(content, Worked)]
    assert [[text(line.chain[-1]) for line in w.results if "as expected" in str(line.id)] for w in worked] == [
        ["p[k] * x - (y[k] * x)", "x[i] * (p[k] - y[k])"],  # a row comes with its entry
        ["x[j] * (p[i] - y[i])"],
        ["softmax(z) - y", "softmax(z)[i] - y[i]"],
        ["p[i] * (eye(C)[i, j] - p[j])", "diag(p) @ (eye(C) - outer(1, p))"],
    ]
    assert all(line.chain[0] in {r.chain[0] for r in w.results} for w in worked for line in w.results)
    assert verify(found, mutants=False).failures == ()


def test_an_answer_is_marked_as_the_instructor_s(tmp_path: Path) -> None:
    """So that a summary of many answers, each over the gradients before it, prints it nonetheless."""
    (content,) = problem(tmp_path).parts[0].contents
    assert isinstance(content, Gradients)
    assert [text(block.expected[-1]) for block in content.blocks if block.expected] == [
        "h * (1 - tanh(z) ** 2)",
        "outer(dL/dz, x)",
    ]
    assert all(block.final[-1:] == block.expected[-1:] for block in content.blocks if block.expected)
