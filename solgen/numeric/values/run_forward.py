"""Running the forward pass: the values of declared variables at a point, then one equation after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from solgen.expr.nodes import Idx
from solgen.model.problem import Equation
from solgen.numeric.values.evaluator import Evaluator, Unknown, Value, union
from solgen.numeric.values.fields import Array, Field, NotExact
from solgen.numeric.values.stand_ins import Function


@dataclass(frozen=True, slots=True)
class Point:
    """One choice of all inputs: arrays of Fractions (sample axes first), and concrete functions."""

    values: Mapping[str, Array]
    functions: Mapping[str, Function]

    def text(self) -> str:
        """The inputs as a reader may type them, shortened."""
        return ", ".join(f"{name} = {_list_entries(x)}" for name, x in self.values.items())


def begin_run(point: Point, field: Field, sizes: Mapping[str, int]) -> Evaluator:
    """An evaluator that knows the inputs."""
    with field.working():
        names = {name: Value((), numbers(field, x)) for name, x in point.values.items()}
    return Evaluator(field, sizes, names, point.functions)


def numbers(field: Field, x: Array) -> Array:
    """An array of Fractions as an array over the field."""
    flat = np.empty(x.size, dtype=field.dtype)
    known: dict[int, Any] = {}  # a sample repeats few fractions, each of them one object
    for k, entry in enumerate(x.flat):
        if (number := known.get(id(entry))) is None:
            number = known[id(entry)] = field.number(entry)
        flat[k] = number
    return flat.reshape(x.shape)


def evaluate_equations(run: Evaluator, equations: Iterable[Equation]) -> None:
    """Every equation evaluated, in order; a value that is not exact is marked None."""
    for equation in equations:
        run.names[equation.var.name] = equation_value(run, equation)


def equation_value(run: Evaluator, equation: Equation) -> Value | None:
    """The value of one equation: sample axes, where it is a family, come before its shape."""
    try:
        return family_value(run, run.value(equation.body), equation.var.at)
    except NotExact:
        return None


def family_value(run: Evaluator, value: Value, at: tuple[object, ...]) -> Value:
    """A value with the free indices `at` as its first own axes, in that order; other free indices stay free."""
    own = tuple(i for i in at if isinstance(i, Idx))
    if not at:
        return value
    if len(own) != len(at):
        raise Unknown("a family is defined for all values of its indices")
    free = tuple(i for i in union(value.free) if i not in own)
    array = value.along((*free, *own)) if set(own) <= set(value.free) else value.along(union(value.free, own))
    if not set(own) <= set(value.free):
        return family_value(run, _spread(run, value, union(value.free, own), array), at)
    return Value(free, array)


def _spread(run: Evaluator, value: Value, free: tuple[Idx, ...], array: Array) -> Value:
    lead = tuple(run.dimension(i.size) if i not in value.free else n for i, n in zip(free, array.shape, strict=False))
    return Value(free, np.broadcast_to(array, lead + array.shape[len(free) :]))


def _list_entries(x: Array) -> str:
    flat = [str(Fraction(v)) for v in x.flat]
    return flat[0] if x.ndim == 0 else f"[{', '.join(flat[:12])}{', …' if len(flat) > 12 else ''}]"
