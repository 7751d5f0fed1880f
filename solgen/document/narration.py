"""`solgen show`: a problem's solution in a terminal, in Unicode: equals signs aligned, shapes and reasons dimmed.

The blocks and the formulas in them are those of the solutions, so that the terminal says what the page says.  Figures
are left to the page (or to `--graph`), proofs of rules to its appendix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from rich.cells import cell_len
from rich.text import Text

from solgen.document.blocks import Aside, Block, Formulas, Paragraph, Picture, ResultBlock, Steps, Summary, TableRow
from solgen.document.telling import Telling
from solgen.expr.present.letters import row as beside
from solgen.expr.present.tree import Node, Operator, Shaped, walk
from solgen.expr.present.tree import Row as Beside
from solgen.render.chains import EQUALS, Equality
from solgen.render.chains import Side as Formula
from solgen.render.filling import NO_BREAK, fill_lines, forbid_breaks, paragraphs, restore_spaces
from solgen.render.terminal import one_line
from solgen.render.terminal_chains import TerminalSide, join_chain, set_sides, stack_sides
from solgen.render.terminal_words import terminal_words
from solgen.render.words import Display, Phrase, Words, join_words, words

WIDEST = 110  # columns: a longer line is hard to read
NARROWEST = 50
MARGIN = 4  # columns before a formula: two of margin, the mark of an answer, a space
GAP = 3  # columns between what stands side by side
CROWDED = 36  # columns of a formula; before it is broken into shorter lines, its shape goes beneath it
LABEL = 24  # columns of a label that stands beside its formula; a longer one stands above
DIM, BOLD = "dim", "bold"
DRAWN = "The graph is in the solutions; with --graph FILE.svg it is drawn by itself."


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a derivation, read: what stands at the left, the sides of its chain, and the notes beside it."""

    left: str
    chain: tuple[TerminalSide, ...]
    shape: str = ""
    reason: str = ""
    number: str = ""
    label: str = ""

    @property
    def answer(self) -> bool:
        return any(side.answer for side in self.chain)

    @property
    def numbered(self) -> str:
        return f"({self.number})" if self.number else ""


def narrate(told: Telling, width: int) -> Iterator[Text]:
    """The lines of a problem for a terminal of so many columns."""
    width = max(min(width, WIDEST), NARROWEST)
    title = terminal_words(told.title)
    yield Text(title, BOLD)
    yield Text("═" * cell_len(title), DIM)
    yield Text()
    yield from _prose(told.statement, width)
    yield from _prose(join_words(told.where, " "), width, style=DIM)
    for part in told.parts:
        yield from _prose(words(f"({part.letter}) ", part.prompt), width, hanging=4, style=BOLD)
        for block in part.blocks:
            yield from _block(block, width)
        if part.drawn:
            yield from _prose(words(DRAWN), width, style=DIM)


def _block(block: Block, width: int) -> Iterator[Text]:
    match block:
        case Paragraph(text=text, lead=lead):
            yield from _prose(text, width, indent=2, lead=lead)
        case Aside(text=text, lead=lead):
            yield from _prose(text, width, indent=2, lead=lead, style=DIM)
        case Formulas(items=items, numbers=numbers):
            yield from _formulas(tuple(zip(items, numbers or ("",) * len(items), strict=True)), width)
        case Steps(rows=rows):
            yield from _align_rows([_tell_row(row) for row in rows], width)
            yield Text()
        case Summary(rows=rows):
            yield from _frame_rows(
                [replace(_tell_row(row), shape=_normalise_spaces(row.reason), reason="") for row in rows], width
            )
        case ResultBlock(formula=formula, shape=shape, number=number):
            told = Told(one_line(formula.left), set_sides(formula.sides), _write_node(shape), number=number)
            yield from _frame_rows([told], width)
        case Picture(caption=caption):
            yield from _prose(caption, width, indent=2, style=DIM)
        case _:
            assert_never(block)


# ---------------------------------------------------------------- prose


def _prose(
    text: Words, width: int, indent: int = 2, hanging: int = 0, lead: str = "", style: str = ""
) -> Iterator[Text]:
    """Paragraphs of words and formulas, what is displayed among them on lines of its own; an empty line at the end."""
    between: list[Phrase] = []
    for phrase in text.phrases:
        if isinstance(phrase, Display):
            yield from _paragraphs(words(*between), width, indent, hanging, lead, style)
            yield from _formulas(phrase.items, width)
            between, lead = [], ""
        else:
            between.append(phrase)
    yield from _paragraphs(words(*between), width, indent, hanging, lead, style)


