"""The fields that formulas are evaluated over: float64, exact rationals, balls.

A row of the table states its value once, against a field `K` (`K.exp(x)`, `K.maximum(a, b)`); here are the
three `K`.  Values are numpy arrays, of dtype float64 or of objects (flint's `fmpq` and `arb`), so that every
row works on scalars, arrays and batches of arrays alike.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import Any

import flint
import numpy as np
from flint import arb, arb_mat, fmpq, fmpq_mat

Array = np.ndarray[Any, Any]

HEIGHT = 4096  # bits of a numerator or denominator; beyond it exact values cost more than balls


class NotExact(ArithmeticError):
    """A value that has no exact rational form, or none of a reasonable length."""


class Undefined(ArithmeticError):
    """An operation outside its domain, such as the logarithm of a negative number."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        super().__init__(f"`{operation}` is undefined here")


class OnKink(Undefined):
    """An argument at, or too near to decide, a place where a function has no derivative."""


Scalar = Callable[..., Any]


class Entrywise:
    """A function of a field, stated for numbers and applied entry by entry; not stated, it has no exact value."""

    def __init__(self, scalar: Scalar | None = None) -> None:
        self.scalar = scalar

    def __set_name__(self, owner: type[Field], name: str) -> None:
        self.name = name

    def __get__(self, field: Field, owner: type[Field]) -> Scalar:
        return partial(field.each, self.of_numbers(field))

    def of_numbers(self, field: Field) -> Scalar:
        """The function of numbers; raises NotExact where there is none."""
        if self.scalar is None:
            raise NotExact(self.name)
        return self.scalar


class Kinked(Entrywise):
    """A function that depends on the side of a kink on which its argument lies, which the field decides and notes."""

    def of_numbers(self, field: Field) -> Scalar:
        return partial(super().of_numbers(field), field)


class Within(Entrywise):
    """A function of balls that lie inside its domain; raises Undefined for any other."""

    def __init__(self, inside: Callable[[arb], bool], function: Callable[[arb], Any]) -> None:
        super().__init__(function)
        self.inside = inside

    def of_numbers(self, field: Field) -> Scalar:
        return partial(self._apply_checked, super().of_numbers(field))

    def _apply_checked(self, function: Scalar, x: Any) -> Any:
        ball = _ball(x)
        if not self.inside(ball):
            raise Undefined(self.name)
        return function(ball)


class Field(ABC):
    """A field K of scalar functions, applied entry by entry.

    `signs` collects, where it is a list, on which side of its kink each argument lay.
    """

    name: str
    dtype: Any

    def __init__(self) -> None:
        self.signs: list[int] | None = None

    @abstractmethod
    def each(self, function: Scalar, *xs: Any) -> Any:
        """A function of numbers on every entry; raises Undefined outside its domain."""

    @abstractmethod
    def number(self, value: Fraction | int) -> Any:
        """The rational number as an element of the field."""

    @property
    @abstractmethod
    def pi(self) -> Any:
        """π; raises NotExact over the rationals."""

    @abstractmethod
    def check(self, x: Array, operation: str) -> None:
        """Raises Undefined for a value that is no number, NotExact for one that is too long."""

    @contextmanager
    def working(self) -> Iterator[None]:
        """The precision of the field, for as long as its values are computed with."""
        yield

    @abstractmethod
    def inv(self, x: Array) -> Array:
        """The inverse of a square matrix; raises Undefined where it is singular."""

    @abstractmethod
    def det(self, x: Array) -> Any:
        """The determinant of a square matrix."""

    def attains(self, x: Array) -> Array:
        """1 at the largest entry of a vector, 0 elsewhere; undefined where two are the largest."""
        best = 0
        for j in range(1, len(x)):
            best = j if self._above(x, j, best) else best
        alone = all(j == best or self._above(x, best, j) for j in range(len(x)))
        return self.array([self.number(int(j == best)) / self.number(int(alone)) for j in range(len(x))])

    def _above(self, x: Array, j: int, k: int) -> bool:
        return bool(float(self.step(x[j : j + 1] - x[k : k + 1])[0]))

    def array(self, x: Any) -> Array:
        return np.asarray(x, dtype=self.dtype)

    def note(self, sign: int) -> int:
        if self.signs is not None:
            self.signs.append(sign)
        return sign

    exp, log, sqrt, pow = Entrywise(), Entrywise(), Entrywise(), Entrywise()
    sin, cos, tan = Entrywise(), Entrywise(), Entrywise()
    arcsin, arccos, arctan, arctanh = Entrywise(), Entrywise(), Entrywise(), Entrywise()
    sinh, cosh, tanh, normcdf = Entrywise(), Entrywise(), Entrywise(), Entrywise()
    abs, sign, step = Entrywise(), Entrywise(), Entrywise()
    maximum, minimum = Entrywise(), Entrywise()


