"""Every equality evaluated at random points, every gradient against differences, and the check itself checked.

Failures are collected, not raised: the pipeline stops the build, with the messages that stand in the
certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from solgen.errors import Diagnostic, InputError
from solgen.model.derivation import Derivation
from solgen.model.problem import Model, Problem, derivative_symbol
from solgen.model.step import StepId
from solgen.model.verdict import Check, Checks, Mutants
from solgen.numeric.checks.cover import find_uncovered, unknown_kinds
from solgen.numeric.checks.coverage import missing_answers
from solgen.numeric.checks.expectations import expectation_checks
from solgen.numeric.checks.float64_check import float_checks
from solgen.numeric.checks.forward_passes import ModelScope, ShownPass, stages, step_within
from solgen.numeric.checks.gradient_checks import difference_checks
from solgen.numeric.checks.judge import check_statement
from solgen.numeric.checks.kinks import kink_failures
from solgen.numeric.checks.mutants import answer_of, mutate
from solgen.numeric.checks.refute import trials
from solgen.numeric.checks.rule_checks import rule_checks
from solgen.numeric.checks.shape_claims import claim_checks
from solgen.numeric.checks.test_points import TestPoints, conditions, ground_of, scopes
from solgen.numeric.checks.value_conditions import condition_checks
from solgen.numeric.checks.worked_lines import WorkedDerivation, answer_forms, workings
from solgen.numeric.code.numpy_agreement import meaning_failures
from solgen.numeric.points.sample import NO_SLOPE, Sample
from solgen.numeric.points.shorten import shorten_axes
from solgen.numeric.second_reading import reading_checks
from solgen.numeric.values.fields import Undefined
from solgen.numeric.worked_examples import examples


def verify(derivation: Derivation, mutants: bool = True) -> Checks:
    """The certificate of a derivation, over short axes where long ones add nothing.

    Raises InputError where no sizes or no points exist at which the problem is defined.
    """
    short = shorten_axes(derivation)
    if short is not None:
        found = _verify_tried(derivation, short[0], mutants, short[1])
        if not found.failures and not found.mutants.survived:
            return replace(found, sizes={**found.sizes, **{str(length): n for length, n in short[1].items()}})
    return _verify_tried(derivation, derivation, mutants, {})


def _verify_tried(derivation: Derivation, tried: Derivation, mutants: bool, short: Mapping[int, int]) -> Checks:
    """The certificate with every equality taken from `tried`; what readers see numbers of, from the derivation.

    short: how long each axis is in `tried` that is longer in the derivation.
    An equality that no check covers is a failure, and so is a content of a kind that verification was not taught.
    """
    strangers = unknown_kinds(tried.parts)
    if strangers:
        return Checks(tuple(strangers), Mutants(0), {}, 0, "", 0)
    made = _judge_all(derivation, tried, mutants, short)
    return replace(made, checks=(*made.checks, *find_uncovered(tried, made)))


def _judge_all(derivation: Derivation, tried: Derivation, mutants: bool, short: Mapping[int, int]) -> Checks:
    """Every scope, rule and worked example."""
    problem = derivation.problem
    seed = seed_of(problem.model, problem)
    results = [_verify_scope(scope, seed_of(scope.model, problem), mutants) for scope in scopes(tried)]
    checks = [c for found, *_ in results for c in found]
    for scope, (_, _, found, sizes) in zip(scopes(tried), results, strict=True):
        checks += reading_checks(scope.name, scope.model, sizes, found.points, short)
    refuted = [
        trials(scope.contents, scope.model, conditions(scope), seed_of(scope.model, problem), problem.numbers)
        for scope in scopes(derivation)
    ]
    checks += [check for _, found in refuted for check in found]
    run, computed = examples(derivation)
    checks += run
    checks += rule_checks(tried.rules, problem.model.functions, seed)
    checks += missing_answers(derivation.parts, problem.model)
    digits = [c.digits for c in checks if c.digits > 0 and c.verdict == "equal"]
    main = results[0]
    return Checks(
        checks=tuple(checks),
        mutants=_join_mutants([m for _, m, _, _ in results]),
        sizes=main[3],
        points=max((len(s.points) for _, _, s, _ in results), default=0),
        seed=seed,
        digits=min(digits, default=0),
        unmet=tuple(dict.fromkeys(u for _, _, s, _ in results for u in s.unmet)),
        examples=computed,
        trials=tuple(trial for found, _ in refuted for trial in found),
    )


def seed_of(model: Model, problem: Problem) -> str:
    """What the random points of a model follow from: its own text, so that neither prose nor a further question moves
    them.  The SHA-256 of the lines of the model, in hexadecimal."""
    return hashlib.sha256("\n".join(model.texts or (problem.text,)).encode()).hexdigest()


def _verify_scope(scope: ModelScope, seed: str, mutants: bool) -> tuple[list[Check], Mutants, Sample, dict[str, int]]:
    """Every forward pass of one scope, then what is worked out line by line, claims and expectations.

    Raises InputError where the scope, or something stated in it, is defined nowhere.
    """
    try:
        return _verify_parts(scope, seed, mutants)
    except Undefined as error:
        message = f"`{error.operation}` is undefined at points at which all that leads there has a value"
        place = next((p.part.span for p in scope.parts), None)
        raise InputError([Diagnostic("undefined-operation", message, place, NO_SLOPE)]) from error


def _verify_parts(scope: ModelScope, seed: str, mutants: bool) -> tuple[list[Check], Mutants, Sample, dict[str, int]]:
    worked = workings(scope.contents, scope.model, scope.forward)
    ground = ground_of(scope, worked, seed)
    results = [_verify_stage(stage, ground, mutants) for stage in stages(scope)]
    results += [_verify_working(working, ground, mutants) for working in worked]
    setting = stages(scope)[0].setting(ground.sizes)
    shared = ground.benches(setting)
    checks = [check for found, _ in results for check in found]
    checks += meaning_failures(scope.forward, shared)
    checks += kink_failures(scope.forward)
    checks += claim_checks(scope.contents, shared[0])
    checks += condition_checks(scope, ground)
    checks += expectation_checks(scope.parts, scope.model, scope.forward, shared, ground.fresh(setting))
    return checks, _join_mutants(survey for _, survey in results), ground.found, ground.sizes


def _verify_stage(stage: ShownPass, ground: TestPoints, mutants: bool) -> tuple[list[Check], Mutants]:
    """Statements, differences and double precision over one forward pass, then its mutants."""
    setting = stage.setting(ground.sizes)
    benches = ground.benches(setting)
    checks = [check_statement(s, benches) for s in stage.statements()]
    own = difference_checks(stage.gradients(), stage.model.equations, stage.equations, benches, ground.seed)
    own += float_checks(stage.find_asked(), benches)
    checks += [replace(c, step=step_within(c.step, stage.form)) for c in own]
    if not mutants:
        return checks, Mutants(0)
    answered = [b for b in stage.find_asked() if b.contributions]
    wanted = [(step_within(StepId(symbol=derivative_symbol(b.symbol)), stage.form), answer_of(b)) for b in answered]
    return checks, mutate(wanted, stage.names, benches, ground.fresh(setting))


def _verify_working(working: WorkedDerivation, ground: TestPoints, mutants: bool) -> tuple[list[Check], Mutants]:
    setting = working.setting(ground.sizes)
    benches = ground.benches(setting)
    checks = list(working.checks(benches))
    if not mutants:
        return checks, Mutants(0)
    return checks, mutate(tuple(answer_forms(working)), working.names, benches, ground.fresh(setting))


def _join_mutants(parts: Iterable[Mutants]) -> Mutants:
    parts = tuple(parts)
    return Mutants(
        sum(m.killed for m in parts),
        tuple(name for m in parts for name in m.equivalent),
        tuple(name for m in parts for name in m.survived),
    )
