"""Random points at which a problem is checked: rational, generic, within every operation's domain, off every kink.

Deterministic in the seed.  Each candidate is run forward in ball arithmetic: one at which an operation is undefined,
or a derivative that the gradients rest on, is discarded, and the search goes on at other scales and signs; the
branches of every kink that the accepted points took are recorded, and more points are sought until both sides have
occurred or the search gives up and names them.  Where an operation has a scalar beside the kink, as the slope of a
leaky ReLU, both sides must occur with each sign of it: b x has the sign of x only where b is positive.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np
from flint import fmpq, fmpq_mat

from solgen.errors import Diagnostic, InputError, Internal
from solgen.expr.nodes import Apply, Entry, Expr, Kind, Var, rank, shape
from solgen.expr.ops import TABLE
from solgen.expr.ops.convention import Kink
from solgen.expr.ops.row import KINDS
from solgen.expr.size import Size
from solgen.expr.text import text
from solgen.expr.walk import nodes
from solgen.model.problem import Equation, FunctionDeclaration
from solgen.numeric.points.slopes import Slope
from solgen.numeric.values.evaluator import Evaluator, Unknown
from solgen.numeric.values.fields import Array, Balls, NotExact, Undefined
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations
from solgen.numeric.values.stand_ins import Function, StandInLoss, scalar_functions

POINTS = 3  # to begin with
MOST = 6  # with those that reach further branches
TRIES = 60  # candidates for one point
SIDES = 12  # candidates for the point at which signs are turned
MARGIN = 1e-6  # how far from a kink a point must be
LARGEST, SMALLEST = 1e12, 1e-12  # beyond them too many digits are lost; given up only if nothing else is found


@dataclass(frozen=True, slots=True)
class SampleSpace:
    """What is sampled for: the declared variables, functions, equations, slopes to be defined, at given sizes."""

    variables: tuple[Var, ...]
    functions: tuple[FunctionDeclaration, ...]
    equations: tuple[Equation, ...]
    sizes: Mapping[str, int]
    samples: str = ""
    slopes: tuple[Slope, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Points, and the branches of kinks that none of them took."""

    points: tuple[Point, ...]
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Style:
    """How entries are drawn: a scale and a sign (0 mixes; None draws one for each variable)."""

    scale: Fraction
    sign: int | None


_STYLES = tuple(
    _Style(Fraction(scale), sign)
    for scale, sign in (
        ("1", 0), ("1/2", 0), ("1", None), ("1/2", 1), ("1/8", 0), ("2", None), ("1/4", None), ("4", 0), ("1/8", 1),
        ("1/32", None), ("2", 1), ("1/2", -1), ("8", None), ("1/128", 0),
    )
)  # fmt: skip

_KIND_FOR = {name: row.kind.value for name, row in TABLE.items() if row.domain in KINDS} | {"**": Kind.POSITIVE.value}

Kinked = tuple[Apply, int]  # an operation with a kink, and the sign of the scalar beside it; 0 where there is none

NO_SLOPE = "ask for nothing that needs this derivative"


def sample(scene: SampleSpace, seed: str, count: int = POINTS) -> Sample:
    """`count` points or a few more; raises InputError where an operation, or its slope, is undefined at every one."""
    return _Search(scene, seed).run(count)


