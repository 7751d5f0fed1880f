"""The space that a value lives in as a presentation tree: ℝ to the m × n, {0, 1} to the n, with what is promised."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.nodes import Kind, Shape
from solgen.expr.present.data import Classes, SpaceOf
from solgen.expr.present.letters import LISTED, PREFIX_MINUS, join_row
from solgen.expr.present.sizes import side_node, size_node
from solgen.expr.present.tree import Dots, Fence, Identifier, Node, Number, Operator, Row, Script, Text, showing
from solgen.expr.size import Size

REALS = Identifier("R", "double-struck")
BINARY = Fence(join_row((Number("0"), Number("1")), LISTED), "curly")
UNIT = Fence(join_row((Number("0"), Number("1")), LISTED), "square")
_ENTRIES: Mapping[Kind, Node] = MappingProxyType({
    Kind.POSITIVE: Script(REALS, Row((Operator(">", "none"), Number("0")))), Kind.UNIT: UNIT, Kind.BINARY: BINARY,
    Kind.ONEHOT: BINARY, Kind.SIGNS: Fence(join_row((Row((PREFIX_MINUS, Number("1"))), Number("1")), LISTED), "curly"),
    Kind.SIMPLEX: UNIT, Kind.ONEHOT_COLUMNS: BINARY, Kind.SIMPLEX_COLUMNS: UNIT,
})  # fmt: skip
_REMARKS: Mapping[Kind, str] = MappingProxyType({
    Kind.ONEHOT: "one-hot", Kind.SIMPLEX: "summing to 1", Kind.SYM: "symmetric", Kind.POSDEF: "positive definite",
    Kind.INVERTIBLE: "invertible", Kind.ONEHOT_COLUMNS: "with one-hot columns",
    Kind.SIMPLEX_COLUMNS: "with columns summing to 1",
})  # fmt: skip


def space_node(s: Shape) -> Node:
    """The space of arrays of a shape."""
    return showing(_space(s, REALS), SpaceOf(s))


def declared_space(s: Shape, kind: Kind) -> Node:
    """The space of a declared value, with what is promised of it in words: {0, 1} to the n one-hot."""
    space, remark = _space(s, _ENTRIES.get(kind, REALS)), _REMARKS.get(kind, "")
    return Row((space, Text(f" {remark}")) if remark else (space,), shows=SpaceOf(s, kind))


def classes_node(count: Size) -> Node:
    """The classes {1, …, C} that a label is one of."""
    listed = join_row((Number("1"), Dots(), size_node(count)), LISTED)
    return Fence(listed, "curly", shows=Classes(count))


def _space(s: Shape, entries: Node) -> Node:
    if not s:
        return entries
    return Script(entries, sup=join_row(tuple(map(side_node, s)), Operator("×")) if len(s) > 1 else size_node(s[0]))
