r"""Formulas and sentences for other people's documents: LaTeX with amsmath and bm alone, Markdown with TeX mathematics.

A shape is an \underset, an answer \boxed, break points go.  What proves a rule is left to the solutions: where a page
cites rules by number alone, their names stand here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import assert_never

from solgen.expr.present.tree import CrossReference, Node, RouteMark
from solgen.render.author import author_markdown
from solgen.render.escape import escape, escape_letters, split_mathematics
from solgen.render.latex import Macros, latex
from solgen.render.words import Cited, Code, Display, Formula, Gap, Gathered, Inserted, Phrase, Typed, Words, words

FIRST = 0xE100  # of the characters that stand for what is no LaTeX of an author's; no author types them
AMSMATH = Macros(
    shaped=r"\underset{{{1}}}{{{0}}}", framed=r"\boxed{{{0}}}", fitted="{0}", equation="({0})", rule="rule {0}",
    route="", indicator=r"\mathbf{1}", begin="", break_outside="", break_inside="", break_product="", break_relation="",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a target writes what TeX and Markdown write differently.

    typed: what an author typed, with signs in it that stand for pieces of ours; remark: a sentence beside a formula.
    """

    macros: Macros
    plain: Callable[[str], str]
    code: Callable[[str], str]
    typed: Callable[[str], str]
    remark: Callable[[Words], str]
    bold: Callable[[str], str]
    display: Callable[[str], str]
    heading: Callable[[str, int], str]


def in_text(text: Words, d: Dialect) -> str:
    """A sentence among other text."""
    given: dict[int, str] = {}
    typed: list[str] = []
    for phrase in text.phrases:
        if isinstance(phrase, Typed):
            typed.append(phrase.tex)
        else:
            sign = FIRST + len(given)
            given[sign] = _phrase(phrase, d)
            typed.append(chr(sign))
    return d.typed("".join(typed)).translate(given).strip()


def _phrase(phrase: Phrase, d: Dialect) -> str:
    match phrase:
        case str():
            return d.plain(phrase)
        case Formula(node):
            return f"${latex(node, d.macros).strip()}$"
        case CrossReference() | RouteMark():
            return latex(phrase, d.macros)
        case Inserted(node):
            return latex(node, d.macros)
        case Gap():
            return " "
        case Code(text):
            return d.code(text)
        case Cited():
            return in_text(phrase.by_name(), d)
        case Typed(tex):
            return d.typed(tex)
        case Gathered(nodes):
            lines = r" \\ ".join(latex(node, d.macros) for node in nodes)
            return rf"\begin{{gathered}}{lines}\end{{gathered}}"
        case Display(items, end):
            return f"\n{' '.join(_display(items, d))}{end}\n"
        case _:
            assert_never(phrase)


def _display(items: tuple[tuple[Node, str], ...], d: Dialect) -> Iterator[str]:
    """Each formula with the comma after it, unless it is the last, and its number."""
    for k, (node, number) in enumerate(items, 1):
        yield f"${latex(node, d.macros).strip()}$" + "," * (k < len(items)) + (f" ({number})" if number else "")


# ---------------------------------------------------------------- the two dialects


def _latex_remark(text: Words) -> str:
    return rf"\text{{{in_text(text, LATEX)}}}"


def _markdown_remark(text: Words) -> str:
    r"""`\text{through }x\text{:}`, since Markdown pairs dollars wherever they stand."""
    return "".join(map(_open_phrase, words(*map(_resolve, text.phrases)).phrases))


def _resolve(phrase: Phrase) -> Words | Phrase:
    """References as plain text, so that it is one with the text around."""
    match phrase:
        case Cited():
            return phrase.by_name()
        case CrossReference():
            return latex(phrase, MARKDOWN.macros)
        case _:
            return phrase


def _open_phrase(phrase: Phrase) -> str:
    match phrase:
        case str():
            return "".join(piece if math else rf"\text{{{escape_letters(piece)}}}" for piece, math in _runs(phrase))
        case Formula(node) | Inserted(node):
            return latex(node, MARKDOWN.macros)
        case Typed(tex):
            return author_markdown(rf"\text{{{tex}}}")
        case _:
            told = _phrase(phrase, MARKDOWN)
            return rf"\text{{{told}}}" if told else ""


def _plain_markdown(text: str) -> str:
    return "".join(f"${piece}$" if math else piece for piece, math in _runs(text))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Text and mathematics in turns."""
    for math, run in groupby(split_mathematics(text), key=lambda piece: piece[1]):
        yield "".join(piece for piece, _ in run), math


LATEX = Dialect(
    macros=AMSMATH,
    plain=escape,
    code=lambda text: rf"\texttt{{{escape(text)}}}",
    typed=lambda tex: tex,
    remark=_latex_remark,
    bold=lambda text: rf"\textbf{{{text}}}",
    display=lambda body: rf"\[{body}\]",
    heading=lambda text, level: rf"\{'sub' * (level - 1)}section*{{{text}}}",
)
MARKDOWN = Dialect(
    macros=replace(AMSMATH, bold=r"\boldsymbol{{{0}}}", edge=""),
    plain=_plain_markdown,
    code=lambda text: f"`{text}`",
    typed=author_markdown,
    remark=_markdown_remark,
    bold=lambda text: f"**{text}**",
    display=lambda body: f"$$\n{body}\n$$",
    heading=lambda text, level: f"{'#' * level} {text}",
)
