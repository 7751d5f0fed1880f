"""The 1 of an indicator and the 1 of a vector of ones are told from each other in every format that has both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from solgen.build.read_back.data import misread_datum
from solgen.build.read_back.forms import FOR_OTHERS, IN_LATEX, IN_MARKDOWN, IN_TERMINAL, WrittenForm
from solgen.expr.nodes import Expr
from solgen.expr.present.function_forms import INDICATOR
from solgen.expr.present.ones import ONES
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.tree import Node
from solgen.render.mathtext import mathtext
from solgen.written import Names, SameTree, SameValue, Verdict
from solgen.written.labels import compare_read, parse_mathtext, read_items
from tests.written.support import scope_with

FORMULAS = ("step(x) * v", "outer(ones(m), x)", "W.T @ (step(y) * y) + ones(n)", "sum(step(W @ x))")
OTHERS = {
    "latex": {r"\mathbb{1}": r"\mathbf{1}", r"\mathbf{1}": r"\mathbb{1}"},
    "terminal": {"𝟙": "𝟏", "𝟏": "𝟙"},
    "markdown": {r"\mathbf{1}": r"\mathbb{1}"},
    "latex for others": {r"\mathbf{1}": r"\mathbb{1}"},
    "mathtext": {r"\mathbb{1}": r"\mathbf{1}", r"\mathbf{1}": r"\mathbb{1}"},
}
Compare = Callable[[str, Expr, Names], Verdict]


def _in_a_figure(text: str, e: Expr, names: Names) -> Verdict:
    return compare_read(read_items(parse_mathtext(text), replace(names, indicator="double-struck")), e)


def _on_a_page(written: WrittenForm) -> Compare:
    return lambda text, e, names: written.compare(text, e, replace(names, indicator=written.indicator), False)


PAGES: tuple[WrittenForm, ...] = (IN_LATEX, IN_TERMINAL, IN_MARKDOWN, FOR_OTHERS)
FORMATS: dict[str, tuple[Callable[[Node], str], Compare]] = {
    **{written.name: (written.write, _on_a_page(written)) for written in PAGES},
    "mathtext": (mathtext, _in_a_figure),
}


def is_read(verdict: Verdict) -> bool:
    return isinstance(verdict, SameTree | SameValue)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("formula", FORMULAS)
def test_one_sign_in_place_of_the_other_is_noticed(formula: str, form: str) -> None:
    found = scope_with(formula)
    meant, (write, compare) = found.formula("found"), FORMATS[form]
    text = write(Presenter().inline(meant))
    assert is_read(compare(text, meant, found.names))
    changed = [text.replace(was, now) for was, now in OTHERS[form].items() if was in text]
    assert all(not is_read(compare(other, meant, found.names)) for other in changed)
    assert changed or ("1" not in text and "𝟙" not in text)


@pytest.mark.parametrize("written", PAGES, ids=lambda written: written.name)
def test_so_it_is_where_a_sentence_explains_them(written: WrittenForm) -> None:
    names = scope_with("x").names
    for sign in (INDICATOR, ONES):
        text = written.write(sign)
        assert not misread_datum(text, sign, names, written)
        for was, now in OTHERS[written.name].items():
            assert was not in text or misread_datum(text.replace(was, now), sign, names, written)


def test_people_write_either() -> None:
    found = scope_with("step(x) * v")
    for text in (r"\mathbb{1}[x > 0] \odot v", r"\mathbf{1}\{x > 0\} \odot v", r"I(x > 0) \odot v"):
        assert is_read(IN_LATEX.compare(text, found.formula("found"), found.names, False))
