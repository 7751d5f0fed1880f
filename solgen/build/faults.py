"""What is wrong with which part of a problem: refusals, failures and unchecked lines as messages with a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from solgen.build.alike import refuse_alike
from solgen.build.locate import find_part, place
from solgen.build.read_back import finished
from solgen.build.read_back.forms import WrittenForm
from solgen.build.read_back.misreadings import Misreading, read_back
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import sections_of_problem
from solgen.build.read_figures import Misdrawn
from solgen.build.undefined import undefined_in_telling
from solgen.document.pages import Document, ToldSet
from solgen.document.telling import Telling, telling
from solgen.document.witness import Printed
from solgen.errors import Diagnostic, Refused, Span, VerificationError
from solgen.expr.text import text
from solgen.model.derivation import Derivation
from solgen.model.problem import Part, Problem
from solgen.model.step import EXPECTED, READ_TWICE, StepId
from solgen.model.verdict import Checks, Proof, text_of_sizes
from solgen.numeric.checks.founded import equalities, find_unfounded

BY_HAND = "ask for something near it that can be derived, or write this part by hand, under `answer`"
NOT_EQUAL = "this is a mistake in solgen; nothing of the problem was typeset"
NOT_EXPECTED = "the answer given here is not what the model gives; nothing of the problem was typeset"
NO_VALUE = "write the answer so that it has a value wherever the model has one; nothing of the problem was typeset"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one part of a problem, or, where it names none, with the problem."""

    part: str
    diagnostic: Diagnostic


def report_refusal(refusal: Refused, problem: Problem) -> Diagnostic:
    """A refusal with its place: the first question of its verb in its part, or the top of the file."""
    asks = (ask for part in problem.parts if part.id == refusal.part for ask in part.asks if ask.verb == refusal.verb)
    span = next((ask.span for ask in asks), Span(problem.file, 1, 1, 1))
    return _diagnostic_at("refused", str(refusal), problem, span, refusal.hint or BY_HAND)


def failures(derivation: Derivation, checks: Checks) -> Iterator[Fault]:
    """A fault for each equality that failed or stayed undecided, each mistake that went unnoticed, and each answer that
    was disproved."""
    expected = {check.right for check in checks.failures if check.step.kind in EXPECTED}
    for check in checks.failures:
        theirs = check.step.kind in EXPECTED
        if check.right in expected and not theirs:
            continue  # the same answer as a form in the frame
        code = "undecided" if check.verdict == "undecided" else "not-equal"
        code = "misread" if check.step.check == READ_TWICE else code
        message = check.message or f"{check.id} does not hold"
        own = NO_VALUE if check.verdict == "undecided" else NOT_EXPECTED
        yield _fault(code, message, check.step, derivation, own if theirs else NOT_EQUAL)
    for mistake in checks.mutants.survived:
        message = f"the points chosen do not tell this mistake from the answer: {mistake}"
        yield _fault("undecided", message, mistake.step, derivation)
    yield from report_disproofs(derivation, checks.proofs)


def report_disproofs(derivation: Derivation, proofs: Iterable[Proof]) -> Iterator[Fault]:
    """A fault for each answer that a second engine disproved."""
    for proof in proofs:
        if proof.verdict == "disproved":
            sizes = text_of_sizes(proof.sizes.items())
            message = f"{proof.step}: {proof.why}{f' (at {sizes})' if sizes else ''}"
            yield _fault("disproved", message, proof.step, derivation, NOT_EQUAL)


def _fault(code: str, message: str, step: StepId, derivation: Derivation, hint: str = "") -> Fault:
    """A fault of the part that a step concerns, at its place."""
    part, problem = find_part(step, derivation), derivation.problem
    where = place(step, part, problem)
    return Fault(part.id if part else "", _diagnostic_at(code, message, problem, where, hint))


def quote_line(wrong: Diagnostic, problem: Problem) -> Diagnostic:
    """With its line of the file, where it names a place alone."""
    if wrong.span is None or wrong.source:
        return wrong
    return _diagnostic_at(wrong.code, wrong.message, problem, wrong.span, wrong.hint)


def _diagnostic_at(code: str, message: str, problem: Problem, span: Span, hint: str = "") -> Diagnostic:
    lines = problem.text.splitlines()
    source = lines[span.line - 1] if span.file == problem.file and span.line <= len(lines) else ""
    return Diagnostic(code, message, span, hint, source)


