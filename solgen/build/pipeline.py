"""The five stages over one set, in reading order: read → derive → verify → draw → typeset.

Everything is gathered and checked before anything is written.  What did not change comes from the cache: a
certificate, a figure or a page by what it was made from; a whole set, by the content of its files, before this is
even loaded (`solgen.build.set_cache`).  `solgen.build.sets` makes many sets side by side, and hands the problems of
one to workers as `solgen.build.tickets`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

from solgen.build.alike import refuse_alike
from solgen.build.certificates import proofs_key, recall_certificate, typed_checks, verify_and_keep, with_proofs
from solgen.build.compiled_templates import CompiledTemplates
from solgen.build.drawings import draw_figures, misdrawn_figures
from solgen.build.faults import (
    Fault,
    failures,
    misread,
    quote_line,
    report_misassembly,
    report_misnumbering,
    report_refusal,
    unfounded_pages,
)
from solgen.build.formats import TABLE, Made
from solgen.build.job import Job, Tell, silent
from solgen.build.outcome import Outcome, checks_json, report_unmade, unread
from solgen.build.proofs import settled_proofs
from solgen.build.read_back.forms import IN_LATEX
from solgen.build.read_back.misreadings import read_once
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import sections_of_set
from solgen.build.read_prose import with_typed
from solgen.build.undefined import undefined_in_set
from solgen.build.work import Verified, Work, gather_outcome
from solgen.calculus.derive import derive
from solgen.document.blocks import Pages
from solgen.document.pages import Document, ToldSet, tell_in_full
from solgen.document.products import PRODUCTS
from solgen.errors import Diagnostic, EngineError, InputError, Internal, Refused, Span, VerificationError, blaming
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem, ProblemSet
from solgen.model.verdict import Checks
from solgen.reader.set_file import read, templates_of


def make(job: Job, tell: Tell = silent, problem_set: ProblemSet | None = None) -> Outcome:
    """One set, from its files to its pages; what goes wrong is in the outcome, never raised.

    problem_set: what its files say, where they are read already.
    """
    tell(f"reading {job.source.name}", 0.0)
    try:
        with blaming(span=Span(job.source.as_posix(), 1, 1, 1)):
            return _make(job, problem_set or read(job.source, job.notation), tell)
    except (InputError, Internal) as wrong:
        return unread(job.source, wrong)
    except OSError as trouble:
        return report_unmade(job.source, trouble)


def _make(job: Job, problem_set: ProblemSet, tell: Tell) -> Outcome:
    """Derive and verify; then, where all is well and pages are wanted, draw and typeset."""
    works = [derive_and_verify(problem, job, tell) for problem in problem_set.problems]
    outcome = gather_outcome(job.source, problem_set.name, problem_set.title, map(Verified.of, works))
    if outcome.exit_code or not job.typesets:
        return outcome
    try:
        return draw_and_typeset(outcome, problem_set, works, job, tell)
    except (InputError, Internal) as wrong:  # prose cites what is not there, or the page is beyond us
        return replace(outcome, diagnostics=wrong.diagnostics, exit_code=wrong.exit_code)
    except EngineError as failure:
        return replace(outcome, diagnostics=(Diagnostic("tex", str(failure)),), exit_code=failure.exit_code)


def derive_and_verify(problem: Problem, job: Job, tell: Tell) -> Work:
    """One problem; what goes wrong with it is in what is returned, and costs the others nothing."""
    started = perf_counter()
    return replace(_derive_and_verify(problem, job, tell), seconds=perf_counter() - started)


def _derive_and_verify(problem: Problem, job: Job, tell: Tell) -> Work:
    tell(f"deriving {problem.title}", 0.1)
    try:
        with blaming(span=Span(problem.file, 1, 1, 1)):
            derivation = derive(problem)
            tell(f"verifying {problem.title}", 0.2)
            known = None if job.anew else recall_certificate(problem, job)
            checks = known or verify_and_keep(derivation, job)
            key = proofs_key(problem, job.program)
            checks = with_proofs(checks, settled_proofs(key, job.store))
            typed = typed_checks(derivation, job)
            faults = (*failures(derivation, checks), *(Fault(part, wrong) for part, wrong in typed.wrong))
            checks = with_typed(checks, typed)
            if not faults and not job.typesets:  # else its set is read back as it is typeset
                faults = misprinted_alone(derivation, checks, job)
    except Refused as refusal:
        fault = Fault(refusal.part, report_refusal(refusal, problem))
        return Work(problem, faults=(fault,), exit_code=refusal.exit_code)
    except Internal as broken:
        fault = Fault(broken.part, quote_line(broken.diagnostic, problem))
        return Work(problem, faults=(fault,), exit_code=broken.exit_code)
    except InputError as wrong:
        faults = tuple(Fault("", quote_line(d, problem)) for d in wrong.diagnostics)
        return Work(problem, faults=faults, exit_code=wrong.exit_code)
    code = VerificationError.exit_code if faults else 0
    return Work(problem, derivation, checks, faults, code, key, anew=known is None)


def misprinted_alone(derivation: Derivation, checks: Checks, job: Job) -> tuple[Fault, ...]:
    """What is wrong with what any product would print of one problem."""
    problem = derivation.problem
    folder = job.source if job.source.is_dir() else job.source.parent
    alone = ProblemSet(problem.id, (problem,), templates=templates_of(folder))
    told = tell_in_full(alone, [derivation], [checks], {})
    shown = [told.pages(product) for product in PRODUCTS.values()]
    kept = CompiledTemplates(job.store, job.program)
    return find_misprints(told, [derivation], [checks], shown, job) or tuple(
        Fault("", diagnostic) for pages in shown for diagnostic in report_misassembly(told.fill_pages(pages, kept))
    )


def find_misprints(
    told: ToldSet, derivations: Sequence[Derivation], checks: Sequence[Checks], shown: Sequence[Pages], job: Job
) -> tuple[Fault, ...]:
    """A fault for what is told and nothing checked stands behind; else for what the pages say otherwise.

    Raises InputError where they write a name and a gradient alike.
    """
    unchecked = tuple(Fault("", diagnostic) for diagnostic in unfounded_pages(derivations, checks, told.printed))
    sections = tuple(sections_of_set(told, shown))
    refuse_alike(sections)
    unchecked = unchecked or tuple(Fault("", one) for one in undefined_in_set(told, shown))
    known = Certified()
    for derivation, held in zip(derivations, checks, strict=True):
        known.learn(derivation, held)
    found = read_once(sections, IN_LATEX, known, job.store, job.program)
    return unchecked or misread(found, told.problem_set.problems[0])


def draw_and_typeset(outcome: Outcome, problem_set: ProblemSet, works: Sequence[Work], job: Job, tell: Tell) -> Outcome:
    """The outcome with its files: each product in each format that is asked for, and the certificate.

    No file is given out that says what its pages do not say.  Of a page with a defect only what shows it is a file.

    Raises InputError where prose cites what is not there or a gradient is written as a name is, EngineError where TeX
    cannot make one, OSError.
    """
    derivations = [w.derivation for w in works if w.derivation]
    checks = [w.checks for w in works if w.checks]
    tell(f"drawing {problem_set.name}", 0.5)
    drawn = draw_figures(derivations, checks, job)
    told = tell_in_full(problem_set, derivations, checks, drawn)
    shown = [told.pages(PRODUCTS[product]) for product in job.choice.products]
    certificate = checks_json(outcome.reports, told.numbers)
    tell(f"typesetting {problem_set.name}", 0.6)
    with pressing(told, shown, job) as (documents, begun):
        faults = find_misprints(told, derivations, checks, shown, job)
        faults += tuple(misdrawn_figures(derivations, checks, drawn, job))
        wrong = [fault.diagnostic for fault in faults]
        wrong += report_misnumbering(certificate, told, derivations, checks)
        wrong += [diagnostic for document in documents for diagnostic in report_misassembly(document)]
        if wrong:
            return replace(outcome, diagnostics=tuple(wrong), exit_code=VerificationError.exit_code)
        return finish_outcome(outcome, certificate, [one.result() for one in begun])


@contextmanager
def pressing(
    told: ToldSet, shown: Sequence[Pages], job: Job
) -> Iterator[tuple[Sequence[Document], Sequence[Future[Made]]]]:
    """The documents of a set, and their files in the making: TeX is at work, in processes of its own, while they are
    read back.  What has not begun by the end is not begun."""
    formats, kept = [TABLE.load(ending) for ending in job.choice.formats], CompiledTemplates(job.store, job.program)
    with ThreadPoolExecutor(max(1, len(formats) * len(shown))) as pool:
        documents = [told.fill_pages(pages, kept) for pages in shown]
        try:
            yield documents, [pool.submit(form.make, document, job.press) for document in documents for form in formats]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def finish_outcome(outcome: Outcome, certificate: bytes, made: Sequence[Made]) -> Outcome:
    """The outcome with the files that were made; or with the defects of pages, and the files that show them alone."""
    defects = tuple(dict.fromkeys(diagnostic for one in made for diagnostic in one.wrong))
    files = {} if defects else {"checks.json": certificate}
    for one in made:
        if one.wrong or not defects:
            files |= one.files
    return replace(outcome, files=files, diagnostics=defects, exit_code=EngineError.exit_code if defects else 0)
