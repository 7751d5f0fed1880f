"""One problem: derived, verified, and what is wrong with which of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from solgen import calculus, numeric
from solgen.cache import Store, digest
from solgen.concern import concerned, place
from solgen.document.telling import Telling, telling
from solgen.document.tex import Engine
from solgen.document.typed import typed_formulas
from solgen.document.witness import Printed
from solgen.errors import Diagnostic, InputError, Internal, Refused, Span, VerificationError, blaming
from solgen.formats import EVERYTHING, Choice, Press
from solgen.model import Checks, Derivation, Part, Problem
from solgen.outcome import PartReport, Report, dump_checks, load_checks
from solgen.step import EXPECTED, StepId

Tell = Callable[[str, float], None]  # a stage, and how far it has come: 0 to 1

BY_HAND = "ask for something near it that can be derived, or write this part by hand, under `answer`"
NOT_EQUAL = "this is a mistake in solgen; nothing of the problem was typeset"
NOT_EXPECTED = "the answer given here is not what the model gives; nothing of the problem was typeset"
NO_VALUE = "write the answer so that it has a value wherever the model has one; nothing of the problem was typeset"


@dataclass(frozen=True, slots=True)
class Job:
    """One set to be made: only checked, or written as `choice` says, with `engine`, or `trouble`: why there is none.

    `program` is the digest of solgen itself; results are kept in `cache`, and with `anew` no certificate is taken
    from there.  `notation` replaces that of the files.
    """

    source: Path
    cache: Path
    program: str
    typesets: bool = False
    engine: Engine | None = None
    trouble: str = ""
    anew: bool = False
    notation: str | None = None
    choice: Choice = EVERYTHING

    @property
    def press(self) -> Press:
        """What its documents are made with."""
        return Press(self.cache, self.program, self.engine, self.trouble)

    @property
    def store(self) -> Store:
        return self.press.store


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one part of a problem, or, where it names none, with the problem."""

    part: str
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Work:
    """One problem, derived and verified as far as it went; `faults` say why it went no further.

    `anew` says that it was verified now, not found in the cache; `seconds` is how long that took.
    """

    problem: Problem
    derivation: Derivation | None = None
    checks: Checks | None = None
    faults: tuple[Fault, ...] = ()
    exit_code: int = 0
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
        report = Report(problem.title, problem.file, self.checks, typed_formulas(problem), parts)
        return replace(report, wrong=self._wrong_with(""), anew=self.anew, seconds=self.seconds)

    def _wrong_with(self, part: str) -> tuple[Diagnostic, ...]:
        return tuple(dict.fromkeys(f.diagnostic for f in self.faults if f.part == part))

    def _left_open(self, part: Part) -> bool:
        """Whether nothing is known of a part, since the problem was not derived to its end."""
        return self.checks is None and bool(part.asks or part.expect) and not self._wrong_with(part.id)


def work(problem: Problem, job: Job, tell: Tell) -> Work:
    """Derive and verify one problem."""
    started = perf_counter()
    return replace(_work(problem, job, tell), seconds=perf_counter() - started)


def _work(problem: Problem, job: Job, tell: Tell) -> Work:
    tell(f"deriving {problem.title}", 0.1)
    try:
        with blaming(span=Span(problem.file, 1, 1, 1)):
            derivation = calculus.derive(problem)
            tell(f"verifying {problem.title}", 0.2)
            known = None if job.anew else recalled(problem, job)
            checks = known or verified(derivation, job)
    except Refused as refusal:
        fault = Fault(refusal.part, refused(refusal, problem))
        return Work(problem, faults=(fault,), exit_code=refusal.exit_code)
    except Internal as broken:
        fault = Fault(broken.part, _quoted(broken.diagnostic, problem))
        return Work(problem, faults=(fault,), exit_code=broken.exit_code)
    except InputError as wrong:
        faults = tuple(Fault("", _quoted(d, problem)) for d in wrong.diagnostics)
        return Work(problem, faults=faults, exit_code=wrong.exit_code)
    faults = tuple(_failures(derivation, checks))
    code = VerificationError.exit_code if faults else 0
    return Work(problem, derivation, checks, faults, code, anew=known is None)


