"""What came of one problem: its derivation, its certificate, and what is wrong with which of its parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from solgen.build.faults import Fault
from solgen.build.outcome import Outcome, PartReport, Report, gravest
from solgen.document.author.typed import typed_formulas
from solgen.errors import Diagnostic
from solgen.model.derivation import Derivation
from solgen.model.problem import Part, Problem
from solgen.model.verdict import Checks


@dataclass(frozen=True, slots=True)
class Work:
    """One problem, derived and verified as far as it went; `faults` say why it went no further.

    `proofs_key` is what proofs of its answers are kept under; `anew` says that it was verified now, not found in the
    cache; `seconds` is how long that took.
    """

    problem: Problem
    derivation: Derivation | None = None
    checks: Checks | None = None
    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
    proofs_key: str = ""
    anew: bool = True
    seconds: float = 0.0

    @property
    def wrong(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong, once."""
        return tuple(dict.fromkeys(fault.diagnostic for fault in self.faults))

    @property
    def report(self) -> Report:
        """What is told of the problem, without a formula."""
        problem = self.problem
        parts = tuple(PartReport(p.id, p.span.line, self._wrong_with(p.id), self._left_open(p)) for p in problem.parts)
        listed = tuple(one.formula for one in self.checks.listed) if self.checks else typed_formulas(problem)
        report = Report(problem.title, problem.file, self.checks, listed, parts)
        report = replace(report, notes=problem.notes, proofs_key=self.proofs_key)
        return replace(report, wrong=self._wrong_with(""), anew=self.anew, seconds=self.seconds)

    def _wrong_with(self, part: str) -> tuple[Diagnostic, ...]:
        return tuple(dict.fromkeys(f.diagnostic for f in self.faults if f.part == part))

    def _left_open(self, part: Part) -> bool:
        """Whether nothing is known of a part, since the problem was not derived to its end."""
        return self.checks is None and bool(part.asks or part.expect) and not self._wrong_with(part.id)


@dataclass(frozen=True, slots=True)
class Verified:
    """What leaves a worker when one problem was derived and verified: no formula, only what is told of it."""

    report: Report
    wrong: tuple[Diagnostic, ...]
    exit_code: int

    @staticmethod
    def of(done: Work) -> Verified:
        return Verified(done.report, done.wrong, done.exit_code)


def gather_outcome(source: Path, name: str, title: str, done: Iterable[Verified]) -> Outcome:
    """The outcome of a set so far: certificates, diagnostics, and the gravest exit code."""
    done = tuple(done)
    wrong = tuple(diagnostic for problem in done for diagnostic in problem.wrong)
    code = gravest(problem.exit_code for problem in done)
    return Outcome(source, name, title, tuple(problem.report for problem in done), wrong, code)
