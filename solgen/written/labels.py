r"""The texts of a figure: mathtext as matplotlib reads it, and labels of nodes that leave out what they are applied to.

A label shows an operation without its operands: `+`, `\times`, `\tanh`, `\frac{1}{2}\Vert\cdot\Vert^2`, `1-\cdot`.
It is read as a formula of names that stand for the operands: a dot is an operand, a sign stands between them, a
function before them.  What stands for an operand is an `operand`, a name that no file can have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, permutations
from unicodedata import normalize

from solgen.expr.nodes import Apply, Expr, Shape, Sum, Var, shape
from solgen.expr.ops import having
from solgen.expr.ops.trait import Trait
from solgen.written.compare import Different, NotRead, SameTree, SameValue, Verdict, compare_reading
from solgen.written.consulted import Consulted
from solgen.written.names import Names
from solgen.written.parser import parse_latex
from solgen.written.reader import read_lines
from solgen.written.reading import Reading
from solgen.written.spelling import glyph_of
from solgen.written.syntax import Accent, Fence, Fraction, Items, Letter, Node, Root, Scripted, Sign, Word
from solgen.written.unreadable import Unreadable

BETWEEN = frozenset("+−⊙∘⊘⊗⋆∗")
PLUS_MINUS = frozenset("+−")
SCRIPT = re.compile("[ℬℰℱℋℐℒℳℛ\N{MATHEMATICAL SCRIPT CAPITAL A}-\N{MATHEMATICAL SCRIPT CAPITAL Z}]")
DOT = "\N{CYRILLIC LETTER MULTIOCULAR O}"  # a letter that no page can set, so that no file has it
_DOT = re.compile(r"\\cdot(?![A-Za-z])")
MOST_DOTS, MOST_ORDERED = 6, 4  # dots that may be operands, and operands of which every order is tried
TOTALS = having(Trait.TOTALS)
LINES = {"rows": 1, "columns": 2}  # of a sum along an axis: how many ones stand before it, and behind it


@cache
def parse_label(text: str) -> Items:
    """The same of a node's label: a dot is a letter there, since it may be an operand."""
    return parse_mathtext(_DOT.sub(f"{DOT} ", text))


@cache
def parse_mathtext(text: str) -> Items:
    """The nodes of one line of mathtext; raises Unreadable."""
    lines = parse_latex(SCRIPT.sub(lambda found: normalize("NFKC", found[0]), text))
    return tuple(item for line in lines for cell in line for item in cell)


def read_items(items: Items, names: Names) -> Reading | NotRead:
    """What some nodes say."""
    try:
        return read_lines("", ((items,),), Consulted(names), names.bold)
    except Unreadable as why:
        return NotRead(why)


def compare_read(reading: Reading | NotRead, e: Expr, as_row: bool = False) -> Verdict:
    """What was read, beside the formula that it should be."""
    return reading if isinstance(reading, NotRead) else compare_reading(reading, e, as_row)


def operand(number: int, axes: Shape) -> Var:
    """What stands for operand number `number` of a node."""
    return Var(f"{DOT}{number}", axes)


def compare_label(items: Items, e: Expr, operands: Sequence[Var], names: Names) -> Verdict:
    """What a node's label says of its operands, beside the formula of them that it should say."""
    if isinstance(e, Sum) and e.body in operands and _sums_over(items, e, names):
        return SameTree()
    named = replace(names, values=(*names.values, *operands))
    verdict: Verdict = Different((), "it is another operation")
    for filled in _fill_label(items, operands, e):
        verdict = compare_read(read_items(filled, named), e)
        if isinstance(verdict, SameTree | SameValue):
            return verdict
    return verdict


def _sums_over(items: Items, e: Sum, names: Names) -> bool:
    """Whether a label is Σ with the index of a sum beneath."""
    match items:
        case (Scripted(Letter("Σ"), (below,), (), 0),):
            glyph = glyph_of(below)
            looks = names.at(glyph.letter, glyph.marks) if glyph else ()
            return glyph is not None and any(
                k.thing == e.index and (k.sub, k.sup) == (glyph.sub, glyph.sup) for k in looks
            )
        case _:
            return False


# ---------------------------------------------------------------- a label with its operands


