"""`solgen export`: one problem written for another program, verified at one set of points first.

What it can be written for are the rows of `solgen.numeric.code.targets`.
"""

from __future__ import annotations

from pathlib import Path

from solgen.build.faults import refused
from solgen.calculus.derive import derive
from solgen.errors import Diagnostic, InputError, Refused, Span, VerificationError, blaming
from solgen.model.derivation import Derivation
from solgen.model.problem import Problem
from solgen.model.verdict import Checks
from solgen.numeric.code.targets import DEFAULT_TARGET, TABLE
from solgen.numeric.verify import verify
from solgen.reader.set_file import read


def export(path: Path, target: str = DEFAULT_TARGET) -> str:
    """The text of one problem for the target of that name.

    Raises InputError where the file is wrong, holds several problems or cannot be derived, VerificationError where an
    equality fails.
    """
    derivation, checks = _verified(path)
    with blaming(where=f"as {target}", span=Span(derivation.problem.file, 1, 1, 1)):
        return TABLE.load(target).write(derivation, checks)


def _verified(path: Path) -> tuple[Derivation, Checks]:
    """The derivation, its equalities and gradients checked; mistakes made on purpose belong to check and build."""
    problem = _only_problem(path)
    try:
        with blaming(span=Span(problem.file, 1, 1, 1)):
            derivation = derive(problem)
            checks = verify(derivation, mutants=False)
    except Refused as refusal:
        raise InputError([refused(refusal, problem)]) from refusal
    if checks.failures:
        raise VerificationError("\n".join(check.message or check.id for check in checks.failures))
    return derivation, checks


def _only_problem(path: Path) -> Problem:
    problems = read(path).problems
    if len(problems) != 1:
        hint = f"name one of them: {', '.join(problem.file for problem in problems)}"
        raise InputError([Diagnostic("several-problems", f"{path} holds {len(problems)} problems", hint=hint)])
    return problems[0]
