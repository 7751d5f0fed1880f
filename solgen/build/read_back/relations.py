"""Whether what stands on both sides of a sign was checked to be so.

Each side of a line was read as the formula that it shows (`misreadings`); what remains is the relation between them.
= is an equality of the certificate, or holds whatever the names stand for; ≈ and = before numbers give the value that
the certificate has; ∈ names the space of the value; ≠ stands before an answer that was refuted.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import prod

from solgen.build.read_back.counts import Amounts
from solgen.build.read_back.in_numbers import at_samples, comes_to, known_values
from solgen.document.blocks import Answer, ResultBlock, TableRow
from solgen.expr.nodes import Expr, Kind, Num, Shape, SizeNum, Var, shape
from solgen.expr.present.data import Classes, CountOf, ShapeOf, SpaceOf
from solgen.expr.present.tree import Cases, Datum, Fitted, Framed, Node, Operator, Row, Shows
from solgen.expr.size import ONE, Size
from solgen.expr.text import text
from solgen.model.derivation import Count, Derivation
from solgen.model.in_numbers import Numbers, WithNumbers
from solgen.model.noun_walk import parts
from solgen.model.verdict import Checks
from solgen.numeric.checks.founded import equalities, find_refuted
from solgen.render.chains import Chain, Equality, Sides
from solgen.written import equal_values
from solgen.written.normal import normal

Shown = Expr | Datum
Link = tuple[Shown, str, Shown]  # what stands left of a sign, the sign, what stands right of it
Value = tuple[Fraction, ...]
SHAPE = "⊳"  # between a value and the shape that stands beside it


@dataclass(slots=True)
class Certified:
    """What is known of a problem, or of several: which formulas are equal, which are not, and which values there are.

    parent: the classes of equal formulas, as a forest; values: of names and gradients, in each run that has numbers;
    lengths: of the axes, wherever sizes have numbers; amounts: how many there are of what sentences count.
    """

    parent: dict[Hashable, Hashable] = field(default_factory=dict)
    apart: set[tuple[Expr, Expr]] = field(default_factory=set)
    values: dict[Expr, set[Value]] = field(default_factory=dict)
    lengths: set[tuple[str, Fraction]] = field(default_factory=set)
    order: set[tuple[Size, Size]] = field(default_factory=set)
    classes: dict[str, Size] = field(default_factory=dict)
    totals: set[Size] = field(default_factory=set)
    amounts: Amounts = field(default_factory=Amounts)

    def learn(self, derivation: Derivation, checks: Checks) -> None:
        """Everything that a certificate says of a derivation."""
        for left, right in equalities(derivation, checks):
            for a, b in ((left, right), (left, normal(left)), (right, normal(right))):
                self._join(a, b)
        self.apart.update(find_refuted(derivation, checks))
        for e, quantity in known_values(derivation, checks):
            self.values.setdefault(e, set()).add(quantity.values)
        self.amounts.learn(derivation, checks)
        for sizes in (checks.sizes, *(proof.sizes for proof in checks.proofs)):
            self._measure(sizes)
        for run in derivation.runs:
            self._measure(run.sizes)
        for content in (c for part in derivation.parts for c in part.contents if isinstance(c, Count)):
            self.totals.add(sum((_entries(v) for v, _ in content.rows), Size.of(0)))
        for model in derivation.problem.models:
            self.order.update(model.order)
            self.classes |= {d.var.name: d.classes for d in model.declarations if d.classes is not None}

    def _measure(self, sizes: Mapping[str, int]) -> None:
        self.lengths.update((symbol, Fraction(length)) for symbol, length in sizes.items())

    def equal(self, a: Expr, b: Expr) -> bool:
        """Whether an equality was checked, or needs no check."""
        return self._root(a) == self._root(b) or self._root(normal(a)) == self._root(normal(b)) or equal_values(a, b)

    def _root(self, e: Hashable) -> Hashable:
        while (above := self.parent.get(e)) is not None and above != e:
            e = above
        return e

    def _join(self, a: Hashable, b: Hashable) -> None:
        root, other = self._root(a), self._root(b)
        if root != other:
            self.parent[root] = other


def _entries(v: Var) -> Size:
    return prod(v.shape_, start=Size.of(1))


# ---------------------------------------------------------------- what stands beside what


def stated_links(page: object) -> Iterator[Link]:
    """The relations that a page states: within its lines, and between a result and the shape beside it."""
    match page:
        case TableRow(left, right, shape=shape):
            yield from _of_chain(left, right, shape)
        case ResultBlock(formula, shape) | Answer(formula, shape):
            yield from _of_chain(formula.left, formula.sides, shape)
        case Chain() | Equality():
            yield from _of_chain(page.left, page.sides, None)
        case _:
            pass
    if isinstance(page, Shows) and page.shows is not None:
        return  # what is within a formula is its own
    if isinstance(page, Row):
        yield from _of_row(page)
    if isinstance(page, Cases):  # what stands beside a value is the condition under which it holds
        page = tuple(value for value, _ in page.lines)
    for part in parts(page):
        yield from stated_links(part)


def _of_chain(left: Node | None, sides: Sides, shape: Node | None) -> Iterator[Link]:
    whole = [("", left), *((side.sign, side.body) for side in sides)]
    yield from _link_sides([(sign, interpret(node)) for sign, node in whole if node is not None])
    last, beside = interpret(sides[-1].body if sides else left), interpret(shape)
    if last is not None and beside is not None:
        yield last, SHAPE, beside


def _of_row(row: Row) -> Iterator[Link]:
    """The relations within one tree: x = y, x ∈ ℝⁿ."""
    signs = [k for k, item in enumerate(row.items) if isinstance(item, Operator) and item.spacing == "relation"]
    if not signs:
        return
    ends = [*signs, len(row.items)]
    sides: list[tuple[str, Shown | None]] = [("", _said_together(row.items[: signs[0]]))]
    for k, end in zip(signs, ends[1:], strict=True):
        sign = row.items[k]
        assert isinstance(sign, Operator)
        sides.append((sign.sign, _said_together(row.items[k + 1 : end])))
    yield from _link_sides(sides)


def _said_together(items: Sequence[Node]) -> Shown | None:
    """What stands between two signs; a list goes on behind its comma."""
    return interpret(items[0]) if len(items) == 1 else None


def _link_sides(sides: Sequence[tuple[str, Shown | None]]) -> Iterator[Link]:
    for (_, left), (sign, right) in pairwise(sides):
        if left is not None and right is not None and sign:
            yield left, sign, right


def interpret(node: Node | None) -> Shown | None:
    """What a tree says, behind its frame."""
    match node:
        case None:
            return None
        case Framed(body) | Fitted(body) if node.shows is None:
            return interpret(body)
        case _:
            return node.shows


# ---------------------------------------------------------------- whether it is so


def false_links(page: object, known: Certified) -> Iterator[str]:
    """What a page states and nothing verified, each in words."""
    for left, sign, right in dict.fromkeys(stated_links(page)):
        if not _holds(left, sign, right, known):
            yield f"states `{_describe(left)} {sign} {_describe(right)}`, which was not verified"


def _holds(left: Shown, sign: str, right: Shown, known: Certified) -> bool:
    match left, sign, right:
        case Expr(), "=" | "≈", Expr():
            return known.equal(left, right) or _is_length(left, right, known)
        case Expr(), "≠", Expr():
            return (left, right) in known.apart
        case SizeNum(size=small), "<", SizeNum(size=large):
            return (small, large) in known.order
        case Expr(), "∈", SpaceOf(shape=axes, kind=kind):
            return shape(left) == axes and kind in (Kind.REAL, left.kind if isinstance(left, Var) else Kind.REAL)
        case Var(name=name), "∈", Classes(count):
            return known.classes.get(name) == count
        case CountOf(of), "=", SizeNum(size=count):
            return count == _entries(of) if of is not None else count in known.totals
        case Expr(), "⊳", ShapeOf(shape=axes):
            return _long(shape(left)) == _long(axes)
        case _:
            return isinstance(right, Numbers | WithNumbers) and sign in ("=", "≈") and _has_value(left, right, known)


def _long(axes: Shape) -> Shape:
    """A shape without its axes of length 1, which change nothing."""
    return tuple(n for n in axes if n != ONE)


def _is_length(left: Expr, right: Expr, known: Certified) -> bool:
    """n = 3, where the sizes have numbers."""
    match left, right:
        case SizeNum(size=size), Num(value=number) if len(size.symbols) == 1:
            (symbol,) = size.symbols
            return size == Size.of(symbol) and (symbol, number) in known.lengths
        case _:
            return False


def _has_value(left: Shown, right: Numbers | WithNumbers, known: Certified) -> bool:
    """A value is that of what stands left of it; numbers put into a formula are those of its names."""
    match left, right:
        case Expr(), Numbers(quantity):
            return quantity.values in known.values.get(left, ())
        case Expr(), WithNumbers():
            return known.equal(left, at_samples(right, right.formula)) and _are_values(right, known)
        case WithNumbers(), Numbers(quantity):
            return comes_to(left, quantity)
        case _:
            return False


def _are_values(put: WithNumbers, known: Certified) -> bool:
    """Whether each number that was put in is a value of what it stands for, or of something equal to it."""
    for part, quantity in put.values:
        e, value = at_samples(put, part), quantity.sample(dict(put.at)).values
        if not any(value in found for other, found in known.values.items() if other == e or known.equal(other, e)):
            return False
    return True


def _describe(said: Shown) -> str:
    match said:
        case Expr():
            return text(said)
        case ShapeOf(shape=axes) | SpaceOf(shape=axes):
            return " × ".join(map(str, axes)) or "a number"
        case Numbers(quantity):
            return quantity.plain()
        case WithNumbers(formula):
            return f"{text(formula)} in numbers"
        case CountOf(of):
            return f"#{of.name if of else 'parameters'}"
        case Classes(count):
            return f"1 to {count}"
        case _:
            return str(said)
