"""What the tests of the calculus share: problems from model text, exact-enough values, gradients by differences.

Everything is evaluated in ball arithmetic of 120 digits and more, so that no test needs a tolerance that could hide a
mistake: two formulas agree when they agree to 20 digits.
"""

from __future__ import annotations

import random
import re
import tempfile
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from flint import arb

from solgen.calculus.engine.adjoints import Detail, gradients
from solgen.calculus.engine.prepare import Prepared, prepare
from solgen.errors import Span
from solgen.expr.nodes import Expr, Idx, Kind, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.model.derivation import Gradients
from solgen.model.problem import Equation, Model, Notation, Problem
from solgen.model.step import StepId
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Array, Balls
from solgen.numeric.values.run_forward import evaluate_equations
from solgen.numeric.values.stand_ins import Bounded, Function, StandInLoss
from solgen.reader.set_file import read
from solgen.render.printer import Printer

HERE = Span("test", 1, 1, 1)
BITS = 400
STEP = Fraction(1, 1 << 100)
SIZES = {"n": 2, "m": 3, "k": 4, "d": 5, "p": 7, "C": 6, "h": 8}

COLUMNS = {Kind.ONEHOT_COLUMNS: Kind.ONEHOT, Kind.SIMPLEX_COLUMNS: Kind.SIMPLEX}
FUNCTIONS: dict[str, Function] = {
    "phi": Bounded((Fraction(1, 3), Fraction(5, 4), Fraction(-2, 3)), Fraction(3, 4)),
    "ell": StandInLoss(7, exponential=True),
}


# ---------------------------------------------------------------- problems from text


def problem(model: str, asks: str, extra: str = "") -> Problem:
    """The problem with this model, asked for gradients; `extra` are further lines of the file."""
    text = f"title: T\n{extra}model: |\n{textwrap.indent(textwrap.dedent(model).strip(), '  ')}\n"
    text += f"parts:\n  - prompt: x\n    solve: {{gradients: [{asks}]}}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.yaml"
        path.write_text(text, encoding="utf-8")
        return read(path).problems[0]


def derived(model: str, asks: str, extra: str = "", style: Detail | None = None) -> tuple[Prepared, Gradients]:
    """The named forward pass and the gradients asked for, of the last equation."""
    found = problem(model, asks, extra).model
    names = [name.strip() for name in asks.split(",")]
    prepared = prepare(found, frozenset(names))
    assert found.output is not None
    return prepared, gradients(prepared, found.output, names, style or Detail(), StepId())


def printed(e: Expr, gradient: str = "partial") -> str:
    """The formula as a reader sees it: TeX without bold, spacing and sized fences; ∂L/∂x as `dL/dx`."""
    text = Printer(notation=Notation(gradient=gradient)).expr(e)  # type: ignore[arg-type]
    text = re.sub(r"(\\[a-zA-Z]+)(?=\\bm)", r"\1 ", text)
    text = re.sub(r"\\(?:bm|operatorname|mathit|mathbb|mathrm|mathbf)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\(?:[bB]igg?[lr]|,)", " ", text)
    text = re.sub(r"\\frac\{\\partial (\S*)\}\{\\partial ([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", r"d\1/d\2", text)
    text = text.replace(r"^{\top}", "ᵀ").replace(r"^\top", "ᵀ").replace(r"\odot", "⊙").replace(r"\lVert", "‖")
    text = re.sub(r"_\{(\w)\}", r"_\1", text.replace(r"\rVert", "‖"))
    return re.sub(r"\s+", " ", re.sub(r"\s*([()])\s*", r"\1", text)).strip()


# ---------------------------------------------------------------- values


def point(model: Model, seed: str) -> dict[str, Array]:
    """Random values of what a model declares, either sign, kinds respected."""
    return draw((d.var for d in model.declarations), seed)


def draw(variables: Iterable[Var], seed: str, positive: bool = False) -> dict[str, Array]:
    """Random entries between 1/8 and 2 with either sign, kinds respected; sample axes come first."""
    rng = random.Random(seed)
    return {v.name: _draw(v, rng, positive) for v in variables}


