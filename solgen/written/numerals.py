r"""Numbers as a figure writes them: `-3/7`, `0.269`, `(1, -2)^{\top}`, `10^{-3}(1, 2; 3, 4)`, compared as data."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from solgen.written.reads import split_at_signs
from solgen.written.syntax import Digits, Fence, Items, Node, Scripted, Sign

ROWS, ENTRIES = frozenset(";"), frozenset(",")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number, or rows of numbers; `decimals`: digits behind each point, `power` of ten; `turned`: it has a ⊤.

    lines: what stands between semicolons; a number alone, without brackets, has none.
    """

    lines: tuple[tuple[Fraction, ...], ...]
    decimals: tuple[int, ...]
    power: int = 0
    turned: bool = False
    brackets: bool = False

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The numbers, line after line."""
        return tuple(number * Fraction(10) ** self.power for line in self.lines for number in line)

    @property
    def units(self) -> tuple[Fraction, ...]:
        """One unit of the last digit of each."""
        return tuple(Fraction(10) ** (self.power - digits) for digits in self.decimals)


def read_numeral(items: Items) -> Numeral | None:
    """The numbers that some nodes are; None where they are something else."""
    if found := _read_fenced(items, 0):
        return found
    match items:
        case (power, *rest) if (exponent := _power(power)) is not None and rest:
            return _read_fenced(tuple(rest), exponent)
        case (*front, Sign("·"), power) if (exponent := _power(power)) is not None:
            number = _number(tuple(front))
        case _:
            exponent, number = 0, _number(items)
    return Numeral(((number[0],),), (number[1],), exponent) if number else None


def _read_fenced(items: Items, power: int) -> Numeral | None:
    match items:
        case (Fence("round", body),):
            turned = False
        case (Scripted(Fence("round", body), (), (Sign("⊤"),), 0),):
            turned = True
        case _:
            return None
    lines = [[_number(part) for _, part in split_at_signs(line, ENTRIES)] for _, line in split_at_signs(body, ROWS)]
    found = [[n for n in line if n is not None] for line in lines]
    if [*map(len, found)] != [*map(len, lines)]:
        return None
    decimals = tuple(digits for line in found for _, digits in line)
    return Numeral(tuple(tuple(n for n, _ in line) for line in found), decimals, power, turned, brackets=True)


def _power(node: Node) -> int | None:
    """The k of 10ᵏ."""
    match node:
        case Scripted(Digits("10"), (), (Digits(text),), 0) if text.isdigit():
            return int(text)
        case Scripted(Digits("10"), (), (Sign("−"), Digits(text)), 0) if text.isdigit():
            return -int(text)
        case _:
            return None


def _number(items: Items) -> tuple[Fraction, int] | None:
    """A number and how many digits it has behind the point."""
    match items:
        case (Sign("−"), *rest):
            found = _number(tuple(rest)) if rest and not isinstance(rest[0], Sign) else None
            return (-found[0], found[1]) if found else None
        case (Digits(text),) if _is_decimal(text):
            return Fraction(text), len(text.partition(".")[2])
        case (Digits(top), Sign("/"), Digits(bottom)) if top.isdigit() and bottom.isdigit() and int(bottom):
            return Fraction(int(top), int(bottom)), 0
        case _:
            return None


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()
