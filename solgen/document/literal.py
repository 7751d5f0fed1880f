r"""A formula with numbers in the place of its names: `W x + b` as matrix times column plus column.

The presenter is the one of all formulas, so that signs and products read as they do without numbers; only the parts for
which there is a value show that value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import assert_never

from solgen.document.quantities import quantity_node
from solgen.expr.nodes import Apply, Entry, Expr, Idx, Index, SizeNum, Sum, Var, shape
from solgen.expr.present.entry import entry_through_leaves
from solgen.expr.present.piece import ATOM, FRAC, LESS, NEG, PLUS, PROD, SUM, Piece, without_minus
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import Fence, Fraction, Node, Number, Row, Table, map_children, showing, walk
from solgen.expr.size import Size
from solgen.model.in_numbers import WithNumbers
from solgen.model.quantity import Quantity, digits_of

LONGEST = 6  # so many entries of an array are added up in writing
TALL = 3  # parentheses around a matrix grow with it


class Unspelt(LookupError):
    """A part of a formula that has no value to stand in its place."""


@dataclass(frozen=True, slots=True)
class Literal(Presenter):
    """A presenter that knows values: `values` by the part of the formula that they replace, at the samples `at`."""

    values: Mapping[Expr, Quantity] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    at: Mapping[str, int] = field(default_factory=dict)

    def piece(self, e: Expr) -> Piece:
        if e in self.values:
            return value_piece(self.values[e].sample(self.at))
        match e:
            case SizeNum(size=size):
                return Piece(Number(str(size.value(self.sizes))))
            case Sum(index=index, body=body):
                several = range(index.size.value(self.sizes))
                return _total([replace(self, at={**self.at, index.name: k}).piece(body) for k in several])
            case Apply(op="sum", args=(inner,)):
                lengths = [range(n.value(self.sizes)) for n in shape(inner)]
                if prod(map(len, lengths)) > LONGEST:
                    raise Unspelt(e.op)
                return _total([self._term(inner, tuple(map(Size.of, at))) for at in product(*lengths)])
            case Entry(array=array, indices=indices) if array in self.values:
                return value_piece(self._entry_at(self.values[array].sample(self.at), indices))
            case _:
                return Presenter.piece(self, e)

    def _term(self, e: Expr, at: tuple[Index, ...]) -> Piece:
        """One entry of an array, as a term of the sum over all of them."""
        entry = Entry(e, at) if e in self.values else entry_through_leaves(e, at)
        if entry is None:
            raise Unspelt(str(at))
        return self.piece(entry)

    def _entry_at(self, q: Quantity, indices: tuple[Index, ...]) -> Quantity:
        """One entry of a value; raises Unspelt where an index stands for several."""
        for i in indices:
            match i:
                case Size():
                    q = q.entry(i.value(self.sizes))
                case Idx(name=name) if name in self.at:
                    q = q.entry(self.at[name])
                case Idx() | Var():
                    raise Unspelt(str(i))
                case _:
                    assert_never(i)
        return q

    def var(self, v: Var) -> WrittenName:
        """A name where a number is due: the formula cannot be spelt out."""
        raise Unspelt(v.name)

    def row(self, e: Expr) -> Piece:
        if e in self.values:
            return value_piece(self.values[e].sample(self.at), as_row=True)
        return Presenter.row(self, e)

    def side(self, e: Expr) -> Node:
        """The formula as a side of an equation; a matrix brings its own parentheses.

        Raises Unspelt where a name has no value.
        """
        shown = WithNumbers(e, tuple(self.values.items()), tuple(self.sizes.items()), tuple(self.at.items()))
        return showing(_strip_names(_stretch(self.formula(e))), shown)


def value_piece(q: Quantity, as_row: bool = False) -> Piece:
    """A value as a part of a formula."""
    node = quantity_node(q, as_row)
    if not isinstance(q.entries, str):
        return Piece(node, PROD if q.power else ATOM, TALL)
    fraction = any(isinstance(part, Fraction) for part in walk(node))
    level = NEG if digits_of(q.entries)[0] else FRAC if fraction else PROD if q.power else ATOM
    return Piece(node, level, int(fraction))


def _stretch(node: Node) -> Node:
    """Parentheses around matrices as high as they are; none around one that stands alone in them."""
    match node:
        case Fence(body=Table(), kind="round", size="biggest"):
            return node.body
        case Fence(size="biggest"):
            return map_children(replace(node, size="stretchy"), _stretch)
        case _:
            return map_children(node, _stretch)


def _strip_names(node: Node) -> Node:
    return map_children(showing(node, None), _strip_names)


def _total(terms: list[Piece]) -> Piece:
    """A sum over samples, written out."""
    first, *rest = terms
    items = [first.node]
    for term in rest:
        positive = without_minus(term.node)
        items += [PLUS, term.node] if positive is None else [LESS, positive]
    return Piece(Row(tuple(items)), SUM if rest else first.level, max(term.height for term in terms))
