"""The second pass: a text with the names of its document becomes formulas, with every reading that shapes leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from solgen.expr.nodes import Shape
from solgen.written.consulted import Consulted, Looks
from solgen.written.data import DataTable, Refuted, read_data
from solgen.written.depth import deep
from solgen.written.factors import read_factor
from solgen.written.introduced import read_new_name
from solgen.written.names import Names
from solgen.written.parser import parse_latex
from solgen.written.ranges import settle_ranges
from solgen.written.reading import Fork, Reading, RelationSide
from solgen.written.reads import NONE, Bound, Readings, split_at_signs
from solgen.written.remarks import shape_statement, without_condition
from solgen.written.signs import RELATIONS
from solgen.written.sizes import read_axes
from solgen.written.spelling import atom_text
from solgen.written.sums import read_sum
from solgen.written.symbols import read_symbol
from solgen.written.syntax import CellGrid, Items, Lines, Node, Phrase, Sign
from solgen.written.terminal import parse_terminal
from solgen.written.terms import read_term
from solgen.written.unreadable import Unreadable

STEPS = 40_000  # of combining readings, some 10 µs each; a text that needs more has too many forks
COMMA = frozenset(",")
ENDS = frozenset(".,;")


class Reader:
    """Reads one text; keeps the farthest place without a reading, for the message."""

    def __init__(self, names: Consulted, bold: bool) -> None:
        self.names = names
        self.bold = bold
        self.steps = 0
        self.trouble: tuple[int, str] = (0, "")
        self.forks: dict[Fork, None] = {}

    def sum(self, items: Items, bound: Bound) -> Readings:
        return read_sum(self, items, bound)

    def term(self, items: Items, bound: Bound) -> Readings:
        return read_term(self, items, bound)

    def factor(self, node: Node, bound: Bound) -> Readings:
        return read_factor(self, node, bound)

    def symbol(self, node: Node, bound: Bound) -> Readings:
        return read_symbol(self, node, bound)

    def blame(self, at: int, reason: str) -> None:
        if reason and (at >= self.trouble[0] or not self.trouble[1]):
            self.trouble = (at, reason)

    def remark(self, at: int, fork: str) -> None:
        self.forks[Fork(at, fork)] = None

    def spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > STEPS:
            raise Unreadable("this can be read in too many ways", self.trouble[0], expected="brackets")


def read_latex(text: str, names: Names) -> Reading:
    """A text of LaTeX with the names of its document; raises Unreadable with the place."""
    return read_lines(text, parse_latex(text), Consulted(names), names.bold)


def read_terminal(text: str, names: Names) -> Reading:
    """A logical line of a terminal with the names of its document; raises Unreadable."""
    return read_lines(text, parse_terminal(text), Consulted(names))


def latex_shape(text: str, names: Names) -> Shape:
    """The shape that LaTeX says, m × n; nothing where it is none.  Raises Unreadable."""
    return _shape(parse_latex(text), names)


def terminal_shape(text: str, names: Names) -> Shape:
    """The shape that a terminal's line says.  Raises Unreadable."""
    return _shape(parse_terminal(text), names)


def _shape(lines: Lines, names: Looks) -> Shape:
    match lines:
        case ((items,),):
            return read_axes(names, items)
        case _:
            return ()


def read_lines(text: str, lines: Lines, names: Consulted, bold: bool = False) -> Reading:
    """Lines of nodes, whatever they were written in; `bold` says whether arrays are told by it there."""
    reader = Reader(names, bold)
    try:
        with deep():
            lines, conditions = _set_conditions_apart(lines) if names.is_typed() else (lines, ())
            chains = tuple(_chain(reader, chain) for chain in _chains(lines, names.is_typed()))
    except Unreadable as wrong:
        raise wrong.within(text) from None
    return Reading(text, chains, tuple(reader.forks), names, "; ".join(conditions))