_erf = np.frompyfunc(math.erf, 1, 1)


class Floats(Field):
    """IEEE double precision: what a reader can rerun."""

    name = "float64"
    dtype = np.float64

    def each(self, function: Scalar, *xs: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*xs)

    def number(self, value: Fraction | int) -> Any:
        return np.float64(value.numerator / value.denominator)

    @property
    def pi(self) -> Any:
        return np.float64(math.pi)

    def check(self, x: Array, operation: str) -> None:
        if not np.isfinite(x).all():
            raise Undefined(operation)

    def inv(self, x: Array) -> Array:
        try:
            return np.linalg.inv(x)
        except np.linalg.LinAlgError:
            raise Undefined("inv") from None

    def det(self, x: Array) -> Any:
        return np.linalg.det(x)

    @contextmanager
    def working(self) -> Iterator[None]:
        with np.errstate(all="ignore"):
            yield

    exp, log, sqrt, pow = Entrywise(np.exp), Entrywise(np.log), Entrywise(np.sqrt), Entrywise(np.power)
    sin, cos, tan = Entrywise(np.sin), Entrywise(np.cos), Entrywise(np.tan)
    arcsin, arccos, arctan = Entrywise(np.arcsin), Entrywise(np.arccos), Entrywise(np.arctan)
    sinh, cosh, tanh, arctanh = Entrywise(np.sinh), Entrywise(np.cosh), Entrywise(np.tanh), Entrywise(np.arctanh)
    abs, sign, maximum, minimum = Entrywise(np.abs), Entrywise(np.sign), Entrywise(np.maximum), Entrywise(np.minimum)
    step = Entrywise(lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0))
    normcdf = Entrywise(lambda x: 0.5 * (1.0 + np.asarray(_erf(np.asarray(x) / math.sqrt(2.0)), dtype=np.float64)))


class Sided(Field):
    """A field that decides on which side of a kink an argument lies; the functions with kinks follow from that."""

    dtype = object

    @abstractmethod
    def side(self, x: Any) -> int:
        """The sign of x; raises OnKink where it cannot be told."""

    @Kinked
    def abs(self, x: Any) -> Any:
        return -x if self.note(self.side(x)) < 0 else x

    @Kinked
    def sign(self, x: Any) -> Any:
        return self.number(self.note(self.side(x)))

    @Kinked
    def step(self, x: Any) -> Any:
        return self.number(int(self.note(self.side(x)) > 0))

    @Kinked
    def maximum(self, a: Any, b: Any) -> Any:
        return self._element(a if self.note(self.side(a - b)) > 0 else b)

    @Kinked
    def minimum(self, a: Any, b: Any) -> Any:
        """Notes the same side as `maximum` does: a leaky ReLU is made of both, and has one kink."""
        return self._element(a if self.note(self.side(a - b)) < 0 else b)

    def _element(self, x: Any) -> Any:
        return self.number(x) if isinstance(x, int) else x


class _Objects(Sided):
    """Arrays of flint's numbers; a subclass states its functions of them."""

    def each(self, function: Scalar, *xs: Any) -> Any:
        lifted: Scalar = np.frompyfunc(function, nin=len(xs), nout=1)
        return lifted(*xs)

    @abstractmethod
    def matrix(self, rows: list[list[Any]]) -> Any:
        """flint's matrix over this field."""

    def inv(self, x: Array) -> Array:
        try:
            inverse = self.matrix(x.tolist()).inv()
        except ZeroDivisionError:
            raise Undefined("inv") from None
        return self.array(inverse.tolist())

    def det(self, x: Array) -> Any:
        return self.matrix(x.tolist()).det()


