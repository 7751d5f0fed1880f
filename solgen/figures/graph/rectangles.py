r"""The products of a forward pass as rectangles to scale: n×m · m×1 = n×1, so that inner sizes are seen to agree.

One picture for a deduction of shapes, one row of rectangles for each product.  A size symbol has one length throughout
the picture; which symbol is longer follows the file's inequalities, else the order of appearance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from solgen.expr.nodes import Apply, Expr, Shape, Var, shape
from solgen.expr.ops import Trait, having
from solgen.expr.size import Size
from solgen.expr.walk import leaves, nodes
from solgen.figures.layout.fit import Page
from solgen.figures.layout.geometry import Rect
from solgen.figures.layout.picture import Layout, Measure, PlacedText
from solgen.model.derivation import Shapes
from solgen.model.figure import TextRole
from solgen.model.problem import Equation, Model
from solgen.render.printer import Printer

SIZE = 9.0  # points of text
DIMS = 8.0  # of the sizes beneath
SHORTEST, LONGEST, ONE = 15.0, 42.0, 4.5  # points: of the symbols, and of an axis of size 1
GAP, APART, LINE = 5.0, 26.0, 14.0  # between factors, between products, between lines of products
SHORT = 3  # symbols of a factor that is written beneath its rectangle
CHAINED = having(Trait.CHAINED)


@dataclass(frozen=True, slots=True)
class DrawnFactor:
    """A factor or a result: its symbol (empty where it is too long), its rows and columns, written, said, in points."""

    symbol: str
    dims: str
    said: str
    height: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnProduct:
    """Factors and what they make."""

    factors: tuple[DrawnFactor, ...]
    result: DrawnFactor


def products(shapes: Shapes, model: Model, printer: Printer) -> tuple[DrawnProduct, ...]:
    """The products in the equations of a deduction that contain a matrix; none where a size is no sum of symbols."""
    equations = dict.fromkeys(line.equation for line in shapes.told if line.equation is not None)
    found = [(factors, whole, e) for q in equations for factors, whole, e in _products(q)]
    sizes = [n for factors, whole, _ in found for s in (*(sides for _, sides in factors), whole) for n in s]
    lengths = _lengths(sizes, model)
    if any(sum(k for _, k in monomial) > 1 for n in sizes for monomial, _ in n.terms):
        return ()
    return tuple(
        DrawnProduct(
            tuple(_factor(e, s, lengths, printer) for e, s in factors), _factor(result, whole, lengths, printer)
        )
        for factors, whole, result in found
    )


def _products(q: Equation) -> Iterator[tuple[list[tuple[Expr, Shape]], Shape, Expr]]:
    """The factors of each product of an equation with their rows and columns, and what the product is called."""
    inner = {a for e in nodes(q.body) if isinstance(e, Apply) and e.op in CHAINED for a in e.args}
    for e in nodes(q.body):
        if isinstance(e, Apply) and ((e.op in CHAINED and e not in inner) or e.op == "outer"):
            factors = list(_factors(e))
            yield factors, (factors[0][1][0], factors[-1][1][1]), q.var if e is q.body else e


def _factors(e: Expr) -> Iterator[tuple[Expr, Shape]]:
    """The factors of a product, each with its rows and columns."""
    match e:
        case Apply(op="matmul" | "matvec", args=(a, b)):
            yield from _factors(a)
            yield from _factors(b)
        case Apply(op="vecmat", args=(Apply(op="vecmat") as a, b)):
            yield from _factors(a)
            yield from _factors(b)
        case Apply(op="vecmat", args=(a, b)):
            yield a, _sides(a)[::-1]
            yield from _factors(b)
        case Apply(op="outer", args=(a, b)):
            yield a, _sides(a)
            yield b, _sides(b)[::-1]
        case _:
            yield e, _sides(e)


def _sides(e: Expr) -> Shape:
    """Rows and columns: a vector stands, a number is 1 × 1."""
    return (*shape(e), *([Size.of(1)] * (2 - len(shape(e)))))


def _lengths(sizes: Iterable[Size], model: Model) -> Mapping[str, float]:
    """How long each size symbol is drawn: all differ, and respect what the file says of their order."""
    symbols = list(dict.fromkeys(name for n in sizes for name in sorted(n.symbols)))
    below = {(min(a.symbols), min(b.symbols)) for a, b in model.order if a.symbols and b.symbols}
    numbers = {s: model.fixed[s] for s in symbols if s in model.fixed}
    below |= {(a, b) for a, m in numbers.items() for b, n in numbers.items() if m < n}
    ranked: list[str] = []
    while rest := [s for s in symbols if s not in ranked]:
        free = [s for s in rest if not any((other, s) in below for other in rest)]
        ranked.append((free or rest)[0])
    step = (LONGEST - SHORTEST) / max(len(ranked) - 1, 1)
    return {name: SHORTEST + step * k for k, name in enumerate(ranked)}


def _points(n: Size, lengths: Mapping[str, float]) -> float:
    """The length of an axis; sums of symbols are as long as their parts together."""
    if (number := n.constant) is not None:
        return min(ONE * number, LONGEST)
    return max(sum(k * (lengths[m[0][0]] if m else ONE) for m, k in n.terms), ONE)


def _factor(e: Expr, sides: Shape, lengths: Mapping[str, float], printer: Printer) -> DrawnFactor:
    lies = len(shape(e)) == 1 and sides[0].is_one and not sides[1].is_one  # a vector as a row
    symbol = printer.expr(e) if leaves(e) <= SHORT else ""
    if lies:
        symbol = printer.write(printer.row(e).node) if isinstance(e, Var) else ""
    dims = rf"{printer.size(sides[0])}\times {printer.size(sides[1])}"
    return DrawnFactor(
        symbol, dims, " by ".join(map(str, sides)), _points(sides[0], lengths), _points(sides[1], lengths)
    )


# ---------------------------------------------------------------- from products to a picture


def product_layout(found: Sequence[DrawnProduct], measure: Measure, page: Page | None = None) -> Layout:
    """The rectangles side by side, products after each other in lines that fit the page."""
    room = page or Page()
    rows: list[list[_Piece]] = [[]]
    for product in found:
        piece = _piece(product, measure)
        if rows[-1] and sum(p.width + APART for p in rows[-1]) + piece.width > room.width:
            rows.append([])
        rows[-1].append(piece)
    width = max(sum(p.width for p in row) + APART * (len(row) - 1) for row in rows)
    panes: list[Rect] = []
    notes: list[PlacedText] = []
    top = 0.0
    for row in rows:
        axis = top - max(p.above for p in row)
        x = (width - sum(p.width for p in row) - APART * (len(row) - 1)) / 2
        for piece in row:
            panes += [r.translate(x, axis) for r in piece.panes]
            notes += [t.translate(x, axis) for t in piece.notes]
            x += piece.width + APART
        top = axis - max(p.below for p in row) - LINE
    height = -top - LINE + 2.0
    lifted = [r.translate(1.0, height - 1.0) for r in panes], [t.translate(1.0, height - 1.0) for t in notes]
    plan = Layout(
        width + 2.0, height, SIZE, False, (), (), describe_rectangles(found), 0, tuple(lifted[0]), tuple(lifted[1])
    )
    return plan.scale(min(1.0, room.width / plan.width))


@dataclass(frozen=True, slots=True)
class _Piece:
    """One product drawn around the axis on which its rectangles are centred."""

    width: float
    above: float
    below: float
    panes: tuple[Rect, ...]
    notes: tuple[PlacedText, ...]


def _piece(product: DrawnProduct, measure: Measure) -> _Piece:
    panes: list[Rect] = []
    notes: list[PlacedText] = []
    x, reach = 0.0, max(f.height for f in (*product.factors, product.result)) / 2
    signs = [""] + [r"\cdot"] * (len(product.factors) - 1) + ["="]
    for sign, factor in zip(signs, (*product.factors, product.result), strict=True):
        if sign:
            notes.append(_note(measure, sign, "label", SIZE, x + GAP, -0.25 * SIZE))
            x = notes[-1].box.right + GAP
        below: list[tuple[str, float, TextRole]] = [(factor.symbol, SIZE, "label"), (factor.dims, DIMS, "shape")]
        texts = [(t, s, r, measure(t, s).width) for t, s, r in below if t]
        wide = max(factor.width, *(w for *_, w in texts))
        middle = x + wide / 2
        panes.append(Rect(middle - factor.width / 2, -factor.height / 2, middle + factor.width / 2, factor.height / 2))
        for k, (text, size, role, w) in enumerate(texts):
            line = k + (2 - len(texts))
            notes.append(_note(measure, text, role, size, middle - w / 2, -reach - 1.25 * SIZE * (line + 1)))
        x += wide
    return _Piece(x, reach, reach + 2.5 * SIZE + 3.0, tuple(panes), tuple(notes))


def _note(measure: Measure, text: str, role: TextRole, size: float, x: float, y: float) -> PlacedText:
    extent = measure(text, size)
    return PlacedText(text, role, size, x, y, Rect(x, y - extent.descent, x + extent.width, y + extent.ascent))


def describe_rectangles(found: Sequence[DrawnProduct]) -> str:
    """The picture in words."""
    told = [f"{' times '.join(f.said for f in p.factors)} makes {p.result.said}" for p in found]
    return f"Products as rectangles to scale: {'; '.join(told)}."