def _paragraphs(prose: Words, width: int, indent: int, hanging: int, lead: str, style: str) -> Iterator[Text]:
    text = terminal_words(prose)
    for paragraph, bullet in paragraphs(text) if text or lead else ():
        lines = fill_lines(f"{lead} {paragraph}" if lead else paragraph, width - indent, hanging or bullet)
        for n, line in enumerate(lines):
            shown = Text(" " * indent + line, style)
            if lead and n == 0:
                shown.stylize(BOLD, indent, indent + len(lead))
            yield shown
        lead = ""
        if not bullet:
            yield Text()


def _normalise_spaces(text: Words) -> str:
    """A sentence in one line."""
    return restore_spaces(terminal_words(text))


def _write_node(node: Node | None) -> str:
    return one_line(node) if node else ""


# ---------------------------------------------------------------- formulas under each other


def _tell_row(row: TableRow) -> Told:
    left, shape, chain = _write_node(row.left), _write_node(row.shape), set_sides(row.right)
    return Told(left, chain, shape, _normalise_spaces(row.reason), row.number, _normalise_spaces(row.label))


def _formulas(items: Sequence[tuple[Equality | Node, str]], width: int) -> Iterator[Text]:
    """Equations under each other with their shapes; what is no equation, side by side."""
    rows = [replace(_equation(item), number=number) for item, number in items]
    if any(row.left for row in rows):
        yield from _align_rows(rows, width)
    else:
        yield from _beside_each_other([join_chain(row.chain).lines[0] for row in rows], width)
    yield Text()


def _equation(item: Equality | Node) -> Told:
    """An equation with the shape of its left side; what is none has no left side."""
    left, *sides = _members(item.left) + _members(item.right) if isinstance(item, Equality) else _members(item)
    if not sides:
        return Told("", set_sides((Formula(left, ""),)))
    return Told(one_line(left), set_sides([Formula(side) for side in sides]), _write_node(_shape(left)))


def _members(node: Node) -> tuple[Node, ...]:
    """The sides of `a = b = …`."""
    match node:
        case Beside((left, Operator() as sign, *rest)) if sign == EQUALS:
            return (left, *_members(beside(*rest)))
        case _:
            return (node,)


def _shape(node: Node) -> Node | None:
    return next((part.shape for part in walk(node) if isinstance(part, Shaped)), None)


