"""How long an axis is, and what it is called: two axes are the same where their polynomials are, not their lengths."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from solgen.written.model.statements import Unclear


@dataclass(frozen=True, slots=True)
class AxisLength:
    """A polynomial in sizes: its value here, and its value where each symbol is a long random number.

    Two polynomials are equal where the second values are: a whole number has itself there.
    """

    count: int
    mark: int

    def __add__(self, other: AxisLength) -> AxisLength:
        return AxisLength(self.count + other.count, self.mark + other.mark)

    def __sub__(self, other: AxisLength) -> AxisLength:
        return AxisLength(self.count - other.count, self.mark - other.mark)

    def __mul__(self, other: AxisLength) -> AxisLength:
        return AxisLength(self.count * other.count, self.mark * other.mark)

    def __pow__(self, exponent: int) -> AxisLength:
        return AxisLength(self.count**exponent, self.mark**exponent)

    @property
    def is_one(self) -> bool:
        return self.mark == 1


LARGEST = 10**12  # a mark beyond is that of a symbol
ZERO, ONE = AxisLength(0, 0), AxisLength(1, 1)
Lengths = tuple[AxisLength, ...]


def symbol_length(name: str, sizes: Mapping[str, int]) -> AxisLength:
    """The length that a symbol stands for."""
    if name not in sizes:
        raise Unclear(f"`{name}` has no size")
    return AxisLength(sizes[name], int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big") + LARGEST)


def whole_length(number: int) -> AxisLength:
    """A length that is a number."""
    return AxisLength(number, number)


def size_product(lengths: Lengths) -> AxisLength:
    """How many entries an array with these axes has."""
    result = ONE
    for length in lengths:
        result = result * length
    return result
