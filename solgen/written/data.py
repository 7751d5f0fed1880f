"""What stands on a page and is no value: a sign alone, a space, a count, numbers in a grid, a name that is introduced.

Each is a closed kind, compared as data: two are the same when their fields are.  Long because one function reads each
kind, and they share the marks by which kinds are told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from types import MappingProxyType
from typing import Literal

from solgen.expr.nodes import Apply, Expr, Num, Shape
from solgen.expr.size import Size
from solgen.written.calls import heads
from solgen.written.positions import read_size
from solgen.written.reads import NONE, Readings, Reads, split_at_signs
from solgen.written.signs import DOTS
from solgen.written.sizes import read_axes
from solgen.written.spelling import atom_text, glyph_of
from solgen.written.symbols import taken_apart
from solgen.written.syntax import CellGrid, Digits, Fence, Items, Letter, Node, Phrase, Scripted, Sign, Word
from solgen.written.unreadable import Unreadable

Entries = Literal["real", "positive", "non-negative", "unit", "binary", "signs"]
COMMA = frozenset(",")
LARGEST_POWER = 400  # an exponent of ten that is worked out


@dataclass(frozen=True, slots=True)
class SignAlone:
    """A sign that a sentence explains: ⊙, ×, or a letter of ours, δ."""

    sign: str


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function without its argument: φ, softmax over rows."""

    name: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueSpace:
    """What a value lies in: ℝ^{m × n}, [0, 1]ⁿ, {0, 1}; `remark` is said behind it, `symmetric`."""

    shape: Shape
    entries: Entries = "real"
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ClassRange:
    """The whole numbers from 1 to a size, {1, …, C}."""

    count: Size


@dataclass(frozen=True, slots=True)
class EntryCount:
    """How many entries a value has, #W, or all parameters together."""

    of: Expr | str


