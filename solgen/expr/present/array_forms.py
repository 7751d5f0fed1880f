"""Arrays taken apart and put together: entries, slices, inverses, stacking.

Positions are counted from 0 in the code and from 1 on paper: `v[0:h]` is written `v_{1:h}`, `W[k, :]` as `W_{k+1,:}`
for a number and `W_{k,:}` for a label, whose classes are counted from 1 on paper too.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from solgen.expr.applied import concat
from solgen.expr.arith import fill
from solgen.expr.nodes import Apply, Expr, Num, SizeNum, Var, shape
from solgen.expr.present.letters import COLON, COMMA, ONE, PREFIX_MINUS, is_letter, join_row, row
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import ATOM, POST, Piece, atom, attach_power, fence
from solgen.expr.present.signs import IDENTITY, UNIT
from solgen.expr.present.sizes import shape_node, size_node
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import Node, Number, Operator, Row, Script, Shaped, Space, showing
from solgen.expr.size import Size


def inverse_form(m: Maker, e: Apply) -> Piece:
    """A to the power −1."""
    return attach_power(m.piece(e.args[0]), PREFIX_MINUS, ONE)


def matrix_power(m: Maker, e: Apply) -> Piece:
    """A to a whole power."""
    return attach_power(m.piece(e.args[0]), Number(str(e.params[0])))


def entry(m: Maker, e: Apply) -> Piece:
    """`v_k`, in plain italics; `(z_1)_k` where the name has a subscript of its own."""
    array, k = e.args
    position = _position(m, k)
    match array:  # an entry of a row or column of W is an entry of W
        case Apply(op="pick_row", args=(inner, at)):
            array, position = inner, _side_by_side(_position(m, at), position)
        case Apply(op="pick_col", args=(inner, at)):
            array, position = inner, _side_by_side(position, _position(m, at))
        case _:
            pass
    if isinstance(array, Var) and not array.at:
        plain = m.name(array.name)
        if not plain.sub:
            return atom(plain.with_subscript(position))
    return _put_below(m, array, position)


def _side_by_side(first: Node, second: Node) -> Node:
    return Row((first, second)) if is_letter(first) and is_letter(second) else Row((first, COMMA, second))


def one_row(m: Maker, e: Apply) -> Piece:
    """`W_{k,:}`."""
    return _put_below(m, e.args[0], Row((_position(m, e.args[1]), COMMA, COLON)))


def one_column(m: Maker, e: Apply) -> Piece:
    """`W_{:,k}`."""
    return _put_below(m, e.args[0], Row((COLON, COMMA, _position(m, e.args[1]))))


def basis_form(m: Maker, e: Apply) -> Piece:
    """The unit vector e with its position."""
    return atom(WrittenName(UNIT.beside(m.taken), sub=(_position(m, e.args[0]),), fixed=True))


def _position(m: Maker, k: Expr) -> Node:
    match k:
        case Num(value=value):
            return m.plain.piece(Num(value + Rational(1))).node
        case SizeNum(size=n):
            return size_node(n + 1)
        case _:
            return m.plain.piece(k).node


def array_slice(m: Maker, e: Apply) -> Piece:
    """`v_{1:h}`; an axis taken whole is a colon."""
    parts = tuple(_range(bounds, n) for bounds, n in zip(e.params, shape(e.args[0]), strict=True))
    return _put_below(m, e.args[0], join_row(parts, COMMA))


def _range(bounds: object, whole: Size) -> Node:
    assert isinstance(bounds, tuple)
    start, stop = bounds
    assert isinstance(start, Size) and isinstance(stop, Size)
    if start.constant == 0 and stop == whole:
        return COLON
    return row(size_node(start + 1), COLON, size_node(stop))


def _put_below(m: Maker, array: Expr, below: Node) -> Piece:
    """An array with positions beneath it, in parentheses where it has a subscript already."""
    piece = m.plain.piece(array)
    if isinstance(array, Var) and piece.symbol is not None and not piece.symbol.sub:
        return atom(piece.symbol.with_subscript(below))
    body = fence(piece.node, piece.height) if piece.level <= POST or piece.symbol else piece.node
    return Piece(Script(body, below), ATOM, piece.height)


def concatenation_form(m: Maker, e: Apply) -> Piece:
    """`[a; b]`: one under the other; `[A, B]` side by side."""
    pieces = [m.piece(a) for a in e.args]
    sign = Operator("," if e.params == (1,) else ";", "none")
    items = [part for piece in pieces for part in (sign, Space("thin"), piece.node)]
    height = max(piece.height for piece in pieces)
    return Piece(fence(row(*items[2:]), height, "square"), ATOM, height)


def padding_form(m: Maker, e: Apply) -> Piece:
    """`[0; a; 0]`: an array between zeros, each block with its size."""
    bounds, whole = e.params
    assert isinstance(bounds, tuple) and isinstance(whole, tuple)
    body = e.args[0]
    for axis in reversed(range(len(whole))):
        start, stop = bounds[axis]
        parts = (_zeros(body, axis, start), body, _zeros(body, axis, whole[axis] - stop))
        there = tuple(part for part in parts if part is not None)
        body = concat(there, axis) if len(there) > 1 else body
    piece = m.piece(body)
    return replace(piece, node=showing(piece.node, None))  # what it shows is the array with its place, not the blocks


def _zeros(beside: Expr, axis: int, size: Size) -> Expr | None:
    """Zeros that stand before or behind an array, along one of its axes; None where there are none."""
    if size == Size.of(0):
        return None
    return fill(Num(Rational(0)), tuple(size if k == axis else n for k, n in enumerate(shape(beside))))


def identity_form(m: Maker, e: Apply) -> Piece:
    """I with its size or, among shapes, its shape."""
    if m.shapes:
        return Piece(Shaped(IDENTITY.beside(m.taken), shape_node(e.shape_)))
    return Piece(Script(IDENTITY.beside(m.taken), size_node(e.shape_[0])), POST)
