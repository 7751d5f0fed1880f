"""The conventions of the table at kinks, read off its own texts, and what every way of computing makes of them.

Points of a check lie off the kinks, so that no equality tells which convention holds there; worked examples and
exported code may well meet one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from solgen.calculus.engine.vjp import vjp
from solgen.calculus.textbook.simplify import simplify
from solgen.expr.build import apply
from solgen.expr.nodes import Expr, Shape, Var
from solgen.expr.ops import ROWS, Elementwise, Row, Special
from solgen.expr.size import Size
from solgen.expr.walk import variables
from solgen.numeric.code.formulas import HELPERS, NumpyWriter, PythonNames
from solgen.numeric.code.interpret import interpret_module
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Array, Balls, Field, Floats, NotExact, Rationals

N = Size.of("n")
SIZES = {"n": 2}
OTHER = 3  # the second argument, where the kink is in the first
TIE = "takes the second argument's branch"
LEFT = "has the slope of its left side"
SAID = re.compile(r"\w+(?P<slope>′)?(?P<place>\(0\))? = (?P<number>-?\d+)|its derivative is taken as (?P<flat>0)")
ASSUMED = frozenset(  # of the arguments: nothing is said of a value there
    {"the matrix is invertible", "the norm is not differentiable at 0", "the largest entry is taken to be alone"}
)


@dataclass(frozen=True, slots=True)
class Claim:
    """The value (`slope` 0) or the derivative by argument `slope` of an operation, where its arguments are `at`."""

    op: str
    slope: int
    at: tuple[int, ...]
    expected: int


def claims() -> tuple[Claim, ...]:
    """What all conventions of the table say; raises ValueError for a text that says something else."""
    return tuple(c for row in ROWS if _text(row) not in ASSUMED for c in _said(row))


def _text(row: Row) -> str:
    return row.convention if isinstance(row, Elementwise | Special) else ""


def _said(row: Row) -> Iterator[Claim]:
    text = _text(row)
    if text.endswith(TIE):  # the slopes are 0 by the first argument and 1 by the second
        yield from (Claim(row.name, slope, (2, 2), slope - 1) for slope in (1, 2))
        return
    if text.endswith(LEFT):  # of a leaky unit the other argument
        yield Claim(row.name, 1, (0,), OTHER)
        return
    for part in filter(None, text.split(", ")):
        said = SAID.fullmatch(part)
        if said is None:
            raise ValueError(f"a convention that is not understood: {part}")
        value_at_zero = said["place"] and not said["slope"]
        places = (0,) if said["place"] else (-1, 0, 1)  # flat everywhere
        for x in places:
            yield Claim(row.name, 0 if value_at_zero else 1, (x,), int(said["number"] or said["flat"]))


def broken() -> list[str]:
    """Every way of computing that does not keep to a convention."""
    return [
        f"{claim}: {way} has {value}" for claim in claims() for way, value in computed(claim) if value != claim.expected
    ]


def computed(claim: Claim) -> Iterator[tuple[str, float]]:
    """The claim's value by each field and by numpy text, from the derivative as the table has it, and simplified."""
    row = next(r for r in ROWS if r.name == claim.op)
    args = [Var(c, (N,)) for c in "ab"[: row.arity if isinstance(row, Elementwise | Special) else 1]]
    app = apply(claim.op, *args)
    out = Var("y", app.shape_)
    given = dict(zip(args, (*claim.at, OTHER), strict=False))
    formulas: dict[str, Expr] = {"": app}
    if claim.slope:
        slope = vjp(app, claim.slope - 1, Var("u", app.shape_), out)  # type: ignore[arg-type]
        formulas = {"as stated": slope, "simplified": simplify(slope)}
    for field in (Floats(), Balls(200), Rationals()):
        for said, formula in formulas.items():
            try:
                yield f"{field.name} {said}", _one(_by_field(field, formula, app, out, given))
            except NotExact as error:
                raise AssertionError("every function with a kink is exact at rational numbers") from error
    for said, formula in formulas.items():
        yield f"numpy {said}", _one(_by_text(formula, app, out, given))


def _by_field(field: Field, formula: Expr, app: Expr, out: Var, given: Mapping[Var, int]) -> Array:
    with field.working():
        names = {v.name: _filled(field, x, v.shape_) for v, x in given.items()}
        names["u"] = _filled(field, 1, out.shape_)
        names["y"] = Evaluator(field, SIZES, names, {}).value(app)
        return Evaluator(field, SIZES, names, {}).value(formula).array


def _filled(field: Field, x: int, shape: Shape) -> Value:
    return Value((), np.full([SIZES["n"]] * len(shape), field.number(x), dtype=field.dtype))


def _by_text(formula: Expr, app: Expr, out: Var, given: Mapping[Var, int]) -> Array:
    known = {v.name: _filled(Floats(), x, v.shape_).array for v, x in given.items()}
    known["u"] = _filled(Floats(), 1, out.shape_).array
    known["y"] = _by_field(Floats(), app, app, out, given)
    writer = NumpyWriter(PythonNames(SIZES))
    text = writer.write(formula)
    names = [v.name for v in dict.fromkeys(variables(formula))]
    helpers = [source for name, source in HELPERS.items() if f"{name}(" in text]
    heads = ", ".join([*map(writer.names.of, names), *map(writer.names.of, SIZES)])
    module = "\n".join([*helpers, f"def value({heads}):", f"    return {text}", ""])
    return np.asarray(interpret_module(module)["value"](*(known[n] for n in names), *SIZES.values()))


def _one(found: Array) -> float:
    """The number that every entry is; not a number where they differ."""
    entries = {float(x.p) / float(x.q) if isinstance(x, fmpq) else float(x) for x in np.asarray(found).flat}
    return entries.pop() if len(entries) == 1 else float("nan")
