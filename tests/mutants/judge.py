"""A broken engine judged: does `check` of some problem fail, and if none does, is what it states still right?

KILLED      the problem cannot be read, derived or verified: the same failures that `solgen check` reports.
UNCHANGED   on every problem tried on which the changed lines run, the derivation is tree for tree that of the whole
            engine.
EQUAL       some derivation is another one, every equality of it was verified, and every answer equals that of the
            whole engine, exactly or in balls, at points drawn anew: another correct form of the same answer.  After
            three such problems no more are tried.
SURVIVED    some derivation passes and an answer is missing, or has another value; or the value of an operation was
            broken, and nothing noticed.  There must be none.

UNCHANGED and EQUAL together are what is called equivalent.  They are proved for the problems tried, by identity of
trees and by values, and only for these; in any other problem the mutant's formulas would be verified before they are
printed, like all others.  Words (the reason of a shape, the name of a rule) are not judged: goldens hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from solgen.calculus.derive import derive
from solgen.errors import SolgenError
from solgen.expr.arith import entry
from solgen.expr.nodes import Expr, Idx, rank, shape
from solgen.expr.walk import free_indices, reindex
from solgen.model.derivation import Count, Derivation, Paths, Shapes
from solgen.model.problem import Problem
from solgen.model.verdict import Check
from solgen.numeric.checks.forward_passes import ModelScope, stages
from solgen.numeric.checks.test_points import TestPoints, ground_of, scopes
from solgen.numeric.checks.worked_lines import workings
from solgen.numeric.values.compare import compare
from solgen.numeric.values.evaluator import Evaluator
from solgen.numeric.values.fields import NotExact
from solgen.numeric.values.point import EvaluationPoint
from solgen.numeric.verify import verify
from tests.mutants.farm import Late, limited
from tests.mutants.mutant import Mutant, forget

FRESH = "points of the mutants"
BITS = 512
SPARE, SLOWER = 2.0, 10.0
ENOUGH = 3  # problems on which another derivation was verified and gave equal answers


@dataclass(frozen=True, slots=True)
class Known:
    """A problem with the derivation that the whole engine gives, and the points at which answers are compared."""

    name: str
    make: object
    problem: Problem
    derivation: Derivation
    row: str
    cost: float = 0.0  # seconds that it takes the whole engine


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant; `by` is how it was found out, `where` the problem that told."""

    outcome: str
    by: str
    where: str
    tried: int = 0


def judged(mutant: Mutant, known: Sequence[Known]) -> Verdict:
    """The engine broken, in this process, and tried on one problem after another up to the first that tells."""
    mutant.install()
    forget()
    if mutant.told is not None:
        wrong = mutant.told()
        return Verdict("KILLED" if wrong else "SURVIVED", "the conventions at kinks", wrong[0] if wrong else "", 1)
    changed = 0
    for n, trial in enumerate(known, start=1):
        found = _in_time(trial, mutant)
        if found in ("unchanged", "equal"):
            changed += found == "equal"
            if changed == ENOUGH:
                break
            continue
        outcome, _, by = found.partition(": ")
        return Verdict(outcome, by, trial.name, n)
    if mutant.defines and known:
        return Verdict("SURVIVED", "the value of an operation is wrong", known[0].name, len(known))
    return Verdict("EQUAL" if changed else "UNCHANGED" if known else "NEVER RUN", "", "", len(known))


def _in_time(trial: Known, mutant: Mutant) -> str:
    """The outcome; killed is who takes ten times as long as the whole engine, and two seconds more."""
    try:
        with limited(SPARE + SLOWER * trial.cost):
            return _tried(trial, mutant)
    except Late:
        return "KILLED: came to no end"
    except MemoryError:  # again, after the trial itself gave up
        return "KILLED: ran out of memory"


def _tried(trial: Known, mutant: Mutant) -> str:
    """unchanged, equal, KILLED: how, or SURVIVED: why."""
    try:
        problem = trial.make() if mutant.op else trial.problem  # type: ignore[operator]
        found = derive(problem)
        same = _same(found, trial.derivation)
        if same and not mutant.defines:
            return "unchanged"
        checks = verify(found, mutants=False)
        if checks.failures:
            return f"KILLED: {_how(checks.failures[0])}"
    except SolgenError:
        return "KILLED: refused"
    except Exception as error:  # noqa: BLE001 - whatever stops the engine stops the build
        return f"KILLED: stopped ({type(error).__name__})"
    if mutant.defines:
        return "unchanged"
    try:
        wrong = differing(trial.derivation, found)
    except Exception as error:  # noqa: BLE001 - stages missing, names unknown: no answer that anyone could read
        wrong = f"the answers cannot be compared ({type(error).__name__})"
    if not wrong:
        return "equal"
    try:
        return "KILLED: mistakes not told apart" if verify(found).mutants.survived else f"SURVIVED: {wrong}"
    except Exception as error:  # noqa: BLE001 - a build looks for mistakes too, and stops where this does
        return f"KILLED: stopped ({type(error).__name__})"


