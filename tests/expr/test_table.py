"""Every row of the table, one test: value over every field, numpy source, derivatives, shape, LaTeX.

A row is put on placeholders of every combination of ranks that its shape rule accepts.  Derivatives are judged twice:
the stated form against differences of the value, and for elementwise rows against sympy's derivative, symbolically.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from solgen.calculus.engine.partials import definition, frames, partial
from solgen.errors import Refused, Span
from solgen.expr.arith import ZERO
from solgen.expr.build import apply, apply_example
from solgen.expr.nodes import Apply, Idx, Kind, Var
from solgen.expr.ops import ROWS, Called, Elementwise, Paired, Row
from solgen.expr.ops.row import LETTERS
from solgen.expr.size import Size
from solgen.model.problem import Equation, FunctionDeclaration
from solgen.numeric.checks.oracle import difference_jacobian
from solgen.numeric.code import formulas
from solgen.numeric.code.formulas import HELPERS, NumpyWriter, PythonNames
from solgen.numeric.points.sample import SampleSpace, sample
from solgen.numeric.values.compare import compare
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Entrywise, Field, Kinked, NotExact
from solgen.numeric.values.point import EvaluationPoint, PassSetting
from solgen.render.printer import Printer

NOWHERE = Span("table", 1, 1, 2)
M, N, P = Size.of("m"), Size.of("n"), Size.of("p")
SIZES = {"m": 3, "n": 4, "p": 5, "q": 2}
FUNCTIONS = (FunctionDeclaration("phi", "Elementwise", NOWHERE), FunctionDeclaration("ell", "Loss", NOWHERE))
BITS = 512


def applications(row: Row) -> list[Apply]:
    """The row on the arguments of each of its examples."""
    return [apply_example(row, example) for example in row.examples]


def bench(app: Apply) -> EvaluationPoint:
    variables = tuple(a for a in app.args if isinstance(a, Var))
    equation = Equation(Var("out", app.shape_), app, NOWHERE)
    points = sample(SampleSpace(variables, FUNCTIONS, (equation,), SIZES), f"table {app.op}", 1).points
    return EvaluationPoint(PassSetting(SIZES, (equation,), lambda run: None), points[0])


CASES = [pytest.param(row, app, id=f"{row.name}-{k}") for row in ROWS for k, app in enumerate(applications(row))]


@pytest.mark.parametrize(("row", "app"), CASES)
def test_values_agree_over_every_field(row: Row, app: Apply) -> None:
    """float64, balls and, where the row allows it, rationals."""
    place = bench(app)
    with place.balls(BITS).field.working():
        precise = place.balls(BITS).value(app).array
        expected = np.array([float(x) for x in precise.flat]).reshape(precise.shape)
    np.testing.assert_allclose(place.floats().value(app).array, expected, rtol=1e-12, atol=1e-12)
    try:
        exact = place.exact().value(app).array
    except NotExact:
        return
    found = np.array([int(x.p) / int(x.q) for x in exact.flat]).reshape(exact.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize(("row", "app"), CASES)
def test_shape_is_the_value_s_own(row: Row, app: Apply) -> None:
    assert bench(app).balls(BITS).value(app).array.shape == tuple(s.value(SIZES) for s in app.shape_)


@pytest.mark.parametrize(("row", "app"), [c for c in CASES if not isinstance(c.values[0], Called)])
def test_numpy_source_gives_the_value(row: Row, app: Apply, tmp_path: Path) -> None:
    place = bench(app)
    run = place.floats()
    arguments = [a.name for a in app.args if isinstance(a, Var)]
    source = NumpyWriter(PythonNames([*arguments, *SIZES])).write(app)
    sizes = "".join(f"{k} = {v}\n" for k, v in SIZES.items())
    body = f"def value({', '.join(arguments)}):\n    return {source}\n"
    module = loaded("import math\nimport numpy as np\n" + "".join(HELPERS.values()) + sizes + body, tmp_path)
    inputs = [run.value(a).array for a in app.args]
    found = module.value(*(float(x) if x.ndim == 0 else x for x in inputs))
    assert np.shape(found) == run.value(app).array.shape
    np.testing.assert_allclose(np.asarray(found, dtype=float), run.value(app).array, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("row", "app"), CASES)
def test_derivative_agrees_with_differences(row: Row, app: Apply) -> None:
    """∂out[o]/∂arg[i] as the engine states it, for every argument."""
    place = bench(app)
    run = place.balls(BITS)
    if row.name == "loss_grad":  # the gradient of an unspecified loss has no derivative of its own
        assert run.value(app).array.shape == run.value(app.args[0]).array.shape
        return
    if isinstance(row, Paired):
        adjoints_agree(row, app, place)
        return
    for k, argument in enumerate(app.args):
        assert isinstance(argument, Var)
        o, i = frames(app, k)
        stated = run.value(partial(app, k, o, i, app))
        found = difference_jacobian(run, Equation(Var("out", app.shape_), app, NOWHERE), argument.name, BITS)
        with run.field.working():
            result = compare(Value((), whole(stated, (*o, *i))), found, exact=False, scale=1)
        assert result.verdict == "equal", f"{row.name}, argument {k + 1}: {result.detail}"


def adjoints_agree(row: Paired, app: Apply, place: EvaluationPoint) -> None:
    """⟨Ȳ, ∂f/∂A⟩ by differences is what the row's adjoint gives."""
    up = Var("up", app.shape_)
    run = place.balls(BITS)
    K = run.field
    with K.working():
        upstream = [K.number(Fraction(3 * k + 2, 7)) for k in range(math.prod(run.value(app).array.shape))]
        run.names["up"] = Value((), K.array(upstream).reshape(run.value(app).array.shape))
    for k, (argument, adjoint) in enumerate(zip(app.args, row.adjoints, strict=False)):
        assert isinstance(argument, Var)
        if adjoint is None:
            assert argument.kind is Kind.LABEL
            continue
        found = difference_jacobian(run, Equation(Var("out", app.shape_), app, NOWHERE), argument.name, BITS).array
        stated = run.value(adjoint(app.args, up, app.params))
        with K.working():
            axes = list(range(found.ndim))
            core = len(app.shape_)
            expected = K.array(np.einsum(run.names["up"].array, axes[:core], found, axes, axes[core:]))
            result = compare(stated, Value((), expected), exact=False, scale=1)
        assert result.verdict == "equal", f"{row.name}, argument {k + 1}: {result.detail}"


