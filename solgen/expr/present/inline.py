"""How a derivative that stands alone is written in running text: ∂L/∂W, on one line."""

from __future__ import annotations

from dataclasses import replace

from solgen.expr.present.gradient_symbols import PARTIAL
from solgen.expr.present.tree import Fraction, Node, Row, walk


def slash_derivative(node: Node) -> Node:
    """A derivative of one thing by one other with a slash; anything else, a Hessian too, unchanged."""
    match node:
        case Fraction(Row((first, *_)), Row((second, *_)) as below) if first == second == PARTIAL:
            once = sum(part == PARTIAL for part in walk(below)) == 1
            return replace(node, size="slash") if once else node
        case _:
            return node
