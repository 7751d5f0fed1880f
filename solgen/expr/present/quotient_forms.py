"""Quotients: what stands above a bar, and what follows 1/n as a factor."""

from __future__ import annotations

from solgen.expr.arith import is_negation, strip_sign
from solgen.expr.nodes import Apply, Expr, Num, SizeNum, Sum, shape
from solgen.expr.ops import Trait, having
from solgen.expr.present.grouping import unspread
from solgen.expr.present.letters import CLOSE, ONE
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import (
    FUNC,
    HAD,
    THIN,
    Piece,
    at_least,
    fraction,
    infix,
    negate_piece,
    prefix_minus,
    times,
)
from solgen.expr.present.tree import Fraction, FractionSize, Node, walk
from solgen.expr.walk import leaves, nodes

SUMMED, TIMES, SCALES = having(Trait.SUMMED), having(Trait.TIMES), having(Trait.SCALES)
ABOVE = 14  # so many symbols fit above a bar


def quotient_form(m: Maker, e: Apply) -> Piece:
    """A fraction; of arrays `a ⊘ b`, entry by entry."""
    top, bottom = e.args
    if shape(bottom):
        a, b = at_least(m.piece(unspread(top)), FUNC), at_least(m.piece(bottom), FUNC)
        return infix(a, "⊘", b, HAD)
    if is_negation(top):  # −(a/b): a minus stands in front
        return negate_piece(_fraction(m, strip_sign(top), bottom))
    return _fraction(m, top, bottom)


def _fraction(m: Maker, top: Expr, bottom: Expr) -> Piece:
    """A scalar stands above the bar, unless it is a sum over an index or too long; that follows 1/n as a factor."""
    above, below, small = m.plain.piece(top), m.plain.piece(bottom).node, isinstance(bottom, Num)
    size: FractionSize = "small" if small else "normal"
    stacked = _holds_fraction(above.node)  # a fraction above a bar is hard to read
    if isinstance(top, Apply) and top.op in TIMES and not shape(top.args[0]) and _comes_apart(top, stacked):
        factor, array = top.args  # α x / n, 2 (∂L/∂v) / n
        return times(_fraction(m, factor, bottom), m.piece(array))
    if isinstance(top, Num) or (not shape(top) and not small and not stacked and _is_short(top, bottom)):
        body = fraction(above.unsigned if above.negative else above.node, below, size)
        return prefix_minus(body.node, body.height) if above.negative else body
    return times(fraction(ONE, below, size), m.piece(top), CLOSE if small and above.level >= FUNC else THIN)


def _holds_fraction(node: Node) -> bool:
    return any(isinstance(n, Fraction) and n.size == "normal" for n in walk(node))


def _comes_apart(top: Apply, stacked: bool) -> bool:
    """Whether the first factor of a numerator alone stands above the bar."""
    number = isinstance(top.args[0], Num)
    return not number or stacked if top.op in SCALES else stacked and number


def _is_short(top: Expr, bottom: Expr) -> bool:
    """Whether a numerator can stand above the bar, where no line can break; means are written with 1/n in front."""
    body = strip_sign(top)
    summed = _is_sum(body) or (isinstance(bottom, SizeNum) and any(map(_is_sum, nodes(top))))
    return not summed and leaves(top) <= ABOVE


def _is_sum(e: Expr) -> bool:
    return isinstance(e, Sum) or (isinstance(e, Apply) and e.op in SUMMED)
