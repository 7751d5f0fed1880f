"""Expressions as rational functions of atoms: what is equal becomes 0, what is not does not."""

from __future__ import annotations

import pytest
import sympy as sp

from solgen.numeric.proving.atoms import Atoms
from solgen.numeric.proving.reach import OutOfReach

X, Y, M = sp.symbols("x y m")
POSITIVE = sp.Symbol("p")


def vanishes(e: sp.Expr) -> bool:
    atoms = Atoms(60, positive={POSITIVE}, masks={M})
    return atoms.vanishes(atoms.of(e))


@pytest.mark.parametrize("e", [
    (X**2 - Y**2) / (X - Y) - X - Y,
    sp.exp(X - Y) - sp.exp(X) / sp.exp(Y),
    sp.exp(X) - sp.exp(X / 2) ** 2,
    sp.tanh(X) - (2 / (1 + sp.exp(-2 * X)) - 1),
    sp.cosh(X) ** 2 - sp.sinh(X) ** 2 - 1,
    sp.log(X * Y**2) - sp.log(X) - 2 * sp.log(Y),
    sp.log(sp.exp(X) / (sp.exp(X) + 1)) - X + sp.log(1 + sp.exp(X)),
    sp.log(6) - sp.log(2) - sp.log(3),
    sp.sin(X) ** 2 + sp.cos(-X) ** 2 - 1,
    sp.tan(X) * sp.cos(X) - sp.sin(X),
    sp.sqrt(X**2 + Y**2) ** 3 - (X**2 + Y**2) * sp.sqrt(X**2 + Y**2),
    1 / sp.sqrt(2) - sp.sqrt(2) / 2,
    POSITIVE**X * POSITIVE - POSITIVE ** (X + 1),
    sp.erf(-X) + sp.erf(X),
    sp.asin(X) + sp.acos(X) - sp.pi / 2,
    M**3 - M,
    (2 * M - 1) ** 2 - 1,
])  # fmt: skip
def test_what_is_equal_vanishes(e: sp.Expr) -> None:
    assert vanishes(e)


@pytest.mark.parametrize("e", [
    X - Y, sp.exp(X) - sp.exp(Y), sp.exp(2 * X) - sp.exp(X), sp.tanh(X) - X, sp.sin(X) - sp.cos(X),
    sp.sqrt(X) - X, sp.log(X) - sp.log(Y), POSITIVE**X - POSITIVE, M - 1, sp.erf(X) + sp.erf(Y), sp.pi - 3,
])  # fmt: skip
def test_what_is_not_equal_does_not_vanish(e: sp.Expr) -> None:
    assert not vanishes(e)


def test_a_function_without_a_form_is_named() -> None:
    with pytest.raises(OutOfReach, match="gamma"):
        vanishes(sp.gamma(X))


def test_more_functions_than_foreseen_are_out_of_reach() -> None:
    atoms = Atoms(2)
    with pytest.raises(OutOfReach, match="more than 2"):
        atoms.of(sp.exp(X) + sp.sin(Y))
