"""The exported text against the trees: run in double precision at a point and compared with balls before it is used."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from solgen.errors import VerificationError
from solgen.expr.nodes import Expr, Kind
from solgen.model.problem import Model
from solgen.numeric.checks.float64_check import TOLERANCE
from solgen.numeric.checks.forward_passes import stages
from solgen.numeric.checks.test_points import ground_of, scopes
from solgen.numeric.code.interpret import interpret_module
from solgen.numeric.code.requested import VERBS, View, known_blocks
from solgen.numeric.values.evaluator import Evaluator
from solgen.numeric.values.fields import Array, Floats, NotExact, Undefined
from solgen.numeric.values.point import EvaluationPoint, sample_axes
from solgen.numeric.values.run_forward import Point, family_value
from solgen.numeric.values.stand_ins import StandInLoss

ABSURD = 1e9  # the error of a result of the wrong shape
Results = Mapping[str, Mapping[str, Any]]  # what each function, or dictionary, has under each key
HIGHEST = 4  # derivatives of φ that a module may ask for


def suffixes(found: tuple[View, ...]) -> tuple[str, ...]:
    """What is added to the names of each model's functions: nothing where there is one model."""
    return tuple(f"_{k}" for k in range(1, len(found) + 1)) if len(found) > 1 else ("",)


def confirm(source: str, found: tuple[View, ...], library: str = "numpy") -> None:
    """Raises VerificationError where a function of the module returns anything but what the trees give.

    Each model's functions are tried at its own points.
    """
    functions = interpret_module(source, library)
    for view, suffix in zip(found, suffixes(found), strict=True):
        names = {name: functions[f"_{name}{suffix}" if suffix else name] for name in _functions(view)}
        _confirm(names, view)


def _functions(view: View) -> list[str]:
    return ["forward", "gradients", *(f"{verb}s" for verb in VERBS if view.jacobians[verb])]


def _confirm(functions: Mapping[str, Callable[..., Any]], view: View) -> None:
    scope = scopes(view.derivation)[0]
    seed = hashlib.sha256(view.derivation.problem.text.encode()).hexdigest()
    ground = ground_of(scope, (), seed)
    benches = ground.benches(stages(scope)[0].setting(ground.sizes))

    def results(point: Point) -> Results:
        given = keyword_arguments(point, scope.model)
        return {name: function(**given) for name, function in functions.items()}

    agree(results, view, benches)


def agree(results: Callable[[Point], Results], view: View, benches: Iterable[EvaluationPoint]) -> None:
    """Raises VerificationError where what an exported text gives is anything but what the trees give.

    It is tried at every point at which double precision does not overflow, and there must be one.
    """
    tried = False
    for bench in benches:
        errors = list(_errors(results, view, bench))
        wrong = [message for message, error in errors if not error <= TOLERANCE]
        if wrong and all(np.isfinite(error) for _, error in errors):
            raise VerificationError(f"the exported module disagrees with the derivation: {'; '.join(wrong)}")
        tried = tried or not wrong
    if not tried:
        raise VerificationError("the exported module overflows in double precision at every point tried")


def _errors(results: Callable[[Point], Results], view: View, bench: EvaluationPoint) -> Iterator[tuple[str, float]]:
    """Each result's error relative to the terms it is made of."""
    with np.errstate(all="ignore"):
        found = results(bench.point)
    for name, key, value, over in _expected_results(view):
        yield f"{name}()[{key!r}]", _error(found[name][key], value, over, bench)


def _expected_results(view: View) -> Iterator[tuple[str, str, Expr, tuple[object, ...]]]:
    """Function, key, formula and leading axes of everything that one model's functions return."""
    for q in view.values:
        yield "forward", q.var.name, q.body, q.var.at
    blocks = known_blocks(view.derivation)
    for key, symbol in view.gradients.items():
        yield "gradients", key, blocks[symbol].value, sample_axes(symbol)
    for verb in VERBS:
        for key, jacobian in view.jacobians[verb].items():
            yield f"{verb}s", key, jacobian.value, jacobian.over


def _error(found: Any, formula: Expr, over: tuple[object, ...], bench: EvaluationPoint) -> float:
    precise, fast = bench.balls(bench.setting.bits[0]), bench.floats()
    try:
        exact = _array(precise, formula, over)
        fast.value(formula)
    except (Undefined, NotExact):
        return math.inf
    if np.shape(found) != exact.shape:
        return ABSURD
    rounded = np.array([float(x) for x in exact.flat]).reshape(exact.shape)
    return float(np.max(np.abs(rounded - found), initial=0.0) / (fast.magnitude(formula) or 1.0))


def _array(run: Evaluator, formula: Expr, over: tuple[object, ...]) -> Array:
    return family_value(run, run.value(formula), over).array


def keyword_arguments(point: Point, model: Model) -> dict[str, Any]:
    """A point as the keyword arguments of an exported function."""
    labels = {d.var.name for d in model.declarations if d.var.kind is Kind.LABEL}
    given: dict[str, Any] = {
        name: x.astype(int if name in labels else float) if x.ndim else (int if name in labels else float)(x[()])
        for name, x in point.values.items()
    }
    for name, function in point.functions.items():
        if isinstance(function, StandInLoss):
            given[name] = lambda y, f=function: float(f.value(Floats(), np.asarray(y)))
            given[f"{name}_grad"] = lambda y, f=function: f.gradient(Floats(), np.asarray(y))[()]
            continue
        for order in range(HIGHEST):
            given[name + "_prime" * order] = lambda x, f=function, k=order: f.value(Floats(), k, np.asarray(x, float))
    return given
