"""The names of a document as one text asks for them: every question, with its answer.

A text reads alike with other names that answer all of its questions alike; so it need not be read once more for each
part of a problem whose other formulas name further things.
"""

from __future__ import annotations

from typing import Any, Protocol

from solgen.expr.nodes import Idx, Var
from solgen.expr.size import Size
from solgen.written.names import Appearance, Names
from solgen.written.syntax import Style


class Looks(Protocol):
    """What knows how things look on paper."""

    def at(self, letter: str, marks: tuple[str, ...]) -> tuple[Appearance, ...]:
        """The looks that begin with this letter and these marks."""


class Consulted:
    """Names that remember what they were asked."""

    __slots__ = ("answers", "names")

    def __init__(self, names: Names) -> None:
        self.names = names
        self.answers: dict[tuple[str, tuple[Any, ...]], Any] = {}

    def at(self, letter: str, marks: tuple[str, ...]) -> tuple[Appearance, ...]:
        """The looks that begin with this letter and these marks."""
        found: tuple[Appearance, ...] = self._ask("at", letter, marks)
        return found

    def words_from(self, letter: str) -> tuple[str, ...]:
        """The names of values that are words and begin with a letter, the longest first."""
        found: tuple[str, ...] = self._ask("words_from", letter)
        return found

    def indices_called(self, name: str) -> tuple[Idx, ...]:
        """The indices of this name, each of another size."""
        found: tuple[Idx, ...] = self._ask("indices_called", name)
        return found

    def is_typed(self) -> bool:
        return bool(self._ask("is_typed"))

    def is_size(self, name: str) -> bool:
        return bool(self._ask("is_size", name))

    def axes(self) -> tuple[Size, ...]:
        """The sizes of the axes of all values."""
        found: tuple[Size, ...] = self._ask("axes")
        return found

    def all_sizes(self) -> tuple[Size, ...]:
        """The sizes that are named."""
        found: tuple[Size, ...] = self._ask("all_sizes")
        return found

    def loss_in(self, gradient: str) -> Var | None:
        """What gradients in this notation are gradients of; None where none stand in it."""
        found: Var | None = self._ask("loss_in", gradient)
        return found

    def is_gradient_letter(self, letter: str) -> bool:
        return bool(self._ask("is_gradient_letter", letter))

    def is_indicator_style(self, style: Style) -> bool:
        return bool(self._ask("is_indicator_style", style))

    def is_constant_style(self, style: Style) -> bool:
        return bool(self._ask("is_constant_style", style))

    def answered_alike_by(self, names: Names) -> bool:
        """Whether other names answer alike whatever was asked."""
        asked = self.answers.items()
        return names is self.names or all(getattr(names, q)(*about) == answer for (q, about), answer in asked)

    def _ask(self, question: str, *about: Any) -> Any:
        key = question, about
        if key not in self.answers:
            self.answers[key] = getattr(self.names, question)(*about)
        return self.answers[key]
