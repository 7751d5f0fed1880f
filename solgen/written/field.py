"""Arithmetic modulo a prime, for comparing formulas exactly: every function of a number is a random one.

A row of the table states its value against a field `K`.  Here `K.exp`, `K.tanh` and all others are polynomials with
random coefficients, so that two formulas agree by their functions' values alone, never by what is
known of these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np
from flint import nmod

PRIME = 2**61 - 1
HALF = nmod(2, PRIME) ** -1


def residue(value: int) -> Any:
    """The whole number modulo the prime."""
    return nmod(value, PRIME)


def random_residue(key: object) -> Any:
    """The same number for the same key, whatever the process."""
    return residue(Random(repr(key)).getrandbits(60) + 1)


def random_array(key: object, axes: tuple[int, ...]) -> Any:
    """A number, or an array of numbers, that belongs to the key."""
    source = Random(repr(key))
    if not axes:
        return residue(source.getrandbits(60) + 1)
    return fill_array(axes, lambda: residue(source.getrandbits(60) + 1))


def fill_array(axes: tuple[int, ...], make: Callable[[], Any]) -> Any:
    """An array of these axes, each entry made by itself."""
    result = np.empty(axes, dtype=object)
    flat = result.reshape(-1)
    for k in range(flat.size):
        flat[k] = make()
    return result


@cache
def _coefficients(name: object, arguments: int) -> tuple[Any, ...]:
    source = Random(repr((name, arguments)))
    return tuple(residue(source.getrandbits(60) + 1) for _ in range(4 + arguments))


def unary(name: object, x: Any) -> Any:
    """The random function of that name, entry by entry."""
    a, b, c, d, *_ = _coefficients(name, 1)
    square = x * x
    return a + b * x + c * square + d * square * square * x


def binary(name: object, x: Any, y: Any) -> Any:
    """The random function of two numbers."""
    *_, a, b = _coefficients(name, 2)
    return unary(name, a * x + b * y) + unary((name, "crossed"), x * x + b * x * y)


def of_array(name: object, x: Any) -> Any:
    """A random number that depends on every entry of an array and its place."""
    flat = np.reshape(x, -1) if isinstance(x, np.ndarray) else np.array([x], dtype=object)
    weights = random_array((name, "weights", len(flat)), (len(flat),))
    return unary(name, (flat * weights).sum()) + (flat * flat * weights).sum()


class Residues:
    """The field `K` of a row's value."""

    dtype = object
    pi = random_residue("π")

    def number(self, value: Any) -> Any:
        return residue(int(value))

    def array(self, value: Any) -> Any:
        return np.asarray(value, dtype=object)

    def exp(self, x: Any) -> Any:
        return unary("exp", x)

    def log(self, x: Any) -> Any:
        return unary("log", x)

    def sqrt(self, x: Any) -> Any:
        return unary("sqrt", x)

    def tanh(self, x: Any) -> Any:
        return unary("tanh", x)

    def sin(self, x: Any) -> Any:
        return unary("sin", x)

    def cos(self, x: Any) -> Any:
        return unary("cos", x)

    def tan(self, x: Any) -> Any:
        return unary("tan", x)

    def arcsin(self, x: Any) -> Any:
        return unary("asin", x)

    def arccos(self, x: Any) -> Any:
        return unary("acos", x)

    def arctan(self, x: Any) -> Any:
        return unary("atan", x)

    def arctanh(self, x: Any) -> Any:
        return unary("atanh", x)

    def sinh(self, x: Any) -> Any:
        return unary("sinh", x)

    def cosh(self, x: Any) -> Any:
        return unary("cosh", x)

    def abs(self, x: Any) -> Any:
        return unary("abs", x)

    def sign(self, x: Any) -> Any:
        return unary("sign", x)

    def step(self, x: Any) -> Any:
        return unary("step", x)

    def normcdf(self, x: Any) -> Any:
        return unary("normcdf", x)

    def maximum(self, x: Any, y: Any) -> Any:
        return binary("maximum", x, y)

    def minimum(self, x: Any, y: Any) -> Any:
        return binary("minimum", x, y)

    def pow(self, x: Any, a: Any) -> Any:
        """A whole power exactly, a half as the root, any other as a random function."""
        if a == HALF:
            return self.sqrt(x)
        whole = int(a) if int(a) < 100 else int(a) - PRIME
        return x**whole if -100 < whole < 100 else binary("pow", x, a)

    def inv(self, x: Any) -> Any:
        """The inverse by Gauss and Jordan."""
        n = len(x)
        work = np.concatenate([x, fill_array((n, n), lambda: residue(0))], axis=1)
        for k in range(n):
            work[k, n + k] = residue(1)
        for k in range(n):
            pivot = next(j for j in range(k, n) if work[j, k] != 0)
            work[[k, pivot]] = work[[pivot, k]]
            work[k] = work[k] / work[k, k]
            for j in range(n):
                if j != k:
                    work[j] = work[j] - work[k] * work[j, k]
        return work[:, n:]

    def det(self, x: Any) -> Any:
        """The determinant by elimination."""
        work, result = np.array(x, dtype=object), residue(1)
        n = len(work)
        for k in range(n):
            pivot = next((j for j in range(k, n) if work[j, k] != 0), None)
            if pivot is None:
                return residue(0)
            if pivot != k:
                work[[k, pivot]] = work[[pivot, k]]
                result = -result
            result = result * work[k, k]
            for j in range(k + 1, n):
                work[j] = work[j] - work[k] * (work[j, k] / work[k, k])
        return result


FIELD = Residues()
