r"""Chains of relations, `W = a = b`, as a derivation sets them: each side with the sign before it.

In LaTeX a side that begins with its sign begins with `{}`, so that the sign has room before it, and a line may break
before every sign but the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from solgen.expr.present.tree import Framed, Node, Operator, Row
from solgen.render.escape import Tex
from solgen.render.latex import HOUSE, Macros, latex

Relation = Literal["=", "≈", "∈", ""]
EQUALS = Operator("=", "relation")
SIGNS: Mapping[Relation, str] = MappingProxyType({"=": "= ", "≈": r"\approx ", "∈": r"\in ", "": ""})


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a chain with the sign before it; an answer within a line stands in a frame."""

    body: Node
    sign: Relation = "="

    @property
    def answer(self) -> bool:
        return isinstance(self.body, Framed)


Sides = tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """`left = a = b`, one formula after the other."""

    left: Node
    sides: Sides


@dataclass(frozen=True, slots=True)
class Equality:
    """`left = right`; `breaks` says whether a line may break before the sign, `introduces` whether the left side is a
    name that the file does not have."""

    left: Node
    right: Node
    breaks: bool = False
    introduces: bool = False

    @property
    def sides(self) -> Sides:
        """Its one side behind the left, as a chain has them."""
        return (Side(self.right),)

    @property
    def node(self) -> Node:
        """Both sides as one tree, which breaks nowhere between them."""
        return equate(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Beside:
    """Formulas side by side, with commas between them."""

    items: tuple[Chain | Node, ...]


def equate(*sides: Node) -> Node:
    """`a = b = …` as one tree."""
    spread = [part for side in sides for part in (EQUALS, side)]
    return Row(tuple(spread[1:])) if len(sides) > 1 else sides[0]


def latex_sides(sides: Sides, m: Macros = HOUSE) -> Tex:
    """What stands behind the left side of a line."""
    return Tex(f" {m.break_relation}".join(_latex_side(side, m) for side in sides))


def _latex_side(side: Side, m: Macros) -> str:
    sign = f"{m.begin}{SIGNS[side.sign]}" if side.sign else ""
    return sign + latex(side.body, m)


def latex_beside(formulas: Beside) -> Tex:
    """Formulas side by side."""
    return Tex(r",\apart ".join(rf"\formula{{{latex_chain(item)}}}" for item in formulas.items))


def latex_chain(chain: Chain | Equality | Node, m: Macros = HOUSE) -> Tex:
    """A whole chain, or a formula that is none."""
    match chain:
        case Chain(left, sides):
            return Tex(f"{latex(left, m)} {latex_sides(sides, m)}")
        case Equality(left, breaks=True):
            return Tex(f"{latex(left, m)} {m.break_relation}{latex_sides(chain.sides, m)}")
        case Equality():
            return Tex(latex(chain.node, m))
        case _:
            return Tex(latex(chain, m))
