"""What a page says that is no formula, read and compared as data: shapes, spaces, counts, places, numbers, signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from solgen.build.read_back.forms import WrittenForm
from solgen.build.read_back.in_numbers import misread_numbers, shows
from solgen.build.read_back.ink import ink_of
from solgen.expr.nodes import Kind, Shape
from solgen.expr.present.data import Classes, CountOf, ShapeOf, SpaceOf
from solgen.expr.present.tree import CrossReference, Datum, Node, RouteMark
from solgen.expr.size import ONE
from solgen.model.in_numbers import Numbers, Place, WithNumbers
from solgen.written import Names, Unreadable, data
from solgen.written.ink import Ink
from solgen.written.reading import RelationSide

ENTRIES: Mapping[Kind, data.Entries] = MappingProxyType({
    Kind.POSITIVE: "positive", Kind.UNIT: "unit", Kind.BINARY: "binary", Kind.SIGNS: "signs", Kind.ONEHOT: "binary",
    Kind.ONEHOT_COLUMNS: "binary", Kind.SIMPLEX: "unit", Kind.SIMPLEX_COLUMNS: "unit",
})  # fmt: skip
REMARKS: Mapping[Kind, str] = MappingProxyType({
    Kind.ONEHOT: "one-hot", Kind.ONEHOT_COLUMNS: "with one-hot columns", Kind.SIMPLEX: "summing to 1",
    Kind.SIMPLEX_COLUMNS: "with columns summing to 1", Kind.SYM: "symmetric", Kind.POSDEF: "positive definite",
    Kind.INVERTIBLE: "invertible",
})  # fmt: skip

REAL = ("ℝ", r"\mathbb{R}")  # people also write R, which a page does not


def misread_datum(text: str, datum: Datum | Node, names: Names, written: WrittenForm) -> str:
    """What is wrong with a datum as it is written; empty where it says what it should."""
    try:
        return _misread(text, datum, names, written)
    except Unreadable as why:
        return f"cannot be read: {why}"


def _misread(text: str, datum: Datum | Node, names: Names, written: WrittenForm) -> str:
    match datum:
        case ShapeOf(shape, as_row):
            found = written.read_shape(text, names)
            return "" if found == _axes(shape, as_row) else f"reads as the shape {_told_axes(found)}"
        case SpaceOf(shape, kind):
            space = data.ValueSpace(shape, ENTRIES.get(kind, "real"), REMARKS.get(kind, ""))
            return _misread_space(text, space, names, written)
        case Classes(count):
            return _unless(_side(f"∈ {text}", names, written).data == data.ClassRange(count), "are not those classes")
        case CountOf(of):
            return _unless(
                _side(text, names, written).data == data.EntryCount(of or "parameters"), "counts something else"
            )
        case Place(places):
            return _unless(_side(text, names, written).data == data.Places(places), "is another place")
        case Numbers(quantity):
            return _unless(shows(_side(text, names, written), quantity), f"is not {quantity.plain()}")
        case WithNumbers():
            return misread_numbers(_side(text, names, written), datum)
        case Datum():
            return "is of a kind that nobody reads"
        case _:
            return _misread_ink(text, datum, written)


def _misread_space(text: str, space: data.ValueSpace, names: Names, written: WrittenForm) -> str:
    """A space, and behind it in words what else is promised of its elements."""
    remark = space.remark
    if remark not in text:
        return f"does not say `{remark}`"
    if space.entries == "real" and not any(sign in text for sign in REAL):
        return "does not show the sign of the real numbers"
    found = _side(f"∈ {text.removesuffix(remark)}", names, written).data
    same = isinstance(found, data.ValueSpace) and found in (space, replace(space, remark=""))
    return _unless(same, "is not that space")


def _unless(holds: bool, reason: str) -> str:
    return "" if holds else reason


def _side(text: str, names: Names, written: WrittenForm) -> RelationSide:
    """The one side that stands there."""
    match written.read(text, names).chains:
        case ((side,),):
            return side
        case _:
            raise Unreadable("several formulas stand here", 0)


def _misread_ink(text: str, node: Node, written: WrittenForm) -> str:
    """What has no value leaves the ink that its tree has; a reference or a mark first of all its number."""
    found = written.read_ink(text) if text.strip() else ()
    match node:
        case CrossReference(kind, number):
            same = _number_in(found) == number and ("R" in found or "rule" in text) == (kind == "rule")
            return _unless(same, "leads elsewhere")
        case RouteMark(number):
            return _unless(not text.strip() or _number_in(found) == str(number), "marks another route")
        case _:
            meant = ink_of(node)
            if written.indicator != "double-struck":
                meant = tuple("𝟏" if sign == "𝟙" else sign for sign in meant)
            return _unless(found == meant, "looks otherwise than its tree")


def _number_in(ink: Ink) -> str:
    return next((sign for sign in ink if sign.isdigit()), "")


def _axes(shape: Shape, as_row: bool) -> Shape:
    """A shape as it is written: a vector is n × 1."""
    if len(shape) != 1:
        return shape
    return (ONE, *shape) if as_row else (*shape, ONE)


def _told_axes(shape: Shape) -> str:
    return " × ".join(map(str, shape)) or "of a number"