@pytest.mark.parametrize(
    ("row", "app"), [c for c in CASES if not isinstance(c.values[0], Called | Elementwise | Paired)]
)
def test_definition_gives_the_value(row: Row, app: Apply) -> None:
    """The index definition, evaluated in index form, is the value."""
    o, _ = frames(app, 0) if app.args else (indices(app), ())
    defined = definition(app, o)
    if defined is None:
        assert getattr(row, "proof", ""), f"{row.name} has neither a definition nor a proof"
        return
    run = bench(app).balls(BITS)
    with run.field.working():
        stated = Value((), whole(run.value(defined), o))
        assert compare(stated, run.value(app), exact=False, scale=1).verdict == "equal"


def whole(value: Value, at: tuple[Any, ...]) -> Any:
    """The array whose entry at the indices `at` the value is; a fixed position is an axis of size 1."""
    free = tuple(x for x in at if isinstance(x, Idx))
    spread = np.broadcast_to(value.along(free), [x.size.value(SIZES) for x in free])
    return spread.reshape([x.size.value(SIZES) if isinstance(x, Idx) else 1 for x in at])


def indices(app: Apply) -> tuple[Any, ...]:
    return tuple(Idx(letter, size) for letter, size in zip(LETTERS, app.shape_, strict=False))


@pytest.mark.parametrize(("row", "app"), CASES)
def test_latex_is_balanced_and_shows_the_arguments(row: Row, app: Apply) -> None:
    tex = Printer(notation=_Plain()).expr(app)
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")
    assert all(a.name in tex for a in app.args if isinstance(a, Var) and a.name)


class _Plain:
    gradient, hadamard, vectors = "partial", "odot", "plain"


# ---------------------------------------------------------------- sympy


class Symbolic(Field):
    """sympy's expressions as a field; kinks are decided by the assumptions on the symbols."""

    name = "sympy"
    dtype = object

    exp, log, sqrt, pow = map(Entrywise, (sympy.exp, sympy.log, sympy.sqrt, sympy.Pow))
    sin, cos, tan = map(Entrywise, (sympy.sin, sympy.cos, sympy.tan))
    arcsin, arccos, arctan, arctanh = map(Entrywise, (sympy.asin, sympy.acos, sympy.atan, sympy.atanh))
    sinh, cosh, tanh = map(Entrywise, (sympy.sinh, sympy.cosh, sympy.tanh))
    normcdf = Entrywise(lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2)

    def each(self, function: Callable[..., Any], *xs: Any) -> Any:
        return np.frompyfunc(function, len(xs), 1)(*xs)

    def positive(self, x: Any) -> bool:
        return positive(x)

    @Kinked
    def abs(self, x: Any) -> Any:
        return x if self.positive(x) else -x

    @Kinked
    def sign(self, x: Any) -> Any:
        return sympy.Integer(1 if self.positive(x) else -1)

    @Kinked
    def step(self, x: Any) -> Any:
        return sympy.Integer(1 if self.positive(x) else 0)

    @Kinked
    def maximum(self, a: Any, b: Any) -> Any:
        return a if self.positive(a - b) else b

    @Kinked
    def minimum(self, a: Any, b: Any) -> Any:
        return b if self.positive(a - b) else a

    def number(self, value: Fraction | int) -> Any:
        return sympy.Rational(value.numerator, value.denominator)

    @property
    def pi(self) -> Any:
        return sympy.pi

    def det(self, x: Any) -> Any:
        return sympy.Matrix(x).det()

    def inv(self, x: Any) -> Any:
        return np.array(sympy.Matrix(x).inv().tolist(), dtype=object)

    def check(self, x: Any, operation: str) -> None:
        assert not any(v.has(sympy.nan, sympy.zoo) for v in x.flat)