class _Search:
    """The state of one search: what failed last, which branches occurred."""

    def __init__(self, scene: SampleSpace, seed: str) -> None:
        self.scene, self.seed = scene, seed
        self.branches: dict[Kinked, set[int]] = {}
        self.failed: tuple[Equation, str] | Slope | None = None
        self.places: set[str] = set()  # where the slopes that failed were sought
        self.labels = label_ranges(scene.equations, scene.sizes)
        self.met: dict[str, Array] = {}  # the signs that the entries of free real variables had, 0 for both

    def run(self, count: int) -> Sample:
        points: list[Point] = []
        for k in range(count):
            point = (self._other_side(k) if points and k == count - 1 else None) or self._point(k)
            if point is not None:
                points.append(point)
                self._meet(point)
        if not points:
            raise InputError([self._report_undefined()])
        for attempt in range(TRIES):
            if not self._missing() or len(points) >= max(MOST, count):
                break
            found = self._candidate(f"more {attempt}", attempt, strict=True)
            if found is not None and self._reaches(found[1]):
                points.append(found[0])
                self._record(found[1])
        return Sample(tuple(points), tuple(self._missing()))

    def _point(self, k: int) -> Point | None:
        for strict in (True, False):
            for attempt in range(TRIES):
                found = self._candidate(f"{k} {attempt} {strict}", k if attempt == 0 else attempt, strict, k + attempt)
                if found is not None:
                    self._record(found[1])
                    return found[0]
        return None

    def _other_side(self, k: int) -> Point | None:
        """A point at which every free real entry has the sign that it had at none; None where none is found."""
        for attempt in range(SIDES):
            style = attempt or k
            found = self._candidate(f"other side {attempt}", style, strict=True, which=k + attempt, turned=True)
            if found is not None:
                self._record(found[1])
                return found[0]
        return None

    def _meet(self, point: Point) -> None:
        """Take note of the signs of a point's free real entries."""
        for v in self.scene.variables:
            if v.kind is Kind.REAL:
                signs = np.sign(point.values[v.name].astype(float))
                before = self.met.get(v.name, signs)
                self.met[v.name] = np.where(before == signs, signs, 0.0)

    def _flip_signs(self, v: Var, drawn: Array) -> Array:
        """The value with each entry that had one sign so far at the other side of 0."""
        met = self.met.get(v.name)
        if met is None:
            return drawn
        flat = [-abs(x) if m > 0 else abs(x) if m < 0 else x for x, m in zip(drawn.flat, met.flat, strict=True)]
        return _array(flat, drawn.shape)

    def _candidate(
        self, name: str, style: int, strict: bool, which: int = 0, turned: bool = False
    ) -> tuple[Point, Evaluator] | None:
        """A point, and its forward pass; None where an operation is undefined or a value too large."""
        rng = random.Random(f"{self.seed} {name}")
        chosen = _STYLES[style % len(_STYLES)]
        values = {v.name: self._draw(v, chosen, rng) for v in self.scene.variables}
        if turned:
            values = {v.name: self._flip_signs(v, values[v.name]) for v in self.scene.variables}
        point = Point(values, self._functions(rng, which, style > 6))
        field = Balls(128, MARGIN if strict else 0.0)
        field.signs = []
        run = begin_run(point, field, self.scene.sizes)
        for equation in self.scene.equations:
            try:
                evaluate_equations(run, (equation,))
            except Undefined as error:
                self.failed = equation, error.operation
                return None
            except Internal as broken:
                raise broken.within(span=equation.span) from broken.cause
            if (strict and not _moderate(run, equation)) or not self._smooth(run, equation):
                return None
        return point, run

    def _smooth(self, run: Evaluator, equation: Equation) -> bool:
        """Whether every slope that is needed of an equation is defined here."""
        for slope in self.scene.slopes:
            if slope.equation == equation:
                try:
                    run.value(slope.formula)
                except (NotExact, Unknown):
                    pass
                except Undefined:
                    self.failed = slope
                    self.places |= {f"{float(x):.6g}" for x in run.value(slope.argument).array.flat}
                    return False
        return True

    def _functions(self, rng: random.Random, which: int, tame: bool) -> dict[str, Function]:
        chosen: dict[str, Function] = {}
        for k, declared in enumerate(self.scene.functions):
            if declared.kind == "Loss":
                chosen[declared.name] = StandInLoss(rng.randint(0, 1 << 30), which % 2 == 1)
            else:
                chosen[declared.name] = scalar_functions(rng, which + k + 1, tame)[-1]
        return chosen

    # ------------------------------------------------------------ branches

    def _record(self, run: Evaluator) -> None:
        for (node, sign), signs in _kinks(run):
            self.branches.setdefault((node, sign), set()).update(signs)
            match node.args[1:]:
                case (Var(kind=Kind.REAL) as free,) if sign and free in self.scene.variables:
                    self.branches.setdefault((node, -sign), set())

    def _reaches(self, run: Evaluator) -> bool:
        return any(signs - {0} - self.branches.get(kinked, set()) for kinked, signs in _kinks(run))

    def _missing(self) -> list[str]:
        sides = ((1, "positive"), (-1, "negative"))
        return [
            f"the {word} side of {text(node)}{_beside(node, sign)}"
            for (node, sign), signs in self.branches.items()
            for side, word in sides
            if side not in signs
        ]

    def _report_undefined(self) -> Diagnostic:
        assert self.failed is not None
        if isinstance(self.failed, Slope):
            return self._without_slope(self.failed)
        equation, operation = self.failed
        kind = _KIND_FOR.get(operation)
        free = ", ".join(v.name for v in self.scene.variables if v.kind is Kind.REAL)
        hint = f"declare as {kind} what it depends on (of no kind so far: {free})" if kind else ""
        message = f"`{operation}` in `{equation.var.name} = {text(equation.body)}` is undefined at every point tried"
        return Diagnostic("undefined-operation", message, equation.span, hint)

    def _without_slope(self, slope: Slope) -> Diagnostic:
        """That a derivative has no value, and where it was sought: at one place, or at all that were tried."""
        equation = slope.equation
        named = f"the derivative of `{slope.operation}` in `{equation.var.name} = {text(equation.body)}`"
        if len(self.places) == 1:
            (place,) = self.places
            message = f"{named} is undefined at {place}, which its argument always is"
            return Diagnostic("undefined-derivative", message, equation.span, NO_SLOPE)
        kind = _KIND_FOR.get(slope.operation)
        singular = "the matrix had no inverse at any of the sizes and points tried; " * (rank(slope.argument) == 2)
        hint = f"declare as {kind} what it depends on, or {NO_SLOPE}" if kind else singular + NO_SLOPE
        return Diagnostic("undefined-derivative", f"{named} is undefined at every point tried", equation.span, hint)

    # ------------------------------------------------------------ values

    def _draw(self, v: Var, style: _Style, rng: random.Random) -> Array:
        """A value of the kind; a family gets one for each of its samples."""
        lead = tuple(i.size.value(self.scene.sizes) for i in v.samples)
        own = tuple(s.value(self.scene.sizes) for s in v.shape_)
        if v.kind is Kind.LABEL:
            top = self.labels.get(v.name, 1)
            flat: list[Fraction] = [Fraction(rng.randrange(top)) for _ in range(prod(lead + own))]
            return _array(flat, lead + own)
        if v.kind in (Kind.ONEHOT, Kind.SIMPLEX):  # a vector's own axis; of a matrix each row
            return _distributions(v.kind, lead + own, len(lead + own) - 1, rng)
        if v.kind in (Kind.ONEHOT_COLUMNS, Kind.SIMPLEX_COLUMNS):
            plain = Kind.ONEHOT if v.kind is Kind.ONEHOT_COLUMNS else Kind.SIMPLEX
            return _distributions(plain, lead + own, len(lead), rng)
        if v.kind in (Kind.SYM, Kind.POSDEF, Kind.INVERTIBLE):
            squares = [_square(v.kind, own, style, rng) for _ in range(prod(lead))]
            return np.array(squares, dtype=object).reshape(lead + own)
        return _entries(v.kind, lead + own, style, rng)


