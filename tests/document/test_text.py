"""Plain text and the author's LaTeX: escaping, mathematics modes, balance."""

from __future__ import annotations

import pytest

from solgen.document.grammar import counted, listed, part_letters, points, times
from solgen.document.mathmode import Mode, advance, balanced
from solgen.document.templates import printed
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.present.inline import slashed
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
    assert printed(Tex(r"\bm{x}")) == r"\bm{x}"
    assert printed("a_b") == r"a\_b"
    assert printed(12.5) == "12.5"
    with pytest.raises(TypeError, match="NoneType"):
        printed(None)


@pytest.mark.parametrize(
    ("text", "math"),
    [
        ("a ", False), ("a $x ", True), ("a $x$ ", False), (r"\( x", True), (r"\[ x \] y", False),
        (r"costs \$5 ", False),
        (r"\begin{align} a &= ", True), (r"\begin{align} a \end{align} b", False), (r"$a \text{ if ", False),
        (r"$a \text{ if $b$ } ", True), ("$$ a $$ b", False), ("% $\n a", False), (r"\verb|$| a", False),
        (r"\begin{enumerate} \item ", False), (r"$x$$y", True), (r"$\{x", True),
    ],
)  # fmt: skip
def test_mathematics_is_recognised(text: str, math: bool) -> None:
    assert advance(Mode(), text).math is math


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a { b", "`{` is never closed"), ("a } b", "`}` closes nothing"), ("$a", "`$` is never closed"),
        (r"\[ a $b$ \]", "`$` inside"), (r"\begin{align} a", r"`\begin{align}` is never closed"),
        (r"\begin{a}\end{b}", r"`\end{b}` stands inside"), (r"x \endinput", "ends the document"),
        (r"\gdef\frac{}", "changes what commands mean"), (r"\pdfcatalog{/OpenAction}", "the PDF itself"),
        ("^^5cspecial{}", "hides a character"), (r"\renewcommand*{\bm}{}", "changes what commands mean"),
        (r"\end{document}", "ends the document"), (r"{$a}$", "`}` stands inside"), ("$$a$", "closed by a single"),
    ],
)  # fmt: skip
def test_what_would_break_the_page(text: str, message: str) -> None:
    fault = balanced(text)
    assert fault is not None and message in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "plain", r"\newcommand{\R}{\mathbb{R}} $\R^2 \defeq$",
        r"$a_{1}$ and \(b\)", r"\$5 \{ \}", r"\begin{cases} 1 \end{cases}", r"\verb|{|",
        "100\\% % a { in a comment\n ok",
    ],
)  # fmt: skip
def test_what_is_balanced(text: str) -> None:
    assert balanced(text) is None


def test_grammar() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(2, "path") == "two paths"
    assert counted(13, "path") == "13 paths"
    from fractions import Fraction

    assert [points(Fraction(p)) for p in ("1", "5/2", "1/2")] == ["1 point", "2½ points", "½ point"]
    assert points(None) == ""


def test_parts_have_letters_of_their_own() -> None:
    assert part_letters(["0", "a", "drawn", "c", "nabla"]) == ("0", "a", "b", "c", "d")
    assert part_letters(["", "", "iii"]) == ("a", "b", "iii")
    many = part_letters([""] * 60)
    assert len(set(many)) == 60 and many[:27][-2:] == ("z", "a1")


def test_how_often() -> None:
    assert (times(2), times(3)) == ("twice", "three times")


@pytest.mark.parametrize(
    ("e", "told"),
    [
        (Adj(L, W), r"\partial L/\partial \bm{W}_{1}"),
        (apply("outer", Adj(L, z), h), r"\frac{\partial L}{\partial \bm{z}}\,\bm{h}^{\top}"),
        (apply("outer", Adj(L, z3), h2), r"\frac{\partial L}{\partial \bm{z}_{3}}\,\bm{h}_{2}^{\top}"),
    ],
)
def test_only_a_derivative_alone_is_written_with_a_slash(e: Expr, told: str) -> None:
    assert latex(slashed(Presenter().inline(e))) == told
