"""What the operations of a forward pass mean: each value against the numpy text that the table gives for it.

The evaluator works by a row's index definition or by its value over a field, and so does every other check.  Were that
definition wrong, a wrong function would be differentiated rightly.  The text that is exported shares nothing with it.
What agrees is not an equality of the page; only what does not agree becomes a check, which fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from solgen.errors import Refused
from solgen.expr.nodes import Apply, Expr, Kind, Num, Var, rank, shape
from solgen.expr.ops import TABLE, Called
from solgen.expr.walk import nodes
from solgen.model.problem import Equation
from solgen.model.step import name_statement
from solgen.model.verdict import Check
from solgen.numeric.checks.float64_check import TOLERANCE
from solgen.numeric.code.formulas import HELPERS, NumpyWriter, PythonNames
from solgen.numeric.code.interpret import interpret_module
from solgen.numeric.values.evaluator import Value
from solgen.numeric.values.fields import Array, NotExact, Undefined
from solgen.numeric.values.point import EvaluationPoint


def meaning_failures(equations: Iterable[Equation], benches: Iterable[EvaluationPoint]) -> list[Check]:
    """A failed check for each operation whose value is not what its numpy text computes."""
    first: dict[object, Apply] = {}
    for node in (n for q in equations for n in nodes(q.body) if isinstance(n, Apply)):
        if not isinstance(TABLE[node.op], Called):
            first.setdefault((node.op, tuple(map(rank, node.args)), node.params), node)
    benches = tuple(benches)
    return [check for node in first.values() for check in _failures(node, benches)]


def _failures(node: Apply, benches: tuple[EvaluationPoint, ...]) -> Iterator[Check]:
    """Nothing where double precision agrees at one point; nothing either where it overflows at all of them."""
    errors = [error for bench in benches[:2] if (error := _error(node, bench)) is not None]
    if errors and not min(errors) <= TOLERANCE:
        message = f"`{node.op}` has another value than its numpy form, off by {min(errors):.1e} of the scale"
        yield Check(
            name_statement("operation", node.op), node.op, "numpy", "different", "float64", 0, len(benches), message
        )


def _error(node: Apply, bench: EvaluationPoint) -> float | None:
    precise = bench.balls(bench.setting.bits[0])
    try:
        exact = _first(precise.value(node))
        given = [_first(precise.value(a)) for a in node.args]
    except (Undefined, NotExact):
        return None
    with np.errstate(all="ignore"):
        found = _compute(node, [_doubles(x, a) for x, a in zip(given, node.args, strict=True)], bench)
    expected = _doubles(exact, node)
    if np.shape(found) != np.shape(expected):
        return np.inf
    if not np.isfinite(found).all():
        return None
    scale = max((float(np.max(np.abs(x), initial=0.0)) for x in (expected, *map(_plain, given))), default=1.0)
    return float(np.max(np.abs(expected - found), initial=0.0) / (scale or 1.0))


def _first(value: Value) -> Array:
    """The array for the first value of every free index: one sample of a family."""
    found: Array = value.array[(0,) * len(value.free)]
    return found if isinstance(found, np.ndarray) else np.array(found, dtype=object)


def _plain(x: Array) -> Array:
    return np.array([float(entry) for entry in x.flat]).reshape(x.shape)


def _doubles(x: Array, of: Expr) -> Any:
    """Double precision as an exported function takes it: a label as a whole number."""
    found = _plain(x)
    if isinstance(of, Var) and of.kind is Kind.LABEL:
        return round(float(found[()]))
    return found if found.ndim else float(found[()])


def _compute(node: Apply, given: list[Any], bench: EvaluationPoint) -> Any:
    """The numpy text of the operation alone, on these arguments."""
    sizes = bench.setting.sizes
    args = tuple(a if isinstance(a, Num) else Var(f"x{k}", shape(a)) for k, a in enumerate(node.args))
    writer = NumpyWriter(PythonNames(sizes))
    try:
        text = writer.write(Apply(node.op, args, node.params, node.shape_))
    except Refused:
        return np.inf
    names = [*(f"x{k}" for k in range(len(args))), *(writer.names.of(name) for name in sizes)]
    helpers = [source for name, source in HELPERS.items() if f"{name}(" in text]
    module = "\n".join([*helpers, f"def value({', '.join(names)}):", f"    return {text}", ""])
    return interpret_module(module)["value"](*given, *sizes.values())
