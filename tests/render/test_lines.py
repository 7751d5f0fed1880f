"""Formulas as lines of a terminal: matrices and cases over several lines, long lines broken where a reader would."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from solgen.expr.arith import add, div, fn, mul, num, sub
from solgen.expr.build import apply, matmul, transpose
from solgen.expr.nodes import Adj, Var
from solgen.expr.present.letters import APPLIED, PREFIX_MINUS
from solgen.expr.present.piece import DOT, PLUS, THIN
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.tree import (
    Cases,
    Dots,
    Fence,
    Fitted,
    Fraction,
    Framed,
    Identifier,
    Node,
    Number,
    Operator,
    Row,
    Script,
    Table,
    Text,
)
from solgen.expr.size import Size
from solgen.render.boxes import box_of
from solgen.render.chains import EQUALS, Side
from solgen.render.terminal import one_line
from solgen.render.terminal_chains import break_lines, join_chain, set_sides, stack_sides

a, b, c, d, k, x, y = map(Identifier, "abcdkxy")
ONE, TWO, ZERO = Number("1"), Number("2"), Number("0")
HADAMARD = Operator("⊙", "binary", 0)


def written(sides: tuple[Side, ...]) -> tuple[str, ...]:
    return join_chain(set_sides(sides)).lines


def product(*factors: Node) -> Node:
    return Row(tuple(part for factor in factors for part in (THIN, factor))[1:])


def test_a_matrix_stands_over_several_lines() -> None:
    cells = ((a, Script(b, sup=TWO), Dots("across")), (Dots("down"), Fence(k, "square"), Dots("diagonal")))
    box = join_chain(set_sides((Side(Identifier("J"), ""), Side(Fitted(Table(cells, rules=(2,)))))))
    assert box.lines == ("J = ⎛ a  b²  │ ⋯ ⎞", "    ⎝ ⋮  [k] │ ⋱ ⎠") and box.base == 0


def test_cases_stand_over_several_lines_and_the_chain_goes_on() -> None:
    yk, yl = (Script(y, Identifier(i)) for i in "kl")
    if_equal, if_not = (
        Row((Text("if "), k, Operator(sign, "relation"), Identifier("l"))) for sign in ("=", "≠")
    )  # fmt: skip
    lines = ((yk, if_equal), (Row((PREFIX_MINUS, product(yk, yl))), if_not))
    assert written((Side(Cases(lines)), Side(d))) == ("= ⎧ yₖ      if k = l   = d", "  ⎩ −yₖ yₗ  if k ≠ l      ")


def test_a_framed_matrix_is_a_matrix() -> None:
    (side,) = set_sides((Side(Framed(Table(((ONE, ZERO), (ZERO, ONE)), of="numbers"))),))
    assert side.answer and len(side.box.lines) == 2


def test_a_matrix_within_another_formula_stays_in_the_line() -> None:
    determinant = Row((Identifier("det", "function"), APPLIED, Fence(Table(((a, b), (c, d))))))
    assert box_of(Row((Fraction(ONE, determinant), THIN, x))).lines == ("(1/det((a b ; c d))) x",)


def test_brackets_around_columns_are_as_high_as_they_are() -> None:
    column = Table(((ONE,), (TWO,)), of="numbers")
    inner = Row((TWO, PLUS, column))
    first = Fence(Row((ONE, Operator("−"), column)), size="stretchy")
    box = box_of(Row((column, HADAMARD, first, HADAMARD, Fence(inner))))
    assert box.lines == (
        "⎛ 1 ⎞ ⊙ ⎛ 1 − ⎛ 1 ⎞ ⎞ ⊙ ⎛ 2 + ⎛ 1 ⎞ ⎞",
        "⎝ 2 ⎠   ⎝     ⎝ 2 ⎠ ⎠   ⎝     ⎝ 2 ⎠ ⎠",
    )


def test_bars_close_around_a_column() -> None:
    norm = Script(Fence(Table(((ONE,), (TWO,), (ZERO,))), "norm", "stretchy"), sup=TWO)
    assert box_of(norm).lines == ("‖ ⎛ 1 ⎞ ‖ ", "‖ ⎜ 2 ⎟ ‖²", "‖ ⎝ 0 ⎠ ‖ ")


A, B, C, D = (Identifier(4 * letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("node", "width", "lines"),
    [
        (Row((product(a, b), PLUS, product(c, d))), 20, ["= a b + c d"]),
        (Row((product(A, B), PLUS, product(C, D))), 20, ["= aaaa bbbb", "    + cccc dddd"]),
        (
            Row((Fence(Row((A, PLUS, B))), HADAMARD, Fence(Row((C, PLUS, D))))), 24,
            ["= (aaaa + bbbb)", "    ⊙ (cccc + dddd)"],
        ),
        (
            Row((Identifier("f"), APPLIED, Fence(Row((A, PLUS, B, PLUS, C))))), 16,
            ["= f(aaaa + bbbb", "      + cccc)"],
        ),
        (Identifier("nothing_to_break_here"), 10, ["= nothing_to_break_here"]),
    ],
)  # fmt: skip
def test_lines_are_broken_before_operators_at_the_outermost_level(node: Node, width: int, lines: list[str]) -> None:
    assert [line for side in stack_sides(set_sides((Side(node),)), width) for line in side.box.lines] == lines


n, m = Size.of("n"), Size.of("m")
p, q, r, t, z = (Var(letter, (n,)) for letter in "pqrtz")
W, Q = Var("W3", (n, n)), Var("Q", (n, n))
LONG = add(
    mul(apply("scale", div(num(1), num(7)), matmul(transpose(W), sub(p, t))), fn("step", z)),
    add(
        matmul(apply("outer", mul(matmul(transpose(W), sub(q, r)), fn("step", z)), p), t),
        add(matmul(transpose(Q), Adj(Var("L"), z)), r),
    ),
)


@pytest.mark.parametrize("width", range(24, 90, 6))
def test_nothing_is_lost_and_no_line_is_too_long(width: int) -> None:
    box = box_of(Row((EQUALS, Presenter().formula(LONG))))
    lines = break_lines(box.marks, width)
    assert " ".join(line.strip() for line in lines) == box.lines[0]
    assert all(cell_len(line) <= width for line in lines)
    assert len(lines) > 1 or width >= cell_len(box.lines[0])


@pytest.mark.parametrize(
    ("node", "shown"),
    [
        (Fraction(x, Row((TWO, Operator("\N{INVISIBLE TIMES}", "none"), Fence(Row((a, PLUS, ONE)))))), "x/(2(a + 1))"),
        (Row((Fraction(a, b), THIN, x)), "(a/b) x"), (Row((Fraction(a, b), PLUS, x)), "a/b + x"),
        (Row((Fraction(ONE, TWO), x)), "½x"), (Row((a, DOT, Fraction(Row((a, PLUS, b)), c))), "a · ((a + b)/c)"),
        (Fraction(Fraction(a, b), c), "(a/b)/c"), (Script(Fraction(a, b), sup=TWO), "(a/b)²"),
    ],
)  # fmt: skip
def test_a_fraction_has_the_brackets_that_its_bar_was(node: Node, shown: str) -> None:
    assert one_line(node) == shown
