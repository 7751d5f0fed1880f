"""The bench judges as it says: known answers are told right, wrong and not done apart."""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import sympy as sp

from tests.bench import checkers, identities
from tests.bench.array_values import Unreadable, value
from tests.bench.networks import solgen_net
from tests.bench.sympy_spelling import Speller, Spelt
from tests.bench.table import table
from tests.bench.timing import in_turn, python, run
from tests.test_identities import ROWS, drawn, evaluated

BY_ID = {row["id"]: row for row in ROWS}


@pytest.mark.parametrize("traces", [False, True])
@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_formula_given_to_sympy_has_the_value_of_the_identity(row, traces: bool) -> None:
    """So that a wrong derivative is sympy's, not the spelling's."""
    symbols = {}
    for name, shape in row["vars"].items():
        axes = [sp.Symbol(s, integer=True, positive=True) for s in shape]
        e = sp.MatrixSymbol(name, *(axes if len(axes) == 2 else [*axes, 1])) if axes else sp.Symbol(name, real=True)
        symbols[name] = Spelt(e, len(axes))
    sizes_of = {s: sp.Symbol(s, integer=True, positive=True) for shape in row["vars"].values() for s in shape}
    values, sizes = drawn(row, 1)
    tree = ast.parse(row["f"], mode="eval")
    formula = Speller({**{s: Spelt(e, 0) for s, e in sizes_of.items()}, **symbols}, traces).spell(tree.body).e
    at = {sizes_of[s]: n for s, n in sizes.items()}
    at |= {symbols[n].e: x[:, None] if np.ndim(x) == 1 else x for n, x in values.items()}
    expected = np.squeeze(evaluated(tree, {**sizes, **values}))
    np.testing.assert_allclose(np.squeeze(value(formula, at)).astype(float), expected, rtol=1e-9, atol=1e-12)


def test_a_right_a_wrong_and_a_missing_derivative_are_told_apart() -> None:
    assert identities.by_sympy(BY_ID["MC-100"]) == ("right", "")
    assert identities.judged(BY_ID["MC-57"], lambda values, sizes: np.zeros((3, 3))) == ("wrong", "gives 0")
    transposed = identities.judged(BY_ID["MC-57"], lambda values, sizes: np.linalg.inv(values["X"]))
    assert transposed == ("wrong", "values differ")
    with pytest.raises(Unreadable):
        value(sp.Derivative(sp.Determinant(sp.MatrixSymbol("X", 3, 3)), sp.Symbol("t"), evaluate=False), {})


def test_solgen_goes_the_public_way() -> None:
    assert identities.by_solgen(BY_ID["MC-57"]) == ("right", "")


def test_every_gradient_of_the_net_is_asked_and_found() -> None:
    found = solgen_net(5)
    assert found["gradients"] == found["asked"] == 10 and found["seconds"] > 0


def test_commands_are_timed_in_turn_and_their_failures_kept() -> None:
    found = in_turn(
        {"ok": lambda: run(python("-c", "print(1)")), "bad": lambda: run(python("-c", "raise SystemExit(3)"))}, 1
    )
    assert found["ok"].code == 0 and found["ok"].out == "1\n" and found["ok"].wall > 0
    assert found["bad"].code == 3


def test_a_table_is_aligned() -> None:
    assert table("T", ["a", "b"], [["xx", "1"], ["y", "22"]]).splitlines() == [
        "",
        "T",
        "-",
        "a    b",
        "xx   1",
        "y   22",
    ]


def test_the_checkers_see_the_same_right_and_wrong_gradients() -> None:
    some = list(islice(checkers.cases(), 12))
    assert {case.right for case in some} == {True, False}
    assert [checkers.ours(case) for case in some] == [case.right for case in some]
    right = (case for case in checkers.cases() if case.right and abs(case.gradient).max() > 1)
    twice = [replace(case, gradient=2 * case.gradient) for case in islice(right, 3)]  # no tolerance takes these
    assert twice and not any(checkers.by_autograd(case) or checkers.relative(case) for case in twice)
