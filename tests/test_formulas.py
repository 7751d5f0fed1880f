"""Formulas as lines of a terminal: matrices and cases over several lines, long lines broken where a reader would."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from solgen.formulas import broken, joined, sides

GRID = (
    r"{}= \gridfit{\left(\begin{array}{@{}cc|c@{}}a & b^{2} & \cdots \\[5pt] \vdots & {}[k] & \ddots\end{array}\right)}"
)
CASES = r"{}= \begin{cases}{}y_{k} & \text{if } k = l \\ {}-y_{k}\,y_{l} & \text{if } k \ne l\end{cases} \brkeq {}= d"


def test_a_matrix_stands_over_several_lines() -> None:
    box = joined(sides(rf"J {GRID}"))
    assert box.lines == ("J = ⎛ a  b²  │ ⋯ ⎞", "    ⎝ ⋮  [k] │ ⋱ ⎠") and box.base == 0


def test_cases_stand_over_several_lines_and_the_chain_goes_on() -> None:
    assert joined(sides(CASES)).lines == ("= ⎧ yₖ      if k = l   = d", "  ⎩ −yₖ yₗ  if k ≠ l      ")


def test_a_framed_matrix_is_a_matrix() -> None:
    (side,) = sides(r"{}= \ans{\begin{pmatrix}1 & 0 \\ 0 & 1\end{pmatrix}}")
    assert side.answer and len(side.box.lines) == 2


def test_a_matrix_within_another_formula_stays_in_the_line() -> None:
    (side,) = sides(r"\frac{1}{\det(\begin{pmatrix}a & b \\ c & d\end{pmatrix})} x")
    assert side.box.lines == ("(1/det((a b ; c d))) x",)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("= a b + c d", 20, ["= a b + c d"]),
        ("= aaaa bbbb + cccc dddd", 20, ["= aaaa bbbb", "    + cccc dddd"]),
        ("= (aaaa + bbbb) ⊙ (cccc + dddd)", 24, ["= (aaaa + bbbb)", "    ⊙ (cccc + dddd)"]),
        ("= f(aaaa + bbbb + cccc)", 16, ["= f(aaaa + bbbb", "      + cccc)"]),
        ("= nothing_to_break_here", 10, ["= nothing_to_break_here"]),
    ],
)
def test_lines_are_broken_before_operators_at_the_outermost_level(text: str, width: int, lines: list[str]) -> None:
    assert broken(text, width) == lines


@pytest.mark.parametrize("width", range(24, 90, 6))
def test_nothing_is_lost_and_no_line_is_too_long(width: int) -> None:
    text = "= (1/n)(w₃ᵀ(pᵢ − yᵢ)) ⊙ 𝟏[z₂,ᵢ > 0] + Σᵢ₌₁ⁿ ((w₂ᵀ(q − r)) ⊙ 𝟏[z > 0]) xᵀ − (∂L/∂S)ᵀ Q + b"
    lines = broken(text, width)
    assert " ".join(line.strip() for line in lines) == text
    assert all(cell_len(line) <= width for line in lines)
