"""Sizes that a reader states, `n=2, m=3`: checked against the model, the others chosen small; and points at them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from solgen.errors import Diagnostic, InputError
from solgen.numeric.checks.forward_passes import find_derivatives, stages
from solgen.numeric.checks.test_points import conditions, scopes
from solgen.numeric.code.requested import View
from solgen.numeric.points.sample import SampleSpace, sample
from solgen.numeric.points.slopes import slopes
from solgen.numeric.points.test_sizes import Conditions, is_possible, small_sizes
from solgen.numeric.values.point import EvaluationPoint

MOST = 1_000  # entries of one value


def stated_sizes(found: Sequence[View], given: Mapping[str, int]) -> tuple[dict[str, int], ...]:
    """The sizes of each model: those that are given, and small ones, different where they can be, for the others.

    Raises InputError for a size that no model has, or that the shapes and the stated order do not allow.
    """
    limits = [conditions(scopes(view.derivation)[0]) for view in found]
    known = sorted({s for limit in limits for size in limit.dimensions for s in size.symbols})
    unknown = [name for name in given if name not in known]
    if unknown:
        hint = f"the sizes are {', '.join(known)}" if known else "the model has no sizes"
        raise InputError([Diagnostic("unknown-size", f"there is no size `{name}`", hint=hint) for name in unknown])
    chosen = tuple(_choose_sizes(limit, given) for limit in limits)
    for view, sizes in zip(found, chosen, strict=True):
        _affordable(view, sizes)
    return chosen


def _choose_sizes(limit: Conditions, given: Mapping[str, int]) -> dict[str, int]:
    own = {s for size in limit.dimensions for s in size.symbols}
    fixed = {**limit.fixed, **{name: n for name, n in given.items() if name in own}}
    sizes = small_sizes(replace(limit, fixed=fixed))
    if not is_possible(limit, sizes):
        told = ", ".join(f"{name} = {n}" for name, n in sizes.items())
        hint = "state other sizes: each axis has at least one entry, and the order under `sizes:` holds"
        raise InputError([Diagnostic("impossible-sizes", f"the shapes do not allow {told}", hint=hint)])
    return sizes


def _affordable(view: View, sizes: Mapping[str, int]) -> None:
    """Raise InputError where a value has more entries than anyone would print."""
    for var in view.derivation.problem.model.variables.values():
        if (entries := prod(size.value(sizes) for size in var.axes)) > MOST:
            message = f"`{var.name}` would have {entries} entries"
            raise InputError([Diagnostic("too-large", message, hint="state smaller sizes: `--sizes n=2,m=3`")])


def points_at(view: View, sizes: Mapping[str, int]) -> list[EvaluationPoint]:
    """Points of a model at these sizes; raises InputError where something is undefined at every one."""
    scope = scopes(view.derivation)[0]
    model = scope.model
    variables = tuple(d.var for d in model.declarations)
    needed = slopes(scope.forward, find_derivatives(scope))
    scene = SampleSpace(variables, model.functions, scope.forward, sizes, model.samples, needed)
    seed = hashlib.sha256(view.derivation.problem.text.encode()).hexdigest()
    setting = stages(scope)[0].setting(dict(sizes))
    return [EvaluationPoint(setting, point) for point in sample(scene, f"{seed} stated").points]