@dataclass(frozen=True, slots=True)
class Places:
    """A place in an array, (2, 3), counted from 1."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewName:
    """A letter that this line introduces, g = …"""

    name: str


@dataclass(frozen=True, slots=True)
class Differentiation:
    """∂/∂x, of whatever follows."""

    wrt: Expr


@dataclass(frozen=True, slots=True)
class Refuted:
    """A wrong answer whose product does not conform, behind ≠."""

    why: str


@dataclass(frozen=True, slots=True)
class DataTable:
    """Numbers or formulas in a grid, None where dots stand; `turned` where it has a ⊤, `factor` before it."""

    cells: tuple[tuple[Expr | None, ...], ...]
    turned: bool = False
    factor: Expr | None = None


@dataclass(frozen=True, slots=True)
class WrittenCases:
    """One of several values, each with its condition as it stands, `j = l`; none behind the last is `otherwise`."""

    lines: tuple[tuple[Expr, str], ...]


Data = (
    WrittenCases
    | SignAlone
    | FunctionName
    | ValueSpace
    | ClassRange
    | EntryCount
    | Places
    | NewName
    | Differentiation
    | Refuted
    | DataTable
)


def read_data(r: Reads, sign: str, items: Items) -> Data | None:
    """What these nodes are, if they are no value."""
    if sign == ":":
        return _sizes(r, items)
    if sign == "∈":
        return _classes(r, items) or read_space(r, items)
    match items:
        case (Sign(text),):
            return SignAlone(text)
        case (Letter() | Word() | Scripted() as node,):
            return _function(r, node) or _grid(r, items)
        case (Sign("#"), *rest):
            return _count(r, tuple(rest))
        case (Sign("∂"), Sign("/"), Sign("∂"), *rest):
            return _differentiation(r, tuple(rest))
        case (Fence("round", body),):
            return _places(body) or _grid(r, items)
        case _:
            return _grid(r, items)


def _function(r: Reads, node: Letter | Word | Scripted) -> Data | None:
    """A name that is a function and no value."""
    mark = taken_apart(node)
    if mark is None:
        return None
    looks = r.names.at(mark.letter, mark.marks)
    if mark.letter == "δ" and not looks and not mark.sub:
        return SignAlone("δ")
    glyph = glyph_of(node)
    if glyph is None or not heads(r, node) or r.symbol(node, NONE):
        return None
    return FunctionName(glyph.letter, glyph.sub)


def _count(r: Reads, items: Items) -> Data | None:
    match items:
        case (Word(text) | Phrase(text),):
            return EntryCount(text)
        case (node,):
            found = r.factor(node, NONE)
            return EntryCount(found[0].e) if len(found) == 1 else None
        case _:
            return None


def _differentiation(r: Reads, items: Items) -> Data | None:
    found = r.factor(items[0], NONE) if len(items) == 1 else ()
    return Differentiation(found[0].e) if len(found) == 1 else None


def _places(body: Items) -> Data | None:
    parts = [part for _, part in split_at_signs(body, COMMA)]
    numbers = [int(p[0].text) for p in parts if len(p) == 1 and isinstance(p[0], Digits) and p[0].text.isdigit()]
    return Places(tuple(numbers)) if len(numbers) == len(parts) > 1 else None


# ---------------------------------------------------------------- spaces


def _sizes(r: Reads, items: Items) -> ValueSpace | None:
    """The sizes (d, 1) of a column, (m, n) of a matrix, (1, 1) of a number."""
    sizes = [read_size(r.names, part) for _, part in split_at_signs(items, COMMA) if part]
    if None in sizes:
        return None
    axes = [size for size in sizes if size is not None]
    while axes and axes[-1].is_one:
        axes.pop()
    return ValueSpace(tuple(axes))


def _classes(r: Reads, items: Items) -> ClassRange | None:
    match items:
        case (Fence("curly", body),):
            match [part for _, part in split_at_signs(body, COMMA)]:
                case [(Digits("1"),), (Sign(dots),), last] if dots in DOTS:
                    count = read_size(r.names, last)
                    return ClassRange(count) if count is not None else None
                case _:
                    return None
        case _:
            return None


def read_space(r: Reads, items: Items) -> ValueSpace | None:
    """ℝ, ℝⁿ, ℝ^{m × n}, ℝ_{>0}, [0, 1], {0, 1}ⁿ, with a remark behind."""
    words = [item.text for item in items if isinstance(item, Phrase | Word)]
    kept = tuple(item for item in items if not isinstance(item, Phrase | Word))
    if len(kept) != 1:
        return None
    base, ok = kept[0], True
    axes: Shape = ()
    entries: Entries | None = None
    match base:
        case Scripted(Letter("R" | "ℝ"), sub, sup, 0):
            entries, axes = _real(sub), _axes(r, sup)
            ok = not sup or bool(axes)
        case Letter("R" | "ℝ"):
            entries = "real"
        case Scripted(Fence() as fence, (), sup, 0):
            entries, axes = _read_interval(fence), _axes(r, sup)
            ok = bool(axes)
        case Fence():
            entries = _read_interval(base)
        case _:
            pass
    return ValueSpace(axes, entries, " ".join(words)) if entries and ok else None


def _axes(r: Reads, sup: Items) -> Shape:
    """The axes above a space, where nothing is transposed: a raised x is × (Unicode raises none), ⊤ the size T."""
    return read_axes(r.names, tuple(_axis_sign(r, item) for item in sup))


def _axis_sign(r: Reads, item: Node) -> Node:
    match item:
        case Letter("x") if not r.names.is_size("x"):
            return Sign("×", item.at)
        case Sign("⊤") if r.names.is_size("T"):
            return Letter("T", at=item.at)
        case _:
            return item


def _real(sub: Items) -> Entries | None:
    match sub:
        case ():
            return "real"
        case (Sign(">"), Digits("0")) | (Sign("+"),) | (Sign("+"), Sign("+")):
            return "positive"
        case (Sign("≥"), Digits("0")):
            return "non-negative"
        case _:
            return None


def _read_interval(fence: Fence) -> Entries | None:
    match fence.kind, [part for _, part in split_at_signs(fence.body, COMMA)]:
        case "square", [(Digits("0"),), (Digits("1"),)]:
            return "unit"
        case "curly", [(Digits("0"),), (Digits("1"),)]:
            return "binary"
        case "curly", [(Sign("−"), Digits("1")), (Digits("1"),)]:
            return "signs"
        case _:
            return None


# ---------------------------------------------------------------- grids


def _grid(r: Reads, items: Items) -> DataTable | WrittenCases | None:
    """A grid behind a factor perhaps, turned perhaps; or cases."""
    if not items:
        return None
    *before, last = items
    turned = isinstance(last, Scripted) and not last.sub and _is_top(r, last.sup)
    grid = _as_grid(last.base if isinstance(last, Scripted) and turned else last)
    if not before and isinstance(grid, CellGrid) and grid.kind == "cases":
        return _cases(r, grid)
    if not isinstance(grid, CellGrid) or grid.kind in ("lines", "cases"):
        return None
    if before and isinstance(before[-1], Sign) and before[-1].text != "·":
        return None
    factor = r.sum(tuple(before), NONE) if before else ()
    if before and (len(factor) != 1 or factor[0].rank):
        return None
    cells = tuple(tuple(_cell(r, cell) for cell in line) for line in grid.rows)
    return DataTable(cells, turned, factor[0].e if factor else None)


def _is_top(r: Reads, sup: Items) -> bool:
    """Whether ⊤ stands there, or the T that people write for it."""
    raised = [getattr(item, "text", "") for item in sup]
    return raised == ["⊤"] or (r.names.is_typed() and raised == ["T"] and not r.names.is_size("T"))


def _as_grid(node: Node) -> Node:
    """A row of cells where a list has dots in it: (0, 1, …, 14); anything else as it is."""
    match node:
        case Fence("round" | "square", body):
            parts = tuple(part for _, part in split_at_signs(body, COMMA))
            dotted = any(isinstance(part[0], Sign) and part[0].text in DOTS for part in parts if len(part) == 1)
            return CellGrid("round", (parts,), node.at) if dotted and len(parts) > 1 else node
        case _:
            return node


def _cases(r: Reads, grid: CellGrid) -> WrittenCases | None:
    lines = []
    for value, *conditions in grid.rows:
        found = r.sum(value, NONE) if value else ()
        if len(found) != 1:
            return None
        lines.append((found[0].e, " ".join(_condition(items) for items in conditions)))
    return WrittenCases(tuple(lines))


def _condition(items: Items) -> str:
    """A condition as it stands, without the words before it."""
    return " ".join(atom_text(item) or "?" for item in items if not isinstance(item, Phrase | Word))


def _cell(r: Reads, items: Items) -> Expr | None:
    match items:
        case (Sign(text),) if text in DOTS:
            return None
        case _:
            found: Readings = r.sum(items, NONE) if items else ()
    if len(found) != 1:
        raise Unreadable("this cell is not read in one way", items[0].at if items else 0)
    return found[0].e


def shows_numbers(table: DataTable, rows: tuple[tuple[Fraction, ...], ...]) -> bool:
    """Whether a grid shows these numbers; dots stand for as many rows and columns as are left out."""
    if table.turned:
        rows = tuple(zip(*rows, strict=True))
    factor = Fraction(1) if table.factor is None else rational(table.factor)
    lines = _fill_dots([list(line) for line in table.cells], len(rows))
    if lines is None or factor is None:
        return False
    return all(line is None or _shows_line(line, wanted, factor) for line, wanted in zip(lines, rows, strict=True))


def _shows_line(line: list[Expr | None], wanted: tuple[Fraction, ...], factor: Fraction) -> bool:
    cells = _fill_dots(line, len(wanted))
    if cells is None:
        return False
    return all(c is None or _times(rational(c), factor) == w for c, w in zip(cells, wanted, strict=True))


def _times(number: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if number is None else number * factor


def rational(e: Expr) -> Fraction | None:
    """The number that a formula of numbers is, -3/7 or 4.1 · 10⁻⁸; None of anything else."""
    match e:
        case Num(value=value):
            return value
        case Apply(op=op, args=args):
            numbers = [n for a in args if (n := rational(a)) is not None]
            if len(numbers) < len(args) or op not in _RATIONAL:
                return None
            return _RATIONAL[op](*numbers)
        case _:
            return None


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    fits = exponent.denominator == 1 and abs(exponent) <= LARGEST_POWER and (base or exponent >= 0)
    return base**exponent.numerator if fits else None


def _quotient(top: Fraction, bottom: Fraction) -> Fraction | None:
    return top / bottom if bottom else None


def _fill_dots(parts: list, length: int) -> list | None:
    """The parts with what dots stand for as None; None where they cannot be so many."""
    dots = [k for k, part in enumerate(parts) if part is None or (isinstance(part, list) and not any(part))]
    if not dots:
        return parts if len(parts) == length else None
    if len(dots) > 1 or len(parts) - 1 > length:
        return None
    (k,) = dots
    return [*parts[:k], *[None] * (length - len(parts) + 1), *parts[k + 1 :]]


# what written numbers are made of: signs, bars, factors and powers of ten
_RATIONAL: Mapping[str, Callable[..., Fraction | None]] = MappingProxyType({
    "neg": lambda x: -x, "div": _quotient, "pow": _power, "mul": lambda *xs: prod(xs, start=Fraction(1)),
})  # fmt: skip
