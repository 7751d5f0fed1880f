r"""Matrices displayed entry by entry with dots: first, second and last row and column, what δ and 0 make of each entry.

A Jacobian with respect to a matrix is flattened: its columns run through the rows of the matrix, one block each.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from solgen.document.escape import Tex
from solgen.document.voice import EQUALS, Voice
from solgen.expr.arith import ONE, ZERO
from solgen.expr.nodes import Apply, Delta, Expr, Idx, Index
from solgen.expr.size import Size
from solgen.expr.walk import reindex, transform
from solgen.model import Grid

FRACTION = r"\frac"
TALL = r"\dfrac"
DOTS = r"\vdots"
ALL = 3  # so many positions of a short axis are written out


def grid(voice: Voice, g: Grid) -> Tex:
    """`= (matrix of the entries)`."""
    rows = [_row(voice, g, r) for r in _shown(g.row)]
    if len(rows) == ALL and g.row.size.constant != ALL:
        rows.insert(2, _dots(g))
    columns = "c" * (rows[0].count("&") + 1)
    if g.minor:
        block = "c" * (len(_ends(g.minor)) + _skips(g.minor))
        blocks = [block] * len(_shown(g.column))
        blocks[2:2] = ["c"] * _skips(g.column)
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
    cells = [_cell(voice, g, row, c) for c in _shown(g.column)]
    if _skips(g.column):
        cells.insert(2, r"\cdots")
    return " & ".join(cells)


def _cell(voice: Voice, g: Grid, row: Size, column: Size) -> str:
    """One entry, or one block of a flattened row."""
    if g.minor is None:
        return _at(voice, g, {g.row: row, g.column: column})
    cells = [_at(voice, g, {g.row: row, g.column: column, g.minor: k}) for k in _ends(g.minor)]
    if _skips(g.minor):
        cells.insert(1, r"\cdots")
    return " & ".join(cells)


def _dots(g: Grid) -> str:
    """The row that stands for the rows left out."""
    wide = len(_ends(g.minor)) + _skips(g.minor) if g.minor else 1
    block = ["", r"\vdots", ""] if wide == ALL else [r"\vdots"] * wide
    cells = [" & ".join(block) for _ in _shown(g.column)]
    if _skips(g.column):
        cells.insert(2, r"\ddots")
    return " & ".join(cells)


def _shown(index: Idx) -> tuple[Size, ...]:
    """The positions that are written out: all of few, else the first two and the last."""
    n = index.size.constant
    if n is not None and n <= ALL:
        return tuple(Size.of(k) for k in range(n))
    return (Size.of(0), Size.of(1), index.size - 1)


def _ends(index: Idx) -> Sequence[Size]:
    """Within a block: the first and the last, or all of two."""
    n = index.size.constant
    return (Size.of(0),) if n == 1 else (Size.of(0), index.size - 1)


def _skips(index: Idx) -> int:
    """Whether positions are left out."""
    n = index.size.constant
    return int(n is None or n > ALL)


def _at(voice: Voice, g: Grid, positions: dict[Index, Index]) -> str:
    cell = voice.printer.expr(transform(reindex(g.entry, positions), settled))
    cell = f"{{}}{cell}" if cell.startswith("[") else cell  # no optional argument of the row before
    return rf"\dfrac{cell.removeprefix(FRACTION)}" if cell.startswith(FRACTION) else cell


def settled(e: Expr) -> Expr:
    """δ of two positions decided, and what 0 and 1 do to products and sums."""
    match e:
        case Delta(left=Size() as i, right=Size() as j):
            return ONE if i == j else ZERO
        case Apply(op="mul" | "scale", args=(a, b)) if ZERO in (a, b):
            return ZERO
        case Apply(op="mul" | "scale", args=(a, b)) if ONE in (a, b):
            return b if a == ONE else a
        case Apply(op="mul" | "scale", args=(a, Apply(op="neg", args=(b,)))):
            return Apply("neg", (Apply(e.op, (a, b), e.params, e.shape_),), (), e.shape_)
        case Apply(op="neg", args=(a,)) if a == ZERO:
            return ZERO
        case Apply(op="add", args=args) if ZERO in args:
            kept = tuple(a for a in args if a != ZERO)
            return ZERO if not kept else kept[0] if len(kept) == 1 else Apply("add", kept, e.params, e.shape_)
        case _:
            return e
