r"""Sentences as LaTeX: plain text escaped, formulas between dollars, references as links of the document."""

from __future__ import annotations

from typing import assert_never

from solgen.expr.present.tree import CrossReference, Node, RouteMark
from solgen.render.escape import Tex, escape
from solgen.render.latex import latex
from solgen.render.words import (
    Cited,
    Code,
    Display,
    Formula,
    Gap,
    Gathered,
    Inserted,
    Phrase,
    Typed,
    Words,
    listed_words,
)

SIGNS = frozenset("-/_.,")
LONG = 24  # characters of program text without a sign
APART = r"\apart "  # between formulas side by side


def latex_words(text: Words) -> Tex:
    """The sentence as LaTeX for text."""
    return Tex("".join(map(_phrase, text.phrases)))


def _phrase(phrase: Phrase) -> str:
    match phrase:
        case str():
            return escape(phrase)
        case Formula(node):
            return f"${latex(node).strip()}$"
        case CrossReference() | RouteMark() | Inserted():
            return latex(phrase.node if isinstance(phrase, Inserted) else phrase)
        case Gap():
            return r"\enspace "
        case Code(text):
            return rf"\texttt{{{_breakable(text)}}}"
        case Cited():
            return _cite(phrase)
        case Typed(tex):
            return tex
        case Gathered(nodes):
            lines = r" \\ ".join(map(latex, nodes))
            return rf"\begin{{gathered}}{lines}\end{{gathered}}"
        case Display(items, end):
            return rf"\formulas{{{APART.join(_items(items))}{end}}}"
        case _:
            assert_never(phrase)


def _breakable(code: str) -> str:
    """Program text that a line may break behind a sign, and within what is long without one."""
    written, since = list[str](), 0
    for letter in code:
        since = 0 if letter in SIGNS else since + 1
        written.append(escape(letter) if since % LONG or letter == code[-1:] else rf"{escape(letter)}\allowbreak{{}}")
    return "".join(written)


def _cite(cited: Cited) -> str:
    links = [CrossReference("rule", number) for number in cited.numbers]
    if cited.by:
        return latex_words(Words((f"{cited.by} ", *listed_words(links).phrases)))
    return f" ({', '.join(map(latex, links))})"


def _items(items: tuple[tuple[Node, str], ...]) -> list[str]:
    """Each formula with the comma after it, unless it is the last, and its number."""
    commas = [","] * (len(items) - 1) + [""]
    return [
        rf"\formula{{{latex(node)}}}{comma}" + (rf"\enspace\eqn{{{number}}}" if number else "")
        for (node, number), comma in zip(items, commas, strict=True)
    ]
