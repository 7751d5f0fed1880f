"""What the forms of formulas ask of the one who puts a tree together (`solgen.expr.present.presenter.Presenter`)."""

from __future__ import annotations

from typing import Protocol

from solgen.expr.nodes import Expr, Index, Var
from solgen.expr.present.notation import GradientNotation
from solgen.expr.present.piece import Piece
from solgen.expr.present.style import Style
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import Node


class Maker(Protocol):
    """Makes the parts of a formula; each form puts its own together from them."""

    @property
    def notation(self) -> Style: ...

    @property
    def gradient(self) -> GradientNotation:
        """How gradients are written."""

    @property
    def loss(self) -> str | None:
        """The name whose gradients have symbols of their own in bar and delta notation (None: every scalar)."""

    @property
    def bound(self) -> frozenset[str]:
        """The indices of the sums around what is made."""

    @property
    def taken(self) -> frozenset[str]:
        """The letters that are names, to which signs of ours give way."""

    @property
    def shapes(self) -> bool: ...

    @property
    def plain(self) -> Maker:
        """The same maker without shapes, for fractions, scripts and arguments."""

    def within(self, indices: frozenset[str]) -> Maker:
        """The same maker inside a sum over these indices."""

    def piece(self, e: Expr) -> Piece: ...

    def row(self, e: Expr) -> Piece:
        """A vector written as a row."""

    def var(self, v: Var) -> WrittenName: ...

    def name(self, name: str) -> WrittenName: ...

    def indices(self, indices: tuple[Index, ...]) -> Node: ...
