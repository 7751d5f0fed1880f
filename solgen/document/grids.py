r"""Matrices displayed entry by entry with dots: first, second and last row and column, what δ and 0 make of each entry.

A Jacobian with respect to a matrix is flattened: its columns run through the rows of the matrix, one block each.
"""

from __future__ import annotations

from itertools import pairwise

from solgen.document.escape import Tex
from solgen.document.voice import EQUALS, Voice
from solgen.expr.corners import ALL, corner, ends, shown, skips
from solgen.expr.nodes import Index
from solgen.expr.size import Size
from solgen.model import Grid

FRACTION = r"\frac"
TALL = r"\dfrac"
DOTS = r"\vdots"


def grid(voice: Voice, g: Grid) -> Tex:
    """`= (matrix of the entries)`."""
    rows = [_row(voice, g, r) for r in shown(g.row)]
    if len(rows) == ALL and g.row.size.constant != ALL:
        rows.insert(2, _dots(g))
    columns = "c" * (rows[0].count("&") + 1)
    if g.minor:
        block = "c" * (len(ends(g.minor)) + skips(g.minor))
        blocks = [block] * len(shown(g.column))
        blocks[2:2] = ["c"] * skips(g.column)
        columns = "|".join(blocks)
    body = "".join(_ended(row, after) for row, after in pairwise((*rows, "")))
    return Tex(rf"{EQUALS}\gridfit{{\left(\begin{{array}}{{@{{}}{columns}@{{}}}}{body}\end{{array}}\right)}}")


def _ended(row: str, after: str) -> str:
    r"""A row with its end; one of fractions keeps a distance, which `\\[…]` counts from the depth of a plain line."""
    if not after:
        return row
    if TALL in row:
        return rf"{row} \\[{7 if after.lstrip(' &').startswith(DOTS) else 11}pt] "
    return rf"{row} \\[5pt] " if FRACTION in row else rf"{row} \\ "


def _row(voice: Voice, g: Grid, row: Size) -> str:
    cells = [_cell(voice, g, row, c) for c in shown(g.column)]
    if skips(g.column):
        cells.insert(2, r"\cdots")
    return " & ".join(cells)


def _cell(voice: Voice, g: Grid, row: Size, column: Size) -> str:
    """One entry, or one block of a flattened row."""
    if g.minor is None:
        return _at(voice, g, {g.row: row, g.column: column})
    cells = [_at(voice, g, {g.row: row, g.column: column, g.minor: k}) for k in ends(g.minor)]
    if skips(g.minor):
        cells.insert(1, r"\cdots")
    return " & ".join(cells)


def _dots(g: Grid) -> str:
    """The row that stands for the rows left out."""
    wide = len(ends(g.minor)) + skips(g.minor) if g.minor else 1
    block = ["", r"\vdots", ""] if wide == ALL else [r"\vdots"] * wide
    cells = [" & ".join(block) for _ in shown(g.column)]
    if skips(g.column):
        cells.insert(2, r"\ddots")
    return " & ".join(cells)


def _at(voice: Voice, g: Grid, positions: dict[Index, Index]) -> str:
    cell: str = voice.cell(corner(g.entry, positions))
    cell = f"{{}}{cell}" if cell.startswith("[") else cell  # no optional argument of the row before
    return rf"\dfrac{cell.removeprefix(FRACTION)}" if cell.startswith(FRACTION) else cell
