"""Points that a reader can follow: small sizes, small whole numbers, simple functions where the file leaves them open.

Used where single values are shown.  Whether a formula holds is never judged here alone: these points are not generic.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from types import MappingProxyType
from typing import Any, assert_never

import numpy as np
from flint import fmpq, fmpq_mat

from solgen.expr.nodes import Kind, Var
from solgen.expr.size import solve_sizes
from solgen.model.problem import Equation, Model
from solgen.model.quantity import Number
from solgen.numeric.points.slopes import Slope
from solgen.numeric.values.evaluator import Evaluator
from solgen.numeric.values.fields import Array, Balls, Field, Undefined
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations
from solgen.numeric.values.stand_ins import Function, Polynomial, StandInLoss

MARGIN = 1e-6  # how far from a kink a point must be
BITS = 128
DRAWN = ((1, 2, 3, -1, -2), (1, -1, 2, -2), (1, -1, 2))  # what entries are drawn from, in turn
SCALES = (Fraction(1), Fraction(1), Fraction(1), Fraction(1, 2), Fraction(1), Fraction(1, 2), Fraction(1, 4))

ACTIVATIONS = (  # what stands for φ: coefficients, and how that is written
    ((0, 1, 1), "u^2 + u"), ((0, -1, 0, 1), "u^3 - u"), ((0, 2, 1), "u^2 + 2u"),
)  # fmt: skip
LOSS = r"\tfrac12 \sum_k k\,u_k^2"


@dataclass(frozen=True, slots=True)
class Weighted(StandInLoss):
    """½ Σ k u_k², which no exchange of entries leaves as it is; k counts all entries, row after row."""

    def value(self, K: Field, y: Array) -> Any:
        return K.array(self.gradient(K, y) * y).sum() / K.number(2)

    def gradient(self, K: Field, y: Array) -> Any:
        return K.array([K.number(k) * x for k, x in enumerate(y.flat, 1)]).reshape(y.shape)


def stand_ins(model: Model) -> tuple[dict[str, Function], dict[str, str]]:
    """A simple function for each that the file leaves open, and how it is written."""
    functions: dict[str, Function] = {}
    written: dict[str, str] = {}
    for k, declared in enumerate(model.functions):
        coefficients, text = ACTIVATIONS[k % len(ACTIVATIONS)]
        loss = declared.kind == "Loss"
        functions[declared.name] = Weighted(0, False) if loss else Polynomial(tuple(map(Fraction, coefficients)))
        written[declared.name] = LOSS if loss else text
    return MappingProxyType(functions).copy(), written


@dataclass(frozen=True, slots=True)
class Demands:
    """What must have a value at a point: the equations of a forward pass, and the slopes that are rested on."""

    equations: tuple[Equation, ...]
    slopes: tuple[Slope, ...]

    def met(self, point: Point, sizes: Mapping[str, int]) -> bool:
        """Whether all have one, and no kink is near."""
        run: Evaluator = begin_run(point, Balls(BITS, MARGIN), sizes)
        try:
            evaluate_equations(run, self.equations)
            for slope in self.slopes:
                run.value(slope.formula)
        except Undefined:
            return False
        return True


def small_points(model: Model, demands: Demands, sizes: Mapping[str, int], seed: str, tries: int) -> Iterator[Point]:
    """Points of small numbers at which every operation is defined and no kink is near, at most `tries` of them."""
    functions, _ = stand_ins(model)
    variables = tuple(d.var for d in model.declarations)
    classes = {d.var.name: d.classes.value(sizes) for d in model.declarations if d.classes is not None}
    for attempt in range(tries):
        rng = random.Random(f"{seed} small {attempt}")
        scale = SCALES[attempt % len(SCALES)]
        entries = [k * scale for k in DRAWN[attempt % len(DRAWN)]]
        drawn = {v.name: _draw(v, sizes, entries, classes.get(v.name, 2), rng) for v in variables}
        point = Point(drawn, functions)
        if demands.met(point, sizes):
            yield point


def stated_point(model: Model, demands: Demands, numbers: Mapping[str, Number]) -> tuple[dict[str, int], Point] | None:
    """The file's own numbers, with the sizes that follow; None where they leave a value open, or lie on a kink."""
    variables = tuple(d.var for d in model.declarations)
    if not all(v.name in numbers for v in variables):
        return None
    arrays = {v.name: np.array(numbers[v.name], dtype=object) for v in variables}
    axes = [pair for v in variables for pair in zip(v.axes, arrays[v.name].shape, strict=True)]
    sizes = solve_sizes(axes, model.fixed)
    known = {s for q in demands.equations for size in q.var.shape_ for s in size.symbols}
    point = Point(arrays, stand_ins(model)[0])
    return (sizes, point) if known <= sizes.keys() and demands.met(point, sizes) else None


