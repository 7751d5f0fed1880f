r"""How a gradient may be written: the table of notations, one row each.

A row says what the symbol of ∂L/∂W is made of, as one of four kinds; a printer knows these kinds and no notation by
name.  The command line, the reader and its schema, the conventions of a document and its figures read the rows too, so
that a notation is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class QuotientSymbol:
    """∂L/∂W: the output over the variable."""


@dataclass(frozen=True, slots=True)
class OperatorSymbol:
    r"""A sign before the output, the variable as its subscript: `\nabla_{\!W} L`."""

    sign: str


@dataclass(frozen=True, slots=True)
class AccentSymbol:
    r"""The variable's own symbol under an accent, `\bar{W}`; `wide` is the accent over a word of several letters."""

    mark: Literal["bar", "hat", "tilde"]
    wide: Literal["overline", "widehat", "widetilde"]


@dataclass(frozen=True, slots=True)
class LetterSymbol:
    r"""A letter of its own, the variable as its subscript: `\delta_{W}`."""

    letter: str


GradientSymbol = QuotientSymbol | OperatorSymbol | AccentSymbol | LetterSymbol


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientNotation:
    """A row: `name` is what a file and the command line call it, `example` shows it in a page of help.

    `introduced` chooses the sentence by which a document introduces the symbol: by its `shape` alone, where everybody
    reads it, or by its `meaning`.
    """

    name: str
    example: str
    symbol: GradientSymbol
    introduced: Literal["shape", "meaning"]

    @property
    def shows_output(self) -> bool:
        """Whether the symbol says what is differentiated; where not, it is a name for an error signal of the loss."""
        return isinstance(self.symbol, QuotientSymbol | OperatorSymbol)


ROWS = (
    GradientNotation(name="partial", example="∂L/∂W", symbol=QuotientSymbol(), introduced="shape"),
    GradientNotation(name="nabla", example="∇_W L", symbol=OperatorSymbol("∇"), introduced="meaning"),
    GradientNotation(name="bar", example="W̄", symbol=AccentSymbol("bar", wide="overline"), introduced="meaning"),
    GradientNotation(name="delta", example="δ_W", symbol=LetterSymbol("δ"), introduced="meaning"),
)

GRADIENTS: Mapping[str, GradientNotation] = MappingProxyType({row.name: row for row in ROWS})
DEFAULT = ROWS[0].name


def gradient_letters(notations: Iterable[str]) -> frozenset[str]:
    """The letters that gradients are called by in these notations."""
    symbols = (GRADIENTS[name].symbol for name in notations)
    return frozenset(symbol.letter for symbol in symbols if isinstance(symbol, LetterSymbol))
