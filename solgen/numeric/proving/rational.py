"""Rational functions with whole coefficients, in lowest terms, over a fixed number of generators."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from flint import Ordering, fmpz_mpoly_ctx


class Ratio(NamedTuple):
    """A numerator over a denominator without common factor; the denominator's leading coefficient is positive."""

    num: Any
    den: Any

    @property
    def key(self) -> str:
        """What equal ones, and no others, share."""
        return f"{self.num}/{self.den}"

    @property
    def is_zero(self) -> bool:
        return bool(self.num == 0)


class RationalFunctions:
    """The field of quotients of polynomials in `count` generators."""

    def __init__(self, count: int) -> None:
        self.ring = fmpz_mpoly_ctx.get([f"g{k}" for k in range(count)], Ordering.degrevlex)
        self.unit = self.ring.constant(1)
        self.zero, self.one = self.number(0), self.number(1)

    def number(self, value: Fraction | int) -> Ratio:
        return Ratio(self.ring.constant(value.numerator), self.ring.constant(value.denominator))

    def generator(self, k: int) -> Ratio:
        return Ratio(self.ring.gen(k), self.unit)

    def quotient(self, num: Any, den: Any) -> Ratio:
        """num/den in lowest terms."""
        shared = num.gcd(den)
        if shared != 1:
            num, den = num / shared, den / shared
        return Ratio(-num, -den) if den.leading_coefficient() < 0 else Ratio(num, den)

    def add(self, a: Ratio, b: Ratio) -> Ratio:
        """a + b; what the sum can have in common with its denominator divides what the denominators share."""
        if a.den == b.den:
            return Ratio(a.num + b.num, a.den) if a.den == 1 else self.quotient(a.num + b.num, a.den)
        shared = a.den.gcd(b.den)
        if shared == 1:
            return Ratio(a.num * b.den + b.num * a.den, a.den * b.den)
        left, right = a.den / shared, b.den / shared
        num = a.num * right + b.num * left
        again = num.gcd(shared)
        return Ratio(num / again, left * (b.den / again))

    def total(self, terms: Iterable[Ratio]) -> Ratio:
        """The sum, terms with one denominator together first."""
        together: dict[str, Ratio] = {}
        for term in terms:
            key = str(term.den)
            known = together.get(key)
            together[key] = Ratio(known.num + term.num, term.den) if known else term
        result = self.zero
        for term in together.values():
            result = self.add(result, term if term.den == 1 else self.quotient(term.num, term.den))
        return result

    def multiply(self, a: Ratio, b: Ratio) -> Ratio:
        if a.den == 1 and b.den == 1:
            return Ratio(a.num * b.num, a.den)
        one, other = a.num.gcd(b.den), b.num.gcd(a.den)
        return self._with_sign((a.num / one) * (b.num / other), (a.den / other) * (b.den / one))

    def inverse(self, a: Ratio) -> Ratio:
        """1/a; raises ZeroDivisionError for 0."""
        if a.is_zero:
            raise ZeroDivisionError
        return self._with_sign(a.den, a.num)

    def power(self, a: Ratio, exponent: int) -> Ratio:
        base = a if exponent >= 0 else self.inverse(a)
        return Ratio(base.num ** abs(exponent), base.den ** abs(exponent))

    def scale(self, a: Ratio, factor: Fraction) -> Ratio:
        return self.multiply(a, self.number(factor))

    def _with_sign(self, num: Any, den: Any) -> Ratio:
        return Ratio(-num, -den) if den.leading_coefficient() < 0 else Ratio(num, den)


def primitive(a: Ratio) -> tuple[Fraction, Ratio]:
    """The number c and the ratio r with a = c r, both of whose contents are 1 and whose leading signs are plus."""
    (top, num), (bottom, den) = a.num.primitive(), a.den.primitive()
    c = Fraction(int(top), int(bottom))
    if num.leading_coefficient() < 0:
        num, c = -num, -c
    return c, Ratio(num, den)
