from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
import pytest

from solgen.numeric.fields import Balls, Floats, NotExact, OnKink, Rationals, Undefined


def test_precision_is_restored_even_after_an_error() -> None:
    before = flint.ctx.prec
    with pytest.raises(Undefined), Balls(300).working():
        assert flint.ctx.prec == 300
        Balls(300).log(Balls(300).array(Balls(300).number(-1)))
    assert flint.ctx.prec == before


def test_rationals_refuse_what_they_cannot_hold() -> None:
    K = Rationals()
    with pytest.raises(NotExact):
        K.exp(K.array(K.number(1)))
    with pytest.raises(NotExact):
        K.pow(K.array(K.number(2)), K.array(K.number(Fraction(1, 2))))
    with pytest.raises(NotExact):
        K.pow(K.array(K.number(3)), K.array(K.number(10**9)))


def test_a_very_long_rational_is_left_to_balls() -> None:
    K = Rationals()
    with pytest.raises(NotExact):
        K.check(K.array([K.number(Fraction(1, 3**4000))]), "*")


@pytest.mark.parametrize("K", [Rationals(), Balls(200), Floats()], ids=lambda K: K.name)
def test_conventions_at_a_kink(K) -> None:
    """step(0) = sign(0) = 0; at a tie the second argument."""
    zero = K.array(K.number(0))
    with K.working():
        assert K.step(zero) == 0
        assert K.sign(zero) == 0
        assert K.abs(zero) == 0
        assert K.maximum(zero, zero) == 0


def test_a_ball_that_straddles_a_kink_is_no_value() -> None:
    K = Balls(100)
    with K.working():
        wide = K.sin(K.array(K.number(1))) - K.sin(K.array(K.number(1)))
        with pytest.raises(OnKink):
            K.maximum(wide, 0)


@pytest.mark.parametrize(("name", "x"), [("log", -1), ("sqrt", -2), ("arcsin", 2), ("arctanh", 1), ("arccos", -3)])
def test_outside_the_domain(name: str, x: int) -> None:
    K = Balls(100)
    with K.working(), pytest.raises(Undefined):
        getattr(K, name)(K.array(K.number(x)))


def test_negative_base_with_a_whole_exponent() -> None:
    for K in (Rationals(), Balls(100), Floats()):
        with K.working():
            assert K.pow(K.array(K.number(-2)), K.array(K.number(3))) == -8
    with Balls(100).working(), pytest.raises(Undefined):
        Balls(100).pow(Balls(100).array(Balls(100).number(-2)), Balls(100).array(Balls(100).number(Fraction(1, 2))))


def test_division_by_zero_is_undefined_in_every_field() -> None:
    with pytest.raises(Undefined), Rationals().working():
        Rationals().number(1) / Rationals().number(0)
    with pytest.raises(Undefined):
        Balls(64).check(np.array([flint.arb(1) / flint.arb(0)], dtype=object), "div")
    with pytest.raises(Undefined):
        Floats().check(np.array([np.inf]), "div")
