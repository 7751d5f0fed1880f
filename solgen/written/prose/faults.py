"""What is wrong with a text that a person typed, with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProseFault:
    """Why a text cannot be set, the stretch `start` to `end` that is to blame, and what would mend it."""

    message: str
    start: int
    end: int
    hint: str = ""
