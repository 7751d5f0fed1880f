"""Many sets: those that did not change come from the cache, the others are made side by side; then all is written.

The problems of all sets that changed are verified by workers, the longest first, equal ones once.  For `check` that is
all; for `build` each set is then made by one worker, which finds the certificates in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from solgen.build.certificates import recall_certificate as recalled_checks
from solgen.build.config import Config
from solgen.build.formats import EVERYTHING, Choice
from solgen.build.job import Job, Tell
from solgen.build.outcome import Outcome, gravest
from solgen.build.outputs import deliver_all
from solgen.build.page_cache import build_recipe, trial_key
from solgen.build.pipeline import derive_and_verify, make
from solgen.build.program import program_digest
from solgen.build.prover import Task
from solgen.build.provers import prove_all, with_proofs
from solgen.build.set_cache import Recipe, fingerprint, recall_outcome, remember
from solgen.build.tickets import Listing, Ticket, listing, verify_one
from solgen.build.work import Verified, Work, gather_outcome
from solgen.build.workers import crew, defer_interrupts, shares_memory
from solgen.document.trial import trial_document
from solgen.errors import Diagnostic, EngineError, InputError, Internal, VerificationError
from solgen.model.derivation import Derivation
from solgen.model.problem import ProblemSet
from solgen.model.verdict import Checks
from solgen.reader.folders import find, require_distinct, set_name
from solgen.reader.set_file import read
from solgen.tex import TrialPage, ensure_engine

Call = TypeVar("Call", Job, Ticket)
Made = TypeVar("Made")
Solved = tuple[Derivation, Checks]
Answers = dict[tuple[Path, int], Verified | Outcome]


def build(
    paths: Sequence[Path], config: Config, tell: Tell, notation: str | None = None, choice: Choice = EVERYTHING
) -> tuple[Outcome, ...]:
    """Make every set, in the notation of its files or in another, and write what came out into `output`/<set>/.

    choice: which products and formats; the files of others stay as they are.

    Raises InputError where there is nothing to build, or where two sets would be written to one place.
    """
    sources = find(paths, config.cwd)
    require_distinct(sources, config.cwd)
    job = Job(config.cwd, config.cache, program_digest(config.store), typesets=True, notation=notation, choice=choice)
    trial = TrialPage(trial_document, trial_key(job.program))
    try:
        job = replace(job, engine=ensure_engine(config.engine, config.cache, trial, tell))
    except EngineError as trouble:
        job = replace(job, trouble=str(trouble))
    outcomes = _make_all([replace(job, source=source) for source in sources], config, tell)
    return deliver_all(outcomes, config, choice)


def check(
    paths: Sequence[Path], config: Config, tell: Tell, everything: bool = False, proving: float | None = None
) -> tuple[Outcome, ...]:
    """Derive and verify what changed, or everything anew; nothing is typeset, nothing written.

    proving: for how many seconds answers are proved besides, a problem; None where they are not.

    Raises InputError where there is nothing to check.
    """
    program = program_digest(config.store)
    jobs = [Job(source, config.cache, program, anew=everything) for source in find(paths, config.cwd)]
    outcomes = _make_all(jobs, config, tell)
    return outcomes if proving is None else _add_proofs(jobs, outcomes, config, tell, proving)


def solve_problems(path: Path, config: Config, tell: Tell, notation: str | None = None) -> tuple[Solved, ...]:
    """Every problem of a file, a set or a folder of sets, derived and verified, in its own notation or in another.

    Raises InputError where the file is wrong or a derivation refused, VerificationError where an equality fails.
    """
    program = program_digest(config.store)
    works: list[Work] = []
    for source in find([path], config.cwd):
        job = Job(source, config.cache, program, notation=notation)
        works += [derive_and_verify(problem, job, tell) for problem in read(source, notation).problems]
    wrong = [diagnostic for w in works for diagnostic in w.wrong]
    if not wrong:
        return tuple((w.derivation, w.checks) for w in works if w.derivation and w.checks)
    if gravest(w.exit_code for w in works) == InputError.exit_code:
        raise InputError(wrong)
    raise VerificationError("\n".join(diagnostic.text() for diagnostic in wrong))


# ---------------------------------------------------------------- proved besides


def _add_proofs(
    jobs: Sequence[Job], outcomes: Sequence[Outcome], config: Config, tell: Tell, seconds: float
) -> tuple[Outcome, ...]:
    """The outcomes with what was proved of each problem that was verified."""
    tasks = [
        Task(job, index, seconds)
        for job, outcome in zip(jobs, outcomes, strict=True)
        for index, report in enumerate(outcome.reports)
        if report.checks is not None and not report.failed
    ]
    if not tasks:
        return tuple(outcomes)
    found = prove_all(tasks, config.workers, config.cwd, lambda done: tell("proving", done / len(tasks)))
    return tuple(
        with_proofs(outcome, {task.index: proved for task, proved in found.items() if task.job is job})
        for job, outcome in zip(jobs, outcomes, strict=True)
    )


# ---------------------------------------------------------------- from the cache, or made


def _make_all(jobs: Sequence[Job], config: Config, tell: Tell) -> tuple[Outcome, ...]:
    """The outcome of each job, in order: what is known at once, the rest by workers where that pays."""
    recipes = {job: _recipe(job) for job in jobs}
    before = {job: fingerprint(recipe) for job, recipe in recipes.items()}
    known = {job: None if job.anew else recall_outcome(before[job], config.store) for job in jobs}
    cold = [job for job in jobs if known[job] is None]
    alone = _read_alone(cold)
    several = config.workers > 1 and _is_much(cold, alone) and shares_memory()
    fresh = _side_by_side(cold, config, tell) if several else {job: make(job, tell, alone) for job in cold}
    for job, outcome in fresh.items():
        if not job.trouble and fingerprint(recipes[job]) == before[job]:  # else it was edited meanwhile
            remember(before[job], outcome, config.store)
    config.store.prune()
    return tuple(known[job] or fresh[job] for job in jobs)


def _read_alone(cold: Sequence[Job]) -> ProblemSet | None:
    """The set of the only job, where it can be read; what is wrong with it is told by who makes it."""
    if len(cold) != 1:
        return None
    (job,) = cold
    try:
        return read(job.source, job.notation)
    except (InputError, Internal, OSError):
        return None


def _is_much(cold: Sequence[Job], alone: ProblemSet | None) -> bool:
    """Whether there is work for several: more than one set, or more than one problem of a set to be verified."""
    if len(cold) != 1 or alone is None or cold[0].source.is_file():
        return len(cold) > 1
    (job,) = cold
    return sum(job.anew or recalled_checks(problem, job) is None for problem in alone.problems) > 1


def _recipe(job: Job) -> Recipe:
    """What decides what comes of a job; of a set that is only checked, no documents."""
    if not job.typesets:
        return Recipe(job.source, job.program)
    return build_recipe(job.source, job.program, job.engine, job.choice, job.notation)


# ---------------------------------------------------------------- by workers


def _side_by_side(jobs: Sequence[Job], config: Config, tell: Tell) -> dict[Job, Outcome]:
    """Sets read, their problems verified, and for a build the sets made, each by whichever worker is free."""
    what = f"{len(jobs)} sets" if len(jobs) > 1 else jobs[0].source.name
    tell(what, 0.0)
    with crew(config.workers, config.cwd) as pool:
        read = dict(_answers(pool, listing, jobs))
        listings = {job: found for job, found in read.items() if isinstance(found, Listing)}
        outcomes = {job: found for job, found in read.items() if isinstance(found, Outcome)}
        verified = _verify_all(pool, [ticket for found in listings.values() for ticket in found.tickets], what, tell)
        outcomes |= {job: _gather_checked(job, found, verified) for job, found in listings.items() if not job.typesets}
        for job, outcome in _answers(pool, make, [job for job in listings if job.typesets]):
            outcomes[job] = outcome
            tell(what, 0.5 + len(outcomes) / len(jobs) / 2)
    return outcomes


def _verify_all(pool: Executor, tickets: Sequence[Ticket], what: str, tell: Tell) -> Answers:
    """Every problem, the longest first; equal ones once, and then from the cache."""
    wanted = [ticket for ticket in tickets if not (ticket.job.typesets and ticket.known)]
    wanted.sort(key=lambda ticket: -ticket.weight)
    first = {ticket.key: ticket for ticket in reversed(wanted)}
    again = [replace(t, job=replace(t.job, anew=False)) for t in wanted if first[t.key] is not t]
    answers: Answers = {}
    for wave in ([t for t in wanted if first[t.key] is t], again):
        for ticket, answer in _answers(pool, verify_one, wave):
            answers[ticket.source, ticket.index] = answer
            tell(what, len(answers) / len(wanted) / 2)
    return answers


def _gather_checked(job: Job, found: Listing, answers: Answers) -> Outcome:
    """The outcome of a set that is only checked; one that was lost on the way is lost as a whole."""
    of_set = [answers[job.source, ticket.index] for ticket in found.tickets]
    lost = next((answer for answer in of_set if isinstance(answer, Outcome)), None)
    done = (answer for answer in of_set if isinstance(answer, Verified))
    return lost or gather_outcome(job.source, found.name, found.title, done)


def _answers(
    pool: Executor, task: Callable[[Call], Made], calls: Sequence[Call]
) -> Iterator[tuple[Call, Made | Outcome]]:
    """Each call with its answer, as they come; what was lost with its worker is an outcome that says so."""
    try:
        with defer_interrupts():
            futures = {pool.submit(task, call): call for call in calls}
    except BrokenProcessPool:
        yield from ((call, _lost(call.source)) for call in calls)
        return
    for future in as_completed(futures):
        lost = isinstance(future.exception(), BrokenProcessPool)
        yield futures[future], _lost(futures[future].source) if lost else future.result()


def _lost(source: Path) -> Outcome:
    message = f"{source.as_posix()} was not finished: its worker process was ended from outside"
    wrong = Diagnostic("system", message, hint="the machine may be out of memory; name fewer sets at once")
    return Outcome(source, set_name(source), diagnostics=(wrong,), exit_code=2)
