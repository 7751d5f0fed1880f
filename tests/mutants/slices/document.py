"""The document: the LaTeX of each product, and the narrations, of problems that were derived and verified before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from solgen.calculus.derive import derive
from solgen.document.pages import tell_in_full
from solgen.document.portable import markdown, portable_latex
from solgen.document.products import PRODUCTS
from solgen.document.telling import telling
from solgen.model.derivation import Derivation
from solgen.model.problem import ProblemSet
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.mutants.coverage import ROOT
from tests.mutants.room import Maker, Room

SETS = ("problems/residual-block", "tests/cases/verbs/verbs.yaml")


def _pages(problem_set: ProblemSet, derivations: Sequence[Derivation], checks: Sequence[Checks]) -> object:
    told = tell_in_full(problem_set, derivations, checks, {})
    return {product: told.document(row).tex for product, row in PRODUCTS.items()}


def _narrations(derivations: Sequence[Derivation], checks: Sequence[Checks]) -> object:
    told = [telling(derivation, checks=one) for derivation, one in zip(derivations, checks, strict=True)]
    return [(portable_latex(one), markdown(one)) for one in told]


def _makers() -> Mapping[str, Maker]:
    found: dict[str, Maker] = {}
    for name in SETS:
        problem_set = read(ROOT / name)
        derivations = [derive(problem) for problem in problem_set.problems]
        checks = [verify(derivation, mutants=False) for derivation in derivations]
        found[f"pages of {name}"] = partial(_pages, problem_set, derivations, checks)
        found[f"narrations of {name}"] = partial(_narrations, derivations, checks)
    return found


SLICE = Room("document", ("test_numbering.py", "test_narration.py", "test_facts.py"), _makers).slice(floor=0.4)
