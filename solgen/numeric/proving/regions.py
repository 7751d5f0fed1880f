"""Kinks and cases: in each region every kink's argument has one sign, every label one value.

All regions at once have a symbol for the side of each kink.  Or one after the other: a forward pass is run again for
each.  Whatever it asks for the first time is decided one way, and the other ways are remembered.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import sympy as sp

from solgen.numeric.proving.atoms import Atoms
from solgen.numeric.proving.opaque import opaque
from solgen.numeric.proving.rational import Ratio, primitive
from solgen.numeric.proving.reach import OutOfReach
from solgen.numeric.values.fields import Array, Entrywise, Sided
from solgen.numeric.values.fields import Kinked as Kink
from solgen.numeric.values.symbolic import Expressions

MOST = 64  # regions of one claim


class Choices:
    """Decisions in order: those given first, then the first way of each further one."""

    def __init__(self, given: tuple[int, ...] = ()) -> None:
        self.given = given
        self.taken: list[tuple[int, int]] = []  # the way taken, and how many there were

    def choose(self, ways: int) -> int:
        """A way from 0 on."""
        place = len(self.taken)
        way = self.given[place] if place < len(self.given) else 0
        self.taken.append((way, ways))
        return way

    def following(self) -> tuple[int, ...] | None:
        """The decisions of the next region; None after the last."""
        taken = [way for way, _ in self.taken]
        for place in reversed(range(len(taken))):
            if taken[place] + 1 < self.taken[place][1]:
                return (*taken[:place], taken[place] + 1)
        return None


def go_through(run: Callable[[Choices], None]) -> None:
    """`run` with all choices, one after the other; raises OutOfReach for more than MOST."""
    choices = Choices()
    for _ in range(MOST):
        run(choices)
        following = choices.following()
        if following is None:
            return
        choices = Choices(following)
    raise OutOfReach(f"its kinks and cases make more than {MOST} regions")


class Kinked(Expressions):
    """sympy's expressions, with an opinion on which side of a kink an argument lies."""

    exp, log, sin, cos, tan = (Entrywise(opaque(f)) for f in (sp.exp, sp.log, sp.sin, sp.cos, sp.tan))
    arcsin, arccos, arctan = (Entrywise(opaque(f)) for f in (sp.asin, sp.acos, sp.atan))
    sinh, cosh, tanh, arctanh = (Entrywise(opaque(f)) for f in (sp.sinh, sp.cosh, sp.tanh, sp.atanh))
    normcdf = Entrywise(lambda x: (1 + opaque(sp.erf)(x / sp.sqrt(2))) / 2)

    def __init__(self, choices: Choices, atoms: Atoms) -> None:
        super().__init__()
        self.choices, self.atoms = choices, atoms
        self.masks: dict[Any, Any] = {}  # symbols that are 0 or 1, with the expression that is positive where one is 1

    @property
    @abstractmethod
    def regions(self) -> int:
        """How many regions were gone through."""

    @property
    def constraints(self) -> tuple[tuple[Any, int], ...]:
        """Which signs were decided on, of which expressions."""
        return ()

    def split_sign(self, x: Any) -> tuple[int, str, tuple[Any, ...]]:
        """A sign, and a key that all positive multiples of sign·x share; no key where the sign is that of x.

        Masks that are factors of x come last, and count for neither.
        """
        u = self.atoms.of(self.number(x) if isinstance(x, int) else x)
        if self.atoms.vanishes(u):
            return 0, "", ()
        # u has the sign of num·den
        product, masks = self.atoms.without_masks(self.atoms.without_squares(u.num * u.den))
        c, polynomial = primitive(Ratio(product, self.atoms.field.unit))
        sign = 1 if c > 0 else -1
        return sign, "" if self._is_positive(polynomial.num) else polynomial.key, masks

    def _is_positive(self, polynomial: Any) -> bool:
        """Whether no term can be negative: its coefficient is positive, and so are its factors or their squares."""
        atoms = self.atoms.atoms
        return all(
            coefficient > 0 and all(p % 2 == 0 or atoms[k].positive for k, p in enumerate(powers) if p)
            for powers, coefficient in polynomial.terms()
        )


class Masks(Kinked):
    """All regions at once: of each kink's argument a symbol m says whether it is positive, with m² = m.

    In each region m is a number, and so it is to whoever differentiates.  max(a, b) = b + m (a − b), |x| = (2m − 1) x.
    """

    def __init__(self, choices: Choices, atoms: Atoms) -> None:
        super().__init__(choices, atoms)
        self._known: dict[str, Any] = {}
        atoms.masks = self.masks

    @property
    def regions(self) -> int:
        return 1 << len(self._known)

    def side(self, x: Any) -> tuple[Any, Any]:
        """(m, k) with k 0 where the expression is 0, and m 1 where else it is positive: numbers, or symbols."""
        sign, key, masks = self.split_sign(x)
        present = sp.Mul(*masks)
        if not key:
            return self.number(int(sign > 0)), present if sign else self.number(0)
        if key not in self._known:
            self._known[key] = sp.Dummy("m")
            self.masks[self._known[key]] = sign * x
        return (self._known[key] if sign > 0 else 1 - self._known[key]), present

    @Kink
    def step(self, x: Any) -> Any:
        positive, present = self.side(x)
        return positive * present

    @Kink
    def sign(self, x: Any) -> Any:
        positive, present = self.side(x)
        return (2 * positive - 1) * present

    @Kink
    def abs(self, x: Any) -> Any:
        return (2 * self.side(x)[0] - 1) * x

    @Kink
    def maximum(self, a: Any, b: Any) -> Any:
        return b + self.side(a - b)[0] * (a - b)

    @Kink
    def minimum(self, a: Any, b: Any) -> Any:
        return a - self.side(a - b)[0] * (a - b)

    def attains(self, x: Array) -> Array:
        """1 at the largest entry, which is found by comparing each with the largest so far; no two are the largest."""
        largest, found = x[0], [self.number(1)]
        for entry in x[1:]:
            above = self.side(entry - largest)[0]
            found = [*((1 - above) * m for m in found), above]
            largest = largest + above * (entry - largest)
        return self.array(found)


class Region(Sided, Kinked):
    """One region: the sign of each kink's argument is decided, once for all its multiples."""

    def __init__(self, choices: Choices, atoms: Atoms) -> None:
        Kinked.__init__(self, choices, atoms)
        self._known: dict[str, tuple[Any, int, int]] = {}  # what was asked first, its sign, and the key's

    @property
    def regions(self) -> int:
        return 1

    def side(self, x: Any) -> int:
        """The sign of an expression in this region; 0 where it is 0 everywhere."""
        sign, key, _ = self.split_sign(x)
        if not key:
            return sign
        if key not in self._known:
            self._known[key] = x, sign, 1 if self.choices.choose(2) == 0 else -1
        return sign * self._known[key][2]

    @property
    def constraints(self) -> tuple[tuple[Any, int], ...]:
        return tuple((x, beside * side) for x, beside, side in self._known.values())

    def attains(self, x: Array) -> Array:
        """1 at the largest entry, which is found by comparing each with the largest so far; no two are the largest."""
        best = 0
        for j in range(1, len(x)):
            best = j if self.side(x[j] - x[best]) > 0 else best
        return self.array([self.number(int(j == best)) for j in range(len(x))])
