"""Sizes: polynomials with integer coefficients in size symbols, compared in normal form.

A dimension such as `n - k + 1` or `h + d` is a `Size`; two sizes are equal exactly when their normal
forms are.  A size is at least 1 by declaration, and may be used as a number (`/ n`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Monomial = tuple[tuple[str, int], ...]  # (symbol, exponent), sorted by symbol; () is the constant


@dataclass(frozen=True, slots=True)
class Size:
    """A polynomial in normal form: monomials by falling degree, then by name; no zero coefficient."""

    terms: tuple[tuple[Monomial, int], ...]

    @staticmethod
    def of(value: int | str | Size) -> Size:
        """The constant, the symbol, or the size itself."""
        match value:
            case Size():
                return value
            case int():
                return Size((((), value),) if value else ())
            case str():
                return Size(((((value, 1),), 1),))

    def __add__(self, other: Size | int) -> Size:
        total = dict(self.terms)
        for monomial, coefficient in Size.of(other).terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        return _normal(total)

    def __sub__(self, other: Size | int) -> Size:
        return self + Size.of(other) * -1

    def __mul__(self, other: Size | int) -> Size:
        total: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in Size.of(other).terms:
                monomial = _product(left, right)
                total[monomial] = total.get(monomial, 0) + a * b
        return _normal(total)

    @property
    def constant(self) -> int | None:
        """The number this size is, or None while it holds a symbol."""
        if not self.terms:
            return 0
        return self.terms[0][1] if self.terms[0][0] == () else None

    @property
    def is_one(self) -> bool:
        return self.constant == 1

    @property
    def symbols(self) -> frozenset[str]:
        return frozenset(name for monomial, _ in self.terms for name, _ in monomial)

    def value(self, sizes: Mapping[str, int]) -> int:
        """The number at the given sizes; raises KeyError for a symbol without one."""
        total = 0
        for monomial, coefficient in self.terms:
            for name, exponent in monomial:
                coefficient *= sizes[name] ** exponent
            total += coefficient
        return total

    def __str__(self) -> str:
        text = ""
        for monomial, coefficient in self.reading_order():
            factors = [name if k == 1 else f"{name}**{k}" for name, k in monomial]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            sign = "-" if coefficient < 0 else "+"
            text += (f" {sign} " if text else sign.strip("+")) + "*".join(factors)
        return text or "0"

    def reading_order(self) -> Iterator[tuple[Monomial, int]]:
        """Positive terms before negative ones of the same degree, so that n - k + 1 does not begin with -k."""
        return iter(sorted(self.terms, key=lambda t: (-_degree(t[0]), t[1] < 0, t[0])))


ONE = Size.of(1)


def solve_sizes(axes: Iterable[tuple[Size, int]], known: Mapping[str, int]) -> dict[str, int]:
    """The size symbols that follow from axes of known length, one linear equation in one symbol after the other.

    An axis whose length contradicts what is known leaves it as it is: comparing is the caller's business.
    """
    found, rest = dict(known), list(axes)
    while True:
        open_ones = [(size, n) for size, n in rest if size.symbols - found.keys()]
        new = next((pair for size, n in open_ones if (pair := _solution(size, n, found)) is not None), None)
        if new is None:
            return found
        found[new[0]] = new[1]
        rest = open_ones


def _solution(size: Size, length: int, known: Mapping[str, int]) -> tuple[str, int] | None:
    """The one unknown symbol of a size that is linear in it, and its number."""
    unknown = size.symbols - known.keys()
    if len(unknown) != 1:
        return None
    (name,) = unknown
    if any(letter == name and k > 1 for monomial, _ in size.terms for letter, k in monomial):
        return None
    at_zero = size.value({**known, name: 0})
    slope = size.value({**known, name: 1}) - at_zero
    if not slope or (length - at_zero) % slope or (length - at_zero) // slope < 1:
        return None
    return name, (length - at_zero) // slope


def _degree(monomial: Monomial) -> int:
    return sum(k for _, k in monomial)


def _product(left: Monomial, right: Monomial) -> Monomial:
    powers = dict(left)
    for name, k in right:
        powers[name] = powers.get(name, 0) + k
    return tuple(sorted(powers.items()))


def _normal(total: dict[Monomial, int]) -> Size:
    kept = [(m, c) for m, c in total.items() if c]
    return Size(tuple(sorted(kept, key=lambda t: (-_degree(t[0]), t[0]))))
