"""What was verified, and what came of it: the certificate of one problem.

A room of its own, without a formula in it: a certificate is recalled from the cache and told on the terminal without
loading any mathematics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from solgen.errors import Diagnostic
from solgen.model.quantity import Computed, Quantity
from solgen.model.step import StepId

Verdict = Literal["equal", "different", "undecided"]
Sizes = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One verified statement: of which step, both sides as code, how it was compared and what came out."""

    step: StepId
    left: str
    right: str
    verdict: Verdict
    method: Literal["exact", "ball", "oracle", "float64", "sympy", "reading"]
    digits: int
    points: int
    message: str = ""

    @property
    def id(self) -> str:
        """The name of the step, as it is printed."""
        return str(self.step)


@dataclass(frozen=True, slots=True)
class MutantId:
    """A deliberately wrong answer: to which step, and what is wrong with it."""

    step: StepId
    what: str

    def __str__(self) -> str:
        return f"{self.step}: {self.what}"


@dataclass(frozen=True, slots=True)
class Mutants:
    """Deliberately wrong answers: how many were told apart, and those that turned out equal."""

    killed: int
    equivalent: tuple[MutantId, ...] = ()
    survived: tuple[MutantId, ...] = ()


@dataclass(frozen=True, slots=True)
class Refutation:
    """A wrong answer that was told from the right one: the entry where the two differ most, and both values there.

    entry: counted from 1, the sample first; empty for a scalar.  Where the shape is wrong, both are shapes: of the
    gradient and of the answer, or of the two parts of a product or a sum that does not exist.
    """

    id: StepId
    how: Literal["value", "shape", "product", "sum"]
    right: str
    wrong: str
    entry: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """Wrong answers to one question, tried at a point with small numbers; those that it does not refute are left out.

    functions: what stands for a function that the file leaves open, as a formula in u.
    """

    id: StepId
    given: tuple[Quantity, ...]
    functions: Mapping[str, str]
    refuted: tuple[Refutation, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A formula that a person typed into prose and that no check stands behind: why not, and where it stands."""

    formula: str
    why: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class TypedChecks:
    """What came of the formulas typed into the prose of a problem: rows of the certificate, those that nothing checks,
    and what is wrong, each with the part that it stands in."""

    checks: tuple[Check, ...] = ()
    listed: tuple[Listed, ...] = ()
    wrong: tuple[tuple[str, Diagnostic], ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a second engine made of one answer, at these sizes: proved in so many regions between kinks, disproved, or
    out of its reach, and why."""

    step: StepId
    verdict: Literal["proved", "disproved", "out of reach"]
    sizes: Mapping[str, int]
    regions: int = 0
    why: str = ""


def text_of_sizes(sizes: Iterable[tuple[str, int]]) -> str:
    """`n = 2, m = 3`."""
    return ", ".join(f"{name} = {n}" for name, n in sizes)


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
    listed: tuple[Listed, ...] = ()  # formulas of the prose that are not checked
    proofs: tuple[Proof, ...] = ()  # of answers, by a second engine

    @property
    def proved_at(self) -> Mapping[Sizes, int]:
        """How many answers are proved at which sizes."""
        return Counter(tuple(p.sizes.items()) for p in self.proofs if p.verdict == "proved")

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.verdict != "equal")
