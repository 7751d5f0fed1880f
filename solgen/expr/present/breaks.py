"""Where a long line may break: before the signs that stand in no fraction, script or root, each with its depth."""

from __future__ import annotations

from dataclasses import replace

from solgen.expr.present.tree import Fence, Fitted, Framed, Node, Operator, Row, Script, map_children

COUNTED = ("round", "square")  # brackets that hold a line together; bars and angles are too light


def place_breaks(node: Node, depth: int = 0) -> Node:
    """The tree in which every sign before which a line may break says how many brackets are open there."""
    match node:
        case Operator(depth=None):
            return node
        case Operator():
            return node if node.depth == depth else replace(node, depth=depth)
        case Row() | Framed() | Fitted():
            return map_children(node, lambda child: place_breaks(child, depth))
        case Fence(_, kind):
            return map_children(node, lambda child: place_breaks(child, depth + (kind in COUNTED)))
        case Script(base):
            return map_children(
                node, lambda child: place_breaks(child, depth) if child is base else without_breaks(child)
            )
        case _:
            return map_children(node, without_breaks)


def without_breaks(node: Node) -> Node:
    """The tree in which a line may break nowhere."""
    match node:
        case Operator(depth=int()):
            return replace(node, depth=None)
        case _:
            return map_children(node, without_breaks)