def _kinks(run: Evaluator) -> Iterator[tuple[Kinked, set[int]]]:
    """The operations with kinks of one forward pass, each with the sides that it took."""
    for node, signs in run.kinks.items():
        assert isinstance(node, Apply)
        yield (node, _sign_beside(node, run)), signs


def _sign_beside(node: Apply, run: Evaluator) -> int:
    """The sign of the scalar on which an operation with its kink at 0 depends, too; 0 where there is none."""
    row = TABLE[node.op]
    if not any(isinstance(c, Kink) for c in row.conventions) or len(node.args) != 2 or rank(node.args[1]):
        return 0
    try:
        signs = {1 if float(x) > 0 else -1 for x in run.value(node.args[1]).array.flat}
    except Unknown:  # inside a declared function
        return 0
    return signs.pop() if len(signs) == 1 else 0


def _beside(node: Apply, sign: int) -> str:
    return f" where {text(node.args[1])} is {'positive' if sign > 0 else 'negative'}" if sign else ""


def _moderate(run: Evaluator, equation: Equation) -> bool:
    """Whether no entry is so large, or so near 0 without being 0, that all digits would be lost."""
    value = run.names[equation.var.name]
    return value is None or all(abs(x) < LARGEST and (abs(x) > SMALLEST or x == 0) for x in value.array.flat)


