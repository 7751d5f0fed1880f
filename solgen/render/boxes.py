"""Presentation trees as lines of a terminal: matrices and cases over several lines, in brackets of their height."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, zip_longest
from typing import Literal, assert_never

from rich.cells import cell_len

from solgen.expr.present.tree import APPLY, Cases, Fence, FenceKind, Node, Operator, Script, Table
from solgen.render.marks import Mark, Marks, single_gaps, text_of, trim_gaps
from solgen.render.terminal import FENCES, beside, flat_items, marks_of, one_line, scripts_of

BRACKETS: dict[FenceKind, tuple[str, str]] = {  # left and right: the top, the middle, the bottom of a tall one
    "round": ("⎛⎜⎝", "⎞⎟⎠"), "square": ("⎡⎢⎣", "⎤⎥⎦"), "curly": ("⎧⎪⎩", "⎫⎪⎭"), "bars": ("│││", "│││"),
    "norm": ("‖‖‖", "‖‖‖"), "angle": ("⎛⎜⎝", "⎞⎟⎠"),
}  # fmt: skip
BRACE = ("⎧⎪⎩", "   ")  # before cases
WAIST = "⎨"


@dataclass(frozen=True, slots=True)
class Box:
    """Lines of equal width; `base` is the one that a formula beside them stands in.

    marks: of a single line, the marks it is made of, between which it may break.
    """

    lines: tuple[str, ...]
    base: int = 0
    marks: Marks = ()

    @property
    def width(self) -> int:
        return max(map(cell_len, self.lines))

    @property
    def tall(self) -> bool:
        return len(self.lines) > 1

    def beside(self, other: Box) -> Box:
        """Both, with their base lines in one."""
        if not self.tall and not other.tall:
            return line_box((*self.marks, *other.marks))
        up, down = max(self.base, other.base), max(len(b.lines) - b.base for b in (self, other))
        left, right = (b.pad(up - b.base, up + down) for b in (self, other))
        return Box(tuple(a + b for a, b in zip(left, right, strict=True)), up)

    def pad(self, above: int, height: int) -> list[str]:
        """The lines with empty ones above and below, as wide as the widest."""
        lines = [""] * above + list(self.lines) + [""] * (height - above - len(self.lines))
        return [line + " " * (self.width - cell_len(line)) for line in lines]


def line_box(marks: Marks) -> Box:
    """A single line."""
    return Box((text_of(marks),), 0, marks)


def side_by_side(boxes: Sequence[Box]) -> Box:
    """Several boxes in one."""
    return reduce(Box.beside, boxes) if boxes else line_box(())


def box_of(node: Node) -> Box:
    """The formula in as few lines as its matrices allow."""
    if not _is_tall(node):
        return line_box(marks_of(node))
    items = flat_items(node)
    if len(items) > 1:
        return side_by_side(list(_runs(items)))
    match items[0]:
        case Table() as table:
            return _table(table)
        case Cases(lines):
            return _bracket(_cells(lines, (), "left"), BRACE, WAIST)
        case Fence(body, kind):
            return _fence(box_of(body), kind)
        case Script(base, sub, sup):
            return box_of(base).beside(line_box((Mark(scripts_of(sub, sup)),)))
        case flat:
            return line_box(marks_of(flat))


def _is_tall(node: Node) -> bool:
    """Whether it has a form of its own here: a matrix or cases, outside fractions, roots and scripts."""
    return any(
        isinstance(item, Table | Cases)
        or (isinstance(item, Fence) and _is_tall(item.body))
        or (isinstance(item, Script) and _is_tall(item.base))
        for item in flat_items(node)
    )


def _runs(items: Sequence[Node]) -> Iterator[Box]:
    """What stands side by side: tall things one by one, what is between them as one line, its gaps kept."""
    first, last = 0, len(items)
    for tall, run in groupby(range(last), key=lambda k: _is_tall(items[k])):
        places = list(run)
        if tall:
            yield from (box_of(items[k]) for k in places)
            continue
        marks = single_gaps(beside([items[k] for k in places], 0))
        kept = trim_gaps(marks)
        before, after = marks[:1] != kept[:1], marks[-1:] != kept[-1:] or _applies(items[places[-1]])
        gap = (Mark(" "),)
        yield line_box((*gap[: before and places[0] > first], *kept, *gap[: after and places[-1] < last - 1]))


def _applies(node: Node) -> bool:
    """Whether a function's name stands before: ReLU ⎛"""
    return isinstance(node, Operator) and node.sign == APPLY


def _fence(body: Box, kind: FenceKind) -> Box:
    if body.tall:
        return _bracket([*body.pad(0, len(body.lines))], BRACKETS[kind], base=body.base)
    left, right = FENCES[kind]
    return line_box((Mark(left), *body.marks, Mark(right)))


# ---------------------------------------------------------------- tables


def _table(table: Table) -> Box:
    lines = _cells(table.cells, table.rules, "centre")
    if len(lines) > 1:
        return _bracket(lines, BRACKETS[table.kind])
    left, right = FENCES[table.kind]
    return line_box((Mark(f"{left}{lines[0]}{right}"),))


def _cells(rows: Sequence[Sequence[Node]], rules: Sequence[int], align: Literal["left", "centre"]) -> list[str]:
    """The rows as lines, their cells under each other; a line is drawn after the columns of `rules`."""
    texts = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip_longest(*texts, fillvalue="")]
    return [_row(row, widths, rules, align) for row in texts]


def _row(row: Sequence[str], widths: Sequence[int], rules: Sequence[int], align: Literal["left", "centre"]) -> str:
    out = ""
    for k, (cell, width) in enumerate(zip(row, widths, strict=True)):
        room = width - cell_len(cell)
        match align:
            case "left":
                left = 0
            case "centre":
                left = room // 2
            case _:
                assert_never(align)
        out += (" │ " if k in rules else "  " if k else "") + " " * left + cell + " " * (room - left)
    return out


def _bracket(lines: Sequence[str], brackets: tuple[str, str], waist: str = "", base: int | None = None) -> Box:
    """Lines in brackets as high as they are; `waist` is the point of a brace."""
    last = len(lines) - 1
    ends = [0 if k == 0 else 2 if k == last else 1 for k in range(len(lines))]
    left, right = brackets
    framed = [f"{left[e]} {line} {right[e]}" for e, line in zip(ends, lines, strict=True)]
    middle = last // 2 if base is None else base
    if waist and last > 1:
        framed[middle] = waist + framed[middle][1:]
    return Box(tuple(framed), middle)
