"""Values of a worked example as text: what is printed of an entry, and which samples it is over."""

from fractions import Fraction

import pytest

from solgen.model.quantity import Computed, Quantity, digits_of, state_quantity
from solgen.model.step import StepId


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
    assert state_quantity("x", number).entries == printed


def test_samples_are_taken_one_by_one() -> None:
    z = Quantity("z", (("1", "2"), ("3", "4")), over=("i",))
    assert (z.axes, z.extent) == (1, (2, 2))
    assert z.sample({"i": 1}).entries == ("3", "4") and z.sample({"j": 1}) == z
    assert z.plain() == "[[1, 2], [3, 4]]" and Quantity("s", "1.5", power=-3).plain() == "1.5 * 10**-3"


def test_a_long_fraction_is_printed_in_decimals() -> None:
    """Digits before the point are kept, and zeros after it."""
    assert state_quantity("x", Fraction(-10003, 1000)).entries == "-10.003"
    assert state_quantity("x", Fraction(1, 5**15)).entries == "0.000000000032768"
    assert state_quantity("x", Fraction(1, 5**16)).entries == "1/152587890625"  # more than 15 digits


def test_a_matrix_is_given_entry_by_entry() -> None:
    rows = ((Fraction(1), Fraction(1, 2)), (Fraction(-3), Fraction(0)))
    assert state_quantity("A", rows, over=("i",)) == Quantity("A", (("1", "1/2"), ("-3", "0")), over=("i",))


def test_the_numbers_are_those_that_the_entries_say() -> None:
    found = Quantity("A", (("1.50", "-2"), ("3/4", "0")), exact=False, power=-1)
    assert found.values == (Fraction(3, 20), Fraction(-1, 5), Fraction(3, 40), Fraction(0))
    assert found.unit == Fraction(1, 1000)  # two digits at most after the point, times 10⁻¹
    assert Quantity("n", ("3", "40"), power=2).unit == 100 and Quantity("e", ()).unit == 1


def test_the_extent_counts_every_axis() -> None:
    assert Quantity("A", (("1", "2", "3"), ("4", "5", "6"))).extent == (2, 3)
    assert Quantity("s", "1").extent == () and Quantity("e", ()).extent == (0,)
    assert Quantity("s", "1").axes == 0


def test_samples_of_two_families_are_taken_from_the_first_on() -> None:
    z = Quantity("z", (("1", "2"), ("3", "4")), over=("i", "j"))
    assert z.sample({"i": 0, "j": 1}) == Quantity("z", "2")
    assert z.sample({"j": 1}) == z  # not the first axis
    assert z.entry(1) == Quantity("z", ("3", "4"), over=("j",))


@pytest.mark.parametrize(
    ("entry", "parts"), [("-3/7", (True, "3", "7")), ("3", (False, "3", "")), ("-0.5", (True, "0.5", ""))]
)
def test_an_entry_is_taken_apart(entry: str, parts: tuple[bool, str, str]) -> None:
    assert digits_of(entry) == parts


def test_the_values_of_an_example_are_found_by_name() -> None:
    x, slope = Quantity("x", "1"), Quantity("dL/dx", "2")
    assert Computed(StepId(), (x, slope)).by_name == {"x": x, "dL/dx": slope}
