r"""Each kind of node in each format: LaTeX in the macros of our templates, mathtext for figures."""

from __future__ import annotations

from typing import get_args

import pytest

from solgen.expr.present.letters import APART, APPLIED, APPLIED_BARE, CLOSE, PRIME, TOP
from solgen.expr.present.tree import (
    MINUS,
    TIMES,
    Accent,
    Authored,
    BigOperator,
    Cases,
    CrossReference,
    Dots,
    Fence,
    Fitted,
    Fraction,
    Framed,
    Identifier,
    Node,
    Number,
    Operator,
    Root,
    RouteMark,
    Row,
    Script,
    Shaped,
    Space,
    Table,
    Text,
)
from solgen.render.latex import latex
from solgen.render.mathtext import mathtext

x, y, theta, one, two = Identifier("x"), Identifier("y"), Identifier("θ"), Number("1"), Number("2")
half = Fraction(one, two, "small")

BOTH = [
    (x, "x"), (theta, r"\theta"), (Identifier("loss"), r"\mathit{loss}"),
    (Identifier("in", "upright"), r"\mathrm{in}"), (Identifier("1", "bold"), r"\mathbf{1}"),
    (Identifier("R", "double-struck"), r"\mathbb{R}"), (Identifier("tanh", "function"), r"\tanh"),
    (Identifier("ReLU", "function"), r"\operatorname{ReLU}"), (Number("0.25"), "0.25"),
    (Row((x, Operator(MINUS), y)), "x - y"), (Operator("∈", "relation"), r" \in "),
    (Row((Operator(MINUS, "none"), x)), "-x"),
    (Row((x, Operator("≥", "relation"), one)), r"x \ge 1"), (Row((x, Operator(",", "comma"), y)), "x, y"),
    (Row((x, APART, y)), r"x\,y"), (Row((two, CLOSE, x)), "2x"), (Row((theta, x)), r"\theta x"),
    (Row((Identifier("log", "function"), APPLIED_BARE, x)), r"\log x"),
    (Row((Identifier("∂"), APPLIED_BARE, x)), r"\partial x"),
    (Row((Identifier("σ"), APPLIED, Fence(x))), r"\sigma(x)"),
    (Script(x, sup=Row((PRIME, TOP))), r"x^{\prime\top}"), (Script(x, sub=one, sup=two), "x_{1}^{2}"),
    (Script(Identifier("tanh", "function"), sup=two), r"\tanh^2"),
    (Script(x, sup=Row((Operator("⊙", "none"), two))), r"x^{\odot 2}"),
    (Accent(x, "hat"), r"\hat{x}"), (Accent(Identifier("net"), "overline"), r"\overline{\mathit{net}}"),
    (Fraction(x, two), r"\frac{x}{2}"), (Fraction(x, y, "slash"), "x/y"), (Root(x), r"\sqrt{x}"),
    (Fence(x, "square"), "[x]"), (Fence(x, "curly"), r"\{x\}"), (Fence(x, "angle"), r"\langle x \rangle"),
    (BigOperator("∑", Row((x, Operator("=", "none"), one)), y), r"\sum_{x=1}^{y} "),
    (Space("negative"), r"\!"), (Dots("across"), r"\cdots"), (Authored(r"\mathcal{L}"), r"\mathcal{L}"),
]  # fmt: skip
APART_IN_FORMATS = [
    (Identifier("ж"), r"\text{\textit{ж}}", r"\mathit{ж}"),
    (Identifier("W", "bold italic"), r"\bm{W}", r"\mathbfit{W}"), (half, r"\tfrac{1}{2}", r"\frac{1}{2}"),
    (Authored(r"\mathcal{L}", bold=True), r"\bm{\mathcal{L}}", r"\mathbfit{\mathcal{L}}"),
    (Fence(x, "round", "big"), r"\bigl(x\bigr)", "(x)"), (Fence(x, "norm"), r"\lVert x\rVert ", r"\Vert x\Vert "),
    (Fence(x, "bars", "biggest"), r"\biggl\lvert x\biggr\rvert ", "| x| "),
    (Fraction(x, two, "large"), r"\dfrac{x}{2}", r"\frac{x}{2}"), (Text("if"), r"\text{if}", r"\mathrm{if}"),
    (Row((x, Operator("+", "binary", 0), y)), r"x \brk + y", "x + y"),
    (Row((x, Operator("+", "binary", 2), y)), r"x \brkin + y", "x + y"),
    (Row((x, Operator(TIMES, "thin", 1), y)), r"x\,\brkp y", r"x\,y"),
    (Row((x, Operator("=", "relation", 0), y)), r"x \brkeq = y", "x = y"),
]  # fmt: skip
ON_PAGES_ALONE = [
    (Shaped(x, Row((two, Operator("×"), one))), r"\sh{x}{2 \times 1}"), (Framed(x), r"\ans{x}"),
    (Fitted(x), r"\gridfit{x}"), (CrossReference("equation", "3"), r"\eqlink{3}"),
    (RouteMark(1, 0), r"\routemark{1}{0}"),
    (Table(((one, two),), of="numbers"), r"\begin{pmatrix}1 & 2\end{pmatrix}"),
    (Table(((half,), (two,)), of="numbers"), r"\begin{pmatrix}\tfrac{1}{2} \\[2pt] 2\end{pmatrix}"),
    (
        Table(((x, y), (Fraction(x, two), Fence(y, "square"))), rules=(1,)),
        r"\left(\begin{array}{@{}c|c@{}}x & y \\ \frac{x}{2} & {}[y]\end{array}\right)",
    ),
    (Cases(((x, Text("if")),)), r"\begin{cases}{}x & \text{if}\end{cases}"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "text"), BOTH)
def test_what_both_formats_write_alike(node: Node, text: str) -> None:
    assert (latex(node), mathtext(node)) == (text, text)


@pytest.mark.parametrize(("node", "tex", "label"), APART_IN_FORMATS)
def test_what_each_format_writes_its_own_way(node: Node, tex: str, label: str) -> None:
    assert (latex(node), mathtext(node)) == (tex, label)


@pytest.mark.parametrize(("node", "tex"), ON_PAGES_ALONE)
def test_what_a_page_shows_and_a_figure_does_not(node: Node, tex: str) -> None:
    assert latex(node) == tex
    with pytest.raises(TypeError, match="a figure shows no"):
        mathtext(node)


def test_every_kind_of_node_is_tried() -> None:
    tried = {type(case[0]) for case in (*BOTH, *APART_IN_FORMATS, *ON_PAGES_ALONE)}
    assert tried == set(get_args(Node))


def test_rows_of_fractions_keep_a_distance_in_a_matrix() -> None:
    tall, dots = Fraction(x, two, "large"), Dots("down")
    assert r"\dfrac{x}{2} \\[7pt] \vdots \\ \dfrac" in latex(Table(((tall,), (dots,), (tall,))))
    assert r"\dfrac{x}{2} \\[11pt] \dfrac" in latex(Table(((tall,), (tall,))))
