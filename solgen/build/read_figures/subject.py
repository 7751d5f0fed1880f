"""What a figure must show: the forward pass, the gradients and the numbers behind it, and how its names are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from solgen.build.read_back.section import Section
from solgen.expr.nodes import Expr, Var
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Count,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.figure import DrawnText
from solgen.model.problem import Equation, Model, Part, Problem
from solgen.model.quantity import Quantity
from solgen.written import Names, NotRead, Reading, SameTree, SameValue, Unreadable, Verdict
from solgen.written.labels import compare_label, compare_read, parse_label, parse_mathtext, read_items
from solgen.written.syntax import Items


class Misdrawn(Exception):
    """A text of a figure says something else than it should; the message names what it shows."""


@dataclass(frozen=True)
class Subject:
    """What one figure is drawn for: a content of a part, with the numbers that may stand in it."""

    problem: Problem
    part: Part | None
    model: Model
    content: Content
    letters: Mapping[str, str]
    numbers: Mapping[Expr, Quantity]

    @property
    def forward(self) -> tuple[Equation, ...]:
        match self.content:
            case GraphAsked(forward=forward) | Paths(forward=forward):
                return forward
            case Shapes():
                equations = (line.equation for line in self.content.told)
                return tuple(dict.fromkeys(q for q in equations if q is not None))
            case Gradients() | Count() | Worked() | Mistakes() | Example() | Said():
                return ()
            case _:
                assert_never(self.content)

    @property
    def backward(self) -> Gradients | None:
        return self.content.backward if isinstance(self.content, GraphAsked) else None

    @property
    def paths(self) -> Paths | None:
        return self.content if isinstance(self.content, Paths) else None

    @cached_property
    def blocks(self) -> Mapping[str, AdjointBlock]:
        """The gradient at each name."""
        return {b.symbol.wrt.name: b for b in self.backward.blocks} if self.backward else {}

    @cached_property
    def names(self) -> tuple[Names, ...]:
        """Ways of naming, of which one must do; a graph has its letters for names that have one."""
        found = Section(self.problem, self.part, (), self.letters).names(self._formulas())
        return tuple(n for n in found if self.letters.items() <= n.latex.items())

    def _formulas(self) -> Iterable[Expr]:
        yield from (d.var for d in self.model.declarations)
        yield from (e for q in self.forward for e in (q.var, q.body))
        for b in self.blocks.values():
            yield from (b.symbol, b.value, b.closed, *b.final)
            yield from (e for c in b.contributions for e in c.line.chain)

    # ------------------------------------------------------------ reading

    def says(self, items: Items, e: Expr, as_row: bool = False) -> bool:
        """Whether some nodes are a formula, in one way."""
        if items not in self._read:
            self._read[items] = tuple(read_items(items, names) for names in self.names)
        return any(_holds(compare_read(reading, e, as_row)) for reading in self._read[items])

    @cached_property
    def _read(self) -> dict[Items, tuple[Reading | NotRead, ...]]:
        """What was read, in every way of naming, so that nothing is read twice."""
        return {}

    def labels(self, text: str, e: Expr, operands: tuple[Var, ...]) -> bool:
        """Whether the label of a node is an operation on these operands."""
        items = read_text(text, of_node=True)
        return any(_holds(compare_label(items, e, operands, names)) for names in self.names)


def _holds(verdict: Verdict) -> bool:
    return isinstance(verdict, SameTree | SameValue)


def words_of(drawn: DrawnText) -> str:
    """What a text says, without the dollars between which matplotlib reads mathematics."""
    return drawn.content.strip("$")


def read_text(text: str, of_node: bool = False) -> Items:
    """The nodes of a text; raises Misdrawn where it is no mathematics."""
    try:
        return parse_label(text) if of_node else parse_mathtext(text)
    except Unreadable as why:
        raise Misdrawn(f"it shows `{text}`, which cannot be read: {why}") from None
