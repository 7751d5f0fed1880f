"""Values of a worked example as text: what is printed of an entry, and which samples it is over."""

from fractions import Fraction

import pytest

from solgen.model.quantity import Quantity, given


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (Fraction(-3), "-3"),
        (Fraction(3, 7), "3/7"),
        (Fraction(1, 100), "1/100"),  # the largest denominator that stays a fraction
        (Fraction(1, 101), "1/101"),  # no decimal has an end: still a fraction
        (Fraction(1, 125), "0.008"),
        (Fraction(-9, 1000), "-0.009"),
    ],
)
def test_a_given_number_is_printed_exactly(number: Fraction, printed: str) -> None:
    assert given("x", number).entries == printed


def test_samples_are_taken_one_by_one() -> None:
    z = Quantity("z", (("1", "2"), ("3", "4")), over=("i",))
    assert (z.axes, z.extent) == (1, (2, 2))
    assert z.sample({"i": 1}).entries == ("3", "4") and z.sample({"j": 1}) == z
    assert z.plain() == "[[1, 2], [3, 4]]" and Quantity("s", "1.5", power=-3).plain() == "1.5 * 10**-3"