def _fill_label(items: Items, operands: Sequence[Var], e: Expr) -> Iterator[Items]:
    """Every formula that a label may stand for; operands come in every order, since edges have none on paper."""
    if not operands or not items:
        yield _replace_dots(items, {})
        return
    orders = permutations(operands) if len(operands) <= MOST_ORDERED else iter((tuple(operands),))
    dots = min(sum(1 for _ in _dots(items)), MOST_DOTS)
    for order in orders:
        nodes = tuple(map(_node, order))
        for count in range(min(dots, len(nodes)), -1, -1):
            for places in combinations(range(dots), count):
                *front, last = _replace_dots(items, dict(zip(places, nodes, strict=False)))
                if count == len(nodes):
                    yield (*front, last)
                else:
                    yield from _apply_operation(tuple(front), last, nodes[count:], order[count:], e)


def _node(v: Var) -> Node:
    return Letter(v.name, "bold" if shape(v) else "")


def _apply_operation(front: Items, last: Node, nodes: Items, operands: Sequence[Var], e: Expr) -> Iterator[Items]:
    """A label whose last node is the operation: a sign between, a sign behind, a function before."""
    match last, nodes:
        case Sign("="), (one,) if not front:
            yield (one,)
        case Sign("⊤"), (one,):
            yield (*front, Scripted(one, (), (last,)))
        case Sign("−"), (one,):
            yield (*front, last, one)
        case Sign("×"), (_, _, *_):
            yield (*front, *nodes)
        case Sign("÷"), (above, below):
            yield (*front, Fraction((above,), (below,)))
            yield (*front, above, Sign("⊘"), below)
        case Sign(text), _ if text in PLUS_MINUS and front and _is_sign(front[-1]):
            return  # nobody writes two of them side by side
        case Sign(text), (first, *rest) if text in BETWEEN and rest:
            joined = (first, *(item for node in rest for item in (last, node)))
            yield (*front, Fence("round", joined)) if front else joined
        case ((Letter("Σ") | Scripted(Letter("Σ"))), (one,)) if isinstance(e, Apply):
            yield from ((*front, *total) for total in _total(last, one, len(shape(operands[0]))))
        case ((Letter() | Word() | Scripted() | Accent()), (first, *rest)):
            inside = (first, *(item for node in rest for item in (Sign(","), node)))
            yield (*front, last, Fence("round", inside))
        case _:
            return


def _is_sign(node: Node) -> bool:
    return isinstance(node, Sign) and node.text in PLUS_MINUS


def _total(sigma: Node, one: Node, axes: int) -> Iterator[Items]:
    """The sum of all entries, of the rows, or of the columns, with the ones that make it."""
    ones = Letter("1", "bold upright")
    turned = Scripted(ones, (), (Sign("⊤"),))
    along = sigma.sub[0].text if isinstance(sigma, Scripted) and isinstance(sigma.sub[0], Word) else ""
    match along, axes:
        case "", 1:
            yield (turned, one)
        case "", 2:
            yield (turned, one, ones)
        case "rows", 2:
            yield (Scripted(one, (), (Sign("⊤"),)), ones)
        case "columns", 2:
            yield (one, ones)
        case _:
            return


# ---------------------------------------------------------------- dots


def _dots(items: Items) -> Iterator[Node]:
    for item in items:
        if _is_dot(item):
            yield item
        else:
            for inner in _inside(item):
                yield from _dots(inner)


def _is_dot(item: Node) -> bool:
    return isinstance(item, Letter) and item.text == DOT


def _replace_dots(items: Items, nodes: dict[int, Node]) -> Items:
    """The items with their dots, counted from 0, replaced; the others are signs."""
    numbers = iter(range(len(list(_dots(items)))))

    def visit(item: Node) -> Node:
        if _is_dot(item):
            return nodes.get(next(numbers), Sign("·", item.at))
        found = _map_item(item, lambda inner: tuple(map(visit, inner)))
        match found:
            case Scripted(Fence("round", (Letter(text) as alone,))) if text.startswith(DOT):  # a name needs no brackets
                return replace(found, base=alone)
            case _:
                return found

    return tuple(map(visit, items))


def _inside(item: Node) -> tuple[Items, ...]:
    match item:
        case Accent(body=body) | Fence(body=body):
            return (body,)
        case Fraction(top, bottom):
            return top, bottom
        case Root(body, degree):
            return degree, body
        case Scripted(base, sub, sup):
            return (base,), sub, sup
        case _:
            return ()


def _map_item(item: Node, step: Callable[[Items], Items]) -> Node:
    match item:
        case Accent(body=body) | Fence(body=body):
            return replace(item, body=step(body))
        case Fraction(top, bottom):
            return replace(item, top=step(top), bottom=step(bottom))
        case Root(body, degree):
            return replace(item, degree=step(degree), body=step(body))
        case Scripted(base, sub, sup):
            (inner,) = step((base,))
            return replace(item, base=inner, sub=step(sub), sup=step(sup))
        case _:
            return item
