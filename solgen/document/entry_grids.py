"""Matrices displayed entry by entry with dots: first, second and last row and column, what δ and 0 make of each entry.

A Jacobian with respect to a matrix is flattened: its columns run through the rows of the matrix, one block each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate

from solgen.document.voice import Voice
from solgen.expr.corners import ALL, corner, ends, shown_positions, skips
from solgen.expr.nodes import Idx, Index
from solgen.expr.present.tree import Dots, Fitted, Fraction, Node, Row, Table
from solgen.expr.size import Size
from solgen.model.derivation import Grid

ACROSS, DOWN, DIAGONAL, NOTHING = Dots("across"), Dots("down"), Dots("diagonal"), Row(())


def grid(voice: Voice, g: Grid) -> Node:
    """The matrix of the entries."""
    rows = [_row(voice, g, r) for r in shown_positions(g.row)]
    if len(rows) == ALL and g.row.size.constant != ALL:
        rows.insert(2, _dots(g))
    return Fitted(Table(tuple(rows), rules=_rules(g)))


def _rules(g: Grid) -> tuple[int, ...]:
    """Where one block of a flattened row ends: after which columns."""
    if g.minor is None:
        return ()
    widths = [_width(g.minor)] * len(shown_positions(g.column))
    widths[2:2] = [1] * skips(g.column)
    return tuple(accumulate(widths[:-1]))


def _width(minor: Idx | None) -> int:
    """The columns of one block."""
    return len(ends(minor)) + skips(minor) if minor else 1


def _row(voice: Voice, g: Grid, row: Size) -> tuple[Node, ...]:
    blocks = [_block(voice, g, row, c) for c in shown_positions(g.column)]
    blocks[2:2] = [(ACROSS,)] * skips(g.column)
    return tuple(cell for block in blocks for cell in block)


def _block(voice: Voice, g: Grid, row: Size, column: Size) -> tuple[Node, ...]:
    """One entry, or one block of a flattened row."""
    at: dict[Index, Index] = {g.row: row, g.column: column}
    if g.minor is None:
        return (_entry(voice, g, at),)
    cells = [_entry(voice, g, {**at, g.minor: k}) for k in ends(g.minor)]
    cells[1:1] = [ACROSS] * skips(g.minor)
    return tuple(cells)


def _dots(g: Grid) -> tuple[Node, ...]:
    """The row that stands for the rows left out."""
    wide = _width(g.minor)
    block = (NOTHING, DOWN, NOTHING) if wide == ALL else (DOWN,) * wide
    blocks = [block for _ in shown_positions(g.column)]
    blocks[2:2] = [(DIAGONAL,)] * skips(g.column)
    return tuple(cell for one in blocks for cell in one)


def _entry(voice: Voice, g: Grid, positions: Mapping[Index, Index]) -> Node:
    """An entry; a fraction that it begins with is as large as in a line of its own."""
    return _enlarge(replace(voice.presenter, commas=True).inline(corner(g.entry, positions)))


def _enlarge(node: Node) -> Node:
    match node:
        case Fraction(size="normal"):
            return replace(node, size="large")
        case Row((first, *rest)):
            return replace(node, items=(_enlarge(first), *rest))
        case _:
            return node
