"""How long an axis is, and what it is called: two axes are the same where their polynomials are, not their lengths."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from solgen.written.model.statements import Unclear


@dataclass(frozen=True, slots=True)
class Length:
    """A polynomial in sizes: its value here, and its value where each symbol is a long random number.

    Two polynomials are equal where the second values are: a whole number has itself there.
    """

    count: int
    mark: int

    def __add__(self, other: Length) -> Length:
        return Length(self.count + other.count, self.mark + other.mark)

    def __sub__(self, other: Length) -> Length:
        return Length(self.count - other.count, self.mark - other.mark)

    def __mul__(self, other: Length) -> Length:
        return Length(self.count * other.count, self.mark * other.mark)

    def __pow__(self, exponent: int) -> Length:
        return Length(self.count**exponent, self.mark**exponent)

    @property
    def is_one(self) -> bool:
        return self.mark == 1


LARGEST = 10**12  # a mark beyond is that of a symbol
ZERO, ONE = Length(0, 0), Length(1, 1)
Lengths = tuple[Length, ...]


def symbol(name: str, sizes: Mapping[str, int]) -> Length:
    """The length that a symbol stands for."""
    if name not in sizes:
        raise Unclear(f"`{name}` has no size")
    return Length(sizes[name], int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big") + LARGEST)


def whole(number: int) -> Length:
    """A length that is a number."""
    return Length(number, number)


def product(lengths: Lengths) -> Length:
    """How many entries an array with these axes has."""
    result = ONE
    for length in lengths:
        result = result * length
    return result
