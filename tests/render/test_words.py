"""Sentences: put together from phrases, and written by each format, with what an author typed among them."""

from __future__ import annotations

import pytest

from solgen.expr.present.tree import CrossReference, Fraction, Identifier, Number, Operator, Row
from solgen.render.filling import NO_BREAK
from solgen.render.latex_words import latex_words
from solgen.render.snippets import LATEX, MARKDOWN, in_text
from solgen.render.terminal_words import terminal_words
from solgen.render.words import (
    NOTHING,
    Cited,
    Code,
    Display,
    Formula,
    Gathered,
    Inserted,
    Typed,
    Words,
    capitalise,
    filled_words,
    listed_words,
    typed_words,
    words,
)

x, y = Identifier("x", "bold italic"), Identifier("y")
SUM = Row((x, Operator("+"), y))
HALF = Fraction(y, Number("3"))


def test_plain_texts_side_by_side_are_one() -> None:
    assert words("a", "", words(" b", Formula(x)), " c", " d") == Words(("a b", Formula(x), " c d"))
    assert not words("", NOTHING)


def test_sentences_are_put_together() -> None:
    assert listed_words([Formula(x), "b", words("c")]) == words(Formula(x), ", b and c")
    assert listed_words([]) == NOTHING and listed_words(["a"]) == words("a")
    told = filled_words("forgets {own}, not {via}", {"own": words(Formula(x)), "via": words("h")})
    assert told == words("forgets ", Formula(x), ", not h")
    assert capitalise(words("by ", Formula(x))) == words("By ", Formula(x))
    assert capitalise(words(Formula(y), " is")) == words(Formula(y), " is")
    assert latex_words(capitalise(words(Cited(("1",), ("tanh",), "by")))) == r"By \rulelink{1}"


def test_typed_mathematics_in_plain_text_stays_typed() -> None:
    assert typed_words(r"Why $x^2$ costs 5 \$") == Words(("Why ", Typed("$x^2$"), " costs 5 $"))


@pytest.mark.parametrize(
    ("sentence", "page", "terminal", "markdown"),
    [
        (words("50% of ", Formula(x)), r"50\% of $\bm{x}$", "50% of x", r"50% of $\boldsymbol{x}$"),
        (words("by ", CrossReference("equation", "3")), r"by \eqlink{3}", "by (3)", "by (3)"),
        (words("see ", Code("a_b")), r"see \texttt{a\_\allowbreak{}b}", "see a_b", "see `a_b`"),
        (words("tanh", Cited(("2",), ("tanh",))), r"tanh (\rulelink{2})", "tanh", "tanh"),
        (
            words(Cited(("2", "5"), ("tanh", "sum"), "by")), r"by \rulelink{2} and \rulelink{5}",
            "tanh and sum", "tanh and sum",
        ),
        (
            Words((Typed(r"An \emph{easy} $2"), Inserted(HALF), Typed(r" - 50\%$"))),
            r"An \emph{easy} $2\frac{y}{3} - 50\%$", "An easy 2(y/3) − 50%", r"An *easy* $2\frac{y}{3} - 50\%$",
        ),
        (
            Words((Typed("$$"), Gathered((x, y)), Typed("$$"))), r"$$\begin{gathered}\bm{x} \\ y\end{gathered}$$",
            "x ; y", r"$$\begin{gathered}\boldsymbol{x} \\ y\end{gathered}$$",
        ),
        (
            Words((Display(((x, ""), (SUM, "4")), "."),)),
            r"\formulas{\formula{\bm{x}},\apart \formula{\bm{x} + y}\enspace\eqn{4}.}",
            "x ; x + y", r"$\boldsymbol{x}$, $\boldsymbol{x} + y$ (4).",
        ),
    ],
)  # fmt: skip
def test_each_format_writes_each_phrase(sentence: Words, page: str, terminal: str, markdown: str) -> None:
    assert latex_words(sentence) == page
    assert terminal_words(sentence).replace(NO_BREAK, " ") == terminal
    assert in_text(sentence, MARKDOWN) == markdown


def test_plain_text_is_escaped_where_it_is_latex() -> None:
    assert in_text(words(r"50% \input{x}"), LATEX) == r"50\% \textbackslash{}input\{x\}"
    assert in_text(words("σ′ ≥ 0"), MARKDOWN) == r"$\sigma'$ $\ge$ 0"
