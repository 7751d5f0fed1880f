"""What ink a presentation tree leaves, in reading order, in the words of `solgen.written.ink`.

For what has no value: signs between formulas, letters that a sentence names, conditions, dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from solgen.expr.present.tree import (
    APPLY,
    TIMES,
    Accent,
    Authored,
    BigOperator,
    Cases,
    CrossReference,
    Dots,
    Fence,
    Fitted,
    Fraction,
    Framed,
    Identifier,
    Node,
    Number,
    Operator,
    Root,
    RouteMark,
    Row,
    Script,
    Shaped,
    Space,
    Table,
    Text,
)
from solgen.written.ink import Ink, latex_ink
from solgen.written.spelling import plain_letter

DOTS = {"low": "…", "between": "⋯", "across": "⋯", "down": "⋮", "diagonal": "⋱"}
MARKS = {"widehat": "hat", "widetilde": "tilde", "overline": "bar"}  # as wide as what they stand over


def ink_of(node: Node) -> Ink:
    """Everything of a tree that leaves ink; LaTeX that a person declared is read as such.  Raises Unreadable."""
    return tuple(_node(node))


def _node(node: Node) -> Iterator[str]:
    match node:
        case Identifier("1", variant):
            yield "𝟙" if variant == "double-struck" else "𝟏"
        case Identifier(letters):
            yield from map(plain_letter, letters)
        case Text(words):
            yield from (c for c in words if not c.isspace())
        case Number(digits):
            yield digits
        case Operator(sign):
            yield from () if sign in (TIMES, APPLY) or not sign.strip() else (sign,)
        case Space() | RouteMark() | CrossReference():
            return
        case Dots(direction):
            yield DOTS[direction]
        case Authored(tex):
            yield from latex_ink(tex)
        case Row(items):
            for item in items:
                yield from _node(item)
        case Fraction(top, bottom):
            yield from (*_node(top), "over", *_node(bottom))
        case Root(body):
            yield from ("root", *_node(body))
        case Script(base, sub, sup):
            yield from (*_node(base), *_script("lower", sub), *_script("higher", sup))
        case BigOperator(sign, under, over):
            yield from (sign, *_script("lower", under), *_script("higher", over))
        case Accent(body, mark):
            yield from (*_node(body), f"{MARKS.get(mark, mark)} above")
        case Fence(body, kind):
            yield from (f"{kind} opens", *_node(body), f"{kind} closes")
        case Shaped(body, shape):
            yield from (*_node(body), *_script("beneath", shape))
        case Framed(body) | Fitted(body):
            yield from _node(body)
        case Table(cells, kind):
            yield from (f"{kind} opens", *_lines(cells), f"{kind} closes")
        case Cases(lines):
            yield from ("cases opens", *_lines(lines), "cases closes")
        case _:
            assert_never(node)


def _lines(cells: Sequence[Sequence[Node]]) -> Iterator[str]:
    for line in cells:
        yield from ("line", *(sign for cell in line for sign in _node(cell)))


def _script(where: str, node: Node | None) -> Iterator[str]:
    if node is not None:
        yield from (where, *_node(node), "level")
