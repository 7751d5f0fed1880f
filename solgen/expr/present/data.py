"""What the trees of shapes, spaces and counts say: data of a formula's surroundings, read back as such."""

from __future__ import annotations

from dataclasses import dataclass

from solgen.expr.nodes import Kind, Shape, Var
from solgen.expr.present.tree import Datum
from solgen.expr.size import Size


@dataclass(frozen=True, slots=True)
class ShapeOf(Datum):
    """A shape as it stands beside a value, m × n; a vector's is n × 1, or 1 × n where it stands `as_row`."""

    shape: Shape
    as_row: bool = False


@dataclass(frozen=True, slots=True)
class SpaceOf(Datum):
    """The space that a value lives in: its shape, and what its entries may be."""

    shape: Shape
    kind: Kind = Kind.REAL


@dataclass(frozen=True, slots=True)
class CountOf(Datum):
    """How many entries a value has, #W; without one, how many all parameters have together."""

    of: Var | None = None


@dataclass(frozen=True, slots=True)
class Classes(Datum):
    """The classes that a label is one of, {1, …, C}."""

    count: Size
