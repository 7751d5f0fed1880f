"""Every operation of the table inside every other: the numpy source, run, has the value of the tree.

One pair is one parent and one child of a formula, which is all that parentheses depend on.  The formulas are written
into one module of many small functions, so that Python itself is what reads them.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from solgen.expr.arith import delta, num, total
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Entry, Expr, Idx, Kind, Pi, SizeNum, Var, rank, shape
from solgen.expr.ops import ROWS
from solgen.expr.size import Size
from solgen.expr.walk import substitute, variables
from solgen.numeric.code.formulas import HELPERS, NumpyWriter, PythonNames
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Floats, Undefined
from solgen.numeric.values.stand_ins import Polynomial, StandInLoss
from tests.expr.test_table import SIZES, applications

PHI = Polynomial((Fraction(1, 2), Fraction(-1, 3), Fraction(1, 4)))
ELL = StandInLoss(5, False)
N = Size.of("n")
CALLABLES = {
    "phi": lambda x: PHI.value(Floats(), 0, np.asarray(x)),
    "ell": lambda x: float(ELL.value(Floats(), np.asarray(x))),
    "ell_grad": lambda x: ELL.gradient(Floats(), np.asarray(x)),
}
LEAVES: tuple[Expr, ...] = (
    num(Fraction(-2, 3)), num(Fraction(1, 3)), num(-2), SizeNum(N + Size.of("m")), Pi(),
    Entry(Var("u", (N,)), (Size.of(1),)), delta(Size.of(0), Size.of(0)),
    total(Idx("k", N), Entry(Var("u", (N,)), (Idx("k", N),))),
)  # fmt: skip


@dataclass(frozen=True)
class Nested:
    """One operation inside another."""

    outer: str
    inner: str
    formula: Expr


def renamed(e: Apply) -> Expr:
    """The inner operation's own variables, under names of their own."""
    return substitute(e, {v: Var(f"{v.name}_", v.shape_, v.kind) for v in variables(e)})


@cache
def inside() -> dict[tuple[Size, ...], dict[str, Expr]]:
    """One application of each row for each shape of its result; for scalars the leaves of a formula too."""
    found: dict[tuple[Size, ...], dict[str, Expr]] = {}
    for row in ROWS:
        for app in applications(row):
            found.setdefault(shape(app), {}).setdefault(row.name, renamed(app))
    found[()].update({type(leaf).__name__ + str(k): leaf for k, leaf in enumerate(LEAVES)})
    return found


def pairs() -> Iterator[Nested]:
    for row in ROWS:
        seen: set[tuple[int, str]] = set()
        for app in applications(row):
            for k, argument in enumerate(app.args):
                if isinstance(argument, Var) and argument.kind is Kind.LABEL:
                    continue
                for name, inner in inside().get(shape(argument), {}).items():
                    if (k, name) not in seen:
                        seen.add((k, name))
                        yield Nested(row.name, name, substitute(app, {argument: inner}))


def of_other_shapes() -> Iterator[Nested]:
    """Results of lengths that no placeholder has (m + n of a concatenation), inside sums, squares and negatives."""
    placeholders = {shape(argument) for row in ROWS for app in applications(row) for argument in app.args}
    for found, inner in inside().items():
        if found not in placeholders:
            for outer in ("sum", "neg", "square", "norm2sq"):
                yield from (Nested(outer, name, apply(outer, e)) for name, e in inner.items())


def values(seed: int, positive: bool) -> dict[str, Any]:
    """Entries below 1, of both signs or all positive; matrices far from singular."""
    rng = np.random.default_rng(seed)

    def drawn(v: Var) -> Any:
        to = tuple(s.value(SIZES) for s in v.shape_)
        if v.kind is Kind.LABEL:
            return 1
        x = rng.uniform(0.1, 0.9, to) * (1 if positive else rng.choice((-1, 1), to))
        return x + 2 * np.eye(to[0]) if len(to) == 2 and to[0] == to[1] else x

    return {key(v): drawn(v) for v in names()}


@cache
def names() -> tuple[Var, ...]:
    return tuple(dict.fromkeys(v for n in (*pairs(), *of_other_shapes()) for v in variables(n.formula)))


def key(v: Var) -> str:
    """Variables of the same name have many shapes here."""
    return f"{v.name}_{'x'.join(str(s.value(SIZES)) for s in v.shape_)}_{v.kind.name}"


def keyed(e: Expr) -> Expr:
    return substitute(e, {v: Var(key(v), v.shape_, v.kind) for v in variables(e)})


def test_source_has_the_value_of_the_tree(tmp_path: Path) -> None:
    nested = [*pairs(), *of_other_shapes()]
    formulas = [keyed(n.formula) for n in nested]
    writer = NumpyWriter(PythonNames([*map(key, names()), *SIZES, *CALLABLES]))
    sizes = "; ".join(f"{name} = {value}" for name, value in SIZES.items())
    lines = [f"def _{k}({', '.join(v.name for v in variables(e))}): return {writer.write(e)}"
             for k, e in enumerate(formulas)]  # fmt: skip
    file = tmp_path / "written.py"
    file.write_text("\n".join(["import math", "import numpy as np", sizes, *HELPERS.values(), *lines]))
    module = runpy.run_path(str(file), init_globals=CALLABLES)
    settled: set[int] = set()
    for seed, positive in ((1, False), (2, True)):
        given = values(seed, positive)
        run = Evaluator(Floats(), SIZES, {k: Value((), np.asarray(x, dtype=float)) for k, x in given.items()},
                        {"phi": PHI, "ell": ELL})  # fmt: skip
        for k, (pair, e) in enumerate(zip(nested, formulas, strict=True)):
            try:
                expected = run.value(e).array
            except Undefined:
                continue
            settled.add(k)
            with np.errstate(all="ignore"):
                found = np.asarray(module[f"_{k}"](*(given[v.name] for v in variables(e))), dtype=float)
            assert found.shape == expected.shape, (pair.outer, pair.inner, lines[k])
            scale = max(1.0, float(run.magnitude(e)))
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11 * scale, err_msg=lines[k])
    outer, inner = ({getattr(nested[k], side) for k in settled} for side in ("outer", "inner"))
    assert len(settled) > 0.95 * len(nested) > 3000
    assert outer | {"eye", "basis"} >= {row.name for row in ROWS if row.name != "loss_grad"} and inner >= outer


def test_every_rank_is_nested() -> None:
    assert {rank(n.formula) for n in pairs()} == {0, 1, 2}
