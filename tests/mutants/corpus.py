"""What each problem needs of the engine, recorded in an unbroken run: derivation, cost, lines and rows."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from solgen.calculus.derive import derive
from solgen.errors import SolgenError
from solgen.expr.nodes import Apply, Expr
from solgen.expr.walk import nodes
from solgen.model.problem import Problem
from solgen.numeric.verify import verify
from tests.mutants.farm import farmed, lines_run
from tests.mutants.judge import Known
from tests.mutants.mutant import Mutant, forget
from tests.mutants.source import FOLDER
from tests.mutants.trials import Trial

Line = tuple[str, int]
Run = tuple[bool, float, frozenset[Line]]
TOGETHER = 8  # problems that one process records
MOST = 10  # problems besides its own on which a mutant is tried, from cheap to dear


@dataclass(frozen=True, slots=True)
class Corpus:
    """The problems from the cheapest on, and for each the lines of the calculus and the rows that it needs."""

    known: tuple[Known, ...]
    lines: Mapping[Line, frozenset[int]]
    rows: Mapping[str, frozenset[int]]

    def for_mutant(self, mutant: Mutant) -> tuple[Known, ...]:
        """The problems that need what is broken; those generated for a broken row come first."""
        if mutant.op:
            chosen = self.rows.get(mutant.op, frozenset())
        else:
            file, lines = mutant.where
            chosen = frozenset().union(*(self.lines.get((file, n), frozenset()) for n in lines))
        found = [self.known[n] for n in sorted(chosen)]
        own = [k for k in found if mutant.op and k.row == mutant.op]
        others = [k for k in found if k not in own] if len(own) < len(found) else []
        stride = max(1, -(-len(others) // MOST))
        return (*own, *others[::stride])


def recorded(trials: Sequence[Trial], workers: int) -> Corpus:
    """Everything derived and verified with the whole engine; raises AssertionError where that fails."""
    whole = [known for trial in trials if (known := _known(trial)) is not None]
    count = -(-len(whole) // TOGETHER)
    parts = [range(n, len(whole), count) for n in range(count)]
    found: dict[int, Run] = {}
    for _, runs in farmed([partial(_runs, whole, part) for part in parts], workers):
        found |= runs
    wrong = [whole[n].name for n, (right, _, _) in found.items() if not right]
    undefined = {n for n in found if whole[n].name in wrong and whole[n].name.startswith("formula")}
    wrong = [name for name in wrong if not name.startswith("formula")]
    assert len(found) == len(whole) and not wrong, f"without any mutant these fail: {', '.join(wrong)}"
    order = sorted(found.keys() - undefined, key=lambda n: (round(found[n][1], 1), n))
    known = tuple(dataclasses.replace(whole[n], cost=found[n][1]) for n in order)
    return Corpus(known, _places([found[n][2] for n in order]), _places([_operations(k) for k in known]))


def _known(trial: Trial) -> Known | None:
    """The problem derived; None for what the whole engine refuses, with a reason."""
    problem = trial.make()
    try:
        return Known(trial.name, trial.make, problem, derive(problem), trial.row)
    except SolgenError:
        return None


def _runs(whole: Sequence[Known], part: Iterable[int]) -> dict[int, Run]:
    return {n: _run(whole[n]) for n in part}


def _run(known: Known) -> Run:
    """Whether the problem verifies, what that costs, and the lines that run."""
    start = time.process_time()
    right = _verifies(known)
    cost = time.process_time() - start
    forget()
    return right, cost, lines_run(partial(derive, known.problem), str(FOLDER))


def _verifies(known: Known) -> bool:
    """A formula drawn at random may be defined nowhere; every other problem must verify."""
    try:
        checks = verify(known.derivation)
        return not checks.failures and not checks.mutants.survived
    except SolgenError:
        if known.name.startswith("formula"):
            return False
        raise


def _places(needs: Sequence[frozenset]) -> dict:
    found: dict[object, set[int]] = {}
    for n, needed in enumerate(needs):
        for key in needed:
            found.setdefault(key, set()).add(n)
    return {key: frozenset(where) for key, where in found.items()}


def _operations(known: Known) -> frozenset[str]:
    """The rows that the derivation shows, and the one that the problem was generated for."""
    derivation = known.derivation
    shown = (derivation.forward, derivation.parts, derivation.rules, derivation.adjoints)
    formulas = (*_formulas(shown), *_equations(known.problem))
    found = {n.op for e in dict.fromkeys(formulas) for n in nodes(e) if isinstance(n, Apply)}
    return frozenset({*found, *([known.row] if known.row else [])})


def _equations(problem: Problem) -> Iterator[Expr]:
    return (q.body for q in problem.model.equations)


def _formulas(found: object) -> Iterator[Expr]:
    """Every formula inside a derivation."""
    match found:
        case Expr():
            yield found
        case tuple() | list():
            for member in found:
                yield from _formulas(member)
        case _ if dataclasses.is_dataclass(found):
            for field in dataclasses.fields(found):
                yield from _formulas(getattr(found, field.name))
