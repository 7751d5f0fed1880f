"""The derivative of every row, from its own data, proved by sympy: the value at symbols, differentiated entry by entry.

Elementwise rows have their nice forms proved in test_table.py, on both sides of each kink.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

from solgen.calculus.partials import frames, partial
from solgen.expr.build import apply_example
from solgen.expr.nodes import Apply, Idx, Kind, Var
from solgen.expr.ops import ROWS, Called, Elementwise, Multilinear, Paired, Row
from solgen.numeric.evaluate import Evaluator, Value
from solgen.numeric.symbolic import Expressions

SIZES = {"m": 2, "n": 3, "p": 4, "q": 2}
FLAT = "its derivative is taken as 0"  # a convention, which no proof can show
BRANCHED = (sp.Heaviside, sp.sign, sp.Max)
CASES = [
    pytest.param(row, apply_example(row, example), id=f"{row.name}-{k}")
    for row in ROWS
    if not isinstance(row, Elementwise | Called) and FLAT not in row.doc
    for k, example in enumerate(row.examples)
]


def symbols(name: str, lengths: tuple[int, ...]) -> np.ndarray:
    """An array with a positive symbol an entry."""
    found = np.empty(lengths, dtype=object)
    for place in np.ndindex(*lengths):
        found[place] = sp.Symbol(f"{name}_{place}", positive=True)
    return found


def symbolic(app: Apply) -> Evaluator:
    """An evaluator at symbols for the entries of the arguments; a place is a number."""
    run = Evaluator(Expressions(), SIZES, {}, {})
    for argument in app.args:
        assert isinstance(argument, Var)
        entries = symbols(argument.name, tuple(size.value(SIZES) for size in argument.shape_))
        run.names[argument.name] = Value((), np.array(sp.Integer(1)) if argument.kind is Kind.LABEL else entries)
    return run


def slopes(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    """sympy's derivative of each entry by each symbol: the axes of the values first."""
    found = [sp.diff(value, x) for value in values.flat for x in by.flat]
    return np.array(found, dtype=object).reshape(values.shape + by.shape)


def is_zero(difference: Any) -> bool:
    """Whether sympy simplifies it to 0; where a comparison decides, at numbers that are all different."""
    difference = sp.sympify(difference)
    if difference.has(*BRANCHED):
        places = sorted(difference.free_symbols, key=str)
        return bool(difference.subs({x: sp.Rational(7 * k**2 + 3, 5) for k, x in enumerate(places)}) == 0)
    return bool(sp.simplify(difference) == 0)


def stated(row: Row, app: Apply, k: int, run: Evaluator) -> np.ndarray:
    """∂out/∂arg[k] as the row, or its index definition, states it."""
    if isinstance(row, Paired):
        up = Var("up", app.shape_)
        upstream = symbols("up", tuple(size.value(SIZES) for size in app.shape_))
        run.names["up"] = Value((), upstream)
        adjoint = row.adjoints[k]
        assert adjoint is not None
        return np.moveaxis(
            slopes(run.value(adjoint(app.args, up, app.params)).array, upstream),
            range(len(app.args[k].shape_)),  # type: ignore[attr-defined]
            range(-len(app.args[k].shape_), 0),  # type: ignore[attr-defined]
        )
    o, i = frames(app, k)
    value = run.value(partial(app, k, o, i, app))
    free = tuple(x for x in (*o, *i) if isinstance(x, Idx))
    spread = np.broadcast_to(value.along(free), [x.size.value(SIZES) for x in free])
    return spread.reshape([x.size.value(SIZES) if isinstance(x, Idx) else 1 for x in (*o, *i)])


@pytest.mark.parametrize(("row", "app"), CASES)
def test_the_derivative_is_sympy_s(row: Row, app: Apply) -> None:
    run = symbolic(app)
    for k, argument in enumerate(app.args):
        assert isinstance(argument, Var)
        if argument.kind is Kind.LABEL:
            continue
        entries = run.names[argument.name]
        assert entries is not None
        theirs = slopes(run.value(app).array, entries.array)
        ours = stated(row, app, k, run)
        assert ours.shape == theirs.shape
        wrong = [at for at in np.ndindex(*ours.shape) if not is_zero(ours[at] - theirs[at])]
        assert not wrong, f"{row.name}, argument {k + 1}: {wrong}"


def test_a_wrong_partial_is_noticed() -> None:
    """The comparison can fail: a product differentiated as if its factors had changed places."""
    row = next(row for row in ROWS if row.name == "matmul")
    assert isinstance(row, Multilinear)
    app = apply_example(row, row.examples[0])
    run = symbolic(app)
    entries = [run.names[argument.name].array for argument in app.args]  # type: ignore[attr-defined, union-attr]
    theirs = slopes(run.value(app).array, entries[0])
    assert not is_zero(theirs[0, 0, 0, 0] - entries[1][0, 1])
