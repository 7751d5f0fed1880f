"""Certificates kept: the same problem, under the same program and notation, is verified once."""

from __future__ import annotations

from solgen.build.cache import digest
from solgen.build.job import Job
from solgen.build.mathematics import mathematics_of
from solgen.build.outcome import dump_checks, load_checks
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify


def recalled(problem: Problem, job: Job) -> Checks | None:
    """The certificate of the same problem, if it was verified before."""
    stored = job.store.get(certificate_key(problem, job))
    return None if stored is None else load_checks(stored)


def verified(derivation: Derivation, job: Job) -> Checks:
    """The certificate of a derivation, kept for the next time.

    Raises InputError where the problem is defined nowhere.
    """
    checks = verify(derivation)
    job.store.put(certificate_key(derivation.problem, job), dump_checks(checks))
    return checks


def certificate_key(problem: Problem, job: Job) -> str:
    """What a certificate depends on: the program and the mathematics of the problem, not how it is worded."""
    return digest("checks", job.program, mathematics_of(problem))
