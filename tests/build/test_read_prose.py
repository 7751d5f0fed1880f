"""Formulas that people type into prose: a false equality is an error at its place, a true one a row of the certificate,
and what is a condition, a denial, or about other things is listed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

import pytest

from solgen.build.read_prose import check_typed
from solgen.calculus.derive import derive
from solgen.document.author.typed import typed_formulas
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.verdict import TypedChecks
from solgen.reader.folders import find
from solgen.reader.set_file import read

PROBLEMS = Path(__file__).parents[2] / "problems"
MODEL = """title: A softmax layer
model: |
  W: R[C, d]
  A: R[d, d]
  B: R[d, d]
  b: R[C]
  x: R[d]
  u: R[d]
  y: OneHot[C]
  z = W @ x + b
  p = softmax(z)
  s = u @ A @ x
  h = tanh(x)
  L = -sum(y * log(p)) + s
parameters: [W, b]
parts:
  - prompt: Find the gradients.
    solve: {gradients: [z, W, b, x], of: L}
    answer: |
"""


@cache
def derivation() -> Derivation:
    """The model with every gradient derived, whatever is said of it."""
    with TemporaryDirectory() as folder:
        return derive(problem_with("Words.", Path(folder)))


def problem_with(prose: str, folder: Path) -> Problem:
    path = folder / "p.yaml"
    path.write_text(MODEL + indent(prose, "      ") + "\n", encoding="utf-8")
    (problem,) = read(path).problems
    return problem


def judged(prose: str, folder: Path) -> TypedChecks:
    return check_typed(replace(derivation(), problem=problem_with(prose, folder)))


TRUE = (
    r"We have $z = W x + b$.",
    r"Entry by entry, $z_i = \sum_j W_{ij} x_j + b_i$.",
    r"Note that $\sum_{i=1}^C p_i = 1$.",
    r"\[ L = -\sum_i y_i \log p_i + u^\top A x \]",
    r"Hence $\frac{\partial L}{\partial z} = p - y$.",
    r"So $\nabla_b L = p - y$, and we are done.",
    r"\begin{align*} \frac{\partial L}{\partial W} &= (p - y) x^\top \\ &= p x^\top - y x^\top. \end{align*}",
    r"For any two matrices \((AB)^\top = B^\top A^\top\).",
    r"The product rule gives $x^\top (A + A^\top) x = 2 x^\top A x$.",
    r"Since the hyperbolic tangent is odd, $h = -\tanh(-x)$.",
    r"$$\mathrm{tr}(A B) = \operatorname{Tr}(B A)$$",
    r"Here $\partial L/\partial b = \mathrm{softmax}(Wx + b) - y$.",
    r"Let $s = u^T A x$, a number.",
    r"The bias enters as $\frac{\partial L}{\partial b} = \frac{\partial L}{\partial z}$.",
    r"Cited, $[[symbol dL/dW]] = (p - y) [[x]]^\top$.",
    r"All of $∂L/∂z = p − y$ in signs.",
    r"A softmax is $p = \frac{e^{z}}{\sum_j e^{z_j}}$ by definition.",
)
SHAPES = r"The scores $z = x$ are these."
FALSE = (
    (r"We have $z = W x - b$.", "$z ="),
    (r"Entry by entry, $z_i = \sum_j W_{ij} x_j$.", "$z_i"),
    (r"Note that $\sum_{i=1}^C p_i = 2$.", r"$\sum"),
    (r"\[ L = \sum_i y_i \log p_i + u^\top A x \]", r"\["),
    (r"Hence $\frac{\partial L}{\partial z} = y - p$.", r"$\frac"),
    (r"So $\nabla_b L = p + y$, and we are done.", r"$\nabla"),
    ("It\n\\begin{align*} z &= W x + b \\\\ &= b - W x. \\end{align*}", r"\begin"),
    (r"For any two matrices \((AB)^\top = A^\top B^\top\).", r"\((AB)"),
    (r"The product rule gives $x^\top (A + A^\top) x = x^\top A x$.", r"$x^\top (A"),
    (r"Since the hyperbolic tangent is odd, $h = \tanh(-x)$.", "$h"),
    (r"$$\mathrm{tr}(A B) = \operatorname{Tr}(A)$$", "$$"),
    (r"Here $\partial L/\partial b = \mathrm{softmax}(Wx) - y$.", r"$\partial"),
    (r"Let $s = x^T A u$, a number.", "$s"),
    (r"A sum of logits, $[[symbol dL/dW]] = (p + y) [[x]]^\top$.", "$[["),
    (r"All of $∂L/∂z = p + y$ in signs.", "$∂L"),
    (SHAPES, "$z"),
)
LISTED = (
    (r"If $\sum_i p_i = 2$, then all is lost.", "condition"),
    (r"Suppose that $z = W x$.", "condition"),
    (r"A common mistake is $\frac{\partial L}{\partial z} = y - p$.", "wrong"),
    (r"It is not $z = W x$, but has a bias.", "denied"),
    (r"People write $\nabla_b L = p$ instead of $p - y$.", "denied"),
    (r"The claim $(AB)^\top = A^\top B^\top$ is false.", "wrong"),
    (r"$(AB)^\top = A^\top B^\top$. This is wrong.", "wrong"),
    ("This is a mistake:\n\\[ (AB)^\\top = A^\\top B^\\top \\]", "wrong"),
    (r"Is $AB = BA$?", "question"),
    (r"Setting $\frac{\partial L}{\partial b} = 0$ leads nowhere.", "solved"),
    (r"At $x = 0$ all is flat.", "condition"),
    (r"Take $d = 3$ and $C = 2$.", "condition"),
    (r"The matrix is orthogonal: $A^\top A = I$.", "condition"),
    (r"Here $A x = u$ is solved.", "condition"),
    (r"Write $g = p - y$ for short.", "introduces g"),
    (r"Roughly $p = y$.", "roughly"),
    (r"We see $p \approx y$.", "relation"),
    (r"With $Q x = v$ and other letters.", "not read"),
    (r"In the other layout $\frac{\partial L}{\partial W} = x (p - y)^\top$.", "transposed"),
    (r"Never $p \neq y$.", "relation"),
)
RECOGNISED = ((r"It is $W^\top (p - y) + A^\top u$.", "dL/dx"), (r"The scores $Wx + b$ come first.", "z"))


@pytest.mark.parametrize("prose", TRUE)
def test_a_true_equality_is_a_row_and_no_alarm(prose: str, tmp_path: Path) -> None:
    found = judged(prose, tmp_path)
    assert not found.wrong and not found.listed
    assert found.checks and {check.verdict for check in found.checks} == {"equal"}


@pytest.mark.parametrize(("prose", "start"), FALSE, ids=[prose for prose, _ in FALSE])
def test_a_false_equality_is_an_error_at_its_place(prose: str, start: str, tmp_path: Path) -> None:
    found = judged(prose, tmp_path)
    ((part, wrong),) = found.wrong
    assert part == "a" and wrong.code == "false-equality" and wrong.hint and wrong.span
    assert wrong.source[wrong.span.column - 1 :].startswith(start)
    told = "its left side is C × 1, its right side d × 1" if prose == SHAPES else " on the left, "
    assert told in wrong.message and ("(at C = " in wrong.message or prose == SHAPES)
    assert "different" in {check.verdict for check in found.checks}


@pytest.mark.parametrize(("prose", "why"), LISTED, ids=[prose for prose, _ in LISTED])
def test_what_is_no_claim_is_listed_with_the_reason(prose: str, why: str, tmp_path: Path) -> None:
    found = judged(prose, tmp_path)
    assert not found.wrong
    assert any(why in one.why for one in found.listed), found


@pytest.mark.parametrize(("prose", "value"), RECOGNISED)
def test_a_value_of_the_problem_is_recognised(prose: str, value: str, tmp_path: Path) -> None:
    (check,) = judged(prose, tmp_path).checks
    assert (check.right, check.verdict) == (value, "equal")


def test_what_is_typed_in_our_own_problems_is_read_and_every_equality_checked() -> None:
    read_, equalities, count = 0, 0, 0
    for source in find([PROBLEMS], PROBLEMS.parent):
        for problem in read(source).problems:
            typed = typed_formulas(problem)
            if not typed:
                continue
            found = check_typed(derive(problem))
            assert not found.wrong
            count += len(typed)
            read_ += len(typed) - sum("not read" in one.why for one in found.listed)
            equalities += sum(" = " in formula for formula in typed)
            assert not [one for one in found.listed if " = " in one.formula]
    assert count >= 10 and equalities and read_ >= 0.9 * count
