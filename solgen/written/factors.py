"""One node as a value: a number, a name, a fraction, a root, what stands in brackets or bars, a shape beneath."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from solgen.expr.nodes import Shape, Stack, shape
from solgen.expr.ops.written import Barred
from solgen.expr.size import ONE, Size
from solgen.written.calls import made_of
from solgen.written.derivatives import is_derivative, read_derivative
from solgen.written.literals import column, is_literal, read_literal
from solgen.written.positions import Place, read_places, take_part
from solgen.written.powers import raise_all
from solgen.written.reads import Bound, Readings, Reads, combine, split_at_signs, unite
from solgen.written.series import series
from solgen.written.signs import RELATIONS
from solgen.written.sizes import read_axes
from solgen.written.spelling import atom_text
from solgen.written.symbols import names_sign, read_constant, read_identity
from solgen.written.syntax import (
    Accent,
    CellGrid,
    Digits,
    Fence,
    Fraction,
    Items,
    Letter,
    Node,
    Phrase,
    Root,
    Scripted,
    Shaped,
    Sign,
    Word,
)
from solgen.written.typed import (
    TypedValue,
    apply_operation,
    combine_entries,
    divide_by_number,
    number,
    transpose_typed,
    vector,
)
from solgen.written.vocabulary import barred_rows, letter_rows, named_rows

COMMA, SEMICOLON = frozenset(","), frozenset(";")


def read_factor(r: Reads, node: Node, bound: Bound) -> Readings:
    """All readings of one node."""
    match node:
        case Digits(text):
            return (number(Rational(text)),)
        case Letter() | Word() | Accent():
            return r.symbol(node, bound)
        case Fraction(top, bottom):
            return _fraction(r, node, top, bottom, bound)
        case Root(body, degree):
            return _root(r, body, degree, bound)
        case Fence():
            return _fence(r, node, bound)
        case Shaped(body, beneath):
            return _read_sized(r, body, beneath) or _read_shaped(r, r.sum(body, bound), beneath, node.at)
        case Scripted():
            return _read_scripted(r, node, bound)
        case CellGrid() if is_literal(node):
            return read_literal(r, node, bound)
        case CellGrid() | Phrase() | Sign():
            r.blame(node.at, "this is no value")
            return ()


def _fraction(r: Reads, node: Node, top: Items, bottom: Items, bound: Bound) -> Readings:
    if is_derivative(top, bottom):
        return read_derivative(r, top, bottom, bound)
    if not top or not bottom:
        r.blame(node.at, "a fraction with nothing above or below")
        return ()
    sides = [r.sum(top, bound), r.sum(bottom, bound)]
    return combine(r, sides, divide, node.at, "this cannot be divided by that")


def divide(a: TypedValue, b: TypedValue) -> TypedValue | None:
    """a/b: by a number, or entry by entry of one form."""
    return divide_by_number(a, b) if b.is_number else combine_entries("div", a, b)


def _root(r: Reads, body: Items, degree: Items, bound: Bound) -> Readings:
    rows = [row for row, _ in named_rows().get("√", ())]
    inner = r.sum(body, bound)
    if degree and [atom_text(item) for item in degree] != ["2"]:
        r.blame(degree[0].at, "a root of another degree than 2 is not read")
        return ()
    return unite(tuple(made for t in inner if (made := made_of(row, (t,), ())) is not None) for row in rows)


# ---------------------------------------------------------------- brackets


def _fence(r: Reads, node: Fence, bound: Bound) -> Readings:
    match node.kind:
        case "bars" | "norm":
            return _bars(r, node, "", (), bound)
        case "angle":
            return _inner_product(r, node, bound)
        case "square" if any(isinstance(item, Sign) and item.text == "⋯" for item in node.body):
            return _stack_members(r, node, bound)
        case _:
            pass
    for signs, axis in ((SEMICOLON, 0), (COMMA, 1)):
        if any(isinstance(item, Sign) and item.text in signs for item in node.body):
            return _read_blocks(r, [items for _, items in split_at_signs(node.body, signs)], axis, node.at, bound)
    return r.sum(node.body, bound)


def _bars(r: Reads, node: Fence, below: str, above: Items, bound: Bound) -> Readings:
    """|x|, ‖x‖, ‖x‖₁², by the rows that are written so; a power that is no part of a row's sign is a power."""
    kind = "single" if node.kind == "bars" else "double"
    inner, found = r.sum(node.body, bound), []
    power = atom_text(above[0]) if len(above) == 1 else ""
    for row, bars in barred_rows():
        if bars.bars != kind or below not in bars.below:
            continue
        if bars.above is not None and str(bars.above) != power:
            continue
        made = tuple(m for t in inner if _suits(row.name, bars, t) and (m := made_of(row, (t,), ())) is not None)
        found.append(made if bars.above is not None else raise_all(r, made, above, bound))
        if bars.above is not None and made:
            break
    return unite(found)


def _suits(op: str, bars: Barred, t: TypedValue) -> bool:
    """Single bars around a matrix are its determinant, around anything else absolute values."""
    if bars.bars == "double":
        return t.rank > 0 or "" not in bars.below or True
    return (op == "det") == (t.rank == 2)


def _inner_product(r: Reads, node: Fence, bound: Bound) -> Readings:
    sides = [r.sum(items, bound) for _, items in split_at_signs(node.body, COMMA)]
    if len(sides) != 2:
        r.blame(node.at, "an inner product has two sides")
        return ()
    return combine(r, sides, angle_product, node.at, "an inner product of different shapes")


