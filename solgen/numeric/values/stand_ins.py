"""Concrete functions that stand in for the ones a file leaves open: an activation φ, a loss ℓ.

An equality about an unspecified φ must hold for every φ, so it is tried with several: a polynomial (over
which the comparison is exact), one built from tanh (bounded, so that deep networks stay tame), an exponential
and a sine. Each knows its derivatives of every order in closed form, by means that the engine does not use.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from solgen.numeric.values.fields import Array, Field

Coefficients = tuple[Fraction, ...]


class StandInScalar(ABC):
    """A concrete φ: its derivative of any order (0 is the function itself), entry by entry."""

    @abstractmethod
    def value(self, K: Field, order: int, x: Array) -> Any:
        """φ^(order)(x)."""


@dataclass(frozen=True, slots=True)
class Polynomial(StandInScalar):
    """Σ c_k x^k."""

    coefficients: Coefficients

    def value(self, K: Field, order: int, x: Array) -> Any:
        c = self.coefficients
        for _ in range(order):
            c = _derive_coefficients(c)
        return _horner(K, c, x)


@dataclass(frozen=True, slots=True)
class Bounded(StandInScalar):
    """P(T) with T = tanh(a x); its derivatives are again polynomials in T, since T′ = a (1 − T²)."""

    coefficients: Coefficients
    rate: Fraction

    def value(self, K: Field, order: int, x: Array) -> Any:
        c = self.coefficients
        for _ in range(order):
            slope = _derive_coefficients(c)
            c = tuple(self.rate * (a - b) for a, b in _pad(slope, (Fraction(0), Fraction(0), *slope)))
        return _horner(K, c, K.tanh(K.number(self.rate) * x))


@dataclass(frozen=True, slots=True)
class Exponential(StandInScalar):
    """c exp(a x), positive everywhere."""

    factor: Fraction
    rate: Fraction

    def value(self, K: Field, order: int, x: Array) -> Any:
        return K.number(self.factor * self.rate**order) * K.exp(K.number(self.rate) * x)


@dataclass(frozen=True, slots=True)
class Wave(StandInScalar):
    """c sin(a x + b)."""

    factor: Fraction
    rate: Fraction
    shift: Fraction

    def value(self, K: Field, order: int, x: Array) -> Any:
        phase = K.number(self.rate) * x + K.number(self.shift)
        turned = K.cos(phase) if order % 2 else K.sin(phase)
        sign = -1 if order % 4 in (2, 3) else 1
        return K.number(sign * self.factor * self.rate**order) * turned


@dataclass(frozen=True, slots=True)
class StandInLoss:
    """A concrete ℓ: Σ b_k y_k + ½ Σ c_k y_k² + (Σ a_k y_k)³/6, or with Σ b_k exp(y_k/4) in place of the first sum.

    The coefficients differ from entry to entry, so that no two entries may be exchanged.
    """

    salt: int
    exponential: bool

    def value(self, K: Field, y: Array) -> Any:
        y = y.reshape(-1)  # entries in a row: of a scalar, numpy would make a number without `sum`
        a, b, c = (self._coefficients(K, y, k) for k in range(3))
        first = b * (K.exp(y * K.number(Fraction(1, 4))) if self.exponential else y)
        inner = (a * y).sum()
        return first.sum() + (c * y * y).sum() / K.number(2) + inner * inner * inner / K.number(6)

    def gradient(self, K: Field, y: Array) -> Any:
        return self._slopes(K, y.reshape(-1)).reshape(y.shape)

    def _slopes(self, K: Field, y: Array) -> Array:
        a, b, c = (self._coefficients(K, y, k) for k in range(3))
        if self.exponential:
            quarter = K.number(Fraction(1, 4))
            b = b * quarter * K.exp(y * quarter)
        inner = (a * y).sum()
        return K.array(b + c * y + a * (inner * inner / K.number(2)))

    def _coefficients(self, K: Field, y: Array, which: int) -> Array:
        draw = random.Random(f"{self.salt} {which}")
        entries = [K.number(Fraction(draw.choice((-1, 1)) * draw.randint(1, 31), 16)) for _ in range(y.size)]
        return K.array(entries).reshape(y.shape)


Function = StandInScalar | StandInLoss


def scalar_functions(rng: random.Random, count: int, tame: bool) -> tuple[StandInScalar, ...]:
    """`count` different φ, a polynomial first; only bounded ones when `tame`."""
    kinds = (_draw_bounded, _wave) if tame else (_polynomial, _draw_bounded, _exponential, _wave)
    return tuple(kinds[k % len(kinds)](rng) for k in range(count))


def _fraction(rng: random.Random) -> Fraction:
    return Fraction(rng.choice((-1, 1)) * rng.randint(3, 15), 8)


def _polynomial(rng: random.Random) -> StandInScalar:
    return Polynomial(tuple(_fraction(rng) / (k + 1) for k in range(4)))


def _draw_bounded(rng: random.Random) -> StandInScalar:
    return Bounded(tuple(_fraction(rng) for _ in range(3)), Fraction(rng.randint(3, 7), 8))


def _exponential(rng: random.Random) -> StandInScalar:
    return Exponential(abs(_fraction(rng)), Fraction(rng.randint(2, 5), 8))


def _wave(rng: random.Random) -> StandInScalar:
    return Wave(_fraction(rng), Fraction(rng.randint(3, 9), 8), _fraction(rng))


def _derive_coefficients(c: Coefficients) -> Coefficients:
    return tuple(k * a for k, a in enumerate(c))[1:] or (Fraction(0),)


def _pad(left: Coefficients, right: Coefficients) -> list[tuple[Fraction, Fraction]]:
    length = max(len(left), len(right))
    zeros = (Fraction(0),) * length
    return list(zip((left + zeros)[:length], (right + zeros)[:length], strict=True))


def _horner(K: Field, c: Coefficients, x: Any) -> Any:
    result = x * K.number(0) + K.number(c[-1])
    for a in reversed(c[:-1]):
        result = result * x + K.number(a)
    return result
