"""Processes that prove: what they find is kept, and one that is ended is told of plainly."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from solgen.build.cache import Store
from solgen.build.faults import Fault
from solgen.build.job import Job
from solgen.build.outcome import Outcome, PartReport, Report
from solgen.build.proofs import Kept, keep_proofs, kept_proofs, settled_digest
from solgen.build.prover import Task
from solgen.build.provers import OUTSIDE, Proved, Prover, with_proofs
from solgen.errors import Diagnostic
from solgen.model.step import gradient
from solgen.model.verdict import Checks, Mutants, Proof

DEEP = "title: T\nmodel: |\n  h0: R[n]\n" + "".join(
    f"  W{k}: R[n, n]\n  h{k} = tanh(W{k} @ h{k - 1})\n" for k in range(1, 9)
) + "  L = norm2sq(h8)\nparts:\n  - prompt: x\n    solve: {gradients: [W1, W8]}\n"  # fmt: skip
STEP = gradient("L", "W")


@pytest.fixture
def prover(tmp_path: Path):
    made = Prover(tmp_path)
    yield made
    made.end()


def task(folder: Path, seconds: float) -> Task:
    source = folder / "p.yaml"
    source.write_text(DEEP)
    return Task(Job(source, folder / ".cache", "test"), 0, seconds)


def test_a_prover_that_is_ended_from_outside_is_told_of(prover: Prover, tmp_path: Path) -> None:
    found: list[Proved] = []
    thread = Thread(target=lambda: found.append(prover.prove(task(tmp_path, 600.0))))
    thread.start()
    until = time.monotonic() + 60
    while not (prover.begun and prover.begun.steps) and time.monotonic() < until:
        time.sleep(0.1)
    assert prover.pid
    os.kill(prover.pid, signal.SIGKILL)
    thread.join(60)
    (proved,) = found
    why = {str(step): proof.why for step, proof in proved.proofs.items()}
    assert why["dL/dW1"] == OUTSIDE
    assert proved.exit_code == 0 and not proved.faults


def test_what_is_proved_in_time_is_kept_and_the_rest_is_tried_with_more(prover: Prover, tmp_path: Path) -> None:
    first = prover.prove(task(tmp_path, 3.0))
    verdicts = {str(step): proof.verdict for step, proof in first.proofs.items()}
    assert verdicts == {"dL/dW8": "proved", "dL/dW1": "out of reach"}
    started = time.process_time()
    again = prover.prove(task(tmp_path, 2.0))
    assert again.proofs == first.proofs and time.process_time() - started < 1


def test_a_prover_has_time_for_the_next_problem_whatever_the_last_took(prover: Prover, tmp_path: Path) -> None:
    for _ in range(2):
        source = replace(task(tmp_path, 1.0).job, anew=True)
        proved = prover.prove(Task(source, 0, 1.0))
        assert len(proved.proofs) == 2 and proved.exit_code == 0


def test_a_problem_that_is_not_there_is_told_of(prover: Prover, tmp_path: Path) -> None:
    proved = prover.prove(Task(Job(tmp_path / "gone.yaml", tmp_path / ".cache", "test"), 0, 1.0))
    assert not proved.proofs and proved.exit_code == 2


def test_what_is_kept_can_be_told_apart(tmp_path: Path) -> None:
    store = Store(tmp_path)
    nothing = settled_digest("k", store)
    late = Proof(STEP, "out of reach", {"n": 2}, why="10 s were not enough")
    keep_proofs("k", Kept(10.0, (late,)), store)
    assert settled_digest("k", store) == nothing
    proved = Proof(STEP, "proved", {"n": 2}, 4)
    keep_proofs("k", Kept(10.0, (proved, late)), store)
    assert settled_digest("k", store) != nothing
    kept = kept_proofs("k", store)
    assert kept == Kept(10.0, (proved, late)) and kept.settled == (proved,)
    assert kept.suffices(10.0) and not kept.suffices(11.0) and Kept(1.0, (proved,)).suffices(11.0)


def test_a_disproof_is_an_error_of_its_part() -> None:
    checks = Checks((), Mutants(0), {}, 0, "", 0)
    report = Report("T", "p.yaml", checks, parts=(PartReport("a", 3), PartReport("b", 5)))
    wrong = Diagnostic("disproved", "dL/dW: sympy's derivative of the model is another")
    proof = Proof(STEP, "disproved", {"n": 2}, why="sympy's derivative of the model is another")
    made = with_proofs(
        Outcome(Path("p.yaml"), "p", reports=(report,)), {0: Proved({STEP: proof}, (Fault("b", wrong),))}
    )
    assert made.exit_code == 1 and made.diagnostics == (wrong,)
    assert made.reports[0].parts[1].wrong == (wrong,) and made.reports[0].failed
    assert made.reports[0].checks is not None and made.reports[0].checks.proofs == (proof,)