def label_ranges(equations: Iterable[Equation], sizes: Mapping[str, int]) -> dict[str, int]:
    """How many classes each label may name: the shortest axis that it picks from."""
    ranges: dict[str, int] = {}
    for equation in equations:
        for node in nodes(equation.body):
            for index, size in _positions(node):
                if isinstance(index, Var) and index.kind is Kind.LABEL:
                    n = size.value(sizes)
                    ranges[index.name] = min(n, ranges.get(index.name, n))
    return ranges


def _positions(node: Expr) -> list[tuple[object, Size]]:
    """What picks along an axis in this node, and the length of the axis."""
    match node:
        case Entry(array=array, indices=indices):
            return list(zip(indices, shape(array), strict=True))
        case Apply(op=op, args=(array, k)) if (axis := TABLE[op].picks) is not None:
            return [(k, shape(array)[axis])]
        case Apply(op="basis", args=(k,), params=(Size() as size, *_)):
            return [(k, size)]
        case _:
            return []


def _array(flat: list[Fraction], to: tuple[int, ...]) -> Array:
    array = np.empty(len(flat), dtype=object)
    array[:] = flat
    return array.reshape(to)


def _entries(kind: Kind, to: tuple[int, ...], style: _Style, rng: random.Random) -> Array:
    n = prod(to)
    if kind is Kind.BINARY or kind is Kind.SIGNS:
        low = 0 if kind is Kind.BINARY else -1
        bits = [low if k % 2 else 1 for k in range(rng.randrange(2), n + 1)][:n]
        rng.shuffle(bits)
        return _array([Fraction(b) for b in (bits + [1] * n)[:n]], to)
    if kind is Kind.UNIT:
        return _array([Fraction(k, 64) for k in _distinct(n, 63, rng)], to)
    sign = rng.choice((-1, 0, 1)) if style.sign is None else style.sign
    sign = 1 if kind is Kind.POSITIVE else sign
    pool = [Fraction(k, 16) * style.scale for k in range(32)]  # few fractions, met again and again
    signed = {1: pool, -1: [-v for v in pool]}
    turns = rng.getrandbits(n) if n else 0
    sides = (sign or (1 if turns >> k & 1 else -1) for k in range(n))
    return _array([signed[side][k] for side, k in zip(sides, _distinct(n, 31, rng), strict=True)], to)


def _distinct(n: int, top: int, rng: random.Random) -> list[int]:
    """n integers of 1 … top, all different while they last."""
    drawn: list[int] = []
    while len(drawn) < n:
        drawn += rng.sample(range(1, top + 1), min(top, n - len(drawn)))
    return drawn


def _distributions(kind: Kind, to: tuple[int, ...], axis: int, rng: random.Random) -> Array:
    """One-hot or simplex vectors along an axis; neighbouring hot positions differ."""
    classes, count = to[axis], prod(to) // to[axis]
    if kind is Kind.ONEHOT:
        first = rng.randrange(classes)
        rows = [[Fraction(int(c == (first + k) % classes)) for c in range(classes)] for k in range(count)]
    else:
        weights = [_distinct(classes, 31, rng) for _ in range(count)]
        rows = [[Fraction(w, sum(row)) for w in row] for row in weights]
    flat = [v for row in rows for v in row]
    others = tuple(n for k, n in enumerate(to) if k != axis)
    return np.moveaxis(_array(flat, (*others, classes)), -1, axis)


def _square(kind: Kind, to: tuple[int, ...], style: _Style, rng: random.Random) -> Array:
    a = _entries(Kind.REAL, to, style, rng)
    identity = _array([Fraction(int(i == j)) for i in range(to[0]) for j in range(to[1])], to)
    if kind is Kind.SYM:
        return (a + a.T) / 2
    if kind is Kind.POSDEF:
        return a @ a.T / 4 + identity
    while fmpq_mat(to[0], to[1], [fmpq(v.numerator, v.denominator) for v in a.flat]).det() == 0:
        a = a + identity
    return a
