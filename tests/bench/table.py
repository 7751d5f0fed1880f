"""Tables as plain text, so that a log of continuous integration shows them as a terminal does."""

from __future__ import annotations

from collections.abc import Sequence


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A title, a line of headings and the rows; the first column to the left, the others to the right."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    text = ["  ".join(_cell(cell, widths[k], k) for k, cell in enumerate(line)).rstrip() for line in lines]
    return "\n".join(["", title, "-" * len(title), *text])


def _cell(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)
