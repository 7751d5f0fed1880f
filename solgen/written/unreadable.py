"""A text that cannot be read: where, what was read so far, and what was expected there."""

from __future__ import annotations

from solgen.errors import SolgenError


class Unreadable(SolgenError):
    """A formula that was refused: `place` counts characters from 0, `read` is the text before it."""

    def __init__(self, reason: str, place: int = 0, text: str = "", expected: str = "") -> None:
        self.reason, self.place, self.expected = reason, place, expected
        self.read = text[:place]
        self.rest = text[place:]
        super().__init__(self._message())

    def within(self, text: str) -> Unreadable:
        """The same, with the text that was read."""
        return Unreadable(self.reason, self.place, text, self.expected)

    def _message(self) -> str:
        before = self.read[-SHOWN:]
        told = f"{self.reason} at character {self.place + 1}"
        if self.read or self.rest:
            told += f", after `{'…' if len(self.read) > SHOWN else ''}{before}`"
        return f"{told}; expected {self.expected}" if self.expected else told


SHOWN = 40  # so many characters of what was read are quoted
