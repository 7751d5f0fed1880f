"""What ink a text leaves, in reading order: letters, digits, signs, brackets, marks, and what stands lower or higher.

For what has no value of its own, a sign in a sentence or a condition behind a case: it is read as it looks.
"""

from __future__ import annotations

from collections.abc import Iterator

from solgen.written.parser import parse_latex
from solgen.written.spelling import PRIME, plain_letter
from solgen.written.syntax import (
    Accent,
    CellGrid,
    Digits,
    Fence,
    Fraction,
    Items,
    Letter,
    Lines,
    Node,
    Phrase,
    Root,
    Scripted,
    Shaped,
    Sign,
    Word,
)
from solgen.written.terminal import parse_terminal

Ink = tuple[str, ...]


def latex_ink(text: str) -> Ink:
    """The ink of LaTeX; raises Unreadable."""
    return tuple(_lines(parse_latex(text)))


def terminal_ink(text: str) -> Ink:
    """The ink of a terminal's line; raises Unreadable."""
    return tuple(_lines(parse_terminal(text)))


def _lines(lines: Lines) -> Iterator[str]:
    for line in lines:
        for cell in line:
            yield from _items(cell)


def _items(items: Items) -> Iterator[str]:
    for item in items:
        yield from _node(item)


def _node(node: Node) -> Iterator[str]:
    match node:
        case Letter("1", style) if style:
            yield "𝟙" if style == "double-struck" else "𝟏"
        case Letter(text) | Word(text):
            yield from (plain_letter(c) for c in text)
        case Phrase(text):
            yield from (c for c in text if not c.isspace())
        case Digits(text) | Sign(text):
            yield text
        case Accent(mark, body):
            yield from _items(body)
            yield f"{mark} above"
        case Fence(kind, body):
            yield from (f"{kind} opens", *_items(body), f"{kind} closes")
        case Fraction(top, bottom):
            yield from (*_items(top), "over", *_items(bottom))
        case Root(body, degree):
            yield from (*_items(degree), "root", *_items(body))
        case Scripted(base, sub, sup, primes):
            yield from _node(base)
            yield from _script("lower", sub)
            yield from _script("higher", (*(Sign(PRIME),) * primes, *sup))
        case Shaped(body, beneath):
            yield from (*_items(body), *_script("beneath", beneath))
        case CellGrid(kind, rows):
            inside = (sign for row in rows for sign in ("line", *(s for cell in row for s in _items(cell))))
            yield from inside if kind in ("open", "lines") else (f"{kind} opens", *inside, f"{kind} closes")


def _script(where: str, items: Items) -> Iterator[str]:
    if items:
        yield from (where, *_items(items), "level")
