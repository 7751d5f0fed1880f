"""What holds where a function has no derivative of its own: conventions as data, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Kink:
    """The value (`order` 0) or the derivative (`order` 1) of a function is `value` at the point `at`.

    Without a point it holds everywhere; without a name the function is the operation that states the convention.
    A derivative of "left" is the slope on the left of the point.
    """

    function: str
    at: int | None = 0
    value: int | Literal["left"] = 0
    order: int = 1

    @property
    def is_formula(self) -> bool:
        """Whether it is told as a formula, relu′(0) = 0, and not as a clause."""
        return bool(self.function) and self.value != "left"

    def __str__(self) -> str:
        if self.value == "left":
            return f"at {self.at}, {self.function} has the slope of its left side"
        if not self.function:
            return f"its derivative is taken as {self.value}"
        place = "" if self.at is None else f"({self.at})"
        return f"{self.function}{'′' * self.order}{place} = {self.value}"


@dataclass(frozen=True, slots=True)
class Tie:
    """Where its arguments are equal, a function of two takes the branch of the second: its slopes are 0 and 1."""

    function: str

    @property
    def is_formula(self) -> bool:
        """It is a clause."""
        return False

    def __str__(self) -> str:
        return f"at a tie, {self.function} takes the second argument's branch"


Convention = Kink | Tie
