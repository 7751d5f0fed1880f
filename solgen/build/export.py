"""`solgen export`: one problem written for another program, verified at one set of points first.

What it can be written for are the rows of `solgen.numeric.code.targets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from solgen.build.faults import report_refusal
from solgen.build.read_prose import check_typed, with_typed
from solgen.calculus.derive import derive
from solgen.errors import Diagnostic, InputError, Refused, Span, VerificationError, blaming
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.verdict import Checks
from solgen.numeric.code.targets import DEFAULT_TARGET, TABLE, TARGETS
from solgen.numeric.verify import verify
from solgen.reader.set_file import read


def export(path: Path, target: str = DEFAULT_TARGET, sizes: Mapping[str, int] = MappingProxyType({})) -> str:
    """The text of one problem for the target of that name, at these sizes where it has sizes.

    Raises InputError where the file is wrong, holds several problems or cannot be derived, VerificationError where an
    equality fails.
    """
    row = TABLE.load(target)
    if sizes and not row.sizes:
        hint = f"leave --sizes out, or export to {' or '.join(n for n in TARGETS if TABLE.load(n).sizes)}"
        raise InputError([Diagnostic("no-sizes", f"what is exported to {target} holds at all sizes", hint=hint)])
    return export_to(target, *derive_verified(read_one(path)), sizes)


def export_to(target: str, derivation: Derivation, checks: Checks, sizes: Mapping[str, int]) -> str:
    """The text of what was derived for the target of that name; raises InputError where something has no form there."""
    problem = derivation.problem
    try:
        with blaming(where=f"as {target}", span=Span(problem.file, 1, 1, 1)):
            return TABLE.load(target).write(derivation, checks, sizes)
    except Refused as refusal:
        raise InputError([report_refusal(refusal, problem)]) from refusal


def derive_verified(problem: Problem) -> tuple[Derivation, Checks]:
    """The derivation, its equalities and gradients checked, and what its prose types; mistakes made on purpose belong
    to check and build.

    Raises InputError where it cannot be derived, VerificationError where an equality fails.
    """
    try:
        with blaming(span=Span(problem.file, 1, 1, 1)):
            derivation = derive(problem)
            checks = verify(derivation, mutants=False)
    except Refused as refusal:
        raise InputError([report_refusal(refusal, problem)]) from refusal
    raise_failures(checks)
    return derivation, with_prose(derivation, checks)


def with_prose(derivation: Derivation, checks: Checks) -> Checks:
    """A certificate with what came of the formulas that the prose types.

    Raises VerificationError where one is false.
    """
    typed = check_typed(derivation)
    if typed.wrong:
        raise VerificationError("\n".join(wrong.text() for _, wrong in typed.wrong))
    return with_typed(checks, typed)


def raise_failures(checks: Checks) -> None:
    """Raises VerificationError where a check came out as anything but equal."""
    if checks.failures:
        raise VerificationError("\n".join(check.message or check.id for check in checks.failures))


def read_one(path: Path) -> Problem:
    """The only problem of a file or a set; raises InputError where there are several."""
    problems = read(path).problems
    if len(problems) != 1:
        hint = f"name one of them: {', '.join(problem.file for problem in problems)}"
        raise InputError([Diagnostic("several-problems", f"{path} holds {len(problems)} problems", hint=hint)])
    return problems[0]