# ---------------------------------------------------------------- values of each kind


def _draw(v: Var, sizes: Mapping[str, int], from_: list[Fraction], classes: int, rng: random.Random) -> Array:
    """A value of the variable's kind; samples come first."""
    lead = tuple(i.size.value(sizes) for i in v.samples)
    own = tuple(s.value(sizes) for s in v.shape_)
    match v.kind:
        case Kind.LABEL:
            return _reshape([Fraction(rng.randrange(classes)) for _ in range(prod(lead + own))], lead + own)
        case Kind.ONEHOT | Kind.SIMPLEX:
            return _draw_distribution(v.kind is Kind.ONEHOT, lead + own, len(lead + own) - 1, rng)
        case Kind.ONEHOT_COLUMNS | Kind.SIMPLEX_COLUMNS:
            return _draw_distribution(v.kind is Kind.ONEHOT_COLUMNS, lead + own, len(lead), rng)
        case Kind.SYM | Kind.POSDEF | Kind.INVERTIBLE:
            squares = [_square(v.kind, own[0], rng) for _ in range(prod(lead))]
            return np.array(squares, dtype=object).reshape(lead + own)
        case Kind.REAL | Kind.POSITIVE | Kind.UNIT | Kind.BINARY | Kind.SIGNS:
            return _reshape(_entries(v.kind, prod(lead + own), from_, rng), lead + own)
        case _:
            assert_never(v.kind)


def _entries(kind: Kind, n: int, from_: list[Fraction], rng: random.Random) -> list[Fraction]:
    match kind:
        case Kind.BINARY:
            values: Sequence[Fraction | int] = (0, 1)
        case Kind.SIGNS:
            values = (-1, 1)
        case Kind.UNIT:
            values = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
        case Kind.POSITIVE:
            values = [abs(from_[0]) * k for k in (1, 2, 3, 4)]
        case _:
            values = from_
    drawn: list[Fraction] = []
    while len(drawn) < n:  # every value once before any comes again
        drawn += [Fraction(v) for v in rng.sample(list(values), len(values))]
    return drawn[:n]


def _draw_distribution(hot: bool, to: tuple[int, ...], axis: int, rng: random.Random) -> Array:
    """One-hot vectors, or halves, quarters and so on, along an axis."""
    classes, count = to[axis], prod(to) // to[axis]
    shares = [Fraction(1, 1 << (k + 1)) for k in range(classes - 1)] + [Fraction(1, 1 << max(classes - 1, 0))]
    first = rng.randrange(classes)
    rows = [
        [Fraction(int(c == (first + k) % classes)) for c in range(classes)] if hot else rng.sample(shares, classes)
        for k in range(count)
    ]
    others = tuple(n for k, n in enumerate(to) if k != axis)
    return np.moveaxis(_reshape([x for row in rows for x in row], (*others, classes)), -1, axis)


def _square(kind: Kind, n: int, rng: random.Random) -> Array:
    a = _reshape(_entries(Kind.REAL, n * n, list(map(Fraction, DRAWN[0])), rng), (n, n))
    identity = _reshape([Fraction(int(i == j)) for i in range(n) for j in range(n)], (n, n))
    if kind is Kind.SYM:
        return np.tril(a) + np.tril(a, -1).T
    if kind is Kind.POSDEF:
        return a @ a.T + identity
    while fmpq_mat(n, n, [fmpq(x.numerator, x.denominator) for x in a.flat]).det() == 0:
        a = a + identity
    return a


def _reshape(flat: list[Fraction], to: tuple[int, ...]) -> Array:
    array = np.empty(len(flat), dtype=object)
    array[:] = flat
    return array.reshape(to)
