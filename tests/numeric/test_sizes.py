from __future__ import annotations

import pytest

from solgen.errors import InputError
from solgen.expr.size import Size
from solgen.numeric.points.test_sizes import Conditions, choose_sizes, constants, dimensions, other_sizes
from tests.numeric.models import C, D, H, M, N, samples, tempered

ONE = Size.of(1)


def choose(*dims: Size, order: tuple[tuple[Size, Size], ...] = (), fixed: dict[str, int] | None = None,
           avoid: tuple[int, ...] = ()) -> dict[str, int]:  # fmt: skip
    return choose_sizes(Conditions(dims, order, fixed or {}, frozenset(avoid)))


def test_small_distinct_and_unlike_the_constants() -> None:
    assert choose(M, N, D, avoid=(1, 2, 4)) == {"m": 3, "n": 5, "d": 6}


def test_the_stated_order_is_kept() -> None:
    chosen = choose(N, M, order=((M, N), (N, M * 2)))
    assert chosen["m"] < chosen["n"] < 2 * chosen["m"]


def test_polynomial_sizes_are_at_least_one_and_different_too() -> None:
    chosen = choose(N, H, N - H + 1, H + D)
    values = [chosen["n"], chosen["h"], chosen["d"], chosen["n"] - chosen["h"] + 1, chosen["h"] + chosen["d"]]
    assert len(set(values)) == 5 and min(values) >= 1


def test_fixed_sizes_keep_their_number_even_where_it_is_a_constant() -> None:
    assert choose(C, N, fixed={"C": 2}, avoid=(2,)) == {"C": 2, "n": 3}
    assert choose(C, N, fixed={"C": 1, "n": 1}) == {"C": 1, "n": 1}


def test_what_cannot_be_had_is_given_up_last_first() -> None:
    """m < n < 3 leaves only 1 and 2."""
    assert choose(M, N, order=((M, N), (N, Size.of(3)))) == {"m": 1, "n": 2}


def test_an_impossible_order_is_an_error() -> None:
    with pytest.raises(InputError, match="no sizes satisfy"):
        choose(M, N, order=((M, N), (N, M)))


def test_where_the_order_matters_other_orders_are_tried() -> None:
    """log det XᵀX needs a tall X: with m = 3 and n = 4 an m × n matrix has none, with m = 4 and n = 3 it has."""
    conditions = Conditions((M, N, C), (), {"C": 2}, frozenset())
    chosen = choose_sizes(conditions)
    others = list(other_sizes(conditions, chosen))
    assert chosen == {"m": 3, "n": 4, "C": 2} and others == [{"m": 4, "n": 3, "C": 2}]
    assert list(other_sizes(Conditions((M, N), ((M, N),), {}, frozenset()), {"m": 3, "n": 4})) == []


def test_many_sizes_are_found_at_once() -> None:
    symbols = [Size.of(f"s{k}") for k in range(14)]
    assert sorted(choose(*symbols).values()) == list(range(3, 17))


def test_sizes_and_constants_of_a_model() -> None:
    found = tempered().model
    bodies = [q.body for q in found.equations]
    assert set(dimensions([d.var for d in found.declarations], bodies)) == {D, N}
    assert constants(bodies) == {1, 3}
    family = samples().model
    assert N in dimensions([d.var for d in family.declarations], [])
