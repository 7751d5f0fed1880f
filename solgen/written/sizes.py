"""Shapes beneath factors and signs: n, m × n, n × 1."""

from __future__ import annotations

from itertools import pairwise

from solgen.expr.nodes import Shape
from solgen.written.consulted import Looks
from solgen.written.positions import read_size
from solgen.written.reads import split_at_signs
from solgen.written.syntax import Digits, Fence, Items, Sign

BY = frozenset("×")
COMMA = frozenset(",")


def read_axes(names: Looks, items: Items) -> Shape:
    """The axes that are written, each a size; nothing where it is no shape."""
    match items:
        case (Fence("round", body),):
            return read_axes(names, body)
        case _:
            pass
    sides = split_at_signs(items, BY)
    if len(sides) == 1:
        sides = split_at_signs(items, COMMA)
    if len(sides) > 1 and any(isinstance(item, Sign) and item.text in "+−" for _, side in sides for item in side):
        return ()  # a sum beside × stands in brackets
    if any(isinstance(b, Digits) and not isinstance(a, Sign) for _, side in sides for a, b in pairwise(side)):
        return ()  # nobody writes a number behind a letter in a product: d 1 is no shape
    found = [read_size(names, side) for _, side in sides]
    axes = tuple(size for size in found if size is not None)
    return axes if len(axes) == len(found) else ()