def angle_product(a: TypedValue, b: TypedValue) -> TypedValue | None:
    """⟨a, b⟩ of one shape."""
    same = shape(a.e) == shape(b.e) and a.rank > 0
    return apply_operation("dot", (), a, b) if same else None


def _read_blocks(r: Reads, parts: list[Items], axis: int, at: int, bound: Bound) -> Readings:
    """[a; b] one under the other, [A, B] side by side."""
    sides = [r.sum(items, bound) for items in parts]

    def join(*chosen: TypedValue) -> TypedValue | None:
        ranks = {t.rank for t in chosen}
        if ranks == {0} and axis == 1:
            return replace(column(list(chosen)), row=True)
        if 1 in ranks and ranks <= {0, 1} and axis == 0:  # a number is a vector of one entry there
            stacked = tuple(v for t in chosen if (v := vector(t)) is not None)
            return apply_operation("concat", (_total(stacked, 0),), *stacked)
        if ranks != {2} or len({shape(t.e)[1 - axis] for t in chosen}) != 1:
            return None
        whole = _total(chosen, axis)
        other = shape(chosen[0].e)[1 - axis]
        to: Shape = (whole, other) if axis == 0 else (other, whole)
        return apply_operation("concat", to, *chosen, params=(axis,))

    return combine(r, sides, join, at, "these cannot be joined")


def _total(parts: tuple[TypedValue, ...], axis: int) -> Size:
    return sum((shape(t.e)[axis] for t in parts), Size.of(0))


def _stack_members(r: Reads, node: Fence, bound: Bound) -> Readings:
    """[x₁ ⋯ xₙ]: the members of a family side by side."""
    place = next(k for k, item in enumerate(node.body) if isinstance(item, Sign) and item.text == "⋯")
    sides = [r.sum(node.body[:place], bound), r.sum(node.body[place + 1 :], bound)]
    return combine(r, sides, _stack, node.at, "what the dots stand for is not known")


def _stack(first: TypedValue, last: TypedValue) -> TypedValue | None:
    """The stack whose first and last members are these."""
    found = series(first.e, last.e) if first.rank < 2 else None
    if found is None:
        return None
    index, body = found
    return TypedValue(Stack(index, body, columns=first.rank == 1), row=not first.rank, deep=first.deep + 1)


# ---------------------------------------------------------------- scripts on what is no name


def _read_scripted(r: Reads, node: Scripted, bound: Bound) -> Readings:
    base, ticks = node.base, (Sign("′", node.at),) * node.primes
    match base:
        case Letter() | Word() | Accent():
            return r.symbol(node, bound)
        case Fence("bars" | "norm"):
            below = atom_text(node.sub[0]) if len(node.sub) == 1 else "" if not node.sub else None
            return _bars(r, base, below, node.sup, bound) if below is not None else ()
        case Shaped(body, beneath, at):
            inside = Scripted(Fence("round", body, at), node.sub, node.sup, node.primes, node.at)
            return _read_shaped(r, _read_scripted(r, inside, bound), beneath, at)
        case _:
            read = r.factor(base, bound)
    if node.sub:
        read = unite(_entries(r, read, places, node.at) for places in read_places(r, node.sub, bound))
    return raise_all(r, read, (*ticks, *node.sup), bound)


def _entries(r: Reads, read: Readings, places: tuple[Place, ...], at: int) -> Readings:
    """An entry, row or range of what is in brackets; of a vector in brackets that is a row, of its entries."""
    return combine(r, (read,), lambda t: take_part(t, places), at, "this has no such entry")


# ---------------------------------------------------------------- shapes beneath


def _read_shaped(r: Reads, read: Readings, beneath: Items, at: int) -> Readings:
    """What has the shape that stands beneath it; a remark beneath says nothing."""
    axes = read_axes(r.names, beneath)
    if not axes and _is_remark(beneath):
        return read
    if not axes:
        r.blame(beneath[0].at, "what stands beneath this is no shape that is known here")
        return ()
    form = axes if len(axes) == 2 else (axes[0], ONE)
    fitting = tuple(fit for t in read if (fit := _require_form(t, form)) is not None)
    if read and not fitting:
        r.blame(at, f"the shape beneath says {form[0]} × {form[1]}, which this has not")
    return fitting


def _is_remark(beneath: Items) -> bool:
    """Whether words or a relation stand beneath, and no shape."""
    return not beneath or any(isinstance(item, Phrase | Word) or _is_relation(item) for item in beneath)


def _is_relation(node: Node) -> bool:
    return isinstance(node, Sign) and node.text in RELATIONS


def _read_sized(r: Reads, body: Items, beneath: Items) -> Readings:
    """𝟏, 𝟏ᵀ or I with no size of its own, which the shape beneath says."""
    match body:
        case (Letter("1" | "0" as text, style),) if style and r.names.is_constant_style(style):
            return read_constant(text, read_axes(r.names, beneath))
        case (Scripted(Letter("1" | "0" as text, style), (), (Sign("⊤"),)),) if style and r.names.is_constant_style(
            style
        ):
            axes = read_axes(r.names, beneath)
            turned = (transpose_typed(t) for t in read_constant(text, axes[::-1]))
            return tuple(t for t in turned if t is not None)
        case ((Letter(text) | Word(text)) as sign,) if text in letter_rows() and letter_rows()[text].name == "eye":
            return read_identity(read_axes(r.names, beneath)) if not names_sign(r, sign) else ()
        case _:
            return ()


def _require_form(t: TypedValue, form: tuple[Size, Size]) -> TypedValue | None:
    return t if t.form == form else None
