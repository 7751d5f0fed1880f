"""What stands beneath an array: indices, numbers counted from 1, ranges, a colon for a whole axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from solgen.expr.nodes import Apply, Entry, Expr, Idx, Index, Kind, Num, Position, Shape, SizeNum, Var, shape
from solgen.expr.size import ONE, Size
from solgen.written.consulted import Looks
from solgen.written.names import Thing
from solgen.written.reads import Bound, Reads, split_at_signs
from solgen.written.spelling import atom_text, glyph_of
from solgen.written.syntax import Digits, Fence, Items, Letter, Node, Scripted, Sign, Word
from solgen.written.typed import TypedValue

COMMA = frozenset(",")
COLON = frozenset(":")


@dataclass(frozen=True, slots=True)
class LetterIndex:
    """An index by its name, before the axis is known along which it runs."""

    name: str


@dataclass(frozen=True, slots=True)
class Range:
    """From one position to another, both counted in; a whole axis where neither is given."""

    first: Size | None = None
    last: Size | None = None


Place = LetterIndex | Range | Size | Var  # a Size counts from 0, as in formulas


def read_places(r: Reads, items: Items, bound: Bound) -> list[tuple[Place, ...]]:
    """All readings of a subscript as places: `ij`, `i,j`, `1:h`, `k,:`; `12` is one number or two."""
    found: list[tuple[Place, ...]] = [()]
    for _, group in split_at_signs(items, COMMA):
        ways = _group(r, group, bound)
        found = [(*before, *way) for before in found for way in ways]
    return found


def _group(r: Reads, items: Items, bound: Bound) -> list[tuple[Place, ...]]:
    """What stands between two commas."""
    sides = split_at_signs(items, COLON)
    if len(sides) == 2:
        return _range(r.names, sides[0][1], sides[1][1])
    if any(isinstance(item, Sign) for item in items):
        whole = read_size(r.names, items)
        return [(whole - ONE,)] if whole is not None else []
    found: list[tuple[Place, ...]] = [()]
    for item in items:
        found = [(*before, *way) for before in found for way in _one(r, item, bound)]
    return found if items else []


def _range(names: Looks, left: Items, right: Items) -> list[tuple[Place, ...]]:
    if not left and not right:
        return [(Range(),)]
    first, last = read_size(names, left), read_size(names, right)
    return [(Range(first - ONE, last),)] if first is not None and last is not None else []


def _one(r: Reads, item: Node, bound: Bound) -> list[tuple[Place, ...]]:
    """An index, a number, a label, or the size of an axis, its last place."""
    match item:
        case Digits(text) if text.isdigit():
            one: list[tuple[Place, ...]] = [(Size.of(int(text) - 1),)] if int(text) else []
            digits = tuple(Size.of(int(c) - 1) for c in text)
            return [*one, digits] if len(text) == 2 and "0" not in text else one
        case Letter() | Word() | Scripted():
            return _read_letter(r, item, bound)
        case Fence("round", body):
            return _group(r, body, bound)
        case _:
            return []


def _read_letter(r: Reads, item: Node, bound: Bound) -> list[tuple[Place, ...]]:
    name = _index_name(item)
    if name in bound:
        return [(LetterIndex(name),)]
    label = _label(r, item, bound)
    if label is not None:
        return [(label,)]
    known = bool(r.names.indices_called(name))
    whole = read_size(r.names, (item,))
    if whole is not None and not known:
        return [(whole - ONE,)]
    glyph = glyph_of(item)
    looks = r.names.at(glyph.letter, glyph.marks) if glyph else ()
    taken = any(isinstance(k.thing, Var) and (k.sub, k.sup) == (glyph.sub, glyph.sup) for k in looks if glyph)
    return [(LetterIndex(name),)] if name and (known or not taken) else []


def _index_name(item: Node) -> str:
    match item:
        case Scripted(base, (), (), primes):
            return (atom_text(base) or "") + "'" * primes
        case Scripted(base, (sub,), (), 0) if isinstance(sub, Digits):
            return (atom_text(base) or "") + sub.text
        case Scripted():
            return ""
        case _:
            return atom_text(item) or ""


def _label(r: Reads, item: Node, bound: Bound) -> Var | None:
    """A class index among the names, of a sample too: y or yᵢ."""
    glyph = glyph_of(item.base if isinstance(item, Scripted) else item)
    if glyph is not None and not any(_is_label(look.thing) for look in r.names.at(glyph.letter, glyph.marks)):
        return None
    for t in r.symbol(item, bound):
        if isinstance(t.e, Var) and t.e.kind is Kind.LABEL:
            return t.e
    return None


def _is_label(thing: Thing) -> bool:
    return isinstance(thing, Var) and thing.kind is Kind.LABEL


# ---------------------------------------------------------------- sizes


def read_size(names: Looks, items: Items) -> Size | None:
    """A polynomial in sizes: n, 2n, n − k + 1, d² + d."""
    total, sign, term = Size.of(0), 1, None
    for item in items:
        if isinstance(item, Sign) and item.text in ("+", "−"):
            if term is not None:
                total = total + term * sign
            elif item is not items[0]:
                return None
            sign, term = (1 if item.text == "+" else -1), None
            continue
        if isinstance(item, Sign) and item.text in ("·", "×") and term is not None:
            continue
        one = _size(names, item)
        if one is None:
            return None
        term = one if term is None else term * one
    return None if term is None else total + term * sign


def _size(names: Looks, item: Node) -> Size | None:
    match item:
        case Digits(text) if text.isdigit():
            return Size.of(int(text))
        case Fence("round", body):
            return read_size(names, body)
        case Letter() | Word() | Scripted():
            glyph = glyph_of(item)
            if glyph is None:
                return None
            for look in names.at(glyph.letter, glyph.marks):
                if isinstance(look.thing, Size) and look.sub == glyph.sub and glyph.sup[: len(look.sup)] == look.sup:
                    return _raise_size(look.thing, glyph.sup[len(look.sup) :])
            return None
        case _:
            return None


def _raise_size(size: Size, sup: tuple[str, ...]) -> Size | None:
    if not sup:
        return size
    if len(sup) != 1 or not sup[0].isdigit() or int(sup[0]) > 9:
        return None
    result = ONE
    for _ in range(int(sup[0])):
        result = result * size
    return result


# ---------------------------------------------------------------- parts of arrays


def take_part(t: TypedValue, places: tuple[Place, ...]) -> TypedValue | None:
    """An entry, a row, a column or a range of an array; None where the places do not fit its axes."""
    axes = shape(t.e)
    if t.rank == 2 and len(places) == 1 and axes[0] == ONE:
        axes = axes[1:]
        places = (Size.of(0), *places)
        return take_part(t, places)
    if len(places) != len(axes) or not axes:
        return None
    indices = [_index(place, axis) for place, axis in zip(places, axes, strict=True)]
    if not any(isinstance(place, Range) for place in places):
        return TypedValue(Entry(t.e, tuple(i for i in indices if i is not None)), deep=t.deep + 1)
    if all(isinstance(place, Range) for place in places):
        return _slice(t, places)
    if len(axes) != 2:
        return None
    return _line(t, places, indices)


def _index(place: Place, axis: Size) -> Index | None:
    match place:
        case LetterIndex(name):
            return Idx(name, axis)
        case Range():
            return None
        case _:
            return place


def _slice(t: TypedValue, places: tuple[Place, ...]) -> TypedValue:
    bounds = []
    for place, axis in zip(places, shape(t.e), strict=True):
        assert isinstance(place, Range)
        bounds.append((place.first or Size.of(0), place.last or axis))
    to: Shape = tuple(stop - start for start, stop in bounds)
    return TypedValue(Apply("slice", (t.e,), tuple(bounds), to), t.row, t.deep + 1)


def _line(t: TypedValue, places: tuple[Place, ...], indices: list[Index | None]) -> TypedValue | None:
    """A whole row or column of a matrix, as a vector."""
    first, second = places
    whole = second if isinstance(second, Range) else first
    if not isinstance(whole, Range) or whole.first is not None:
        return None
    index = next(i for i in indices if i is not None)
    op, left = ("pick_row", 1) if isinstance(second, Range) else ("pick_col", 0)
    return TypedValue(Apply(op, (t.e, position_value(index)), (), (shape(t.e)[left],)), deep=t.deep + 1)


def position_value(i: Index) -> Expr:
    """An index as a value that counts from 0."""
    match i:
        case Idx():
            return Position(i)
        case Var():
            return i
        case Size():
            return Num(Fraction(i.constant)) if i.constant is not None else SizeNum(i)
