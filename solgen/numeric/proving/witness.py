"""A claim disproved: a point of a region at which a difference that should be 0 is a number other than 0.

The values of atoms follow from those of the symbols, in balls with rigorous bounds; only a function that the file
leaves open takes any value.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint
import sympy as sp
from flint import arb, fmpq

from solgen.numeric.proving.atoms import Atom, Atoms
from solgen.numeric.proving.inputs import ANYWHERE, Range
from solgen.numeric.proving.rational import Ratio
from solgen.numeric.proving.regions import Kinked

TRIES = 60  # points that are tried in one region
BITS = 400
FUNCTIONS: Mapping[Any, Any] = {
    sp.exp: arb.exp, sp.cos: arb.cos, sp.sin: arb.sin, sp.asin: arb.asin, sp.atan: arb.atan, sp.atanh: arb.atanh,
    sp.erf: arb.erf, sp.log: lambda x: abs(x).log(),
}  # fmt: skip


class Numbers:
    """A number for each generator, at one point."""

    def __init__(
        self, atoms: Atoms, ranges: Mapping[Any, Range], masks: Mapping[Any, Ratio], rng: random.Random
    ) -> None:
        self.atoms, self.ranges, self.masks, self.rng = atoms, ranges, masks, rng
        self.known: list[arb | None] = [None] * len(atoms.atoms)

    def of(self, a: Ratio) -> arb:
        """The value of a rational function."""
        return self._polynomial(a.num) / self._polynomial(a.den)

    def _generator(self, k: int) -> arb:
        value = self.known[k]
        if value is None:
            value = self.known[k] = self._evaluate_atom(self.atoms.atoms[k])
        return value

    def _polynomial(self, p: Any) -> arb:
        total = arb(0)
        for powers, coefficient in p.terms():
            term = arb(int(coefficient))
            for k, power in enumerate(powers):
                if power:
                    term *= self._generator(k) ** int(power)
            total += term
        return total

    def _evaluate_atom(self, made: Atom) -> arb:
        """What an atom is worth: its arguments are made of earlier ones, and so is what a mask says the sign of."""
        if made.kind is sp.root:
            (base,) = made.arguments
            return self.of(base).root(made.power)
        if made.kind in FUNCTIONS:
            return FUNCTIONS[made.kind](*map(self.of, made.arguments))
        if made.kind in self.masks:
            side = self.of(self.masks[made.kind])
            return arb(1) if side > 0 else arb(0) if side < 0 else arb("nan")
        if made.kind is sp.pi:
            return arb.pi()
        low, high = self.ranges.get(made.kind, ANYWHERE)
        return arb(fmpq(*(low + (high - low) * Fraction(self.rng.randint(1, 63), 64)).as_integer_ratio()))


def differs(atoms: Atoms, ranges: Mapping[Any, Range], field: Kinked, found: Sequence[Ratio]) -> bool | None:
    """Whether one of these is a number other than 0 at a point of the region, or, where there are masks, anywhere; None
    where no point is found."""
    region = [(atoms.of(x), sign) for x, sign in field.constraints]
    masks = {mask: atoms.of(x) for mask, x in field.masks.items()}
    before, flint.ctx.prec = flint.ctx.prec, BITS
    try:
        outcomes = [_differ(Numbers(atoms, ranges, masks, random.Random(k)), region, found) for k in range(TRIES)]
    finally:
        flint.ctx.prec = before
    met = [outcome for outcome in outcomes if outcome is not None]
    return any(met) if met else None


def _differ(numbers: Numbers, region: Iterable[tuple[Ratio, int]], found: Sequence[Ratio]) -> bool | None:
    """Whether one of these is certainly not 0 at one point; None where the point lies outside of the region."""
    if not all(bool(numbers.of(u) * sign > 0) for u, sign in region):
        return None
    values = [numbers.of(a) for a in found]
    if any(v.is_finite() and not v.contains(0) for v in values):
        return True
    return False if all(v.is_finite() for v in values) else None
