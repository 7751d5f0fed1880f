"""Indicators in their usual spellings: 𝟙[z > 0], 𝟏{z > 0}, I(z ≥ 0), 1_{z > 0}."""

from __future__ import annotations

from solgen.expr.nodes import Apply, shape
from solgen.written.calls import made_of
from solgen.written.powers import raise_all
from solgen.written.reads import Bound, Readings, Reads, combine, split_at_signs, unite
from solgen.written.signs import RELATIONS
from solgen.written.symbols import read_kronecker
from solgen.written.syntax import Digits, Fence, Items, Letter, Node, Scripted, Sign
from solgen.written.typed import TypedValue, add_terms, apply_operation, negate_typed
from solgen.written.vocabulary import comparison_rows

TURNED = {"<": ">", "≤": "≥", ">": ">", "≥": "≥"}


def is_indicator(node: Node, after: Node | None) -> bool:
    """Whether this is a 1 or I before, or above, a comparison."""
    match node:
        case Letter("1", style) if style:
            return after is not None and _condition(after) is not None
        case Letter("I"):
            return after is not None and _condition(after) is not None
        case Scripted(Letter("1" | "I") | Digits("1"), sub):
            return _is_comparison(_inside(sub))
        case _:
            return False


def _inside(items: Items) -> Items:
    match items:
        case (Fence("round" | "square" | "curly", body),):
            return body
        case _:
            return items


def _condition(node: Node) -> Items | None:
    """The comparison in brackets."""
    match node:
        case Fence("round" | "square" | "curly", body) if _is_comparison(body):
            return body
        case Scripted(Fence("round" | "square" | "curly", body), ()) if _is_comparison(body):
            return body
        case _:
            return None


def _is_comparison(items: Items) -> bool:
    return any(isinstance(item, Sign) and item.text in RELATIONS for item in items)


def read_indicator(r: Reads, node: Node, after: Node | None, bound: Bound) -> tuple[Readings, int]:
    """The indicator, and how many nodes it took."""
    if not r.names.is_indicator_style(node.style if isinstance(node, Letter) and node.text == "1" else ""):
        r.blame(node.at, "an indicator is written otherwise here")
        return (), 1
    inside = _condition(after) if after is not None and not isinstance(node, Scripted) else None
    if inside is not None:
        read = _read_comparison(r, inside, node.at, bound)
        return raise_all(r, read, after.sup if isinstance(after, Scripted) else (), bound), 2
    assert isinstance(node, Scripted)
    read = _read_comparison(r, _inside(node.sub), node.at, bound)
    return raise_all(r, read, node.sup, bound), 1


def _read_comparison(r: Reads, items: Items, at: int, bound: Bound) -> Readings:
    sides = split_at_signs(items, RELATIONS)
    if len(sides) != 2 or not all(side for _, side in sides):
        r.blame(at, "an indicator of one comparison is read")
        return ()
    sign = sides[1][0]
    left, right = (r.sum(side, bound) for _, side in sides)
    if sign == "=" and (equal := _equal_indices(r, [side for _, side in sides], bound)):
        return equal
    if sign == "=":  # what has one number as its maximum is compared with that
        right = tuple(t for t in right if t.is_number) or right
        return unite(tuple(m for a in left if (m := _indicate_maximum(a, b)) is not None) for b in right)
    if sign not in TURNED:
        r.blame(at, f"an indicator of `{sign}` is not read")
        return ()
    row = comparison_rows()[TURNED[sign]]
    pair = (left, right) if sign in ">≥" else (right, left)

    def over(a: TypedValue, b: TypedValue) -> TypedValue | None:
        difference = add_terms((a, negate_typed(b))) if not _is_zero(b) else a
        difference = negate_typed(b) if _is_zero(a) else difference
        return made_of(row, (difference,), ()) if difference is not None else None

    return combine(r, pair, over, at, "what is compared has different shapes")


def _equal_indices(r: Reads, sides: list[Items], bound: Bound) -> Readings:
    """1[i = j] as Kronecker's δ."""
    if any(len(side) != 1 for side in sides):
        return ()
    return read_kronecker(r, (*sides[0], Sign(",", 0), *sides[1]), bound)


def _is_zero(t: TypedValue) -> bool:
    match t.e:
        case Apply():
            return False
        case e:
            return getattr(e, "value", None) == 0


def _indicate_maximum(left: TypedValue, right: TypedValue) -> TypedValue | None:
    """1[x = max x], along the same axis."""
    row = comparison_rows()["= max"]
    match right.e:
        case Apply(op="max", args=(x,), params=params) if x == left.e:
            return apply_operation(row.name, shape(x), left, params=params)
        case _:
            return None