def _beside_each_other(formulas: Sequence[str], width: int) -> Iterator[Text]:
    *before, last = map(forbid_breaks, formulas)
    side_by_side = " ".join((*(f"{formula},{2 * NO_BREAK}" for formula in before), last))
    for line in fill_lines(side_by_side, width - MARGIN):
        yield Text(" " * MARGIN + line.rstrip())


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand: the width of labels, of left sides, of shapes, of numbers, and all that there is."""

    label: int
    left: int
    shape: int
    number: int
    width: int

    @property
    def formula(self) -> int:
        """Columns for the chain and the notes beside it."""
        return self.width - MARGIN - self.label - (self.left + 1 if self.left else 0) - (self.number + 2)


def _columns(rows: Sequence[Told], width: int) -> Columns:
    label = max(cell_len(row.label) for row in rows)
    return Columns(
        label + 1 if 0 < label <= LABEL else 0,
        max(cell_len(row.left) for row in rows),
        max(cell_len(row.shape) for row in rows),
        max(len(row.numbered) for row in rows),
        width,
    )


def _align_rows(rows: Sequence[Told], width: int) -> Iterator[Text]:
    """Rows under each other: signs in one column, shapes and reasons in the next, numbers at the right edge."""
    for line, number in _lines(rows, _columns(rows, width)):
        room = width - line.cell_len - len(number)
        yield Text.assemble(line, " " * max(room, 2), (number, DIM)) if number else line


def _lines(rows: Sequence[Told], columns: Columns) -> Iterator[tuple[Text, str]]:
    """The lines of the rows, each with the number that stands at its end."""
    groups = [_chain(row, columns) for row in rows]
    at = _notes_at(rows, groups, columns)
    tall = any(len(side.box.lines) > 1 for lines in groups for side in lines)
    for n, (row, lines) in enumerate(zip(rows, groups, strict=True)):
        if tall and n:  # matrices keep a distance
            yield Text(), ""
        if row.label and not columns.label:
            yield Text(" " * MARGIN + row.label), ""
        yield from _row(row, lines, at, columns)


def _chain(row: Told, columns: Columns) -> tuple[TerminalSide, ...]:
    """The chain in one line where its notes fit beside it, else a side a line."""
    whole = join_chain(row.chain)
    several = len(row.chain) > 1
    beside = cell_len(row.shape) + GAP if row.shape else 0
    if whole.width + beside <= columns.formula * (0.72 if several else 1):
        return (TerminalSide(whole, row.answer),)
    room = columns.formula - beside
    return stack_sides(row.chain, room if room >= CROWDED else columns.formula)


def _notes_at(rows: Sequence[Told], groups: Sequence[Sequence[TerminalSide]], columns: Columns) -> int:
    """The column of the notes: the one at which most rows have room for theirs, of several the rightmost."""
    ends = [lines[-1].box.width + GAP if lines else 0 for lines in groups]

    def room(at: int) -> int:
        return sum(
            end <= at <= columns.formula - _note_width(row, columns) for row, end in zip(rows, ends, strict=True)
        )

    return max(sorted(set(ends), reverse=True), key=room)


def _note_width(row: Told, columns: Columns) -> int:
    return columns.shape + (GAP if columns.shape and row.reason else 0) + cell_len(row.reason)


@dataclass(frozen=True, slots=True)
class Notes:
    """The shape and the reason of a row: what stands `beside` its last line, at which column, and what `beneath`."""

    beside: Text
    column: int
    beneath: str


def _notes(row: Told, last: int, at: int, columns: Columns) -> Notes:
    """Both in their columns; else the shape alone beside a line of this width, and what finds no room beneath."""
    column = max(at, last + GAP)
    if column + _note_width(row, columns) <= columns.formula:
        gap = " " * GAP if columns.shape else ""
        return Notes(Text.assemble((row.shape.ljust(columns.shape), DIM), gap, (row.reason, DIM)), column, "")
    shape = cell_len(row.shape)
    column = column if column + shape <= columns.formula else last + GAP
    if column + shape <= columns.formula:
        return Notes(Text(row.shape, DIM), column, row.reason)
    beneath = f"{forbid_breaks(row.shape)}{NO_BREAK * GAP} {row.reason}"
    return Notes(Text(), column, beneath.strip(NO_BREAK + " "))


def _row(row: Told, lines: Sequence[TerminalSide], at: int, columns: Columns) -> Iterator[tuple[Text, str]]:
    """One chain: its left side at its first line, its notes at its last, or under it where they do not fit."""
    indent = MARGIN + columns.label + (columns.left + 1 if columns.left else 0)
    notes = _notes(row, lines[-1].box.width if lines else 0, at, columns)
    for n, side in enumerate(lines):
        for k, piece in enumerate(side.box.lines):
            here = k == side.box.base
            line = _head(row, columns) if here and n == 0 else Text(" " * indent)
            if row.answer and side.answer:
                line = Text.assemble(line[:2], ("▌", BOLD), line[3:])
            line.append(piece, BOLD if side.answer else "")
            last = here and n == len(lines) - 1
            if last and notes.beside.plain.strip():
                line = Text.assemble(line, " " * max(indent + notes.column - line.cell_len, GAP), notes.beside)
            line.rstrip()
            yield line, row.numbered if last else ""
    if notes.beneath:
        for text in fill_lines(notes.beneath, columns.formula - 2):
            yield Text(" " * (indent + 2) + text, DIM), ""


def _head(row: Told, columns: Columns) -> Text:
    """The label, and the left side as far to the right as the longest."""
    label = row.label if columns.label else ""
    head = Text(" " * MARGIN + label + " " * (columns.label - cell_len(label)))
    if columns.left:
        head.append(" " * (columns.left - cell_len(row.left)) + row.left + " ", BOLD if row.answer else "")
    return head


def _frame_rows(rows: Sequence[Told], width: int) -> Iterator[Text]:
    """An answer, or several, in a frame, each with its number."""
    marked = [replace(row, chain=tuple(replace(side, answer=True) for side in row.chain)) for row in rows]
    lines = [(line[MARGIN:], number) for line, number in _lines(marked, _columns(marked, width - 4))]
    wide = max(line.cell_len for line, _ in lines)
    numbers = max(len(number) for _, number in lines)
    inner = wide + (numbers + GAP if numbers else 0)
    yield Text("  ╭" + "─" * (inner + 2) + "╮", DIM)
    for line, number in lines:
        room = " " * (inner - line.cell_len - len(number))
        yield Text.assemble(("  │ ", DIM), line, room, (number, DIM), (" │", DIM))
    yield Text("  ╰" + "─" * (inner + 2) + "╯", DIM)
    yield Text()
