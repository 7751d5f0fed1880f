"""What a text says: formulas and the relations between them, each with every reading that is left."""

from __future__ import annotations

from dataclasses import dataclass

from solgen.expr.nodes import Expr
from solgen.written.consulted import Consulted
from solgen.written.data import Data
from solgen.written.syntax import Items
from solgen.written.typed import TypedValue


@dataclass(frozen=True, slots=True)
class RelationSide:
    """One side of a relation: the sign before it (empty before the first), its readings, and its nodes.

    data: what stands here instead of a value: a space, a count, a grid of numbers.
    """

    sign: str
    readings: tuple[TypedValue, ...]
    items: Items
    data: Data | None = None

    @property
    def formula(self) -> Expr | None:
        """The formula, where there is one reading alone."""
        return self.readings[0].e if len(self.readings) == 1 else None


@dataclass(frozen=True, slots=True)
class Fork:
    """A place that people read differently."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: chains of relations, each a tuple of sides; a formula alone is a chain of one side.

    names: what was asked of the names of its document, with the answers.
    `condition` is what a person says behind or before it of where it holds, as it stands.
    """

    text: str
    chains: tuple[tuple[RelationSide, ...], ...]
    forks: tuple[Fork, ...]
    names: Consulted
    condition: str = ""

    @property
    def formula(self) -> Expr | None:
        """The formula of a text that is one, read in one way."""
        match self.chains:
            case ((side,),):
                return side.formula
            case _:
                return None
