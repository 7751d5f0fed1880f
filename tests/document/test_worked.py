"""Derivations told stage by stage: sentences, cases, matrices with dots, rewritings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solgen.document.blocks import Paragraph, ResultBlock, Steps
from solgen.document.counters import Ledger
from solgen.document.entry_grids import grid
from solgen.document.templates import write_value
from solgen.document.verbs.worked import worked_blocks
from solgen.document.voice import Voice
from solgen.errors import Span
from solgen.expr.arith import delta, entry, mul, neg, sub
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Idx, Var
from solgen.expr.present.presenter import Presenter
from solgen.expr.size import Size
from solgen.model.derivation import Grid, Line, Passage, Where, Worked
from solgen.model.problem import Equation, Notation, Options
from solgen.model.step import name_statement
from solgen.render.latex import latex

n = Size.of("n")
z, p, L = Var("z", (n,)), Var("p", (n,)), Var("L")
i, j = Idx("i", n), Idx("j", n)
slope = entry(Adj(p, z), (i, j))
merged = mul(entry(p, (i,)), sub(delta(i, j), entry(p, (j,))))
forward = (Equation(p, apply("softmax", z), Span("", 1, 1, 2)),)
same = mul(entry(p, (i,)), sub(delta(i, i), entry(p, (i,))))
other = neg(mul(entry(p, (i,)), entry(p, (j,))))
CASES = (
    Passage("case", (Line(name_statement("gradient", "1"), (entry(Adj(p, z), (i, i)), same)),), (Where(i, j, True),)),
    Passage("case", (Line(name_statement("gradient", "2"), (slope, other)),), (Where(i, j, False),)),
)
GRID = Passage("entries", (Line(name_statement("gradient", "3"), (slope, merged)),), grid=Grid(Adj(p, z), i, j, merged))


@pytest.fixture
def voice() -> Voice:
    return Voice(Presenter(), Ledger(), {}, "1")


def worked(*passages: Passage, result: Line) -> Worked:
    return Worked("jacobian", Adj(p, z), forward, passages, (result,), (i, j))


def test_cases_are_told_apart_and_framed_together(voice: Voice) -> None:
    blocks = worked_blocks(
        voice, worked(*CASES, result=Line(name_statement("gradient", "r"), (slope, merged), reason="cases"))
    )
    sentences = [write_value(b.text) for b in blocks if isinstance(b, Paragraph)]
    assert "For $i = j$:" in sentences and r"For $i \ne j$:" in sentences
    (framed,) = (b for b in blocks if isinstance(b, ResultBlock))
    formula = write_value(framed.formula)
    assert r"\begin{cases}" in formula and r"-p_{i}\,p_{j} & \text{if } i \ne j" in formula


def test_a_matrix_with_dots(voice: Voice) -> None:
    blocks = worked_blocks(voice, worked(GRID, result=Line(name_statement("gradient", "r"), (slope, merged))))
    (steps,) = (b for b in blocks if isinstance(b, Steps))
    shown = write_value(steps.rows[0].right)
    assert r"p_{1}(1 - p_{1}) & -p_{1}\,p_{2} & \cdots & -p_{1}\,p_{n}" in shown
    assert r"\vdots & \vdots & \ddots & \vdots" in shown
    assert r"p_{n}(1 - p_{n})" in shown


def test_a_rewriting_is_one_chain(voice: Voice) -> None:
    one, two = apply("sum", p), apply("sum", z)
    passages = (
        Passage("definition", (Line(name_statement("gradient", "0"), (L, one)),)),
        Passage("rewrite", (Line(name_statement("gradient", "1"), (one, one), reason="nothing that shows"),)),
        Passage("substitute", (Line(name_statement("gradient", "2"), (one, two), reason="p"),)),
    )
    told = replace(worked(*passages, result=Line(name_statement("gradient", "r"), (L, two))), verb="rewrite")
    (steps,) = worked_blocks(voice, told)
    assert isinstance(steps, Steps)
    assert [write_value(row.left) for row in steps.rows] == ["L", ""]
    assert write_value(steps.rows[1].reason) == r"$\bm{p}$ written out"
    assert r"\ans{\sum_{i=1}^{n} z_{i}}" in write_value(steps.rows[1].right)
    assert write_value(steps.rows[1].key) == r"L = \sum_{i=1}^{n} z_{i}"


def test_a_jacobian_of_a_matrix_is_flattened(voice: Voice) -> None:
    rows, columns = Size.of("T"), Size.of("N")
    x, W, y = Var("x", (columns,)), Var("W", (rows, columns)), Var("y", (rows,))
    t, r, c = Idx("t", rows), Idx("r", rows), Idx("c", columns)
    formula = mul(delta(t, r), entry(x, (c,)))
    shown = latex(grid(voice, Grid(Adj(y, W), t, r, formula, c)))
    lines = shown.split(r" \\ ")
    assert r"x_{1} & \cdots & x_{N} & 0 & \cdots & 0 & \cdots & 0 & \cdots & 0" in lines[0]
    assert r"0 & \cdots & 0 & x_{1} & \cdots & x_{N} & \cdots & 0 & \cdots & 0" in lines[1]
    assert len({line.count("&") for line in lines}) == 1 and "ccc|ccc|c|ccc" in shown


def test_a_row_that_begins_with_a_bracket_is_no_optional_argument() -> None:
    """`\\\\ [` would be read as the distance to the next row."""
    nabla = Voice(Presenter(notation=Notation(gradient="nabla")), Ledger(), {}, "1")
    shown = latex(grid(nabla, Grid(Adj(L, z), i, j, entry(Adj(L, z), (i,)))))
    assert r"\\ {}[\nabla" in shown and r"\\ [" not in shown


def test_a_result_is_framed_where_it_is_reached(voice: Voice) -> None:
    matrix = Passage("matrix", (Line(name_statement("gradient", "4"), (Adj(p, z), apply("diag", p))),))
    told = replace(
        worked(*CASES, GRID, matrix, result=Line(name_statement("gradient", "r"), (slope, merged), reason="cases"))
    )
    told = replace(told, results=(*told.results, Line(name_statement("gradient", "s"), (Adj(p, z), apply("diag", p)))))
    blocks = worked_blocks(voice, told)
    kinds = [type(b).__name__ for b in blocks]
    assert kinds[-6:] == ["Steps", "ResultBlock", "Paragraph", "Steps", "Paragraph", "ResultBlock"]
    numbers = [int(b.number) for b in blocks if isinstance(b, ResultBlock)]
    assert numbers == sorted(numbers)


def test_without_steps_the_results_stand_alone(voice: Voice) -> None:
    told = worked(*CASES, result=Line(name_statement("gradient", "r"), (slope, merged), reason="cases"))
    blocks = worked_blocks(voice, told, Options(steps="none"))
    assert [type(b).__name__ for b in blocks] == ["ResultBlock"]