# ---------------------------------------------------------------- what was printed and never checked


def unfounded_lines(derivation: Derivation, checks: Checks, printed: Printed) -> tuple[Diagnostic, ...]:
    """An error for each formula that was printed and that nothing checked stands behind, at the part that prints it."""
    problem, found = derivation.problem, []
    for part, formula in find_unfounded(derivation, checks, printed):
        where = next((p.span for p in problem.parts if p.id == part), Span(problem.file, 1, 1, 1))
        told = f"part ({part})" if part else "the page"
        message = f"{told} prints `{text(formula)}`, and nothing that was checked stands behind it"
        found.append(_diagnostic_at("unverified", message, problem, where, NOT_EQUAL))
    return tuple(dict.fromkeys(found))


def unfounded_pages(
    derivations: Sequence[Derivation], checks: Sequence[Checks], printed: Sequence[Printed]
) -> tuple[Diagnostic, ...]:
    """An error for each formula that was told and that nothing checked stands behind; of the appendix too."""
    *own, left = printed
    found = [
        d for made, held, seen in zip(derivations, checks, own, strict=True) for d in unfounded_lines(made, held, seen)
    ]
    for made, held in zip(derivations, checks, strict=True):  # a rule is checked with any problem that cites it
        left = tuple(find_unfounded(made, held, left))
    return (*found, *(unfounded_lines(derivations[0], checks[0], left) if left else ()))


def misread(misreadings: Iterable[Misreading], fallback: Problem) -> tuple[Fault, ...]:
    """A fault for each formula that does not say what it should, at the part that prints it.

    fallback: the problem at whose file what stands in the appendix is told.
    """
    found: list[Fault] = []
    for one in misreadings:
        problem, part = one.section.problem or fallback, one.section.part
        where = part.span if part else Span(problem.file, 1, 1, 1)
        found.append(Fault(part.id if part else "", _diagnostic_at("misread", one.message, problem, where, NOT_EQUAL)))
    return tuple(dict.fromkeys(found))


def report_misdrawing(wrong: Misdrawn, problem: Problem, part: Part | None) -> Fault:
    """A fault for a figure that shows something else than it should, at the part that it is drawn for."""
    told = f"part ({part.id}), its figure: {wrong}" if part else f"the figure: {wrong}"
    where = part.span if part else Span(problem.file, 1, 1, 1)
    return Fault(part.id if part else "", _diagnostic_at("misread", told, problem, where, NOT_EQUAL))


def report_misassembly(document: Document) -> tuple[Diagnostic, ...]:
    """An error for each formula that a document's LaTeX has otherwise than its pages."""
    file = document.problems[0].file
    return tuple(_of_files(f"{document.pages.product}: {what}", file) for what in finished.misprinted_file(document))


def report_misnumbering(
    certificate: bytes, told: ToldSet, derivations: Sequence[Derivation], checks: Sequence[Checks]
) -> tuple[Diagnostic, ...]:
    """An error for each number in `checks.json` under which the solutions print something else."""
    file = told.problem_set.problems[0].file
    formulas = [
        {text(e): e for pair in equalities(derivation, held) for e in pair}
        for derivation, held in zip(derivations, checks, strict=True)
    ]
    return tuple(_of_files(what, file) for what in finished.find_misnumbered(certificate, told, formulas))


def _of_files(what: str, file: str) -> Diagnostic:
    return Diagnostic("misread", what, Span(file, 1, 1, 1), NOT_EQUAL)


def tell_checked(derivation: Derivation, part: str, checks: Checks, formats: Iterable[WrittenForm]) -> Telling:
    """A problem, or one part of it, as it is told outside of a document, in these formats.

    Raises InputError where it writes a name and a gradient alike, VerificationError where it prints a formula that
    nothing checked stands behind, or that reads as another.
    """
    told = telling(derivation, part, checks)
    sections = tuple(sections_of_problem(derivation.problem, told))
    refuse_alike(sections)
    known = Certified()
    known.learn(derivation, checks)
    misreadings = (found for written in formats for found in read_back(sections, written, known))
    unchecked = unfounded_lines(derivation, checks, told.printed)
    unchecked += tuple(undefined_in_telling(derivation.problem, told))
    if wrong := unchecked or tuple(fault.diagnostic for fault in misread(misreadings, derivation.problem)):
        raise VerificationError("\n".join(diagnostic.text() for diagnostic in wrong))
    return told
