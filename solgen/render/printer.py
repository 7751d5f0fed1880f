"""Formulas as text: a presenter that makes the tree, and a format that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from solgen.expr.nodes import Expr, Shape
from solgen.expr.present.breaks import without_breaks
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.product_forms import SIGNS
from solgen.expr.present.sizes import shape_node, side_node
from solgen.expr.present.spaces import space_node
from solgen.expr.present.tree import Node, Operator
from solgen.expr.size import Size
from solgen.render.latex import latex
from solgen.render.mathtext import mathtext

FORMATS: Mapping[Literal["latex", "mathtext"], Callable[[Node], str]] = MappingProxyType(
    {"latex": latex, "mathtext": mathtext}
)


@dataclass(frozen=True, slots=True)
class Printer(Presenter):
    r"""Expressions as LaTeX, or as the mathtext of figures; with `breaks`, a long line says where it may break."""

    dialect: Literal["latex", "mathtext"] = "latex"
    breaks: bool = False

    def expr(self, e: Expr) -> str:
        """The expression; a vector as a column."""
        return self.write(self.formula(e) if self.breaks else self.inline(e))

    def sides(self, chain: tuple[Expr, ...]) -> tuple[str, ...]:
        """The sides of `a = b = …`, all as rows if one of them is written as a row (yᵀ = xᵀW)."""
        sides = self.chain(chain)
        return tuple(self.write(side if self.breaks else without_breaks(side)) for side in sides)

    def equation(self, left: Expr, right: Expr) -> str:
        """`left = right`."""
        return " = ".join(self.sides((left, right)))

    def shape(self, s: Shape, as_row: bool = False) -> str:
        r"""A shape as a reader writes it: `m \times n`, a column `n \times 1`, empty for a scalar."""
        return self.write(shape_node(s, as_row))

    def size(self, n: Size) -> str:
        """A size beside another one: a sum in parentheses."""
        return self.write(side_node(n))

    def space(self, s: Shape) -> str:
        r"""The space a value lives in: `\mathbb{R}^{m \times n}`."""
        return self.write(space_node(s))

    def write_name(self, name: str) -> str:
        """A name as it is written, not in bold."""
        return self.write(self.name(name).node())

    @property
    def hadamard(self) -> Node:
        """The sign of an entrywise product."""
        return Operator(SIGNS[self.notation.hadamard], "none")

    def write(self, node: Node) -> str:
        """A presentation tree as text."""
        return FORMATS[self.dialect](node).strip()