def _draw(v: Var, rng: random.Random, positive: bool) -> Array:
    lengths = [i.size.value(SIZES) for i in v.at if isinstance(i, Idx)] + [s.value(SIZES) for s in v.shape_]
    array = np.empty(lengths, dtype=object)
    for at in np.ndindex(*lengths):
        array[at] = Fraction(rng.randint(2, 31), 16) * (1 if positive or rng.random() < 0.6 else -1)
    if v.kind in COLUMNS:
        return _draw(replace(v, shape_=v.shape_[::-1], kind=COLUMNS[v.kind]), rng, positive).T
    match v.kind:
        case Kind.BINARY:
            for at in np.ndindex(*lengths):
                array[at] = Fraction(rng.randint(0, 1))
        case Kind.ONEHOT:
            array = np.full(lengths, Fraction(0), dtype=object)
            for at in np.ndindex(*lengths[:-1]):
                array[(*at, rng.randrange(lengths[-1]))] = Fraction(1)
        case Kind.SIGNS:
            for at in np.ndindex(*lengths):
                array[at] = Fraction(rng.choice((-1, 1)))
        case Kind.POSITIVE | Kind.UNIT:
            array = np.vectorize(lambda x: abs(x) / 2, otypes=[object])(array)
        case Kind.SIMPLEX:
            array = np.vectorize(abs, otypes=[object])(array)
            array = array / array.sum(axis=-1, keepdims=True)
        case Kind.SYM:
            array = array + array.T
        case Kind.INVERTIBLE:
            array = array + 7 * np.eye(*lengths, dtype=int)
        case Kind.POSDEF:
            array = array @ array.T + np.eye(*lengths, dtype=int)
    return array


def evaluator(values: Mapping[str, Array], adjoints: Mapping[tuple[str, str], Array] | None = None) -> Evaluator:
    """Ball arithmetic at the point, with φ and ℓ chosen."""
    field = Balls(BITS)
    with field.working():
        names = {name: Value((), lifted(field, x)) for name, x in values.items()}
        symbols = {key: Value((), lifted(field, x)) for key, x in (adjoints or {}).items()}
    return Evaluator(field, SIZES, names, FUNCTIONS, symbols)


def lifted(field: Balls, x: Array) -> Array:
    """Fractions (or balls already) as an object array of balls."""
    x = np.asarray(x, dtype=object)
    out = np.empty(x.size, dtype=object)
    out[:] = [e if isinstance(e, arb) else field.number(Fraction(e)) for e in x.flat]
    return out.reshape(x.shape)


def agree(a: Array, b: Array, digits: int = 20) -> bool:
    """Whether two arrays of balls differ by less than 10^-digits of their scale."""
    field = Balls(BITS)
    with field.working():
        a, b = lifted(field, a), lifted(field, b)
    if a.shape != b.shape:
        return False
    scale = 1.0 + max((float(abs(x).upper()) for x in (*a.flat, *b.flat)), default=0.0)
    return all(float(abs(x - y).upper()) <= scale * 10.0**-digits for x, y in zip(a.flat, b.flat, strict=True))


def same_value(left: Expr, right: Expr, run: Evaluator) -> bool:
    a, b = run.value(left), run.value(right)
    free = tuple(dict.fromkeys((*a.free, *b.free)))
    free = tuple(sorted(free, key=lambda i: i.name))
    lengths = tuple(i.size.value(SIZES) for i in free)
    wide = [np.broadcast_to(v.along(free), (*lengths, *v.array.shape[len(v.free) :])) for v in (a, b)]
    return agree(*wide)


# ---------------------------------------------------------------- differences


def differences(equations: Iterable[Equation], of: Var, wrt: Var, values: Mapping[str, Array]) -> Array:
    """∂of/∂wrt by central differences: the axes of `of`, then those of wrt (samples first); error about 10^-60.

    A name that an equation defines is moved after it has its value, with that equation cut.
    """
    equations = tuple(equations)
    base = evaluator(values)
    evaluate_equations(base, equations)
    start = base.names[wrt.name]
    assert start is not None
    columns = []
    for at in np.ndindex(*start.array.shape):
        sides = [_moved(base, equations, of, wrt, at, sign) for sign in (1, -1)]
        with base.field.working():
            columns.append(np.asarray((sides[0] - sides[1]) / base.field.number(2 * STEP), dtype=object))
    stacked = np.stack(columns).reshape((*start.array.shape, *columns[0].shape))
    lead = start.array.ndim
    return np.moveaxis(stacked, range(lead), range(stacked.ndim - lead, stacked.ndim))


def _moved(
    base: Evaluator, equations: tuple[Equation, ...], of: Var, wrt: Var, at: tuple[int, ...], sign: int
) -> Array:
    value = base.names[wrt.name]
    assert value is not None
    array = value.array.copy()
    with base.field.working():
        array[at] = array[at] + base.field.number(sign * STEP)
    names = {**base.names, wrt.name: Value((), array)}
    again = Evaluator(base.field, SIZES, names, FUNCTIONS)
    evaluate_equations(again, [q for q in equations if q.var.name != wrt.name])
    found = again.names[of.name]
    assert found is not None
    return found.array


# ---------------------------------------------------------------- small expressions


def size(name: str | int) -> Size:
    return Size.of(name)


def var(name: str, *sizes: str | int) -> Var:
    return Var(name, tuple(map(size, sizes)))


PHI = Callee("phi")
ELL = Callee("ell")
