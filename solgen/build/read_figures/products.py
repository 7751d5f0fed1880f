"""Products as rectangles, read back: which factors make what, with rows and columns written beneath, to one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from solgen.build.read_figures.places import places_in
from solgen.build.read_figures.subject import Misdrawn, Subject, read_text, words_of
from solgen.expr.nodes import Apply, Expr, Shape, shape
from solgen.expr.ops import Trait, having
from solgen.expr.size import Size
from solgen.expr.text import text
from solgen.model.figure import Box, Drawing, DrawnText
from solgen.written.sizes import read_axes

PRODUCTS = having(Trait.PRODUCT)
SIGNS = (r"\cdot", "=")
CLOSE = 0.05  # points: two places that are one


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle with what is written beneath it: a symbol, empty where there is no room, and rows and columns."""

    box: Box
    symbol: str
    axes: Shape
    sign: str  # before it: none before the first factor of a product

    @property
    def sides(self) -> tuple[tuple[Size, float], ...]:
        """Its rows and columns, each with the length of its side."""
        left, bottom, right, top = self.box
        return (self.axes[0], top - bottom), (self.axes[1], right - left)


def check_products(drawing: Drawing, subject: Subject) -> None:
    """Raise Misdrawn where a product is none of the equations', a size is another, or a side has another length."""
    rectangles = list(_rectangles(drawing, subject))
    for product in _products(rectangles):
        _check_product(product, subject)
    _check_scale(rectangles)


# ---------------------------------------------------------------- the rectangles


def _rectangles(drawing: Drawing, subject: Subject) -> Iterator[Rectangle]:
    """The rectangles in reading order."""
    signs = [note for note in drawing.notes if words_of(note) in SIGNS and note.role == "label"]
    before: Box | None = None
    for box in sorted(drawing.panes, key=lambda b: (-round(_middle(b)[1], 1), b[0])):
        beneath = [n for n in drawing.notes if n not in signs and abs(_middle(n.box)[0] - _middle(box)[0]) < CLOSE]
        beneath = [n for n in beneath if n.box[3] < _middle(box)[1]]
        sizes = max((n for n in beneath if n.role == "shape"), key=lambda n: n.box[3], default=None)
        if sizes is None:
            raise Misdrawn("a rectangle shows no rows and columns")
        axes = read_axes(subject.names[0], read_text(words_of(sizes)))
        if len(axes) != 2:
            raise Misdrawn(f"a rectangle shows `{words_of(sizes)}`, which is no number of rows and columns")
        symbol = [words_of(n) for n in beneath if n.role == "label" and n.box[3] > sizes.box[3]]
        yield Rectangle(box, symbol[0] if symbol else "", axes, _sign_between(before, box, signs))
        before = box


def _sign_between(before: Box | None, box: Box, signs: Sequence[DrawnText]) -> str:
    """The sign between two rectangles of one line."""
    if before is None:
        return ""
    for note in signs:
        x, y = _middle(note.box)
        if before[2] < x < box[0] and abs(y - _middle(box)[1]) < (note.box[3] - note.box[1]) + box[3] - box[1]:
            return words_of(note) if box[1] <= _middle(before)[1] <= box[3] else ""
    return ""


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _products(rectangles: Sequence[Rectangle]) -> Iterator[tuple[Rectangle, ...]]:
    """The rectangles of each product, what it makes last."""
    found: list[Rectangle] = []
    for one in rectangles:
        if not one.sign and found:
            raise Misdrawn("a product makes nothing")
        found.append(one)
        if one.sign == "=":
            yield tuple(found)
            found = []
    if found:
        raise Misdrawn("a product makes nothing")


# ---------------------------------------------------------------- what they say


def _check_product(product: tuple[Rectangle, ...], subject: Subject) -> None:
    *factors, result = product
    shown = " · ".join(f"{f.symbol or '□'} ({_by(f.axes)})" for f in factors)
    shown += f" = {result.symbol or '□'} ({_by(result.axes)})"
    if any(a.axes[1] != b.axes[0] for a, b in pairwise(factors)):
        raise Misdrawn(f"it shows {shown}, and inner sizes do not agree")
    if result.axes != (factors[0].axes[0], factors[-1].axes[1]):
        raise Misdrawn(f"it shows {shown}, and a product has the rows of its first factor and the columns of its last")
    for q in subject.forward:
        for _, e in places_in(q.body):
            named = not result.symbol or subject.says(read_text(result.symbol), q.var if e is q.body else e)
            if named and isinstance(e, Apply) and e.op in PRODUCTS and _is_product(factors, result, e, subject):
                return
    equations = "; ".join(f"{text(q.var)} = {text(q.body)}" for q in subject.forward)
    raise Misdrawn(f"it shows {shown}, which is no product of {equations}")


def _is_product(factors: Sequence[Rectangle], result: Rectangle, e: Apply, subject: Subject) -> bool:
    """Whether factors and what they make are those of a product, as far as they have symbols."""
    parts = [part for _, part in places_in(e) if part is not e]
    if not all(not f.symbol or any(_is_factor(f, part, subject) for part in parts) for f in factors):
        return False
    if result.axes not in (_stands(e), _stands(e)[::-1]):
        return False
    whole = tuple(item for f in factors for item in read_text(f.symbol))
    as_row = len(shape(e)) == 1 and result.axes != _stands(e)
    return not all(f.symbol for f in factors) or subject.says(whole, e, as_row)


def _is_factor(f: Rectangle, e: Expr, subject: Subject) -> bool:
    """Whether a rectangle is a part of a formula, as it stands or, a vector, as a row."""
    items = read_text(f.symbol)
    if f.axes == _stands(e) and subject.says(items, e):
        return True
    return len(shape(e)) == 1 and f.axes == _stands(e)[::-1] and subject.says(items, e, True)


def _stands(e: Expr) -> Shape:
    """Rows and columns: a vector stands, a number is 1 × 1."""
    return (*shape(e), *(Size.of(1),) * (2 - len(shape(e))))


def _by(axes: Shape) -> str:
    return " × ".join(map(str, axes))


def _check_scale(rectangles: Sequence[Rectangle]) -> None:
    """One length for a size throughout, and another for each symbol."""
    lengths: dict[Size, float] = {}
    for size, length in (side for one in rectangles for side in one.sides):
        if abs(lengths.setdefault(size, length) - length) > CLOSE:
            raise Misdrawn(f"the size {size} has two lengths")
    symbols = sorted(length for size, length in lengths.items() if len(size.terms) == 1 and size.constant is None)
    if any(b - a < CLOSE for a, b in pairwise(symbols)):
        raise Misdrawn("two sizes have one length")
