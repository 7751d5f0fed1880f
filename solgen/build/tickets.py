"""The work of one set handed out problem by problem: what workers are given, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from solgen.build.certificates import certificate_key, recall_certificate
from solgen.build.job import Job, silent
from solgen.build.outcome import Outcome, report_unmade, unread
from solgen.build.pipeline import derive_and_verify
from solgen.build.work import Verified
from solgen.errors import InputError, Internal, Span, blaming
from solgen.model.problem import ProblemSet
from solgen.reader.set_file import read


@dataclass(frozen=True, slots=True)
class Ticket:
    """One problem of a set to be verified: equal problems have one key; `known` says that a certificate is there."""

    job: Job
    index: int
    key: str
    weight: int
    known: bool

    @property
    def source(self) -> Path:
        return self.job.source


@dataclass(frozen=True, slots=True)
class Listing:
    """A set that was read, and its problems."""

    name: str
    title: str
    tickets: tuple[Ticket, ...]


def listing(job: Job) -> Listing | Outcome:
    """The problems of a set, or the outcome that says what is wrong with its files."""
    try:
        with blaming(span=Span(job.source.as_posix(), 1, 1, 1)):
            return _list_problems(job)
    except (InputError, Internal) as wrong:
        return unread(job.source, wrong)
    except OSError as trouble:
        return report_unmade(job.source, trouble)


def _list_problems(job: Job) -> Listing:
    problem_set = _read(job.source, job.notation)
    tickets = []
    for index, problem in enumerate(problem_set.problems):
        known = not job.anew and recall_certificate(problem, job) is not None
        tickets.append(Ticket(job, index, certificate_key(problem, job), len(problem.text), known))
    return Listing(problem_set.name, problem_set.title, tuple(tickets))


def verify_one(ticket: Ticket) -> Verified | Outcome:
    """One problem of a set; an outcome where its files are there no more."""
    try:
        with blaming(span=Span(ticket.source.as_posix(), 1, 1, 1)):
            problem = _read(ticket.source, ticket.job.notation).problems[ticket.index]
            return Verified.of(derive_and_verify(problem, ticket.job, silent))
    except (InputError, Internal) as wrong:
        return unread(ticket.source, wrong)
    except OSError as trouble:
        return report_unmade(ticket.source, trouble)


@lru_cache(maxsize=32)
def _read(source: Path, notation: str | None) -> ProblemSet:
    """A set, read once in the life of a worker, which lasts for one command."""
    return read(source, notation)
