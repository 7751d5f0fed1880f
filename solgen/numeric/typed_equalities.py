"""Equalities that a person typed into prose, at the points at which the rest of a problem is verified.

A gradient that the problem does not derive has its value by finite differences, as where an answer is expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from solgen.expr.nodes import Adj, Expr, shape
from solgen.expr.walk import nodes
from solgen.model.derivation import Derivation
from solgen.model.problem import Equation, Model
from solgen.model.verdict import Check
from solgen.numeric.checks.expectations import every_choice, summarise_point, with_gradients
from solgen.numeric.checks.forward_passes import ModelScope, stages
from solgen.numeric.checks.judge import check_statement
from solgen.numeric.checks.statements import Statement
from solgen.numeric.checks.test_points import MOST, ground_of, scopes
from solgen.numeric.checks.worked_lines import workings
from solgen.numeric.points.shorten import shorten_axes
from solgen.numeric.values.point import EvaluationPoint


class PointsOfScope:
    """Where what is typed about one model is tried: its points, made when first asked for."""

    def __init__(self, scope: ModelScope, seed: str) -> None:
        self.scope, self.seed = scope, seed
        self._points: list[EvaluationPoint] | None = None

    @property
    def model(self) -> Model:
        return self.scope.model

    @property
    def equations(self) -> tuple[Equation, ...]:
        return self.scope.forward or self.scope.model.equations

    @property
    def points(self) -> list[EvaluationPoint]:
        """Every point, and further ones so that each class and each sign occurs.

        Raises InputError where there is none at which the model is defined.
        """
        if self._points is None:
            ground = ground_of(self.scope, workings(self.scope.contents, self.model, self.scope.forward), self.seed)
            setting = stages(self.scope)[0].setting(ground.sizes)
            self._points = every_choice(self.model, ground.benches(setting), ground.fresh(setting))
        return self._points

    def check(self, statement: Statement) -> Check:
        """An equality at every point, up to the first at which it fails; what it comes to there is the message."""
        if not all(self._affordable(e) for e in (statement.left, statement.right)):
            return Check(statement.id, "", "", "undecided", "exact", 0, 0, "it has too many entries")
        points, by_differences = with_gradients(statement, self.model, self.equations, self.points)
        found = check_statement(statement, points)
        if found.verdict != "equal":
            point = points[found.points - 1]
            comparison, _ = point.compare(statement.left, statement.right)
            found = replace(
                found, message=f"{comparison.detail or 'no value'} (at {summarise_point(point, statement)})"
            )
        return replace(found, method="oracle") if by_differences else found

    def _affordable(self, e: Expr) -> bool:
        sizes: Mapping[str, Any] = self.points[0].setting.sizes
        return all(prod(n.value(sizes) for n in shape(node)) <= MOST for node in nodes(e))


def points_of(derivation: Derivation, seeds: Mapping[str, str]) -> dict[str, PointsOfScope]:
    """Each scope of a derivation by its name, over short axes where long ones add nothing; `seeds` by name too."""
    return {scope.name: PointsOfScope(scope, seeds[scope.name]) for scope in scopes(derivation)}


def prepare_trial(derivation: Derivation) -> Derivation:
    """The derivation as it is tried: over short axes where long ones add nothing."""
    short = shorten_axes(derivation)
    return derivation if short is None else short[0]


def differentiable(names: Model) -> tuple[Adj, ...]:
    """The gradient of the last equation at every value, where it has one."""
    output = names.output
    if output is None:
        return ()
    return tuple(Adj(output, v) for v in names.variables.values() if v != output)
