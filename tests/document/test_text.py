"""Plain text and the author's LaTeX: escaping, mathematics modes, balance."""

from __future__ import annotations

import pytest

from solgen.document.english import count_noun, count_times, join_items, part_letters, points
from solgen.document.templates import print_value
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.present.inline import slash_derivative
from solgen.expr.present.presenter import Presenter
from solgen.expr.size import Size
from solgen.render.dollars import without_marks
from solgen.render.escape import Tex, escape
from solgen.render.latex import latex
from solgen.render.latex_words import latex_words
from solgen.render.words import typed_words

k, m, n = (Size.of(letter) for letter in "kmn")
L, z, W = Var("L"), Var("z", (n,)), Var("W1", (m, n))
h, z3, h2 = Var("h", (k,)), Var("z3", (n,)), Var("h2", (k,))


def test_plain_text_cannot_be_read_as_latex() -> None:
    assert escape(r"50% of R&D_1 \input{x} #$^~") == (
        r"50\% of R\&D\_1 \textbackslash{}input\{x\} \#\$\textasciicircum{}\textasciitilde{}"
    )


def test_titles_keep_their_mathematics() -> None:
    assert latex_words(typed_words("Why $x^2$ costs 5 $ & more")) == r"Why $x^2$ costs 5 \$ \& more"
    assert without_marks(r"Why $\mathbf{x}^2$?") == "Why x^2?"


def test_signs_of_messages_become_mathematics() -> None:
    assert escape("σ′ = 10⁻⁵⁰") == r"\ensuremath{\sigma}\ensuremath{'} = 10\ensuremath{^{-50}}"


def test_templates_print_by_type() -> None:
    assert print_value(Tex(r"\bm{x}")) == r"\bm{x}"
    assert print_value("a_b") == r"a\_b"
    assert print_value(12.5) == "12.5"
    with pytest.raises(TypeError, match="NoneType"):
        print_value(None)


def test_grammar() -> None:
    assert join_items(["a"]) == "a"
    assert join_items(["a", "b", "c"]) == "a, b and c"
    assert count_noun(2, "path") == "two paths"
    assert count_noun(13, "path") == "13 paths"
    from fractions import Fraction

    assert [points(Fraction(p)) for p in ("1", "5/2", "1/2")] == ["1 point", "2½ points", "½ point"]
    assert points(None) == ""


def test_parts_have_letters_whatever_their_ids() -> None:
    assert part_letters(3) == ("a", "b", "c")
    many = part_letters(60)
    assert len(set(many)) == 60 and many[25:28] == ("z", "aa", "ab")


def test_how_often() -> None:
    assert (count_times(2), count_times(3)) == ("twice", "three times")


@pytest.mark.parametrize(
    ("e", "told"),
    [
        (Adj(L, W), r"\partial L/\partial \bm{W}_{1}"),
        (apply("outer", Adj(L, z), h), r"\frac{\partial L}{\partial \bm{z}}\,\bm{h}^{\top}"),
        (apply("outer", Adj(L, z3), h2), r"\frac{\partial L}{\partial \bm{z}_{3}}\,\bm{h}_{2}^{\top}"),
    ],
)
def test_only_a_derivative_alone_is_written_with_a_slash(e: Expr, told: str) -> None:
    assert latex(slash_derivative(Presenter().inline(e))) == told
