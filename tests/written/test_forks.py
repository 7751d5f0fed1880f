r"""The forks of docs/reading.md, each a formula that must be reported; and the conventions, which must not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solgen.written import SameTree, SameValue, meanings, read_latex
from tests.written.support import judge, scope

PAGE = Path(__file__).parents[2] / "docs/reading.md"

# what is declared, what is written: two people read it differently
FORKS: dict[str, tuple[str, str]] = {
    "a slash before several factors": ("a: R\nb: R\nc: R", r"a/b c"),
    "a slash before a bracket": ("a: R\nb: R\nc: R", r"a/2(b + c)"),
    "two slashes": ("a: R\nb: R\nc: R", r"a/b/c d".replace(" d", "")),
    "a letter that is a value and a function": ("sigma: R\na: R", r"\sigma(a)"),
    "T, a name and a transpose": ("T: R\na: R", r"a^T"),
    "a subscript, of the name or an index": ("z: R[m, n]\nz1: R[n]", r"z_{1,2}"),
    "the square of a vector": ("v: R[n]", r"v^2"),
    "a maximum along an axis": ("P: R[n, n]", r"\max(P)"),
    "a softmax along an axis": ("P: R[m, n]", r"\operatorname{softmax}(P)"),
    "log before several factors": ("a: R\nb: R", r"\log a b"),
    "tr before several factors": ("A: R[n, n]\nB: R[n, n]", r"\operatorname{tr} A B"),
    "⊙ beside a product": ("A: R[n, n]\nx: R[n]\nv: R[n]", r"A x \odot v"),
    "⊘ before ⊙": ("x: R[n]\nv: R[n]\nt: R[n]", r"x \oslash v \odot t"),
    "a bar, of a name or a gradient": ("x: R[n]\nxbar: R[n]", r"\bar{x}"),
    "δ, a name and a gradient": ("z: R[n]\ndelta_z: R[n]", r"\delta_z"),
    "how far a Σ reaches": ("i: Index[N]\nc[i]: R\nd[i]: R", r"\sum_i c_i + d_i"),
}
# on one line, people differ on what is divided or differentiated though only one of the sides has a value
REMARKED: dict[str, tuple[str, str]] = {
    "a derivative on one line": ("x: R[n]\nv: R[n]", r"\partial found/\partial x\, v^\top".replace("found", "L")),
    "a letter bound twice": ("x: R[n]\nv: R[n]", r"\sum_j x_j \sum_j v_j"),
    "∇ before several factors": ("x: R[n]\nv: R[n]", r"\nabla_x L\, v^\top"),
}


def found_meanings(declared: str, tex: str) -> int:
    found = scope(f"{declared}\nL = 1\n", ("partial", "nabla", "bar", "delta"))
    ((side,),) = read_latex(tex, found.names).chains
    return len(meanings(side))


@pytest.mark.parametrize("fork", sorted(FORKS))
def test_what_people_read_differently_is_reported(fork: str) -> None:
    assert found_meanings(*FORKS[fork]) > 1


@pytest.mark.parametrize("fork", sorted(REMARKED))
def test_what_is_divided_or_differentiated_on_one_line_is_reported(fork: str) -> None:
    declared, tex = REMARKED[fork]
    found = scope(f"{declared}\nL = norm2sq(x)\n")
    assert read_latex(tex, found.names).forks
    assert not read_latex(r"\sum_j x_j", found.names).forks
    assert not read_latex(r"\frac{\partial L}{\partial x}\, v^\top", found.names).forks
    assert not read_latex(r"(\nabla_x L)\, v^\top", found.names).forks


# what needs no bracket: written so, and meant so
CONVENTIONS: dict[str, tuple[str, str]] = {
    "Σ reaches to the next sign": (r"\sum_j x_j v_j + a", "sum(x * v) + a"),
    "Σ reaches over what needs its index": (r"\sum_j x_j + v_j", "sum(x + v)"),
    "a Σ that leaves one place out": (r"\sum_{j \ne k} x_j", "sum(x) - x[k]"),
    "an entry of a function's value": (r"\operatorname{softmax}(x)_k", "softmax(x)[k]"),
    "letters that spell a name": ("dS x", "dS @ x"),
    "two bars side by side": ("||x|| + ||a| - |b||", "norm(x) + abs(abs(a) - abs(b))"),
    "a power between a function and its argument": (r"\tanh^2(x)", "tanh(x) ** 2"),
    "a function before its brackets": (r"\log(a) b", "log(a) * b"),
    "a number before the argument of a function": (r"\sin 2 a", "sin(2 * a)"),
    "the power of a square matrix": ("A^2", "matpow(A, 2)"),
    "e to a power": ("e^{a}", "exp(a)"),
    "bars around a matrix": ("|A|", "det(A)"),
    "a number beside an array in a sum": ("1 - x", "1 - x"),
    "log before det": (r"\log\det A", "logdet(A)"),
    "a fraction of differentials": (r"\frac{1}{2} x^\top A v", "(x @ (A @ v)) / 2"),
    "the norm without a mark": (r"\|A\|^2", "norm2sq(A)"),
    "two forms of one letter": (r"\varphi(x)", "phi(x)"),
    "a name with these very scripts": ("h_1", "h1"),
    "minus before a power": ("-a^2", "-(a ** 2)"),
    "scalars where they stand": (r"x^\top v\, t", "(x @ v) * t"),
}


@pytest.mark.parametrize("convention", sorted(CONVENTIONS))
def test_what_needs_no_bracket_is_read_in_one_way(convention: str) -> None:
    tex, formula = CONVENTIONS[convention]
    assert isinstance(judge(tex, formula), SameTree | SameValue)


def test_the_page_lists_what_is_tested() -> None:
    """Every fork and every convention of the page has its test, under the name that the page gives it."""
    listed = set(re.findall(r"^\| \*\*(.+?)\*\*", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == set(FORKS) | set(REMARKED) | set(CONVENTIONS)