def positive(x: Any) -> bool:
    side = sympy.sympify(x).is_positive
    assert side is not None, f"the sign of {x} is open"
    return bool(side)


@pytest.mark.parametrize("row", [r for r in ROWS if isinstance(r, Elementwise)], ids=lambda r: r.name)
@pytest.mark.parametrize("side", (1, -1))
def test_textbook_derivative_is_sympy_s(row: Elementwise, side: int) -> None:
    """The nice form equals sympy's derivative, on both sides of a kink; substitution finds the rest."""
    values = branch(row, side)
    args = tuple(Var(c) for c in "ab"[: len(values)])
    K = Symbolic()
    run = Evaluator(K, {}, {v.name: Value((), K.array(x)) for v, x in zip(args, values, strict=True)}, {})
    out = Apply(row.name, args, (), ())
    for k in range(len(args)):
        stated = run.value(row.partials[min(k, len(row.partials) - 1)](*args, out)).array.item()
        found = sympy_derivative(row, values, k)
        assert is_zero(stated - found), f"{row.name}, argument {k + 1}, side {side}"


def branch(row: Elementwise, side: int) -> tuple[Any, ...]:
    """Arguments on one side of the kink: x = ±s; of maximum and minimum b = t and a = t ± s."""
    s, t = sympy.symbols("s t", positive=True)
    if row.name in ("maximum", "minimum"):
        return t + side * s, t
    first = s if row.domain in ("positive", "power") else side * s
    return (first, t) if row.arity != 1 else (first,)


def sympy_derivative(row: Elementwise, values: tuple[Any, ...], k: int) -> Any:
    """∂value/∂args[k]: the argument shifted, differentiated with respect to the shift, at 0."""
    shift = sympy.Symbol("shift", real=True)
    moved = row.value(Shifted(shift), *(v + (shift if n == k else 0) for n, v in enumerate(values)))
    return sympy.diff(moved, shift).subs(shift, 0)


class Shifted(Symbolic):
    """The symbolic field near a point: signs are decided at shift 0."""

    def __init__(self, shift: Any) -> None:
        super().__init__()
        self.shift = shift

    def each(self, function: Callable[..., Any], *xs: Any) -> Any:
        return function(*xs)

    def positive(self, x: Any) -> bool:
        return positive(sympy.sympify(x).subs(self.shift, 0))


def is_zero(difference: Any) -> bool:
    """Proved by sympy: simplification to 0, with exponentials written out."""
    forms = (difference, sympy.sympify(difference).rewrite(sympy.exp))
    return any(sympy.simplify(form) == 0 for form in forms)


def loaded(source: str, folder: Path) -> Any:
    """A module made of source text."""
    file = folder / "generated.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("generated", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_wrong_derivative_is_noticed() -> None:
    """The comparison with sympy can fail: the sign of sine's derivative flipped."""
    x = sympy.symbols("s", positive=True)
    assert not is_zero(-sympy.cos(x) - sympy.diff(sympy.sin(x), x))


def test_constants_have_no_partial_that_is_made_up() -> None:
    """step and sign are flat: their derivative is the number 0, by the stated convention."""
    flat = {r.name: r for r in ROWS if isinstance(r, Elementwise) and r.name in ("step", "sign")}
    assert all(row.partials[0](Var("a"), Var("a")) == ZERO for row in flat.values())


@pytest.mark.parametrize("row", [r for r in ROWS if r.public], ids=lambda r: r.name)
def test_what_a_model_may_call_can_be_exported(row: Row) -> None:
    assert row.code["numpy"]


def test_a_row_without_source_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(r for r in ROWS if r.name == "sin")
    broken = dataclasses.replace(row, code={})
    monkeypatch.setattr(formulas, "TABLE", {"sin": broken})
    with pytest.raises(Refused, match="`sin` has no numpy form"):
        NumpyWriter(PythonNames(["x"])).write(apply("sin", Var("x")))
