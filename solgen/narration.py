"""`solgen show`: a problem's solution in a terminal, in Unicode: equals signs aligned, shapes and reasons dimmed.

The blocks are those of the solutions and the formulas are read from their LaTeX, so that the terminal says what the
page says.  Figures are left to the page (or to `--graph`), proofs of rules to its appendix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from rich.cells import cell_len
from rich.text import Text

from solgen.document.blocks import Aside, Block, Formulas, Paragraph, Picture, Result, Row, Steps, Summary
from solgen.document.portable import arguments, named, portable
from solgen.document.telling import Telling
from solgen.expr.unicode import from_latex, from_prose
from solgen.formulas import Side, joined, sides, stacked

WIDEST = 110  # columns: a longer line is hard to read
NARROWEST = 50
MARGIN = 4  # columns before a formula: two of margin, the mark of an answer, a space
GAP = 3  # columns between what stands side by side
CROWDED = 36  # columns of a formula; before it is broken into shorter lines, its shape goes beneath it
LABEL = 24  # columns of a label that stands beside its formula; a longer one stands above
TOGETHER = 40  # characters of a formula within prose that stay in one line
NO_BREAK = "\N{NO-BREAK SPACE}"
DIM, BOLD = "dim", "bold"
DRAWN = "The graph is in the solutions; with --graph FILE.svg it is drawn by itself."
_FORMULAS = re.compile(r"\\formulas(?=\{)")
_MATH = re.compile(r"(\$\$.*?\$\$|\\\[.*?\\\]|\$[^$]*\$)", re.DOTALL)
SHAPED = re.compile(r"\\sh(?=\{)")
EQUALS = re.compile(r"\{\}= ?| = ")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a derivation, read: what stands at the left, the sides of its chain, and the notes beside it."""

    left: str
    chain: tuple[Side, ...]
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


def narrated(told: Telling, width: int) -> Iterator[Text]:
    """The lines of a problem for a terminal of so many columns."""
    width = max(min(width, WIDEST), NARROWEST)
    title = _words(told.title)
    yield Text(title, BOLD)
    yield Text("═" * cell_len(title), DIM)
    yield Text()
    yield from _prose(told.statement, width)
    for part in told.parts:
        yield from _prose(f"({part.letter}) {part.prompt}", width, hanging=4, style=BOLD)
        for block in part.blocks:
            yield from _block(named(block, told.rules), width)
        if part.drawn:
            yield from _prose(DRAWN, width, style=DIM)


def _block(block: Block, width: int) -> Iterator[Text]:
    match block:
        case Paragraph(text=text, lead=lead):
            yield from _prose(text, width, indent=2, lead=lead)
        case Aside(text=text, lead=lead):
            yield from _prose(text, width, indent=2, lead=lead, style=DIM)
        case Formulas(items=items, numbers=numbers):
            yield from _formulas(items, numbers, width)
        case Steps(rows=rows):
            yield from _aligned([_told(row) for row in rows], width)
            yield Text()
        case Summary(rows=rows):
            yield from _framed(
                [replace(_told(row), shape=_spaced(_words(row.reason)), reason="") for row in rows], width
            )
        case Result(formula=formula, shape=shape, number=number):
            left, right = _parted(formula)
            yield from _framed([Told(left, sides(right), from_latex(shape), number=number)], width)
        case Picture(caption=caption):
            yield from _prose(caption, width, indent=2, style=DIM)
        case _:
            assert_never(block)


# ---------------------------------------------------------------- prose


def _prose(tex: str, width: int, indent: int = 2, hanging: int = 0, lead: str = "", style: str = "") -> Iterator[Text]:
    """Paragraphs of words and formulas, what is displayed among them on lines of its own; an empty line at the end."""
    at = 0
    for found in _FORMULAS.finditer(tex):
        yield from _paragraphs(tex[at : found.start()], width, indent, hanging, lead, style)
        (inside,), at = arguments(tex, found.end(), 1)
        items = tuple(_item(item) for item in inside.split(r"\apart "))
        yield from _formulas([tex for tex, _ in items], [number for _, number in items], width)
        lead = ""
    yield from _paragraphs(tex[at:], width, indent, hanging, lead, style)


