"""Sizes and shapes as presentation trees, each of which says what it shows: `n - k + 1`, `m × n`."""

from __future__ import annotations

from fractions import Fraction

from solgen.expr.nodes import Num, Shape, SizeNum
from solgen.expr.present.data import ShapeOf
from solgen.expr.present.declared import symbol
from solgen.expr.present.letters import APART, ONE, PREFIX_MINUS, join_row, row
from solgen.expr.present.tree import MINUS, Fence, Node, Number, Operator, showing
from solgen.expr.size import Monomial, Size

_PLUS, _LESS, _BY = Operator("+"), Operator(MINUS), Operator("×")


def size_node(n: Size) -> Node:
    """The polynomial, `d² + d`, positive terms before negative ones."""
    items: list[Node] = []
    for monomial, coefficient in n.reading_order():
        if items:
            items.append(_LESS if coefficient < 0 else _PLUS)
        elif coefficient < 0:
            items.append(PREFIX_MINUS)
        items.append(_term(monomial, abs(coefficient)))
    return showing(row(*items) if items else Number("0"), SizeNum(n))


def whole_number(k: int) -> Node:
    """A number that counts something: the length of an axis, a position."""
    return Number(str(k), shows=Num(Fraction(k)))


def _term(monomial: Monomial, coefficient: int) -> Node:
    factors = tuple(symbol(name).with_superscript(*((Number(str(k)),) if k > 1 else ())).node() for name, k in monomial)
    if coefficient != 1 or not factors:
        factors = (Number(str(coefficient)), *factors)
    return join_row(factors, APART)


def side_node(n: Size) -> Node:
    """A size beside another one: a sum in parentheses."""
    return Fence(size_node(n)) if len(n.terms) > 1 else size_node(n)


def shape_node(s: Shape, as_row: bool = False) -> Node:
    """A shape as a reader writes it: m × n, a column n × 1; of a scalar, nothing."""
    sides = tuple(map(side_node, s))
    if len(sides) == 1:
        sides = (ONE, *sides) if as_row else (*sides, ONE)
    return showing(join_row(sides, _BY), ShapeOf(s, as_row)) if sides else row()
