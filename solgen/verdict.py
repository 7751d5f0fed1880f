"""What was verified, and what came of it: the certificate of one problem.

A room of its own, without a formula in it: a certificate is recalled from the cache and told on the terminal without
loading any mathematics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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
class Checks:
    """The certificate of one problem."""

    checks: tuple[Check, ...]
    mutants: Mutants
    sizes: Mapping[str, int]
    points: int
    seed: str
    digits: int
    unmet: tuple[str, ...] = ()  # branches of kinks that no point reached

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.verdict != "equal")
