r"""Printed forms of the operations that take arrays apart and put them together: entries, slices, inverses, stacking.

Positions are counted from 0 in the code and from 1 on paper: `v[0:h]` is printed `v_{1:h}`, `W[k, :]` as `W_{k+1,:}`
for a number and `W_{k,:}` for a label, whose classes are counted from 1 on paper too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from solgen.expr.nodes import Apply, Expr, Num, Shape, SizeNum, Var, shape
from solgen.expr.ops.row import ATOM, POST, PROD
from solgen.expr.piece import Piece, at_least, atom, fence, powered
from solgen.expr.size import Size
from solgen.expr.symbols import Symbol, symbol

if TYPE_CHECKING:
    from solgen.expr.latex import Printer

Form = Callable[["Printer", Apply], Piece]


def _inverse(p: Printer, e: Apply) -> Piece:
    return powered(p.piece(e.args[0]), "-1")


def _matrix_power(p: Printer, e: Apply) -> Piece:
    return powered(p.piece(e.args[0]), str(e.params[0]))


def _pick(p: Printer, e: Apply) -> Piece:
    """`v_k`, in plain italics; `(z_1)_k` where the name has a subscript of its own."""
    array, k = e.args
    position = _position(p, k)
    match array:  # an entry of a row or column of W is an entry of W
        case Apply(op="pick_row", args=(inner, row)):
            array, position = inner, _side_by_side(_position(p, row), position)
        case Apply(op="pick_col", args=(inner, column)):
            array, position = inner, _side_by_side(position, _position(p, column))
        case _:
            pass
    if isinstance(array, Var) and not array.at:
        plain = symbol(array.name, p.names.get(array.name, ""))
        if not plain.sub:
            return atom(plain.lowered(position))
    return _lowered(p, array, position)


def _side_by_side(row: str, column: str) -> str:
    return row + column if len(row) == len(column) == 1 and (row + column).isalpha() else f"{row},{column}"


def _pick_row(p: Printer, e: Apply) -> Piece:
    return _lowered(p, e.args[0], f"{_position(p, e.args[1])},:")


def _pick_column(p: Printer, e: Apply) -> Piece:
    return _lowered(p, e.args[0], f":,{_position(p, e.args[1])}")


def _basis(p: Printer, e: Apply) -> Piece:
    return atom(Symbol(r"\mathbf{e}", sub=_position(p, e.args[0])))


def _position(p: Printer, k: Expr) -> str:
    match k:
        case Num(value=value):
            return str(value + Fraction(1))
        case SizeNum(size=n):
            return (n + 1).latex()
        case _:
            return p.plain.piece(k).text


def _slice(p: Printer, e: Apply) -> Piece:
    """`v_{1:h}`; an axis taken whole is a colon."""
    sizes = shape(e.args[0])
    parts = [_range(bounds, n) for bounds, n in zip(e.params, sizes, strict=True)]
    return _lowered(p, e.args[0], ",".join(parts))


def _range(bounds: object, whole: Size) -> str:
    assert isinstance(bounds, tuple)
    start, stop = bounds
    assert isinstance(start, Size) and isinstance(stop, Size)
    if start.constant == 0 and stop == whole:
        return ":"
    return f"{(start + 1).latex()}:{stop.latex()}"


def _lowered(p: Printer, array: Expr, below: str) -> Piece:
    """An array with positions beneath it, in parentheses where it has a subscript already."""
    piece = p.plain.piece(array)
    if isinstance(array, Var) and piece.symbol is not None and not piece.symbol.sub:
        return atom(piece.symbol.lowered(below))
    body = fence(piece.text, piece.height) if piece.level <= POST or piece.symbol else piece.text
    return Piece(f"{body}_{{{below}}}", ATOM, piece.height)


def _concat(p: Printer, e: Apply) -> Piece:
    """`[a; b]`: one under the other; `[A, B]` side by side."""
    between = ",\\, " if e.params == (1,) else ";\\, "
    pieces = [p.piece(a) for a in e.args]
    height = max(piece.height for piece in pieces)
    return Piece(fence(between.join(piece.text for piece in pieces), height, "[", "]"), ATOM, height)


def _kron(p: Printer, e: Apply) -> Piece:
    left, right = (at_least(p.piece(a), POST) for a in e.args)
    return Piece(rf"{left.text} \otimes {right.text}", PROD - 4, max(left.height, right.height))


def _identity(p: Printer, e: Apply) -> Piece:
    if p.shapes:
        return Piece(rf"\sh{{\mathbf{{I}}}}{{{p.shape(_sides(e))}}}")
    return Piece(rf"\mathbf{{I}}_{{{_sides(e)[0].latex()}}}", POST)


def _sides(e: Apply) -> Shape:
    return e.shape_


ARRAY_FORMS: Mapping[str, Form] = MappingProxyType({
    "inv": _inverse, "matpow": _matrix_power, "pick": _pick, "pick_row": _pick_row, "pick_col": _pick_column,
    "basis": _basis, "slice": _slice, "concat": _concat, "kron": _kron, "eye": _identity,
})  # fmt: skip