def _item(tex: str) -> tuple[str, str]:
    r"""`\formula{…},\enspace\eqn{3}` as the formula and its number."""
    number = re.search(r"\\eqn\{(\w+)\}", tex)
    start = re.search(r"\\formula(?=\{)", tex)
    return (arguments(tex, start.end(), 1)[0][0] if start else tex), number[1] if number else ""


def _paragraphs(tex: str, width: int, indent: int, hanging: int, lead: str, style: str) -> Iterator[Text]:
    text = _words(tex)
    for paragraph in re.split(r"\n\s*\n|\n(?=• )", text) if text or lead else ():
        bullet = 2 if paragraph.startswith("• ") else 0
        words = f"{lead} {paragraph}".split(" ") if lead else re.split(r"[ \n]+", paragraph)
        lines = _filled(
            [word for word in re.split(r"[ \n]+", " ".join(words)) if word], width - indent, hanging or bullet
        )
        for n, line in enumerate(lines):
            shown = Text(" " * indent + line, style)
            if lead and n == 0:
                shown.stylize(BOLD, indent, indent + len(lead))
            yield shown
        lead = ""
        if not bullet:
            yield Text()


def _words(tex: str) -> str:
    """Prose as Unicode; the spaces of a short formula are unbreakable."""
    pieces = _MATH.split(portable(tex))
    pieces[::2] = [from_prose(f"|{piece}|")[1:-1] for piece in pieces[::2]]
    pieces[1::2] = [
        _together(from_latex(piece.strip("$").removeprefix(r"\[").removesuffix(r"\]"))) for piece in pieces[1::2]
    ]
    return "".join(pieces).strip()


def _together(formula: str) -> str:
    return formula.replace(" ", NO_BREAK) if len(formula) <= TOGETHER else formula