def _how(check: Check) -> str:
    """The kind of equality that failed."""
    if check.id.startswith("rule "):
        return "a rule's proof"
    if check.method in ("oracle", "float64"):
        return {"oracle": "differences", "float64": "double precision"}[check.method]
    return "a claim" if check.id.startswith(("shape ", "parameter")) else "an equality"


def _same(found: Derivation, whole: Derivation) -> bool:
    pairs = (
        (d.forward, [p.contents for p in d.parts], [p.forward for p in d.parts], d.rules, d.adjoints)
        for d in (found, whole)
    )
    first, second = pairs
    return first == second


# ---------------------------------------------------------------- answers compared


def differing(whole: Derivation, found: Derivation) -> str:
    """What the answers of two derivations of one problem differ in; nothing where they are equal."""
    for left, right in zip(scopes(whole), scopes(found), strict=True):
        for name, wrong in _differences(left, right):
            if wrong:
                return f"{name} {wrong}"
    return ""


def _differences(whole: ModelScope, found: ModelScope) -> Iterator[tuple[str, str]]:
    plain, mine = (dict(_plain(scope)) for scope in (whole, found))
    yield from ((key, "" if mine.get(key) == value else "is another") for key, value in plain.items())
    ground = ground_of(whole, workings(whole.contents, whole.model, whole.forward), FRESH)
    for left, right in zip(_answers(whole, ground), _answers(found, ground), strict=True):
        (answers, benches), (others, theirs) = left, right
        if forms := [name for name in answers if " form " in name]:  # of one answer: each is one of those known
            yield forms[0], "" if others else "is missing"
            for name, other in others.items():
                wrong = [_compared(answer, other, benches, theirs) for answer in answers.values()]
                yield name, "" if "" in wrong else wrong[0]
            continue
        for name, answer in answers.items():
            found_out = _compared(answer, others[name], benches, theirs) if name in others else "is missing"
            yield name, found_out


def _plain(scope: ModelScope) -> Iterator[tuple[str, str]]:
    """Answers that are no formulas."""
    for n, content in enumerate(scope.contents):
        match content:
            case Shapes(lines=lines):
                shapes = sorted((line.var.name, str(line.var.shape_)) for line in lines if line.asked)
                yield f"shapes {n}", str(shapes)
            case Count(rows=rows, total=total):
                yield f"count {n}", str(([(v.name, str(s)) for v, s in rows], str(total)))
            case Paths(terms=terms):
                yield f"routes {n}", str(sorted(".".join(v.name for v in t.route) for t in terms))


def _answers(scope: ModelScope, ground: TestPoints) -> Iterator[tuple[Mapping[str, Expr], list[EvaluationPoint]]]:
    """The formulas of each stage by name, and the points with all values that they speak of."""
    for stage in stages(scope):
        blocks = {f"{stage.form} d{b.symbol.of.name}/d{b.symbol.wrt.name}": b.value for b in stage.find_asked()}
        yield blocks, ground.benches(stage.setting(ground.sizes))
    for working in workings(scope.contents, scope.model, scope.forward):
        worked = working.worked
        letters: dict[object, object] = {i: Idx(f"free {n}", i.size) for n, i in enumerate(worked.indices)}
        lines = {
            f"{line.id} form {n}": reindex(line.chain[-1], letters)  # type: ignore[arg-type]
            for n, line in enumerate(worked.results)
        }
        lines |= dict(_entries(lines, list(letters.values())))
        yield lines, ground.benches(working.setting(ground.sizes))


def _entries(lines: Mapping[str, Expr], free: list[object]) -> Iterator[tuple[str, Expr]]:
    """A row that is said as a vector is also its entry at a free index."""
    for name, e in lines.items():
        for i in free[::-1] if rank(e) == 1 else ():
            if isinstance(i, Idx) and i.size == shape(e)[0] and i not in free_indices(e):
                yield f"{name} entry", entry(e, (i,))
                break


def _compared(answer: Expr, other: Expr, benches: Iterable[EvaluationPoint], theirs: Iterable[EvaluationPoint]) -> str:
    for left, right in zip(benches, theirs, strict=True):
        verdict = _at(left, right, answer, other)
        if verdict != "equal":
            return f"has another value ({verdict})"
    return ""


def _at(left: EvaluationPoint, right: EvaluationPoint, answer: Expr, other: Expr) -> str:
    try:
        return compare(left.exact().value(answer), right.exact().value(other), exact=True).verdict
    except NotExact:
        runs: tuple[Evaluator, Evaluator] = (left.balls(BITS), right.balls(BITS))
        with runs[0].field.working():
            first, second = (run.value(e) for run, e in zip(runs, (answer, other), strict=True))
            scale = max(run.magnitude(e) for run, e in zip(runs, (answer, other), strict=True))
            return compare(first, second, exact=False, scale=scale).verdict
