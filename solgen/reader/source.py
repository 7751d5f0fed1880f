"""A file's text with places in it, and the list of defects found so far.

Every later stage of the reader speaks in offsets of the text; only `Source.span` turns them into the line and
column that a person sees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import accumulate

from solgen.errors import Diagnostic, InputError, Span

MAX_CARET = 60
MAX_LINE = 200


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file, line breaks as `\\n`; `name` is how messages call the file."""

    name: str
    text: str
    starts: tuple[int, ...]

    @staticmethod
    def of(name: str, text: str) -> Source:
        return Source(name, text, line_starts(text))

    def line(self, number: int) -> str:
        """The line with this number, which counts from 1; empty past the end."""
        if not 1 <= number <= len(self.starts):
            return ""
        start = self.starts[number - 1]
        stop = self.text.find("\n", start)
        return self.text[start : stop if stop >= 0 else None]

    def span(self, start: int, end: int) -> Span:
        """The stretch between two offsets, cut at the end of the first line."""
        number = bisect_right(self.starts, start)
        base = self.starts[number - 1]
        stop = min(end, base + len(self.line(number)), start + MAX_CARET)
        return Span(self.name, number, start - base + 1, max(stop, start + 1) - base + 1)


def line_starts(text: str) -> tuple[int, ...]:
    """The offsets at which the lines of a text begin."""
    return tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))


@dataclass(slots=True)
class Defects:
    """Collects the diagnostics of one file, each once; `commands`: those that the course's own header defines.

    Errors are `found`; what is only `noted` makes nothing fail.
    """

    source: Source
    commands: frozenset[str] = frozenset()
    found: dict[tuple[str, str, Span | None], Diagnostic] = field(default_factory=dict)
    noted: dict[tuple[str, str, Span | None], Diagnostic] = field(default_factory=dict)

    def error(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        self.found.setdefault((code, message, span), Diagnostic(code, message, span, hint, self._line(span)))

    def note(self, code: str, message: str, span: Span, hint: str = "") -> None:
        noted = Diagnostic(code, message, span, hint, self._line(span), "note")
        self.noted.setdefault((code, message, span), noted)

    def _line(self, span: Span | None) -> str:
        return self.source.line(span.line)[: max(MAX_LINE, span.end + 20)] if span else ""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every error and every note, in the order of the file."""
        return tuple(sorted((*self.found.values(), *self.noted.values()), key=_place))

    @property
    def notes(self) -> tuple[Diagnostic, ...]:
        """What is only noted, in the order of the file."""
        return tuple(sorted(self.noted.values(), key=_place))

    def raise_if_any(self) -> None:
        """Raises InputError when an error was found."""
        if self.found:
            raise InputError(self.diagnostics)


def _place(defect: Diagnostic) -> tuple[int, int]:
    return (defect.span.line, defect.span.column) if defect.span else (0, 0)


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` with the closest of the known words, or nothing."""
    words = list(known)
    close = _swap_letters(word, words) or get_close_matches(word, words, n=1, cutoff=0.6) or _same_but_case(word, words)
    return f"did you mean `{close[0]}`?" if close else ""


def nearest_or_all(word: str, known: Iterable[str], what: str, limit: int = 12) -> str:
    """The nearest word, or else what there is to choose from."""
    words = list(known)
    listed = ", ".join(words[:limit]) + (", …" if len(words) > limit else "")
    return nearest(word, words) or (f"{what}: {listed}" if words else "the model declares none: add it to `model`")


def _swap_letters(word: str, words: list[str]) -> list[str]:
    """Those with two neighbouring letters the other way round: `tahn` is `tanh`, not `tan`."""
    swaps = {word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in range(len(word) - 1)}
    return [w for w in words if w in swaps]


def _same_but_case(word: str, words: list[str]) -> list[str]:
    return [w for w in words if w.lower() == word.lower()]
