"""Answers proved side by side: a prover is a process, ended where it takes too long, and followed by another."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from solgen.build.faults import Fault
from solgen.build.outcome import Outcome, Report, gravest
from solgen.build.proofs import Kept, keep_proofs
from solgen.build.prover import Begun, Done, Found, Message, Task, serve
from solgen.build.workers import METHOD, warm
from solgen.errors import Diagnostic
from solgen.model.step import StepId
from solgen.model.verdict import Proof

SLOWER = 12  # times longer than by its processor a prover may take by the clock on the wall, and
START = 60.0  # seconds besides, in which it reads and derives
OUTSIDE = "its process was ended from outside; the machine may be out of memory"


@dataclass(slots=True)
class Proved:
    """What came of one problem: proofs by their steps, what is wrong, and what it is kept under."""

    proofs: dict[StepId, Proof] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
    key: str = ""


def prove_all(tasks: Sequence[Task], workers: int, cwd: Path, tell: Callable[[int], object]) -> dict[Task, Proved]:
    """What came of each problem, and is kept for the next time; `tell` gets the number of those that are done."""
    found: dict[Task, Proved] = {}
    with _crew(min(workers, len(tasks)), cwd) as crew, ThreadPoolExecutor(len(crew)) as pool:
        idle: SimpleQueue[Prover] = SimpleQueue()
        for prover in crew:
            idle.put(prover)

        def work(task: Task) -> Proved:
            prover = idle.get()
            try:
                return prover.prove(task)
            finally:
                idle.put(prover)

        futures = {pool.submit(work, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                found[futures[future]] = future.result()
                tell(len(found))
        except BaseException:  # the threads wait for processes that are not there any more
            pool.shutdown(wait=False, cancel_futures=True)
            for prover in crew:
                prover.end()
            raise
    return found


@contextmanager
def _crew(count: int, cwd: Path) -> Iterator[list[Prover]]:
    """So many provers, ended at last."""
    warm()
    crew = [Prover(cwd) for _ in range(count)]
    try:
        yield crew
    finally:
        for prover in crew:
            prover.end()


class Prover:
    """One process after the other, which prove what they are given."""

    def __init__(self, cwd: Path) -> None:
        self.cwd = cwd
        self.begun: Begun | None = None  # what was last begun
        self._running: tuple[BaseProcess, Connection] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, if one runs."""
        return self._running[0].pid if self._running else None

    def prove(self, task: Task) -> Proved:
        """What came of one problem; answers to which its process did not come are out of reach."""
        made = Proved()
        self.begun = None
        until = time.monotonic() + START
        self._send(task)
        while True:
            heard = self._heard(until, task.seconds)
            match heard:
                case Begun():
                    self.begun, until = heard, time.monotonic() + START + SLOWER * task.seconds
                    made.key = heard.key
                    made.proofs |= {proof.step: proof for proof in heard.known}
                case Found(proof=proof, faults=faults):
                    made.proofs[proof.step] = proof
                    made.faults += faults
                case Done(faults=faults, exit_code=code):
                    made.faults, made.exit_code = made.faults + faults, code
                    break
                case str():
                    _lose(made, self.begun, heard, task)
                    break
        if self.begun is not None:
            keep_proofs(self.begun.key, Kept(task.seconds, tuple(made.proofs.values())), task.job.store)
        return made

    def end(self) -> None:
        """End the process, if one runs."""
        if self._running:
            process, line = self._running
            self._running = None
            process.kill()
            process.join()
            line.close()

    def _send(self, task: Task) -> None:
        """Give a task to the process, or to a new one where it is no more."""
        if self._running is None or not self._running[0].is_alive():
            self.end()
            ours, theirs = Pipe()
            context: Any = get_context(METHOD)
            process: BaseProcess = context.Process(target=serve, args=(theirs, self.cwd), daemon=True)
            process.start()
            theirs.close()
            self._running = process, ours
        self._running[1].send(task)

    def _heard(self, until: float, seconds: float) -> Message | str:
        """What the process tells next; or, where it was ended, why."""
        assert self._running is not None
        process, line = self._running
        try:
            if line.poll(max(0.0, until - time.monotonic())):
                heard: Message = line.recv()
                return heard
            reason = f"{seconds:g} s were not enough"
        except (EOFError, OSError):
            process.join()
            spent = process.exitcode == -getattr(signal, "SIGXCPU", 0)
            reason = f"{seconds:g} s were not enough" if spent else OUTSIDE
        self.end()
        return reason


def _lose(made: Proved, begun: Begun | None, reason: str, task: Task) -> None:
    """What a process that was ended leaves: its other answers are out of reach; or nothing is known of the problem."""
    if begun is None:
        told = reason if reason == OUTSIDE else "reading and deriving it took too long"
        message = f"{task.job.source.as_posix()}, problem {task.index + 1}: nothing was proved: {told}"
        made.faults, made.exit_code = (Fault("", Diagnostic("system", message)),), 2
        return
    missing = [step for step in begun.steps if step not in made.proofs]
    made.proofs |= {step: Proof(step, "out of reach", {}, why=reason) for step in missing}


def with_proofs(outcome: Outcome, found: Mapping[int, Proved]) -> Outcome:
    """The outcome of a set with what came of some of its problems, by their places in it; of one that was edited
    meanwhile, nothing."""
    found = {k: proved for k, proved in found.items() if proved.key in ("", outcome.reports[k].proofs_key)}
    reports = tuple(_report(report, found[k]) if k in found else report for k, report in enumerate(outcome.reports))
    faults = tuple(fault.diagnostic for proved in found.values() for fault in proved.faults)
    codes = [outcome.exit_code, *(proved.exit_code or bool(proved.faults) for proved in found.values())]
    return replace(outcome, reports=reports, diagnostics=outcome.diagnostics + faults, exit_code=gravest(codes))


def _report(report: Report, proved: Proved) -> Report:
    """The report of one problem with its proofs, and what is wrong with which of its parts."""
    assert report.checks is not None
    wrong: dict[str, tuple[Diagnostic, ...]] = {}
    for fault in proved.faults:
        wrong[fault.part] = (*wrong.get(fault.part, ()), fault.diagnostic)
    parts = tuple(replace(part, wrong=part.wrong + wrong.get(part.id, ())) for part in report.parts)
    checks = replace(report.checks, proofs=tuple(proved.proofs.values()))
    return replace(report, checks=checks, parts=parts, wrong=report.wrong + wrong.get("", ()))
