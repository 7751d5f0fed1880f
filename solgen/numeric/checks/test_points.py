"""Where a derivation is checked: the models that it speaks of, sizes for each, and points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from math import prod

from solgen.errors import Diagnostic, InputError
from solgen.expr.nodes import Expr, shape
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.derivation import Derivation
from solgen.model.problem import Declaration, Equation
from solgen.numeric.checks.forward_passes import ModelScope, find_derivatives
from solgen.numeric.checks.worked_lines import WorkedDerivation
from solgen.numeric.points.sample import Sample, SampleSpace, sample
from solgen.numeric.points.slopes import slopes
from solgen.numeric.points.test_sizes import (
    Conditions,
    choose_sizes,
    constants,
    dimensions,
    other_sizes,
    positions,
    smaller_sizes,
)
from solgen.numeric.values.point import EvaluationPoint, PassSetting

LARGEST = 12  # a size with a number of its own keeps it up to here
MOST = 500_000  # entries of one value


def scopes(derivation: Derivation) -> tuple[ModelScope, ...]:
    """The problem itself, and each part that changes the model."""
    model = derivation.problem.model
    own = tuple(p for p in derivation.parts if p.forward and p.part.model not in (None, model))
    rest = tuple(p for p in derivation.parts if p not in own)
    main = ModelScope("", model, derivation.forward, derivation.adjoints, rest)
    return (main, *(ModelScope(p.part.id, p.part.model or model, p.forward, p.adjoints, (p,)) for p in own))


@dataclass(frozen=True, slots=True)
class TestPoints:
    """Where a scope is checked: sizes, what is sampled for, the points, the seed of further ones."""

    sizes: dict[str, int]
    scene: SampleSpace
    found: Sample
    seed: str

    def benches(self, setting: PassSetting) -> list[EvaluationPoint]:
        """Every point, each with all values of one forward pass."""
        return [EvaluationPoint(setting, point) for point in self.found.points]

    def fresh(self, setting: PassSetting) -> Callable[[int], list[EvaluationPoint]]:
        """Further points, one at each attempt, for what could not be told apart at the others."""

        def more(attempt: int) -> list[EvaluationPoint]:
            found = sample(self.scene, f"{self.seed} mutants {attempt}", 1)
            return [EvaluationPoint(setting, point) for point in found.points]

        return more


def ground_of(scope: ModelScope, worked: Iterable[WorkedDerivation], seed: str) -> TestPoints:
    """Sizes and points for one scope; raises InputError where none are found at which every operation is defined."""
    worked = tuple(worked)
    parameters = dict.fromkeys(w.parameter for w in worked if w.parameter is not None)
    variables = (*(d.var for d in scope.model.declarations), *parameters)
    equations = (*scope.forward, *(q for w in worked for q in w.functions))
    limits = conditions(scope)
    first = choose_sizes(limits)
    _affordable(scope.model.declarations, first)
    _affordable_on_the_way(scope.model.equations, first)
    needed = slopes(scope.forward, find_derivatives(scope))
    undefined: InputError | None = None
    for sizes in chain((first,), other_sizes(limits, first), smaller_sizes(limits, first)):
        scene = SampleSpace(variables, scope.model.functions, equations, sizes, scope.model.samples, needed)
        try:
            return TestPoints(sizes, scene, sample(scene, f"{seed} {scope.name}"), seed)
        except InputError as error:
            undefined = undefined or error
    assert undefined is not None
    raise undefined


def _affordable(declarations: Iterable[Declaration], sizes: Mapping[str, int]) -> None:
    """Raise InputError where an input has more entries than numbers can be tried on."""
    for d in declarations:
        entries = prod(size.value(sizes) for size in d.var.shape_)
        if entries > MOST:
            message = f"`{d.var.name}` has {entries} entries, too many to try numbers on"
            hint = "name its long axes, as in `R[100, d]`, and give the number in `sizes: {d: 784}`"
            raise InputError([Diagnostic("too-large", message, d.span, hint)])


def _affordable_on_the_way(equations: Iterable[Equation], sizes: Mapping[str, int]) -> None:
    """Raise InputError where a value within an equation has more entries than can be computed again and again."""
    for q in equations:
        entries = max(prod(size.value(sizes) for size in shape(node)) for node in nodes(q.body))
        if entries > MOST:
            small = ", ".join(f"{symbol} = {n}" for symbol, n in sizes.items())
            message = f"`{q.var.name}` has {entries} entries, or a value in it has, even with {small}"
            hint = "ask for less in one problem: a product of fewer factors, a lower power"
            raise InputError([Diagnostic("too-large", message, q.span, hint)])


def conditions(scope: ModelScope, longest: int = LARGEST) -> Conditions:
    """What the sizes of the model, and of the answers that are expected, must respect.

    longest: up to which a size with a number of its own keeps it, where inputs bear it as an axis.
    """
    bodies = [q.body for q in (*scope.model.equations, *scope.forward)]
    expected = [e for p in scope.parts for e in p.part.expect]
    bodies += [f for e in expected for f in (e.symbol, e.answer) if isinstance(f, Expr)]
    variables = [d.var for d in scope.model.declarations] + [q.var for q in scope.forward]
    fixed = {s: n for s, n in scope.model.fixed.items() if n <= longest or not _is_axis(s, scope)}
    order = (*scope.model.order, *positions(bodies))
    return Conditions(dimensions(variables, bodies), order, fixed, constants(bodies))


def _is_axis(symbol: str, scope: ModelScope) -> bool:
    """Whether inputs bear the size as an axis: what is derived holds for any length, and is tried at a short one."""
    return any(Size.of(symbol) in d.var.axes for d in scope.model.declarations)