def _set_conditions_apart(lines: Lines) -> tuple[Lines, tuple[str, ...]]:
    """The lines without the conditions beside their formulas, and those as they stand."""
    found = [without_condition(_without_end(items)) for items in _flat(lines)]
    said = (" ".join(atom_text(item) or str(getattr(item, "text", "…")) for item in said) for _, said in found if said)
    return tuple((items,) for items, _ in found), tuple(said)


# ---------------------------------------------------------------- lines and chains


def _chains(lines: Lines, typed: bool) -> list[list[tuple[str, Items]]]:
    """The chains of relations; a line that begins with a relation goes on with the line before."""
    found: list[list[tuple[str, Items]]] = []
    for line in _flat(lines):
        for _, items in split_at_signs(_without_end(line), COMMA):
            sides = _sides(items, typed)
            if not sides[0][1] and len(sides) > 1 and found:
                found[-1] += sides[1:]
            elif items:
                found.append(sides)
    return found


def _sides(items: Items, typed: bool) -> list[tuple[str, Items]]:
    """The sides of a chain; a shape as people say it of programs, `W: (d, d)`, is what a value lies in."""
    stated = shape_statement(items) if typed else None
    return [("", stated[0]), (":", stated[1])] if stated else split_at_signs(items, RELATIONS)


def _flat(lines: Lines) -> Iterator[Items]:
    """The lines, those of a display within them too, cells beside each other."""
    for line in lines:
        items = tuple(item for cell in line for item in cell if not isinstance(item, Phrase) or item.text.strip())
        match items:
            case (CellGrid("lines", rows),):
                yield from _flat(rows)
            case _:
                yield items


def _without_end(items: Items) -> Items:
    """Without the full stop or comma that closes a formula."""
    while items and isinstance(items[-1], Sign) and items[-1].text in ENDS:
        items = items[:-1]
    return items


def _chain(reader: Reader, sides: list[tuple[str, Items]]) -> tuple[RelationSide, ...]:
    read = []
    if not sides[0][1] and len(sides) > 1:
        sides = sides[1:]  # a line that goes on with what stood before: = b
    for k, (sign, items) in enumerate(sides):
        if not items:
            raise Unreadable("one side of a relation is missing", 0, expected="a formula")
        read.append(_side(reader, sign, items, introduces=not k and len(sides) > 1))
    return _agreeing(tuple(read))


def _side(reader: Reader, sign: str, items: Items, introduces: bool) -> RelationSide:
    """One side: data, or a formula; the first of several may be a letter that the line introduces."""
    data = read_data(reader, sign, items)
    if isinstance(data, DataTable):  # numbers written out are a value too
        return RelationSide(sign, reader.sum(items, NONE), items, data)
    if data is not None:
        return RelationSide(sign, (), items, data)
    new, forks = (read_new_name(reader, items) if introduces else None), dict(reader.forks)
    try:
        found = _settle_readings(reader, reader.sum(items, NONE))
    except Unreadable:
        if new is None:
            raise
        found = ()
    if found:
        return RelationSide(sign, found, items)
    at, reason = reader.trouble
    if sign == "≠":
        return RelationSide(sign, (), items, Refuted(reason))
    if new is None:
        raise Unreadable(reason or "this is not read", at)
    reader.forks = forks  # how it could have been read does not matter
    return RelationSide(sign, (), items, new)


def _settle_readings(reader: Reader, readings: Readings) -> Readings:
    """The readings whose free indices have a range, with it."""
    found = ((t, settle_ranges(t.e, reader.names.indices_called)) for t in readings)
    return tuple(t if e is t.e else replace(t, e=e) for t, e in found if e is not None)


def _agreeing(sides: tuple[RelationSide, ...]) -> tuple[RelationSide, ...]:
    """The sides without the readings whose form no other side has."""
    forms = [frozenset(t.form for t in side.readings) for side in sides if side.data is None]
    if not forms:
        return sides
    shared = frozenset.intersection(*forms)
    if not shared or len(sides) == 1:
        return sides
    return tuple(replace(s, readings=tuple(t for t in s.readings if t.form in shared)) for s in sides)
