"""Sizes: polynomials with integer coefficients in size symbols, compared in normal form.

A dimension such as `n - k + 1` or `h + d` is a `Size`; two sizes are equal exactly when their normal
forms are.  A size is at least 1 by declaration, and may be used as a number (`/ n`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
        return self._join(lambda name, k: name if k == 1 else f"{name}**{k}", "*") or "0"

    def latex(self) -> str:
        """The polynomial in TeX, `d^{2} + d`."""
        return self._join(lambda name, k: name_latex(name) if k == 1 else f"{name_latex(name)}^{{{k}}}", r"\,") or "0"

    def _join(self, power: Callable[[str, int], str], times: str) -> str:
        text = ""
        for monomial, coefficient in self._reading_order():
            factors = [power(name, k) for name, k in monomial]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            body = times.join(factors)
            if text:
                text += f" {'-' if coefficient < 0 else '+'} {body}"
            else:
                text = f"{'-' if coefficient < 0 else ''}{body}"
        return text

    def _reading_order(self) -> Iterator[tuple[Monomial, int]]:
        """Positive terms before negative ones of the same degree, so that n - k + 1 does not begin with -k."""
        return iter(sorted(self.terms, key=lambda t: (-_degree(t[0]), t[1] < 0, t[0])))


ONE = Size.of(1)

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)


def name_latex(name: str) -> str:
    """A plain identifier in TeX: Greek by name, `lam`, a trailing number or `_part` as subscript."""
    stem, _, subscript = name.partition("_")
    digits = len(stem) - len(stem.rstrip("0123456789"))
    if digits and digits < len(stem) and not subscript:
        stem, subscript = stem[:-digits], stem[-digits:]
    if stem == "lam":
        stem = "lambda"
    if stem in GREEK:
        stem = "\\" + stem
    elif len(stem) > 1:
        stem = rf"\mathit{{{stem}}}"
    if not subscript:
        return stem
    inner = subscript if len(subscript) == 1 or subscript.isdigit() else rf"\mathrm{{{subscript.replace('_', ',')}}}"
    return f"{stem}_{{{inner}}}"


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
