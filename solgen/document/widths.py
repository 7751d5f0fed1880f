"""About how wide a formula with numbers is, in pt: enough to know whether it has room on a line."""

from __future__ import annotations

from collections.abc import Iterator
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
    children,
)

DIGIT, GAP = 5.2, 11.0  # pt: the width of a character of a number, and of what separates columns


def width(node: Node) -> float:
    """Matrices by their widest entries, the rest by characters."""
    match node:
        case Identifier(letters):
            return DIGIT * len(letters)
        case Number(digits):
            return DIGIT * len(digits)
        case Operator(sign, spacing):
            return DIGIT * (spacing == "thin" if sign in (TIMES, APPLY) else 1)
        case Text(words):
            return DIGIT * len(words)
        case Space() | Dots() | RouteMark() | Authored():
            return DIGIT
        case CrossReference(number=number):
            return DIGIT * (len(number) + 2)
        case Fraction(top, bottom):
            return max(width(top), width(bottom))
        case Fence(body):
            return width(body) + 2 * DIGIT
        case BigOperator(_, under, over):
            return max(DIGIT, *(width(part) for part in (under, over) if part is not None))
        case Shaped(body, shape):
            return max(width(body), width(shape))
        case Table(cells):
            return GAP + sum(GAP + max(map(width, column)) for column in zip(*cells, strict=True))
        case Cases(lines):
            return GAP + sum(GAP + max(map(width, column)) for column in zip(*lines, strict=True))
        case Root(body):
            return DIGIT + width(body)
        case Row() | Script() | Accent() | Framed() | Fitted():
            return sum(map(width, children(node)))
        case _:
            assert_never(node)


def outer_pieces(node: Node) -> tuple[tuple[Node, ...], ...]:
    """What stands between the signs outside all brackets, before which a line breaks best."""
    pieces: list[list[Node]] = [[]]
    for item in _flat(node):
        if isinstance(item, Operator) and item.depth == 0 and item.sign != TIMES:
            pieces.append([])
        pieces[-1].append(item)
    return tuple(map(tuple, pieces))


def _flat(node: Node) -> Iterator[Node]:
    """The nodes of a row, and of rows in it."""
    if isinstance(node, Row):
        for item in node.items:
            yield from _flat(item)
    else:
        yield node
