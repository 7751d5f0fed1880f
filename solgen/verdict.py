"""What was verified, and what came of it: the certificate of one problem.

A room of its own, without a formula in it: a certificate is recalled from the cache and told on the terminal without
loading any mathematics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from solgen.quantity import Computed, Quantity

Verdict = Literal["equal", "different", "undecided"]


@dataclass(frozen=True, slots=True)
class Check:
    """One verified statement: both sides as code, how it was compared and what came out."""

    id: str
    left: str
    right: str
    verdict: Verdict
    method: Literal["exact", "ball", "oracle", "float64", "sympy"]
    digits: int
    points: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class Mutants:
    """Deliberately wrong answers: how many were told apart, and those that turned out equal."""

    killed: int
    equivalent: tuple[str, ...] = ()
    survived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refutation:
    """A wrong answer that was told from the right one: the entry where the two differ most, and both values there.

    entry: counted from 1, the sample first; empty for a scalar.  Where the shape is wrong, both are shapes: of the
    gradient and of the answer, or of the two parts of a product or a sum that does not exist.
    """

    id: str
    how: Literal["value", "shape", "product", "sum"]
    right: str
    wrong: str
    entry: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """Wrong answers to one question, tried at a point with small numbers; those that it does not refute are left out.

    functions: what stands for a function that the file leaves open, as a formula in u.
    """

    id: str
    given: tuple[Quantity, ...]
    functions: Mapping[str, str]
    refuted: tuple[Refutation, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """The certificate of one problem."""

    checks: tuple[Check, ...]
    mutants: Mutants
    sizes: Mapping[str, int]
    points: int
    seed: str
    digits: int
    unmet: tuple[str, ...] = ()  # branches of kinks that no point reached
    trials: tuple[Trial, ...] = ()  # of likely wrong answers
    examples: tuple[Computed, ...] = ()  # values of worked examples

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.verdict != "equal")
