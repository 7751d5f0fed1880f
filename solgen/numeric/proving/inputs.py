"""The declared values as arrays of symbols, an entry a symbol, with what is declared of them put in.

Of a symmetric matrix both entries of a pair are one symbol, of weights that sum to 1 the last is what the others leave;
a label, and where `cases` are gone through a one-hot vector, a bit or a sign, is one value after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any, assert_never

import numpy as np
import sympy as sp

from solgen.expr.nodes import Kind, Var
from solgen.numeric.proving.reach import OutOfReach
from solgen.numeric.proving.regions import Choices
from solgen.numeric.values.fields import Array

MOST = 300  # entries of all inputs
Range = tuple[Fraction, Fraction]
ANYWHERE, ABOVE, WITHIN = (
    (Fraction(-2), Fraction(2)),
    (Fraction(1, 4), Fraction(2)),
    (Fraction(1, 16), Fraction(15, 16)),
)


class Inputs:
    """Symbols for every declared value, and the range in which a number for each may lie."""

    def __init__(self, sizes: Mapping[str, int], choices: Choices, classes: Mapping[str, int], cases: bool) -> None:
        self.sizes, self.choices, self.classes, self.cases = sizes, choices, classes, cases
        self.ranges: dict[Any, Range] = {}

    @property
    def positive(self) -> frozenset[Any]:
        """The symbols that are positive."""
        return frozenset(symbol for symbol, (low, _) in self.ranges.items() if low > 0)

    def of(self, v: Var) -> Array:
        """The entries of a variable; samples come before its own axes."""
        lead = tuple(i.size.value(self.sizes) for i in v.samples)
        own = tuple(s.value(self.sizes) for s in v.shape_)
        if len(self.ranges) + prod(lead + own) > MOST:
            raise OutOfReach(f"its inputs have more than {MOST} entries at these sizes")
        return self._draw_entries(v, lead, own)

    def _draw_entries(self, v: Var, lead: tuple[int, ...], own: tuple[int, ...]) -> Array:
        to = lead + own
        match v.kind:
            case Kind.REAL | Kind.INVERTIBLE:
                return self._free(v.name, to, ANYWHERE)
            case Kind.POSITIVE:
                return self._free(v.name, to, ABOVE)
            case Kind.UNIT:
                return self._free(v.name, to, WITHIN)
            case Kind.BINARY | Kind.SIGNS:
                low = 0 if v.kind is Kind.BINARY else -1
                return self._either(to, low) if self.cases else self._free(v.name, to, ANYWHERE)
            case Kind.ONEHOT | Kind.SIMPLEX:
                return self._weights(v, to, len(to) - 1)
            case Kind.ONEHOT_COLUMNS | Kind.SIMPLEX_COLUMNS:
                return self._weights(v, to, len(lead))
            case Kind.SYM | Kind.POSDEF:
                return self._symmetric(v, lead, own)
            case Kind.LABEL:
                return self._labels(v, to)
            case _:
                assert_never(v.kind)

    def _free(self, name: str, to: tuple[int, ...], within: Range) -> Array:
        array = np.empty(to, dtype=object)
        for place in np.ndindex(*to):
            array[place] = self._symbol(name, within)
        return array

    def _symbol(self, name: str, within: Range) -> Any:
        symbol = sp.Dummy(name)
        self.ranges[symbol] = within
        return symbol

    def _either(self, to: tuple[int, ...], low: int) -> Array:
        array = np.empty(to, dtype=object)
        for place in np.ndindex(*to):
            array[place] = sp.Integer((low, 1)[self.choices.choose(2)])
        return array

    def _labels(self, v: Var, to: tuple[int, ...]) -> Array:
        array = np.empty(to, dtype=object)
        for place in np.ndindex(*to):
            array[place] = sp.Integer(self.choices.choose(self.classes[v.name]))
        return array

    def _weights(self, v: Var, to: tuple[int, ...], axis: int) -> Array:
        """Vectors along an axis that sum to 1; of one-hot ones, where cases are gone through, each position in turn."""
        n = to[axis]
        rows = np.empty((*to[:axis], *to[axis + 1 :], n), dtype=object)
        for place in np.ndindex(*rows.shape[:-1]):
            if v.kind in (Kind.ONEHOT, Kind.ONEHOT_COLUMNS) and self.cases:
                hot = self.choices.choose(n)
                rows[place] = [sp.Integer(int(k == hot)) for k in range(n)]
            else:
                drawn = [self._symbol(v.name, (Fraction(1, 4 * n), Fraction(1, n))) for _ in range(n - 1)]
                rows[place] = [*drawn, 1 - sp.Add(*drawn)]
        return np.moveaxis(rows, -1, axis)

    def _symmetric(self, v: Var, lead: tuple[int, ...], own: tuple[int, ...]) -> Array:
        """A symmetric matrix for each sample; of a positive definite one the diagonal outweighs the rest of its row."""
        definite = v.kind is Kind.POSDEF
        array = np.empty(lead + own, dtype=object)
        for at in np.ndindex(*lead):
            for i in range(own[0]):
                for j in range(i + 1):
                    heavy = definite and i == j
                    within = (Fraction(2 * own[0]), Fraction(3 * own[0])) if heavy else ANYWHERE
                    array[(*at, i, j)] = array[(*at, j, i)] = self._symbol(v.name, within)
        return array
