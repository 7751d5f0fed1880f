"""Sentences in a terminal: formulas in Unicode, rules by name, and what an author typed as far as it can be read."""

from __future__ import annotations

from typing import assert_never

from solgen.expr.present.tree import CrossReference, Fraction, Node, RouteMark
from solgen.render.author import as_factor, author_prose, together
from solgen.render.terminal import is_unit, one_line
from solgen.render.words import Cited, Code, Display, Formula, Gap, Gathered, Inserted, Phrase, Typed, Words

FIRST = 0xE100  # of the characters that stand for what is no LaTeX; no author types them


def terminal_words(text: Words) -> str:
    """The sentence as Unicode; the spaces of a short formula do not break.  Displays are set by whoever asks."""
    given: dict[str, str] = {}
    pieces: list[str] = []
    for phrase in text.phrases:
        if isinstance(phrase, Typed):
            pieces.append(phrase.tex)
        else:
            sign = chr(FIRST + len(given))
            given[sign] = _phrase(phrase)
            pieces.append(sign)
    if len(given) == len(text.phrases):
        return "".join(given.values()).strip()
    return author_prose("".join(pieces), given).strip()


def _phrase(phrase: Phrase) -> str:
    match phrase:
        case str():
            return phrase
        case Formula(node):
            return together(one_line(node))
        case CrossReference() | RouteMark():
            return one_line(phrase)
        case Gap():
            return " "
        case Code(text):
            return text
        case Cited():
            return terminal_words(phrase.by_name())
        case Inserted(node):
            return _insert(node)
        case Gathered(nodes) | Display(nodes):
            return " ; ".join(one_line(node[0] if isinstance(node, tuple) else node) for node in nodes)
        case Typed(tex):
            return author_prose(tex)
        case _:
            assert_never(phrase)


def _insert(node: Node) -> str:
    """A formula among what an author typed, who may multiply it."""
    text = one_line(node)
    return as_factor(text) if isinstance(node, Fraction) and not is_unit(node) else text
