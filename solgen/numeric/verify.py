"""Every equality evaluated at random points, every gradient against differences, and the check itself checked.

Failures are collected, not raised: the pipeline stops the build, with the messages that stand in the
certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain

from solgen.errors import InputError
from solgen.model import Check, Checks, Derivation, Mutants
from solgen.numeric.bench import Bench, Setting
from solgen.numeric.claims import claim_checks
from solgen.numeric.differing import difference_checks
from solgen.numeric.double import float_checks
from solgen.numeric.evaluate import symbol_name
from solgen.numeric.expectations import expectation_checks
from solgen.numeric.judge import check_statement
from solgen.numeric.meaning import meaning_failures
from solgen.numeric.mutants import answer_of, mutate
from solgen.numeric.refute import trials
from solgen.numeric.rulecheck import rule_checks
from solgen.numeric.sample import Sample, Scene, sample
from solgen.numeric.sizes import Conditions, choose_sizes, constants, dimensions, other_sizes
from solgen.numeric.stages import Scope, Stage, stages
from solgen.numeric.working import Working, answers, workings


def verify(derivation: Derivation, mutants: bool = True) -> Checks:
    """The certificate of a derivation.

    Raises InputError where no sizes or no points exist at which the problem is defined.
    """
    seed = hashlib.sha256(derivation.problem.text.encode()).hexdigest()
    results = [_verify_scope(scope, seed, mutants) for scope in scopes(derivation)]
    checks = [c for found, *_ in results for c in found]
    tried = [trials(scope.contents, scope.model, _conditions(scope), seed) for scope in scopes(derivation)]
    checks += [check for _, found in tried for check in found]
    checks += rule_checks(derivation.rules, derivation.problem.model.functions, seed)
    digits = [c.digits for c in checks if c.digits > 0 and c.verdict == "equal"]
    main = results[0]
    return Checks(
        checks=tuple(checks),
        mutants=_joined([m for _, m, _, _ in results]),
        sizes=main[3],
        points=max((len(s.points) for _, _, s, _ in results), default=0),
        seed=seed,
        digits=min(digits, default=0),
        unmet=tuple(dict.fromkeys(u for _, _, s, _ in results for u in s.unmet)),
        trials=tuple(trial for found, _ in tried for trial in found),
    )


def scopes(derivation: Derivation) -> tuple[Scope, ...]:
    """The problem itself, and each part that changes the model."""
    model = derivation.problem.model
    own = tuple(p for p in derivation.parts if p.forward and p.part.model not in (None, model))
    rest = tuple(p for p in derivation.parts if p not in own)
    main = Scope("", model, derivation.forward, derivation.adjoints, rest)
    return (main, *(Scope(p.part.id, p.part.model or model, p.forward, p.adjoints, (p,)) for p in own))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a scope is checked: sizes, what is sampled for, the points, the seed of further ones."""

    sizes: dict[str, int]
    scene: Scene
    found: Sample
    seed: str

    def benches(self, setting: Setting) -> list[Bench]:
        """Every point, each with all values of one forward pass."""
        return [Bench(setting, point) for point in self.found.points]

    def fresh(self, setting: Setting) -> Callable[[int], list[Bench]]:
        """Further points, one at each attempt, for what could not be told apart at the others."""

        def more(attempt: int) -> list[Bench]:
            found = sample(self.scene, f"{self.seed} mutants {attempt}", 1)
            return [Bench(setting, point) for point in found.points]

        return more


def _verify_scope(scope: Scope, seed: str, mutants: bool) -> tuple[list[Check], Mutants, Sample, dict[str, int]]:
    """Every forward pass of one scope, then what is worked out line by line, claims and expectations."""
    worked = workings(scope.contents, scope.model, scope.forward)
    ground = ground_of(scope, worked, seed)
    results = [_verify_stage(stage, ground, mutants) for stage in stages(scope)]
    results += [_verify_working(working, ground, mutants) for working in worked]
    shared = ground.benches(stages(scope)[0].setting(ground.sizes))
    checks = [check for found, _ in results for check in found]
    checks += meaning_failures(scope.forward, shared)
    checks += claim_checks(scope.contents, shared[0])
    checks += expectation_checks(scope.parts, scope.model, scope.forward, shared, seed)
    return checks, _joined(survey for _, survey in results), ground.found, ground.sizes


def ground_of(scope: Scope, worked: Iterable[Working], seed: str) -> Ground:
    """Sizes and points for one scope; raises InputError where none are found at which every operation is defined."""
    worked = tuple(worked)
    parameters = dict.fromkeys(w.parameter for w in worked if w.parameter is not None)
    variables = (*(d.var for d in scope.model.declarations), *parameters)
    equations = (*scope.forward, *(q for w in worked for q in w.functions))
    conditions = _conditions(scope)
    first = choose_sizes(conditions)
    undefined: InputError | None = None
    for sizes in chain((first,), other_sizes(conditions, first)):
        scene = Scene(variables, scope.model.functions, equations, sizes, scope.model.samples)
        try:
            return Ground(sizes, scene, sample(scene, f"{seed} {scope.name}"), seed)
        except InputError as error:
            undefined = undefined or error
    assert undefined is not None
    raise undefined


def _verify_stage(stage: Stage, ground: Ground, mutants: bool) -> tuple[list[Check], Mutants]:
    """Statements, differences and double precision over one forward pass, then its mutants."""
    setting = stage.setting(ground.sizes)
    benches = ground.benches(setting)
    checks = [check_statement(s, benches) for s in stage.statements()]
    own = difference_checks(stage.gradients(), stage.model.equations, stage.equations, benches, ground.seed)
    own += float_checks(stage.asked(), benches)
    checks += [replace(c, id=f"{stage.form}: {c.id}") for c in own] if stage.form else own
    if not mutants:
        return checks, Mutants(0)
    prefix = f"{stage.form}: " if stage.form else ""
    wanted = [(f"{prefix}{symbol_name(b.symbol)}", answer_of(b)) for b in stage.asked() if b.contributions]
    return checks, mutate(wanted, stage.names, benches, ground.fresh(setting))


def _verify_working(working: Working, ground: Ground, mutants: bool) -> tuple[list[Check], Mutants]:
    setting = working.setting(ground.sizes)
    benches = ground.benches(setting)
    checks = list(working.checks(benches))
    if not mutants:
        return checks, Mutants(0)
    return checks, mutate(tuple(answers(working)), working.names, benches, ground.fresh(setting))


def _conditions(scope: Scope) -> Conditions:
    """What the sizes of the model must respect."""
    bodies = [q.body for q in (*scope.model.equations, *scope.forward)]
    variables = [d.var for d in scope.model.declarations] + [q.var for q in scope.forward]
    return Conditions(dimensions(variables, bodies), scope.model.order, scope.model.fixed, constants(bodies))


def _joined(parts: Iterable[Mutants]) -> Mutants:
    parts = tuple(parts)
    return Mutants(
        sum(m.killed for m in parts),
        tuple(name for m in parts for name in m.equivalent),
        tuple(name for m in parts for name in m.survived),
    )
