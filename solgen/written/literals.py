"""Numbers in brackets as arrays: a column is a vector, anything else a matrix."""

from __future__ import annotations

from dataclasses import replace

from solgen.expr.size import ONE, Size
from solgen.written.reads import Bound, Readings, Reads, combine
from solgen.written.signs import DOTS
from solgen.written.syntax import CellGrid, Items, Sign
from solgen.written.typed import TypedValue, apply_operation, as_number, matrix

LARGEST = 400  # cells of a grid that is read as a value


def is_literal(grid: CellGrid) -> bool:
    """Whether every cell of a grid is written out."""
    cells = [cell for row in grid.rows for cell in row]
    return grid.kind in ("round", "square", "open") and len(cells) <= LARGEST and not any(map(_is_dotted, cells))


def _is_dotted(cell: Items) -> bool:
    return len(cell) == 1 and isinstance(cell[0], Sign) and cell[0].text in DOTS


def read_literal(r: Reads, grid: CellGrid, bound: Bound) -> Readings:
    """The array that a grid writes out."""
    width = len(grid.rows[0])
    if any(len(row) != width for row in grid.rows):
        r.blame(grid.at, "the rows of this matrix differ in length")
        return ()
    cells = [r.sum(cell, bound) if cell else () for row in grid.rows for cell in row]
    return combine(r, cells, lambda *chosen: _array(chosen, width), grid.at, "the cells of this matrix are no numbers")


def _array(cells: tuple[TypedValue, ...], width: int) -> TypedValue | None:
    numbers = [n for t in cells if (n := as_number(t)) is not None]
    if len(numbers) < len(cells):
        return None
    if width == 1:
        return column(numbers)
    rows = [replace(column(numbers[k : k + width]), row=True) for k in range(0, len(numbers), width)]
    lines = [m for row in rows if (m := matrix(row)) is not None]
    to = (Size.of(len(lines)), Size.of(width))
    return apply_operation("concat", to, *lines, params=(0,)) if len(lines) > 1 else lines[0]


def column(numbers: list[TypedValue]) -> TypedValue:
    """Numbers one under the other."""
    ones = [apply_operation("unitem", (ONE,), t) for t in numbers]
    return apply_operation("concat", (Size.of(len(ones)),), *ones) if len(ones) > 1 else ones[0]
