"""Certificates kept: the same problem, under the same program and notation, is verified once."""

from __future__ import annotations

from dataclasses import replace

from solgen.build.cache import digest
from solgen.build.job import Job
from solgen.build.mathematics import mathematics_of
from solgen.build.outcome import dump_checks, dump_typed, load_checks, load_typed
from solgen.build.read_prose import check_typed
from solgen.document.author.typed import typed_formulas
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.verdict import Checks, Proof, TypedChecks
from solgen.numeric.verify import verify


def recall_certificate(problem: Problem, job: Job) -> Checks | None:
    """The certificate of the same problem, if it was verified before."""
    stored = job.store.get(certificate_key(problem, job))
    return None if stored is None else load_checks(stored)


def verify_and_keep(derivation: Derivation, job: Job) -> Checks:
    """The certificate of a derivation, kept for the next time.

    Raises InputError where the problem is defined nowhere.
    """
    checks = verify(derivation)
    job.store.put(certificate_key(derivation.problem, job), dump_checks(checks))
    return checks


def typed_checks(derivation: Derivation, job: Job) -> TypedChecks:
    """What came of the formulas that the problem's prose types, kept for the next time by the text of its file.

    Raises InputError where the problem is defined nowhere.
    """
    problem = derivation.problem
    if not typed_formulas(problem):
        return TypedChecks()
    key = digest("typed", job.program, mathematics_of(problem), problem.file, problem.text)
    stored = None if job.anew else job.store.get(key)
    if stored is not None:
        return load_typed(stored)
    found = check_typed(derivation)
    job.store.put(key, dump_typed(found))
    return found


def certificate_key(problem: Problem, job: Job) -> str:
    """What a certificate depends on: the program and the mathematics of the problem, not how it is worded."""
    return digest("checks", job.program, mathematics_of(problem))


def proofs_key(problem: Problem, program: str) -> str:
    """What proofs depend on: the program and the mathematics of the problem, not how it is worded."""
    return digest("proofs", program, mathematics_of(problem))


def with_proofs(checks: Checks, proofs: tuple[Proof, ...]) -> Checks:
    """A certificate with what a second engine made of the answers."""
    return replace(checks, proofs=proofs)
