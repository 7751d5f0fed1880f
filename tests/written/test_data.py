"""What stands on a page and is no value, read as data; and the formulas of a whole text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solgen.expr.nodes import Var
from solgen.expr.size import Size
from solgen.written import SameTree, SameValue, Unreadable, compare_latex, read_latex
from solgen.written.data import (
    Data,
    DataTable,
    EntryCount,
    FunctionName,
    NewName,
    Places,
    Refuted,
    SignAlone,
    ValueSpace,
    WrittenCases,
    shows_numbers,
)
from solgen.written.passages import passages
from tests.written.support import Scope, scope_with

M, N = Size.of("m"), Size.of("n")


@pytest.fixture(scope="module")
def common() -> Scope:
    return scope_with("phi(x)")


def last_data(tex: str, common: Scope) -> Data | None:
    return read_latex(tex, common.names).chains[-1][-1].data


SAID: tuple[tuple[str, Data], ...] = (
    (r"x \in \mathbb{R}^n", ValueSpace((N,))),
    (r"W \in \mathbb R^{m\times n}", ValueSpace((M, N))),
    (r"a \in \mathbb{R}_{>0}", ValueSpace((), "positive")),
    (r"x \in [0, 1]^{n}", ValueSpace((N,), "unit")),
    (r"x \in \{0, 1\}^{n}", ValueSpace((N,), "binary")),
    (r"A \in \mathbb{R}^{n \times n}\text{ symmetric}", ValueSpace((N, N), remark="symmetric")),
    (r"\odot", SignAlone("⊙")),
    (r"\delta", SignAlone("δ")),
    (r"\phi", FunctionName("φ")),
    (r"\operatorname{softmax}_{\mathrm{rows}}", FunctionName("softmax", ("rows",))),
    (r"(2, 3)", Places((2, 3))),
    (r"\#W", EntryCount(Var("W", (M, N)))),
    (r"\#\text{parameters}", EntryCount("parameters")),
)


@pytest.mark.parametrize(("tex", "data"), SAID)
def test_what_is_no_value_is_data(tex: str, data: Data, common: Scope) -> None:
    assert last_data(tex, common) == data


def test_a_line_may_introduce_a_letter_and_refute_a_product(common: Scope) -> None:
    assert read_latex(r"g = e^{a}", common.names).chains[0][0].data == NewName("g")
    assert isinstance(last_data(r"y \ne x\, W", common), Refuted)
    with pytest.raises(Unreadable):
        read_latex(r"y = x\, W", common.names)


def test_grids_with_dots_and_cases(common: Scope) -> None:
    grid = r"1 & \cdots & 4 \\ \vdots & \ddots & \vdots \\ 9 & \cdots & 12"
    table = last_data(rf"\begin{{pmatrix}}{grid}\end{{pmatrix}}", common)
    assert isinstance(table, DataTable)
    numbers = tuple(tuple(Fraction(4 * i + j + 1) for j in range(4)) for i in range(3))
    assert shows_numbers(table, numbers)
    assert not shows_numbers(table, (numbers[0], numbers[1], numbers[1]))
    cases = last_data(r"\begin{cases}a & \text{if } i = j \\ 0 & \text{otherwise}\end{cases}", common)
    assert isinstance(cases, WrittenCases) and [said for _, said in cases.lines] == ["i = j", ""]


def test_numbers_in_brackets_are_arrays() -> None:
    found = scope_with("a")
    product = r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}\begin{pmatrix}1 \\ 0\end{pmatrix}"
    (side,) = read_latex(product, found.names).chains[0]
    (reading,) = side.readings
    same = compare_latex(r"\begin{pmatrix}1 \\ 3\end{pmatrix}", reading.e, found.names)
    assert isinstance(same, SameTree | SameValue)
    other = compare_latex(r"\begin{pmatrix}1 \\ 2\end{pmatrix}", reading.e, found.names)
    assert not isinstance(other, SameTree | SameValue)


def test_a_display_is_chains_of_relations(common: Scope) -> None:
    text = r"\begin{aligned} W x + y &= y + W x \\ &= y + W x, \\ a &= b.\end{aligned}"
    chains = read_latex(text, common.names).chains
    assert [len(chain) for chain in chains] == [3, 2]
    assert [side.sign for side in chains[0]] == ["", "=", "="]


def test_the_formulas_of_a_text() -> None:
    text = r"With $x$ and \(y\), \[ a = b \] costs \$3. \step{through $z$:}{W}{{}= \ans{a}}{as $b$}{4} % no $c$"
    found = list(passages(text))
    assert sorted(p.tex.strip() for p in found) == sorted(["x", "y", "a = b", "z", r"W {}= \ans{a}", "b"])
    assert all(text[p.start : p.end].strip()[:1] == p.tex.strip()[:1] for p in found)
