"""What a process that proves does: it reads and derives a problem by itself, so that no formula travels, and tells what
came of each answer as soon as it is known, so that little is lost with it.

The kernel ends it where it takes more of a processor, or of the memory, than it was granted.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

from solgen.build.certificates import proofs_key
from solgen.build.faults import Fault, report_disproofs, report_refusal
from solgen.build.job import Job
from solgen.build.proofs import kept_proofs
from solgen.build.workers import begin
from solgen.calculus.derive import derive
from solgen.errors import Diagnostic, InputError, Internal, Refused, Span, blaming
from solgen.model.problem import Problem
from solgen.model.step import StepId
from solgen.model.verdict import Proof
from solgen.numeric.proving.claims import claims_of
from solgen.numeric.proving.engines import DEFAULT_ENGINE, TABLE
from solgen.reader.set_file import read

limits: ModuleType | None
try:
    import resource as limits
except ImportError:  # a system without limits
    limits = None

READING = 60.0  # seconds of a processor in which a problem is read and derived
GRACE = 2  # seconds of a processor beyond those that are granted, until the kernel ends the process
MEMORY = 3 << 30  # bytes of address space


@dataclass(frozen=True, slots=True)
class Task:
    """One problem of a set whose answers are to be proved, in so many seconds of a processor."""

    job: Job
    index: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of the answers of a problem, by the key that it is kept under, and which remain to be tried."""

    key: str
    known: tuple[Proof, ...]
    steps: tuple[StepId, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one answer, and what is wrong with its part."""

    proof: Proof
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a problem, and what went wrong with it as a whole."""

    faults: tuple[Fault, ...] = ()
    exit_code: int = 0


Message = Begun | Found | Done


def serve(line: Connection, cwd: Path) -> None:
    """Answer tasks until nobody asks any more."""
    begin(cwd)
    os.environ.setdefault("SYMPY_CACHE_SIZE", "None")  # what is computed once for one answer is there for the next
    while True:
        try:
            task: Task = line.recv()
            line.send(_answer(task, line))
        except (EOFError, OSError):
            return


def _answer(task: Task, line: Connection) -> Done:
    """The end of one problem; what comes before is sent on the way."""
    limit(READING)
    try:
        with blaming(where="while proving", span=Span(task.job.source.as_posix(), 1, 1, 1)):
            problem = read(task.job.source, task.job.notation).problems[task.index]
            return _prove(problem, task, line)
    except (InputError, Internal) as wrong:
        return Done(tuple(Fault("", diagnostic) for diagnostic in wrong.diagnostics), wrong.exit_code)
    except OSError as trouble:  # its files are gone, or whoever asked is
        told = f"{task.job.source.as_posix()}: nothing was proved: {trouble.strerror or trouble}"
        return Done((Fault("", Diagnostic("system", told)),), InputError.exit_code)


def _prove(problem: Problem, task: Task, line: Connection) -> Done:
    """Whatever is not known yet, or out of reach so far and worth more time."""
    key = proofs_key(problem, task.job.program)
    kept = None if task.job.anew else kept_proofs(key, task.job.store)
    if kept and kept.suffices(task.seconds):
        line.send(Begun(key, kept.proofs, ()))
        return Done()
    try:
        derivation = derive(problem)
    except Refused as refusal:
        return Done((Fault(refusal.part, report_refusal(refusal, problem)),), refusal.exit_code)
    claims = claims_of(derivation)
    settled = {proof.step: proof for proof in kept.settled} if kept else {}
    open_ = tuple(claim for claim in claims if claim.step not in settled)
    line.send(Begun(key, tuple(settled.values()), tuple(claim.step for claim in open_)))
    engine = TABLE.load(DEFAULT_ENGINE)
    limit(task.seconds)

    def tell(proof: Proof) -> None:
        line.send(Found(proof, tuple(report_disproofs(derivation, (proof,)))))

    engine.prove(open_, task.seconds, tell)
    return Done()


def limit(seconds: float) -> None:
    """From now on, so many seconds of a processor, and then the end; where the system has such limits."""
    if limits is None:
        return
    most = int(time.process_time() + seconds) + GRACE
    for what, wanted in ((limits.RLIMIT_CPU, most), (limits.RLIMIT_AS, MEMORY), (limits.RLIMIT_CORE, 0)):
        hard = limits.getrlimit(what)[1]
        try:
            limits.setrlimit(what, (wanted if hard == limits.RLIM_INFINITY else min(wanted, hard), hard))
        except (OSError, ValueError):  # a system that does not know it
            continue