def _ball(x: Any) -> arb:
    return x if isinstance(x, arb) else arb(x)


def rational_power(x: Any, a: Any) -> Any:
    """x to a whole power; raises NotExact for any other exponent and for a power of no reasonable length."""
    exponent = fmpq(a)
    if exponent.q != 1:
        raise NotExact("**")
    if x == 0 and exponent < 0:
        raise Undefined("**")
    if abs(int(exponent.p)) * max(1, fmpq(x).height_bits()) > HEIGHT:
        raise NotExact("**")
    return fmpq(x) ** int(exponent.p)


def _ball_power(x: Any, a: Any) -> Any:
    base, exponent = _ball(x), _ball(a)
    whole = exponent.unique_fmpz() if exponent.is_exact() else None
    if whole is not None and exponent.is_integer():
        if base.contains(0) and whole < 0:
            raise Undefined("**")
        return base ** int(whole)
    if not base > 0:
        raise Undefined("**")
    return base**exponent


def _ball_normcdf(x: Any) -> Any:
    # Φ(x) = erfc(−x/√2) / 2
    return (-_ball(x) / arb(2).sqrt()).erfc() / 2


class Rationals(_Objects):
    """Exact rational numbers: a verdict over them is final."""

    name = "exact"

    def number(self, value: Fraction | int) -> Any:
        return fmpq(value.numerator, value.denominator)

    @property
    def pi(self) -> Any:
        raise NotExact("pi")

    def matrix(self, rows: list[list[Any]]) -> Any:
        return fmpq_mat(rows)

    def check(self, x: Array, operation: str) -> None:
        for entry in x.flat:
            if isinstance(entry, fmpq) and entry.height_bits() > HEIGHT:
                raise NotExact(operation)

    @contextmanager
    def working(self) -> Iterator[None]:
        try:
            yield
        except ZeroDivisionError:
            raise Undefined("/") from None

    def side(self, x: Any) -> int:
        return (x > 0) - (x < 0)

    pow = Entrywise(rational_power)


class Balls(_Objects):
    """Ball arithmetic with `bits` of precision: each value comes with a bound of its error.

    An argument within `margin` of a kink raises OnKink.
    """

    name = "ball"

    def __init__(self, bits: int, margin: float = 0.0) -> None:
        super().__init__()
        self.bits, self.margin = bits, margin

    def number(self, value: Fraction | int) -> Any:
        return arb(fmpq(value.numerator, value.denominator))

    @property
    def pi(self) -> Any:
        return arb.pi()

    def matrix(self, rows: list[list[Any]]) -> Any:
        return arb_mat([[_ball(x) for x in row] for row in rows])

    def check(self, x: Array, operation: str) -> None:
        for entry in x.flat:
            if isinstance(entry, arb) and not entry.is_finite():
                raise Undefined(operation)

    @contextmanager
    def working(self) -> Iterator[None]:
        before = flint.ctx.prec
        flint.ctx.prec = self.bits
        try:
            yield
        finally:
            flint.ctx.prec = before

    def side(self, x: Any) -> int:
        if x > self.margin:
            return 1
        if x < -self.margin:
            return -1
        if self.margin or not _ball(x).is_zero():
            raise OnKink("kink")
        return 0

    exp, pow, normcdf = Entrywise(lambda x: _ball(x).exp()), Entrywise(_ball_power), Entrywise(_ball_normcdf)
    log = Within(lambda x: x > 0, arb.log)
    sqrt = Within(lambda x: x > 0 or x.is_zero(), arb.sqrt)
    sin, cos = Entrywise(lambda x: _ball(x).sin()), Entrywise(lambda x: _ball(x).cos())
    tan, arctan = Entrywise(lambda x: _ball(x).tan()), Entrywise(lambda x: _ball(x).atan())
    arcsin, arccos = Within(lambda x: abs(x) <= 1, arb.asin), Within(lambda x: abs(x) <= 1, arb.acos)
    arctanh = Within(lambda x: abs(x) < 1, arb.atanh)
    sinh, cosh = Entrywise(lambda x: _ball(x).sinh()), Entrywise(lambda x: _ball(x).cosh())
    tanh = Entrywise(lambda x: _ball(x).tanh())
