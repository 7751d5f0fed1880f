"""The fields that formulas are evaluated over: float64, exact rationals, balls.

A row of the table states its value once, against a field `K` (`K.exp(x)`, `K.maximum(a, b)`); here are the
three `K`.  Values are numpy arrays, of dtype float64 or of objects (flint's `fmpq` and `arb`), so that every
row works on scalars, arrays and batches of arrays alike.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
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


def _function(name: str) -> Callable[..., Any]:
    def method(self: Field, *xs: Any) -> Any:
        return self.map(name, *xs)

    method.__name__ = name
    return method


class Field(ABC):
    """A field K of scalar functions, applied entry by entry.

    `signs` collects, where it is a list, on which side of its kink each argument lay.
    """

    name: str
    dtype: Any

    def __init__(self) -> None:
        self.signs: list[int] | None = None

    @abstractmethod
    def map(self, name: str, *xs: Any) -> Any:
        """The scalar function `name` on every entry; raises Undefined outside its domain, NotExact where it is."""

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

    def array(self, x: Any) -> Array:
        return np.asarray(x, dtype=self.dtype)

    def note(self, sign: int) -> int:
        if self.signs is not None:
            self.signs.append(sign)
        return sign

    exp, log, sqrt = _function("exp"), _function("log"), _function("sqrt")
    sin, cos, tan = _function("sin"), _function("cos"), _function("tan")
    asin, acos, atan, atanh = _function("asin"), _function("acos"), _function("atan"), _function("atanh")
    sinh, cosh, tanh = _function("sinh"), _function("cosh"), _function("tanh")
    abs, sign, step = _function("abs"), _function("sign"), _function("step")
    maximum, minimum, pow = _function("maximum"), _function("minimum"), _function("pow")
    normcdf = _function("normcdf")


class Floats(Field):
    """IEEE double precision: what a reader can rerun."""

    name = "float64"
    dtype = np.float64

    def map(self, name: str, *xs: Any) -> Any:
        with np.errstate(all="ignore"):
            return _FLOATS[name](*xs)

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


class _Objects(Field):
    """Arrays of objects; the functions of one scalar are in `table`, the kinks are decided here."""

    dtype = object

    @property
    @abstractmethod
    def table(self) -> Mapping[str, Callable[..., Any]]:
        """The functions of one scalar, but for those with a kink."""

    def map(self, name: str, *xs: Any) -> Any:
        kinks = {"abs": self._abs, "sign": self._sign, "step": self._step, "maximum": self._maximum,
                 "minimum": self._minimum}  # fmt: skip
        scalar = kinks.get(name) or self.table.get(name)
        if scalar is None:
            raise NotExact(name)
        lifted: Callable[..., Any] = np.frompyfunc(scalar, nin=len(xs), nout=1)  # type: ignore[call-overload]
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

    @abstractmethod
    def side(self, x: Any) -> int:
        """The sign of x; raises OnKink where it cannot be told."""

    def _abs(self, x: Any) -> Any:
        return -x if self.note(self.side(x)) < 0 else x

    def _sign(self, x: Any) -> Any:
        return self.number(self.note(self.side(x)))

    def _step(self, x: Any) -> Any:
        return self.number(int(self.note(self.side(x)) > 0))

    def _maximum(self, a: Any, b: Any) -> Any:
        return self._element(a if self.note(self.side(a - b)) > 0 else b)

    def _minimum(self, a: Any, b: Any) -> Any:
        return self._element(a if self.note(self.side(b - a)) > 0 else b)

    def _element(self, x: Any) -> Any:
        return self.number(x) if isinstance(x, int) else x


class Rationals(_Objects):
    """Exact rational numbers: a verdict over them is final."""

    name = "exact"

    @property
    def table(self) -> Mapping[str, Callable[..., Any]]:
        return _RATIONALS

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


class Balls(_Objects):
    """Ball arithmetic with `bits` of precision: each value comes with a bound of its error.

    An argument within `margin` of a kink raises OnKink.
    """

    name = "ball"

    def __init__(self, bits: int, margin: float = 0.0) -> None:
        super().__init__()
        self.bits, self.margin = bits, margin

    @property
    def table(self) -> Mapping[str, Callable[..., Any]]:
        return _BALLS

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


def _ball(x: Any) -> arb:
    return x if isinstance(x, arb) else arb(x)


def _rational_power(x: Any, a: Any) -> Any:
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


def _within(name: str, inside: Callable[[arb], bool], function: Callable[[arb], Any]) -> Callable[[Any], Any]:
    def checked(x: Any) -> Any:
        ball = _ball(x)
        if not inside(ball):
            raise Undefined(name)
        return function(ball)

    return checked


def _ball_normcdf(x: Any) -> Any:
    # Φ(x) = erfc(−x/√2) / 2
    return (-_ball(x) / arb(2).sqrt()).erfc() / 2


_RATIONALS: Mapping[str, Callable[..., Any]] = {"pow": _rational_power}

_BALLS: Mapping[str, Callable[..., Any]] = {
    "exp": lambda x: _ball(x).exp(),
    "log": _within("log", lambda x: x > 0, arb.log),
    "sqrt": _within("sqrt", lambda x: x > 0 or x.is_zero(), arb.sqrt),
    "sin": lambda x: _ball(x).sin(),
    "cos": lambda x: _ball(x).cos(),
    "tan": lambda x: _ball(x).tan(),
    "asin": _within("arcsin", lambda x: abs(x) <= 1, arb.asin),
    "acos": _within("arccos", lambda x: abs(x) <= 1, arb.acos),
    "atan": lambda x: _ball(x).atan(),
    "atanh": _within("arctanh", lambda x: abs(x) < 1, arb.atanh),
    "sinh": lambda x: _ball(x).sinh(),
    "cosh": lambda x: _ball(x).cosh(),
    "tanh": lambda x: _ball(x).tanh(),
    "pow": _ball_power,
    "normcdf": _ball_normcdf,
}

_erf = np.frompyfunc(math.erf, 1, 1)

_FLOATS: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atanh": np.arctanh,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "abs": np.abs, "sign": np.sign,
    "step": lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0),
    "maximum": np.maximum, "minimum": np.minimum, "pow": np.power,
    "normcdf": lambda x: 0.5 * (1.0 + np.asarray(_erf(np.asarray(x) / math.sqrt(2.0)), dtype=float)),
}  # fmt: skip
