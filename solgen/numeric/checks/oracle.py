"""Gradients by differences of the forward pass alone: an oracle that shares no derivative rule with the engine.

    D(h) = (f(x + h v) − f(x − h v)) / 2h = ∂f·v + O(h²)

Evaluated in ball arithmetic of more than 100 digits at h and h/2.  A gradient is right when the error D(h) −
g·v falls to a quarter as h is halved, or contains 0 below the rounding bound; it is wrong when the error
stays.  The variable may be an intermediate value: it is perturbed, and the equations after it are run again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import count
from math import prod
from typing import Any

import numpy as np
from flint import arb

from solgen.expr.nodes import Idx, Var
from solgen.expr.size import Size
from solgen.expr.walk import variables
from solgen.model.problem import Equation
from solgen.numeric.values.compare import Comparison, decimal_digits, format_value
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Array, NotExact
from solgen.numeric.values.run_forward import evaluate_equations, numbers

BITS = (400, 800, 1600)  # 120 digits, then more
SHRINK = arb(3.9)  # at least how much smaller the error at h/2 must be; in the limit it is 4
EVERY = 40  # a variable of at most this many entries is perturbed in each of them
SAMPLED, DENSE = 10, 3  # entries and random directions tried of a larger one

_BATCH = " perturbation"

Differences = Callable[[Evaluator, Var, str, Array, Fraction], tuple[Array, Array]]


def step(bits: int) -> Fraction:
    """h: its square is far below the digits wanted, and dividing by it leaves many more."""
    return Fraction(1, 1 << (bits // 4))


def directions(shape: tuple[int, ...], rng: random.Random, every: int = EVERY) -> Array:
    """Unit vectors for a variable of at most `every` entries; of a larger one some, and random directions."""
    entries = prod(shape)
    if entries <= every:
        chosen, dense = list(range(entries)), 0
    else:
        chosen, dense = rng.sample(range(entries), min(SAMPLED, every)), DENSE
    rows = np.full((len(chosen) + dense, entries), Fraction(0), dtype=object)
    for k, position in enumerate(chosen):
        rows[k, position] = Fraction(1)
    for k in range(len(chosen), len(rows)):
        rows[k] = [Fraction(rng.choice((-1, 1)) * rng.randint(1, 15), 8) for _ in range(entries)]
    return rows.reshape((len(rows), *shape))


def differences(run: Evaluator, flow: Flow, of: Var, wrt: str, v: Array, h: Fraction) -> tuple[Array, Array]:
    """D(h) and D(h/2) along each direction of v: arrays with the directions first, then the axes of `of`.

    `run` holds the values of all names; only equations between `wrt` and `of` are run again.
    """
    K = run.field
    with K.working():
        moves = numbers(K, v)
        batch = np.concatenate([moves * K.number(k) for k in (h, -h, h / 2, -h / 2)])
        values = moved_values(run, flow, of, wrt, batch)
        n = len(v)
        wide = (values[:n] - values[n : 2 * n]) / K.number(2 * h)
        narrow = (values[2 * n : 3 * n] - values[3 * n :]) / K.number(h)
        return wide, narrow


def moved_values(run: Evaluator, flow: Flow, of: Var, wrt: str, moves: Array) -> Array:
    """`of` at `wrt` + each of the moves: the moves first, then the axes of `of`."""
    base = run.names[wrt]
    if base is None:
        raise NotExact(wrt)
    index = Idx(_BATCH, Size.of(len(moves)))
    shifted = Value((index,), base.array + moves)
    again = Evaluator(run.field, run.sizes, {**run.names, wrt: shifted}, run.functions)
    evaluate_equations(again, flow.equations_between(wrt, of.name))
    found = again.names[of.name]
    if found is None:
        raise NotExact(of.name)
    return np.broadcast_to(found.along((index,)), (len(moves), *found.array.shape[len(found.free) :]))


class Flow:
    """Equations in order, and which names each of them reads."""

    def __init__(self, equations: Sequence[Equation]) -> None:
        self.equations = tuple(equations)
        self.reads = tuple(frozenset(v.name for v in variables(q.body)) for q in self.equations)

    def equations_between(self, wrt: str, of: str) -> list[Equation]:
        """The equations that depend on `wrt` and that `of` needs; the one that defines `wrt` is cut."""
        moved, needed = {wrt}, {of}
        after: list[tuple[Equation, frozenset[str]]] = []
        for equation, reads in zip(self.equations, self.reads, strict=True):
            if equation.var.name != wrt and reads & moved:
                moved.add(equation.var.name)
                after.append((equation, reads))
        kept: list[Equation] = []
        for equation, reads in reversed(after):
            if equation.var.name in needed:
                needed |= reads
                kept.append(equation)
        return kept[::-1]

    def consumers(self, wrt: str) -> list[Equation]:
        """The equations that read `wrt`."""
        return [q for q, reads in zip(self.equations, self.reads, strict=True) if wrt in reads]


def local_differences(run: Evaluator, flow: Flow, of: Var, wrt: str, v: Array, h: Fraction) -> tuple[Array, Array]:
    """D(h) and D(h/2) of a scalar `of` from differences of the equations that read `wrt` alone.

    Each is contracted with the gradient at its left side, which has a check of its own; so all gradients of a
    long chain cost what its equations cost.
    """
    K = run.field
    with K.working():
        zero = np.full(len(v), K.number(0), dtype=K.dtype)
        wide, narrow = zero, zero
        for equation in flow.consumers(wrt):
            upstream = run.adjoints.get((of.name, equation.var.name))
            if upstream is None:
                continue
            axes = list(range(1, upstream.array.ndim + 1))
            steps = differences(run, Flow((equation,)), equation.var, wrt, v, h)
            w, n = (np.einsum(upstream.array, axes, step, [0, *axes], [0]) for step in steps)
            wide, narrow = wide + w, narrow + n
        return wide, narrow


def against_differences(
    run: Evaluator, by: Differences, of: Var, wrt: Var, gradient: Array, v: Array, bits: int
) -> Comparison:
    """The gradient of `of` at `wrt` (axes: samples of both, then their shapes) compared along the directions v."""
    wide, narrow = by(run, of, wrt.name, v, step(bits))
    with run.field.working():
        claimed = _along(gradient, v, of, wrt, run)
        scale = _largest(claimed, narrow)
        if not _nonzero(claimed, narrow):  # a gradient that is 0 here, behind units that are off: only f has a scale
            value = run.names[of.name]
            known = value is not None and _nonzero(value.array)  # f may be 0 too, as a sum of p − y where both sum to 1
            scale = (_largest(value.array) if known and value is not None else arb(1)) * arb(10) ** -30
        return _judge(wide - claimed, narrow - claimed, claimed, narrow, scale)


def difference_jacobian(run: Evaluator, equation: Equation, wrt: str, bits: int) -> Value:
    """∂Y[o]/∂A[i] of one equation Y = f(A, …) by differences; axes of Y, then of A."""
    return difference_derivative(run, Flow((equation,)), equation.var, wrt, bits)


def difference_derivative(run: Evaluator, flow: Flow, of: Var, wrt: str, bits: int) -> Value:
    """∂of/∂wrt by differences of the forward pass: the axes of `of`, then those of `wrt`.

    Exact over the rationals where D does not depend on h (raises NotExact else); over balls the result encloses
    D(h/2) ± |D(h) − D(h/2)|, three times the error that is expected.
    """
    to = _shape(run, wrt)
    v = directions(to, random.Random(0), prod(to))
    wide, narrow = differences(run, flow, of, wrt, v, step(bits))
    settled = _settle(run, wide, narrow)
    return Value((), np.moveaxis(settled, 0, -1).reshape(settled.shape[1:] + to))


def second_derivative(run: Evaluator, flow: Flow, of: Var, wrt: str, bits: int) -> Value:
    """∂²of/∂wrt² by second differences, enclosed likewise; the axes of `of`, then those of `wrt` twice.

    D(h) = (f(x + h(u+v)) − f(x + h(u−v)) − f(x − h(u−v)) + f(x − h(u+v))) / 4h²
    """
    to = _shape(run, wrt)
    n = prod(to)
    unit = directions(to, random.Random(0), n)
    pairs = [(unit[i], unit[j]) for i in range(n) for j in range(i + 1)]
    v = np.array([u + w for u, w in pairs] + [u - w for u, w in pairs], dtype=object)
    h = step(bits)
    wide, narrow = (_second(run, flow, of, wrt, v, k) for k in (h, h / 2))
    lower = _settle(run, wide, narrow)
    full = np.empty((n, n, *lower.shape[1:]), dtype=object)
    for entry, (row, column) in zip(lower, zip(*np.tril_indices(n), strict=True), strict=True):
        full[row, column] = full[column, row] = entry
    rest = tuple(range(2, full.ndim))
    return Value((), full.transpose((*rest, 0, 1)).reshape(lower.shape[1:] + to + to))


def _second(run: Evaluator, flow: Flow, of: Var, wrt: str, v: Array, h: Fraction) -> Array:
    """(S(u+v) − S(u−v)) / 4h² with S(d) = f(x + hd) + f(x − hd)."""
    K = run.field
    with K.working():
        moved = numbers(K, v) * K.number(h)
        values = moved_values(run, flow, of, wrt, np.concatenate([moved, -moved]))
        both = values[: len(v)] + values[len(v) :]
        half = len(v) // 2
        return (both[:half] - both[half:]) / K.number(4 * h * h)


def _settle(run: Evaluator, wide: Array, narrow: Array) -> Array:
    with run.field.working():
        if run.field.name == "exact":
            if (wide != narrow).any():
                raise NotExact("differences")
            return narrow
        pairs: list[Any] = list(zip(wide.flat, narrow.flat, strict=True))
        widened = np.empty(len(pairs), dtype=object)
        widened[:] = [d + arb(0, abs(d - w).upper()) for w, d in pairs]
        return widened.reshape(narrow.shape)


def _shape(run: Evaluator, name: str) -> tuple[int, ...]:
    base = run.names[name]
    if base is None:
        raise NotExact(name)
    return base.array.shape


def _along(gradient: Array, v: Array, of: Var, wrt: Var, run: Evaluator) -> Array:
    """g·v for every direction: directions first, then the axes of `of`.

    A sample index that both bear is one axis of g: no sample's value depends on another's.
    """
    lead = tuple(dict.fromkeys(i for i in of.at + wrt.at if isinstance(i, Idx)))
    letter = {i: k + 1 for k, i in enumerate(lead)}
    fresh = count(len(lead) + 1)
    of_own = [next(fresh) for _ in range(gradient.ndim - len(lead) - len(wrt.shape_))]
    wrt_own = [next(fresh) for _ in wrt.shape_]
    samples_of, samples_wrt = ([letter[i] for i in x.at if isinstance(i, Idx)] for x in (of, wrt))
    moves = numbers(run.field, v)
    axes_g = [*letter.values(), *of_own, *wrt_own]
    found = np.einsum(gradient, axes_g, moves, [0, *samples_wrt, *wrt_own], [0, *samples_of, *of_own])
    return run.field.array(found)


def _judge(wide: Array, narrow: Array, claimed: Array, found: Array, scale: arb) -> Comparison:
    """The worst verdict over all entries; errors at h and at h/2."""
    digits, verdict, detail = 10**6, "equal", ""
    for at in np.ndindex(*narrow.shape):
        outcome = _entry(wide[at], narrow[at], scale)
        if outcome != "equal" and verdict != "different":
            verdict = outcome
            detail = (
                f"{format_value(claimed[at])} derived, {format_value(found[at])} by differences (direction {at[0] + 1})"
            )
        error: Any = narrow[at]
        digits = min(digits, decimal_digits(abs(error).upper(), scale))
    return Comparison(verdict, max(digits, 0) if verdict == "equal" else 0, detail)  # type: ignore[arg-type]


def _entry(e1: Any, e2: Any, scale: arb) -> str:
    if e2.contains(0):
        return "equal" if e2.rad() <= scale * arb(10) ** -30 else "undecided"
    if abs(e2).upper() * SHRINK <= abs(e1).lower():
        return "equal"
    return "different" if abs(e2).lower() * SHRINK > abs(e1).upper() else "undecided"


def _nonzero(*arrays: Array) -> bool:
    """Whether some entry certainly is not 0; the radius of a ball around 0 is no value."""
    return any(not x.contains(0) for array in arrays for x in array.flat)


def _largest(*arrays: Array) -> arb:
    return max((abs(x).upper() for array in arrays for x in array.flat), default=arb(0))
