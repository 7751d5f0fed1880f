"""What a presentation depends on besides the formula: the notation of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from solgen.expr.present.notation import DEFAULT


class Style(Protocol):
    """What is read of a notation (`solgen.model.problem.Notation` is one)."""

    @property
    def gradient(self) -> str: ...  # the name of a row of `solgen.expr.present.notation`
    @property
    def hadamard(self) -> Literal["odot", "circ"]: ...
    @property
    def vectors(self) -> Literal["bold", "plain"]: ...


@dataclass(frozen=True, slots=True)
class Plain:
    """The notation where none is chosen."""

    gradient: str = DEFAULT
    hadamard: Literal["odot", "circ"] = "odot"
    vectors: Literal["bold", "plain"] = "bold"


PLAIN = Plain()
