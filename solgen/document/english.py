"""English for a few situations: lists, numbers in words, plurals.  No mathematics, no LaTeX but spaces and dashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from solgen.expr.ops import ROWS

WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Before ′(0) stands a name, with its capitals, and no description: ReLU′(0), but abs′(0).
ABBREVIATIONS: Mapping[str, str] = MappingProxyType(
    {row.name: row.english for row in ROWS if row.english}
    | {f"{row.name}′(0)": f"{row.english}′(0)" for row in ROWS if row.english.lower().replace(" ", "_") == row.name}
)
ORDINALS = "first second third fourth fifth sixth".split()


def join_items(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count_noun(n: int, noun: str, plural: str = "") -> str:
    """`one path`, `two paths`, `13 paths`."""
    word = WORDS[n] if n < len(WORDS) else str(n)
    return f"{word} {noun if n == 1 else plural or noun + 's'}"


def count_times(n: int) -> str:
    """`twice`, `three times`."""
    return "twice" if n == 2 else count_noun(n, "time")


def in_digits(n: int, noun: str, plural: str = "") -> str:
    """`1 point`, `14 mutants`: the number in digits."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def ordinal(n: int) -> str:
    """`first` for 0."""
    return ORDINALS[n] if n < len(ORDINALS) else f"{n + 1}th"


def part_letters(count: int) -> tuple[str, ...]:
    """What parts are called on the page, whatever their ids: a, b, …, z, aa, ab, …"""
    return tuple(map(_letter, range(count)))


def _letter(number: int) -> str:
    return (_letter(number // 26 - 1) if number >= 26 else "") + LETTERS[number % 26]


def points(value: Fraction | None) -> str:
    """`3 points`, `1 point`, `2½ points`, nothing for none."""
    return "" if value is None else f"{amount(value)} point{'' if 0 < value <= 1 else 's'}"


def amount(value: Fraction | int) -> str:
    """`3`, `2½`."""
    whole, rest = divmod(Fraction(value), 1)
    return f"{whole or ''}½" if rest == Fraction(1, 2) else str(value)


def rule_name(name: str, taken: frozenset[str] = frozenset()) -> str:
    """The name of a rule, abbreviations as they are written: `relu` is ReLU, unless that is taken by a name."""
    kept = {word for short in taken for word in (short, f"{short}′(0)")}
    written = ((word, ABBREVIATIONS.get(word, word)) for word in name.split(" "))
    return " ".join(word if short in kept else short for word, short in written)


def sentence(text: str) -> str:
    """The text with a capital first letter; a formula at the beginning stays as it is."""
    return text[:1].upper() + text[1:]