def _spaced(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def _filled(words: Sequence[str], width: int, hanging: int) -> list[str]:
    """Words in lines, all but the first indented."""
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else f"{lines[-1]}{word}"
        if cell_len(longer) > width and lines[-1].strip():
            lines.append(" " * hanging + word)
        else:
            lines[-1] = longer
    return [_spaced(line) for line in lines]


# ---------------------------------------------------------------- formulas under each other


def _told(row: Row) -> Told:
    left, shape = from_latex(portable(row.left)), from_latex(row.shape)
    return Told(left, sides(row.right), shape, _spaced(_words(row.reason)), row.number, _spaced(_words(row.label)))


def _parted(formula: str) -> tuple[str, str]:
    """A chain in LaTeX as its left side and the rest."""
    sign = next((found for found in EQUALS.finditer(formula) if _level(formula[: found.start()])), None)
    if sign is None:
        return "", formula
    left = formula[: sign.start()].replace(r"\brkeq", "")
    return from_latex(portable(left)), f"{{}}= {formula[sign.end() :]}"


def _level(tex: str) -> bool:
    return tex.count("{") - tex.count(r"\{") == tex.count("}") - tex.count(r"\}")


def _formulas(items: Sequence[str], numbers: Sequence[str], width: int) -> Iterator[Text]:
    """Equations under each other with their shapes; what is no equation, side by side."""
    rows: list[Told] = []
    for tex, number in zip(items, list(numbers) or [""] * len(items), strict=True):
        shaped = SHAPED.search(tex.partition(r"\brkeq")[0])
        shape = arguments(tex, shaped.end(), 2)[0][1] if shaped else ""
        left, right = _parted(tex)
        rows.append(Told(left, sides(right), from_latex(shape), number=number))
    if any(row.left for row in rows):
        yield from _aligned(rows, width)
    else:
        yield from _beside_each_other([joined(row.chain).lines[0].strip() for row in rows], width)
    yield Text()


def _beside_each_other(formulas: Sequence[str], width: int) -> Iterator[Text]:
    words = [f"{formula},".replace(" ", NO_BREAK) + 2 * NO_BREAK for formula in formulas]
    words[-1] = words[-1].rstrip("," + NO_BREAK)
    for line in _filled(words, width - MARGIN, 0):
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


def _aligned(rows: Sequence[Told], width: int, margin: bool = True) -> Iterator[Text]:
    """Rows under each other: signs in one column, shapes and reasons in the next, numbers at the right."""
    label = max(cell_len(row.label) for row in rows)
    columns = Columns(
        label + 1 if 0 < label <= LABEL else 0,
        max(cell_len(row.left) for row in rows),
        max(cell_len(row.shape) for row in rows),
        max(len(row.numbered) for row in rows),
        width if margin else width + MARGIN,
    )
    groups = [_chain(row, columns) for row in rows]
    at = _notes_at(rows, groups, columns)
    tall = any(len(side.box.lines) > 1 for lines in groups for side in lines)
    for n, (row, lines) in enumerate(zip(rows, groups, strict=True)):
        if tall and n:  # matrices keep a distance
            yield Text()
        if row.label and not columns.label:
            yield Text(" " * MARGIN + row.label)
        for line in _row(row, lines, at, columns):
            yield line if margin else line[MARGIN:]


def _chain(row: Told, columns: Columns) -> tuple[Side, ...]:
    """The chain in one line where its notes fit beside it, else a side a line."""
    whole = joined(row.chain)
    several = len(row.chain) > 1
    beside = cell_len(row.shape) + GAP if row.shape else 0
    if whole.width + beside <= columns.formula * (0.72 if several else 1):
        return (Side(whole, row.answer),)
    room = columns.formula - beside
    return stacked(row.chain, room if room >= CROWDED else columns.formula)


def _notes_at(rows: Sequence[Told], groups: Sequence[Sequence[Side]], columns: Columns) -> int:
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
    beneath = f"{row.shape.replace(' ', NO_BREAK)}{NO_BREAK * GAP} {row.reason}"
    return Notes(Text(), column, beneath.strip(NO_BREAK + " "))


def _row(row: Told, lines: Sequence[Side], at: int, columns: Columns) -> Iterator[Text]:
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
            if here and n == len(lines) - 1:
                line = _ended(line, notes.beside, indent + notes.column, row, columns)
            line.rstrip()
            yield line
    if notes.beneath:
        for text in _filled(notes.beneath.split(" "), columns.formula - 2, 0):
            yield Text(" " * (indent + 2) + text, DIM)


def _head(row: Told, columns: Columns) -> Text:
    """The label, and the left side as far to the right as the longest."""
    label = row.label if columns.label else ""
    head = Text(" " * MARGIN + label + " " * (columns.label - cell_len(label)))
    if columns.left:
        head.append(" " * (columns.left - cell_len(row.left)) + row.left + " ", BOLD if row.answer else "")
    return head


def _ended(line: Text, notes: Text, column: int, row: Told, columns: Columns) -> Text:
    """A line with its notes and, at the right edge, its number."""
    line = Text.assemble(line, " " * max(column - line.cell_len, GAP), notes) if notes.plain.strip() else line
    if row.numbered:
        line.rstrip()
        room = columns.width - line.cell_len - len(row.numbered)
        line = Text.assemble(line, " " * max(room, 2), (row.numbered, DIM))
    return line


def _framed(rows: Sequence[Told], width: int) -> Iterator[Text]:
    """An answer, or several, in a frame, each with its number."""
    marked = [replace(row, chain=tuple(replace(side, answer=True) for side in row.chain)) for row in rows]
    lines = [_without_number(line) for line in _aligned(marked, width - MARGIN - 4, margin=False)]
    wide = max(line.cell_len for line, _ in lines)
    numbers = max(len(number) for _, number in lines)
    inner = wide + (numbers + GAP if numbers else 0)
    yield Text("  ╭" + "─" * (inner + 2) + "╮", DIM)
    for line, number in lines:
        room = " " * (inner - line.cell_len - len(number))
        yield Text.assemble(("  │ ", DIM), line, room, (number, DIM), (" │", DIM))
    yield Text("  ╰" + "─" * (inner + 2) + "╯", DIM)
    yield Text()


def _without_number(line: Text) -> tuple[Text, str]:
    """A line and the number at its end."""
    found = re.search(r" +(\(\w+\))$", line.plain)
    return (
        (line[: found.start()], found[1])
        if found and line.plain[found.start() : found.start() + 2] == "  "
        else (line, "")
    )
