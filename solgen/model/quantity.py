r"""The values of a worked example as text: what a page, a figure or the terminal writes of them.

A room of its own, without a formula in it, since values travel with the certificate.  An entry is `-3`, `3/7` or, where
it was rounded, `0.2689`: exactly so many digits as were proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from solgen.model.step import StepId

Entries = str | tuple["Entries", ...]
Number = Fraction | tuple["Number", ...]

HUNDRED, LONGEST = 100, 16  # a fraction with a larger denominator is written in decimals, if they are so few


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value: nested rows of entries, times 10 to the `power`; rounded unless `exact`.

    `over` names the sample indices that are its first axes.
    """

    name: str
    entries: Entries
    exact: bool = True
    power: int = 0
    over: tuple[str, ...] = ()

    @property
    def axes(self) -> int:
        """How many axes one sample has."""
        return len(self.extent) - len(self.over)

    @property
    def extent(self) -> tuple[int, ...]:
        """The length of each axis, samples first."""
        return _extent(self.entries)

    def entry(self, k: int) -> Quantity:
        """What stands at position k of the first axis."""
        assert not isinstance(self.entries, str)
        return replace(self, entries=self.entries[k], over=self.over[1:])

    def sample(self, at: Mapping[str, int]) -> Quantity:
        """The value at given samples; other samples stay."""
        found = self
        while found.over and found.over[0] in at:
            found = found.entry(at[found.over[0]])
        return found

    def plain(self) -> str:
        """`[[1, 2], [3/7, 4]]`, as a file would give it."""
        return _plain(self.entries) + (f" * 10**{self.power}" if self.power else "")

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The entries as the numbers that they say, row after row."""
        return tuple(Fraction(e) * Fraction(10) ** self.power for e in _flat(self.entries))

    @property
    def unit(self) -> Fraction:
        """One unit of the last digit of a rounded value."""
        digits = max((len(e.partition(".")[2]) for e in _flat(self.entries)), default=0)
        return Fraction(10) ** (self.power - digits)


def digits_of(entry: str) -> tuple[bool, str, str]:
    """Whether an entry is negative, its digits, and those below a bar; nothing where there is no bar."""
    top, _, bottom = entry.removeprefix("-").partition("/")
    return entry.startswith("-"), top, bottom


@dataclass(frozen=True, slots=True)
class Computed:
    """The values of one worked example: `id` says whose; `quantities` by name, `z1` or `dL/dW`.

    `operands` are values that stand within the formulas of its steps, in their order; `kinks` are the functions that
    were evaluated at a kink, where the printed convention holds.
    """

    id: StepId
    quantities: tuple[Quantity, ...]
    operands: Mapping[str, tuple[Quantity, ...]] = field(default_factory=dict)
    kinks: tuple[str, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Quantity]:
        return MappingProxyType({q.name: q for q in self.quantities})


def state_quantity(name: str, number: Number, over: tuple[str, ...] = ()) -> Quantity:
    """A value that the file states, as it is."""
    return Quantity(name, _entries(number), over=over)


def _entries(number: Number) -> Entries:
    return _text(number) if isinstance(number, Fraction) else tuple(_entries(n) for n in number)


def _text(number: Fraction) -> str:
    """A number exactly: a fraction, or decimal digits where the fraction would be long."""
    digits = next((k for k in range(LONGEST) if (number * 10**k).denominator == 1), None)
    if digits is None or number.denominator <= HUNDRED:
        return str(number)
    return f"{'-' if number < 0 else ''}{abs(number) // 1}.{int(abs(number) % 1 * 10**digits):0{digits}d}"


def _plain(entries: Entries) -> str:
    return entries if isinstance(entries, str) else f"[{', '.join(map(_plain, entries))}]"


def _flat(entries: Entries) -> tuple[str, ...]:
    return (entries,) if isinstance(entries, str) else tuple(e for inner in entries for e in _flat(inner))


def _extent(entries: Entries) -> tuple[int, ...]:
    return () if isinstance(entries, str) else (len(entries), *(_extent(entries[0]) if entries else ()))
