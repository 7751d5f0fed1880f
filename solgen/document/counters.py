"""What a document has used up so far: equation numbers, rule numbers, what was said once.

One ledger belongs to one document and is filled while its blocks are made, in reading order.  Numbers are ours, not
TeX's, so that the certificate and prose can name them.
"""

from __future__ import annotations

from collections.abc import Hashable

from solgen.errors import Span
from solgen.model.step import StepId
from solgen.render.words import Words


class Ledger:
    """Numbers given out in reading order, and the places they belong to."""

    def __init__(self) -> None:
        self._equations: dict[Hashable, int] = {}
        self._count = 0
        self._rules: dict[str, int] = {}
        self._figures = 0
        self._said: set[Hashable] = set()
        self._lines: dict[tuple[str, StepId], str] = {}
        self._origins: dict[Span, Words] = {}

    def number(self, *places: Hashable) -> str:
        """The next equation number; each place keeps the latest number given to it."""
        self._count += 1
        for place in places:
            self._equations[place] = self._count
        return str(self._count)

    def same(self, number: str, place: Hashable) -> None:
        """One more place that has this number."""
        self._equations[place] = int(number)

    def number_of(self, place: Hashable) -> str:
        """The equation number of a place, empty where it has none."""
        found = self._equations.get(place)
        return "" if found is None else str(found)

    def cite(self, rule: str) -> int:
        """The number of a rule, given when it is first cited."""
        return self._rules.setdefault(rule, len(self._rules) + 1)

    @property
    def cited(self) -> tuple[str, ...]:
        """Keys of the rules cited, in the order of their numbers."""
        return tuple(self._rules)

    def figure(self) -> str:
        self._figures += 1
        return str(self._figures)

    def first(self, what: Hashable) -> bool:
        """Whether this is said for the first time; it counts as said from now on."""
        if what in self._said:
            return False
        self._said.add(what)
        return True

    def record_line(self, problem: str, line: StepId, number: str) -> None:
        """A line of a problem stands under this number; of several, the first counts."""
        self._lines.setdefault((problem, line), number)

    def lines(self, problem: str) -> dict[StepId, str]:
        """The lines of a problem by name, each with its number."""
        return {line: number for (of, line), number in self._lines.items() if of == problem}

    def record_reference(self, reference: Span, shown: Words) -> None:
        """A reference of the prose shows this."""
        self._origins.setdefault(reference, shown)

    @property
    def origins(self) -> tuple[tuple[Span, Words], ...]:
        """The references of the prose by their places, with what they show."""
        return tuple(self._origins.items())

    @property
    def numbers(self) -> dict[Hashable, int]:
        """Places and their equation numbers."""
        return dict(self._equations)