def recalled(problem: Problem, job: Job) -> Checks | None:
    """The certificate of the same problem, if it was verified before."""
    stored = job.store.get(certificate_key(problem, job))
    return None if stored is None else load_checks(stored)


def verified(derivation: Derivation, job: Job) -> Checks:
    """The certificate of a derivation, kept for the next time.

    Raises InputError where the problem is defined nowhere.
    """
    checks = numeric.verify(derivation)
    job.store.put(certificate_key(derivation.problem, job), dump_checks(checks))
    return checks


def certificate_key(problem: Problem, job: Job) -> str:
    """What a certificate depends on: the program, the text, the notation, and what the set adds or leaves out."""
    parts = [(part.id, part.notation) for part in problem.parts]
    around = repr((problem.model.fixed, problem.model.order, problem.notation, parts))
    return digest("checks", job.program, problem.text, around)


def unfounded(derivation: Derivation, checks: Checks, printed: Printed) -> tuple[Diagnostic, ...]:
    """An error for each formula that was printed and that nothing checked stands behind, at the part that prints it."""
    problem, found = derivation.problem, []
    for part, formula in numeric.unfounded(derivation, checks, printed):
        where = next((p.span for p in problem.parts if p.id == part), Span(problem.file, 1, 1, 1))
        told = f"part ({part})" if part else "the page"
        message = f"{told} prints `{numeric.text(formula)}`, and nothing that was checked stands behind it"
        found.append(_placed("unverified", message, problem, where, NOT_EQUAL))
    return tuple(dict.fromkeys(found))


def tell_checked(derivation: Derivation, part: str, checks: Checks) -> Telling:
    """A problem, or one part of it, as it is told outside of a document.

    Raises VerificationError where it prints a formula that nothing checked stands behind.
    """
    told = telling(derivation, part, checks)
    if wrong := unfounded(derivation, checks, told.printed):
        raise VerificationError("\n".join(diagnostic.text() for diagnostic in wrong))
    return told


# ---------------------------------------------------------------- what is wrong, and where


def refused(refusal: Refused, problem: Problem) -> Diagnostic:
    """A refusal with its place: the first question of its verb in its part, or the top of the file."""
    asks = (ask for part in problem.parts if part.id == refusal.part for ask in part.asks if ask.verb == refusal.verb)
    span = next((ask.span for ask in asks), Span(problem.file, 1, 1, 1))
    return _placed("refused", str(refusal), problem, span, refusal.hint or BY_HAND)


def _failures(derivation: Derivation, checks: Checks) -> Iterator[Fault]:
    """A fault for each equality that failed or stayed undecided, and for each mistake that went unnoticed."""
    expected = {check.right for check in checks.failures if check.step.kind in EXPECTED}
    for check in checks.failures:
        theirs = check.step.kind in EXPECTED
        if check.right in expected and not theirs:
            continue  # the same answer as a form in the frame
        code = "undecided" if check.verdict == "undecided" else "not-equal"
        message = check.message or f"{check.id} does not hold"
        own = NO_VALUE if check.verdict == "undecided" else NOT_EXPECTED
        yield _fault(code, message, check.step, derivation, own if theirs else NOT_EQUAL)
    for mistake in checks.mutants.survived:
        message = f"the points chosen do not tell this mistake from the answer: {mistake}"
        yield _fault("undecided", message, mistake.step, derivation)


def _fault(code: str, message: str, step: StepId, derivation: Derivation, hint: str = "") -> Fault:
    """A fault of the part that a step concerns, at its place."""
    part, problem = concerned(step, derivation), derivation.problem
    where = place(step, part, problem)
    return Fault(part.id if part else "", _placed(code, message, problem, where, hint))


def _quoted(wrong: Diagnostic, problem: Problem) -> Diagnostic:
    """With its line of the file, where it names a place alone."""
    if wrong.span is None or wrong.source:
        return wrong
    return _placed(wrong.code, wrong.message, problem, wrong.span, wrong.hint)


def _placed(code: str, message: str, problem: Problem, span: Span, hint: str = "") -> Diagnostic:
    lines = problem.text.splitlines()
    source = lines[span.line - 1] if span.file == problem.file and span.line <= len(lines) else ""
    return Diagnostic(code, message, span, hint, source)
