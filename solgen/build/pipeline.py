"""The stages in reading order, for one set: read → derive → verify → draw → typeset.

Everything is gathered and checked before anything is written.  What did not change comes from the cache: a
certificate, a figure or a page by what it was made from; a whole set, by the content of its files, before this is
even loaded (`solgen.build.set_cache`).  Many sets, and the problems of one, are made side by side by `solgen.build.sets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from solgen import numeric, reader
from solgen.build.cache import digest
from solgen.build.formats import TABLE
from solgen.build.outcome import Outcome, Report, checks_json, gravest
from solgen.build.work import Job, Tell, Work, certificate_key, recalled, unfounded, work
from solgen.document import figure_key, node_letters, tell_in_full
from solgen.document.products import PRODUCTS
from solgen.document.witness import Printed
from solgen.errors import Diagnostic, EngineError, InputError, Internal, Span, VerificationError, blaming
from solgen.figures.drawing.draw import draw
from solgen.figures.drawing.fonts import measurer
from solgen.figures.drawing.pagella import pagella
from solgen.figures.graph.numerals import values_of
from solgen.figures.pictures import Sketch, sketch_of
from solgen.model.derivation import Derivation
from solgen.model.figure import Figure
from solgen.model.problem import ProblemSet
from solgen.model.verdict import Checks
from solgen.reader.folders import set_name
from solgen.render.printer import Printer


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


def make(job: Job, tell: Tell = silent) -> Outcome:
    """One set, from its files to its pages; what goes wrong is in the outcome, never raised."""
    tell(f"reading {job.source.name}", 0.0)
    try:
        with blaming(span=Span(job.source.as_posix(), 1, 1, 1)):
            return _made(job, tell)
    except (InputError, Internal) as wrong:
        return unread(job.source, wrong)
    except OSError as trouble:
        return unmade(job.source, trouble)


def _made(job: Job, tell: Tell) -> Outcome:
    """Read, derive and verify; then, where all is well and pages are wanted, draw and typeset."""
    problem_set = reader.read(job.source, job.notation)
    works = [work(problem, job, tell) for problem in problem_set.problems]
    outcome = gathered(job.source, problem_set.name, problem_set.title, map(Verified.of, works))
    if outcome.exit_code or not job.typesets:
        return outcome
    return pages(outcome, problem_set, works, job, tell)


def unread(source: Path, wrong: InputError | Internal) -> Outcome:
    """The outcome of a set whose files are wrong."""
    return Outcome(source, set_name(source), diagnostics=wrong.diagnostics, exit_code=wrong.exit_code)


def unmade(source: Path, trouble: OSError) -> Outcome:
    """The outcome of a set that the machine did not let us make: a disk that is full, a file that has gone."""
    place = f"{trouble.filename}: " if trouble.filename else ""
    wrong = Diagnostic("system", f"{source.as_posix()} was not finished: {place}{trouble.strerror or trouble}")
    return Outcome(source, set_name(source), diagnostics=(wrong,), exit_code=2)


# ---------------------------------------------------------------- a set, one problem at a time


@dataclass(frozen=True, slots=True)
class Verified:
    """What leaves a worker when one problem was derived and verified: no formula, only what is told of it."""

    report: Report
    wrong: tuple[Diagnostic, ...]
    exit_code: int

    @staticmethod
    def of(done: Work) -> Verified:
        return Verified(done.report, done.wrong, done.exit_code)


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
            return _listed(job)
    except (InputError, Internal) as wrong:
        return unread(job.source, wrong)
    except OSError as trouble:
        return unmade(job.source, trouble)


def _listed(job: Job) -> Listing:
    problem_set = _read(job.source, job.notation)
    tickets = []
    for index, problem in enumerate(problem_set.problems):
        known = not job.anew and recalled(problem, job) is not None
        tickets.append(Ticket(job, index, certificate_key(problem, job), len(problem.text), known))
    return Listing(problem_set.name, problem_set.title, tuple(tickets))


def verify_one(ticket: Ticket) -> Verified | Outcome:
    """One problem of a set; an outcome where its files are there no more."""
    try:
        with blaming(span=Span(ticket.source.as_posix(), 1, 1, 1)):
            problem = _read(ticket.source, ticket.job.notation).problems[ticket.index]
            return Verified.of(work(problem, ticket.job, silent))
    except (InputError, Internal) as wrong:
        return unread(ticket.source, wrong)
    except OSError as trouble:
        return unmade(ticket.source, trouble)


@lru_cache(maxsize=32)
def _read(source: Path, notation: str | None) -> ProblemSet:
    """A set, read once in the life of a worker, which lasts for one command."""
    return reader.read(source, notation)


def gathered(source: Path, name: str, title: str, done: Iterable[Verified]) -> Outcome:
    """The outcome of a set so far: certificates, diagnostics, and the gravest exit code."""
    done = tuple(done)
    wrong = tuple(diagnostic for problem in done for diagnostic in problem.wrong)
    code = gravest(problem.exit_code for problem in done)
    return Outcome(source, name, title, tuple(problem.report for problem in done), wrong, code)


# ---------------------------------------------------------------- draw and typeset


def pages(outcome: Outcome, problem_set: ProblemSet, works: Sequence[Work], job: Job, tell: Tell) -> Outcome:
    """The outcome with its files: each product in each format that is asked for, and the certificate.

    A page with a defect, or one that TeX could not make, is a diagnostic.  Raises OSError.
    """
    try:
        return _pages(outcome, problem_set, works, job, tell)
    except (InputError, Internal) as wrong:  # prose would break the page, or the page is beyond us
        return replace(outcome, diagnostics=wrong.diagnostics, exit_code=wrong.exit_code)
    except EngineError as failure:
        return replace(outcome, diagnostics=(Diagnostic("tex", str(failure)),), exit_code=failure.exit_code)


def _pages(outcome: Outcome, problem_set: ProblemSet, works: Sequence[Work], job: Job, tell: Tell) -> Outcome:
    """The documents told and written; of a page with a defect only what shows it is a file."""
    derivations = [w.derivation for w in works if w.derivation]
    checks = [w.checks for w in works if w.checks]
    tell(f"drawing {problem_set.name}", 0.5)
    told = tell_in_full(problem_set, derivations, checks, figures(derivations, checks, job))
    if unchecked := _unchecked(derivations, checks, told.printed):
        return replace(outcome, diagnostics=unchecked, exit_code=VerificationError.exit_code)
    documents = [told.document(PRODUCTS[product]) for product in job.choice.products]
    asked = [(document, TABLE.load(ending)) for document in documents for ending in job.choice.formats]
    tell(f"typesetting {problem_set.name}", 0.7)
    with ThreadPoolExecutor(len(asked)) as pool:  # TeX runs in processes of its own
        made = tuple(pool.map(lambda one: one[1].make(one[0], job.press), asked))
    files = {"checks.json": checks_json(outcome.reports, told.numbers)}
    for one in made:
        files |= one.files
    wrong = tuple(dict.fromkeys(diagnostic for one in made for diagnostic in one.wrong))
    return replace(outcome, files=files, diagnostics=wrong, exit_code=EngineError.exit_code if wrong else 0)


def _unchecked(
    derivations: Sequence[Derivation], checks: Sequence[Checks], printed: Sequence[Printed]
) -> tuple[Diagnostic, ...]:
    """An error for each formula that was told and that nothing checked stands behind; of the appendix too."""
    *own, left = printed
    found = [d for made, held, seen in zip(derivations, checks, own, strict=True) for d in unfounded(made, held, seen)]
    for made, held in zip(derivations, checks, strict=True):  # a rule is checked with any problem that cites it
        left = tuple(numeric.unfounded(made, held, left))
    return (*found, *(unfounded(derivations[0], checks[0], left) if left else ()))


def figures(derivations: Sequence[Derivation], checks: Sequence[Checks], job: Job) -> dict[str, Figure]:
    """The figures of a set by the names under which a document looks for them; drawn only where they changed."""
    drawn: dict[str, Figure] = {}
    for derivation, verified, letters in zip(derivations, checks, node_letters(derivations), strict=True):
        problem = derivation.problem
        for p in derivation.parts:
            printer = Printer({**problem.latex, **letters}, p.part.notation or problem.notation, dialect="mathtext")
            values = partial(values_of, example=p.example if p.part.model else derivation.example, checks=verified)
            for position, content in enumerate(p.contents):
                name = f"figure-{len(drawn) + 1}"  # a file's name, plain whatever the problem is called
                with blaming(p.part.id, f"part ({p.part.id}), its figure", p.part.span):
                    sketch = sketch_of(content, p.part.model or problem.model, printer, values)
                    if sketch is not None:
                        drawn[figure_key(problem.id, p.part.id, position)] = _figure(name, sketch, job)
    return drawn


def _figure(name: str, sketch: Sketch, job: Job) -> Figure:
    """One drawing, from the cache where the same was drawn before; stored as its width, a newline, the PDF."""
    key = digest("figure", job.program, sketch.made_of)
    stored = job.store.get(key)
    if stored is None:
        fonts = pagella(job.cache)
        plan = sketch.plan(measurer(fonts))
        stored = f"{plan.width}\n".encode() + draw(plan, format="pdf", fonts=fonts)
        job.store.put(key, stored)
    width, _, pdf = stored.partition(b"\n")
    return Figure(name, pdf, sketch.alt, float(width))
