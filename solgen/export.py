"""`solgen export`: one problem as a numpy module or as rows of JSON, verified at one set of points first."""

from __future__ import annotations

import json
from pathlib import Path

from solgen import calculus, numeric, reader
from solgen.errors import Diagnostic, InputError, Refused, Span, VerificationError, blaming
from solgen.expr.latex import Printer
from solgen.model import Checks, Derivation, Problem
from solgen.work import refused


def numpy_source(path: Path) -> str:
    """The module of one problem (FORMAT.md, section 5).

    Raises InputError where the file is wrong, holds several problems or cannot be derived, VerificationError where an
    equality fails.
    """
    derivation, _ = _verified(path)
    with blaming(where="as numpy", span=Span(derivation.problem.file, 1, 1, 1)):
        return numeric.numpy_module(derivation)


def json_source(path: Path) -> str:
    """The results of one problem, one row each; raises what `numpy_source` does."""
    derivation, checks = _verified(path)
    printer = Printer(dict(derivation.problem.latex), derivation.problem.notation)
    with blaming(where="as JSON", span=Span(derivation.problem.file, 1, 1, 1)):
        rows = numeric.json_rows(derivation, printer.expr, checks)
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _verified(path: Path) -> tuple[Derivation, Checks]:
    """The derivation, its equalities and gradients checked; mistakes made on purpose belong to check and build."""
    problem = _only_problem(path)
    try:
        with blaming(span=Span(problem.file, 1, 1, 1)):
            derivation = calculus.derive(problem)
            checks = numeric.verify(derivation, mutants=False)
    except Refused as refusal:
        raise InputError([refused(refusal, problem)]) from refusal
    if checks.failures:
        raise VerificationError("\n".join(check.message or check.id for check in checks.failures))
    return derivation, checks


def _only_problem(path: Path) -> Problem:
    problems = reader.read(path).problems
    if len(problems) != 1:
        hint = f"name one of them: {', '.join(problem.file for problem in problems)}"
        raise InputError([Diagnostic("several-problems", f"{path} holds {len(problems)} problems", hint=hint)])
    return problems[0]
