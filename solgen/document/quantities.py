"""Computed values as presentation trees: numbers, columns and matrices of numbers, a power of ten before them."""

from __future__ import annotations

from solgen.expr.present.letters import APART, PREFIX_MINUS, TOP, join_row, row
from solgen.expr.present.piece import DOT
from solgen.expr.present.tree import Dots, Fence, Fraction, Node, Number, Operator, Row, Script, Space, Table, showing
from solgen.model.in_numbers import Numbers
from solgen.model.quantity import Entries, Quantity, digits_of

WHOLE = 10  # so many entries of an axis are written out
ENDS = (5, 1)  # of a longer axis: how many entries at its beginning and its end
TALL = 6  # a longer vector is written as a row, transposed
TEN = Number("10")

Cells = tuple[tuple[Node, ...], ...]


def quantity_node(q: Quantity, as_row: bool = False) -> Node:
    """A number, a column or a matrix; a vector `as_row` where the formula around it has it so.

    A long vector is written as a transposed row, the middle of a long axis as dots.
    """
    return showing(_quantity(q, as_row), Numbers(q))


def _quantity(q: Quantity, as_row: bool) -> Node:
    factor = power_of_ten(q)
    if isinstance(q.entries, str):
        return Row((number_node(q.entries), DOT, *factor)) if factor else number_node(q.entries)
    return row(*factor, _matrix(q.entries, as_row))


def in_line_node(q: Quantity) -> Node:
    """A value within a sentence: a vector as a row, transposed."""
    if q.axes != 1 or isinstance(q.entries, str):
        return quantity_node(q)
    (cells,) = _shortened_matrix((_numbers(q.entries),))
    spaced = tuple(Row((Space("thin"), cell)) if k else cell for k, cell in enumerate(cells))
    vector = Script(Fence(join_row(spaced, Operator(",", "none"))), sup=TOP)
    return showing(row(*(part for item in power_of_ten(q) for part in (item, APART)), vector), Numbers(q))


def power_of_ten(q: Quantity) -> tuple[Node, ...]:
    """10², which multiplies every entry; nothing where there is none."""
    if not q.power:
        return ()
    exponent = Number(str(abs(q.power)))
    return (Script(TEN, sup=Row((PREFIX_MINUS, exponent)) if q.power < 0 else exponent),)


def number_node(text: str) -> Node:
    """An entry, `-3/7` or `0.25`, with its sign as a sign."""
    negative, top, bottom = digits_of(text)
    body: Node = Fraction(Number(top), Number(bottom), "small") if bottom else Number(top)
    return Row((PREFIX_MINUS, body)) if negative else body


def _matrix(rows: tuple[Entries, ...], as_row: bool) -> Node:
    if not rows or isinstance(rows[0], str):
        flat = _numbers(rows)
        if as_row or len(flat) > TALL:
            line = Table(_shortened_matrix((flat,)), of="numbers")
            return line if as_row else Script(line, sup=TOP)
        return Table(_shortened_matrix(tuple((e,) for e in flat)), of="numbers")
    return Table(_shortened_matrix(tuple(_numbers(r) for r in rows if not isinstance(r, str))), of="numbers")


def _numbers(entries: tuple[Entries, ...]) -> tuple[Node, ...]:
    return tuple(number_node(e) for e in entries if isinstance(e, str))


def _shortened_matrix(cells: Cells) -> Cells:
    """The middle of many rows or columns left out."""
    narrow = tuple(_shorten_line(line, Dots("across")) for line in cells)
    if len(narrow) <= WHOLE:
        return narrow
    dots = (Dots("down"),) * len(narrow[0])
    return (*narrow[: ENDS[0]], dots, *narrow[-ENDS[1] :])


def _shorten_line(line: tuple[Node, ...], dots: Node) -> tuple[Node, ...]:
    return line if len(line) <= WHOLE else (*line[: ENDS[0]], dots, *line[-ENDS[1] :])
