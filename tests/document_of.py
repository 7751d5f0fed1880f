"""One product of a set at once, as the tests of its pages want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solgen.document.pages import Document, tell_in_full
from solgen.document.products import PRODUCTS
from solgen.model.derivation import Derivation
from solgen.model.figure import Figure
from solgen.model.problem import ProblemSet
from solgen.model.verdict import Checks


def solution_document(
    problem_set: ProblemSet,
    derivations: Sequence[Derivation],
    checks: Sequence[Checks | None],
    figures: Mapping[str, Figure],
    product: str,
) -> Document:
    """The document that a build makes of the set for this product."""
    return tell_in_full(problem_set, derivations, checks, figures).document(PRODUCTS[product])
