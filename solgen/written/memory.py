"""What was read and compared once is not read again: a text that stands in many places, with the same names for it."""

from __future__ import annotations

from collections.abc import Callable

from solgen.expr.nodes import Expr
from solgen.written.compare import NotRead, Verdict, compare_reading
from solgen.written.names import Names
from solgen.written.reading import Reading
from solgen.written.unreadable import Unreadable


class Memory:
    """Readings of one alphabet, LaTeX or a terminal's, and what they said beside formulas."""

    def __init__(self, read: Callable[[str, Names], Reading]) -> None:
        self._read = read
        self._readings: dict[str, list[Reading]] = {}
        self._verdicts: dict[tuple[int, Expr, bool], Verdict] = {}

    def read(self, text: str, names: Names) -> Reading:
        """A text with the names of its document; raises Unreadable."""
        before = self._readings.setdefault(text, [])
        for reading in before:
            if reading.names.answered_alike_by(names):
                return reading
        before.append(self._read(text, names))
        return before[-1]

    def compare(self, text: str, e: Expr, names: Names, as_row: bool = False) -> Verdict:
        """What a text says of one formula, beside the formula that it should say."""
        try:
            reading = self.read(text, names)
        except Unreadable as why:
            return NotRead(why)
        key = id(reading), e, as_row  # which is kept here as long as this is
        if key not in self._verdicts:
            self._verdicts[key] = compare_reading(reading, e, as_row)
        return self._verdicts[key]
