"""One point, with every value that the statements of a problem may speak of, over each field.

Forward values come from the equations, gradient symbols from the values that the derivation gives them, each
from earlier ones.  Exact where every step is, balls at rising precision elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from solgen.expr.nodes import Adj, Expr, Idx, Index
from solgen.model.derivation import AdjointBlock, Where
from solgen.model.problem import Equation
from solgen.numeric.values.compare import Comparison, compare
from solgen.numeric.values.evaluator import Evaluator, Unknown, Value, key_of, union
from solgen.numeric.values.fields import Balls, Field, Floats, NotExact, Rationals, Undefined
from solgen.numeric.values.run_forward import Point, begin_run, evaluate_equations, family_value

BITS = (256, 512, 1024)  # precisions tried in turn, in bits


@dataclass(frozen=True, slots=True)
class PassSetting:
    """What is evaluated at every point: sizes, forward pass, and how the gradient symbols get their values.

    `before` is a forward pass that is run first, whose names the other may define anew.
    """

    sizes: Mapping[str, int]
    equations: tuple[Equation, ...]
    gradients: Callable[[Evaluator], None]
    bits: tuple[int, ...] = BITS
    before: tuple[Equation, ...] = ()


class EvaluationPoint:
    """A point and its evaluators, made when first needed."""

    def __init__(self, setting: PassSetting, point: Point) -> None:
        self.setting, self.point = setting, point
        self._runs: dict[str, Evaluator] = {}

    def exact(self) -> Evaluator:
        return self._run("exact", Rationals())

    def balls(self, bits: int) -> Evaluator:
        return self._run(f"ball {bits}", Balls(bits))

    def floats(self) -> Evaluator:
        return self._run("float64", Floats())

    def compare(self, left: Expr, right: Expr, where: tuple[Where, ...] = ()) -> tuple[Comparison, bool]:
        """How two formulas compare here, and whether exactly; undecided where one has no value.

        With `where`, only at the values of the free indices that meet the conditions.
        """
        try:
            run = self.exact()
            return compare(*restrict_values(run, left, right, where), exact=True), True
        except NotExact:
            return self._by_balls(left, right, where), False
        except Undefined as error:
            return Comparison("undecided", 0, str(error)), True
        except Unknown as error:
            return Comparison("undecided", 0, str(error.args[0])), True

    def is_defined(self, e: Expr) -> bool:
        """Whether the formula has a value here."""
        try:
            self.balls(self.setting.bits[0]).value(e)
        except Undefined:
            return False
        return True

    def _by_balls(self, left: Expr, right: Expr, where: tuple[Where, ...]) -> Comparison:
        found = Comparison("undecided", 0)
        for bits in self.setting.bits:
            try:
                run = self.balls(bits)
                with run.field.working():
                    a, b = restrict_values(run, left, right, where)
                    found = compare(a, b, exact=False)
                    if found.verdict == "undecided":
                        terms = max(run.magnitude(left), run.magnitude(right), key=float)
                        scale = (
                            run.field.number(1) if is_surely_zero(a) or is_surely_zero(b) else terms
                        )  # 0 has no scale
                        found = compare(a, b, exact=False, scale=scale)
            except Undefined as error:
                found = Comparison("undecided", 0, str(error))
            except Unknown as error:
                return Comparison("undecided", 0, str(error.args[0]))
            if found.verdict != "undecided":
                break
        return found

    def _run(self, key: str, field: Field) -> Evaluator:
        if key not in self._runs:
            run = begin_run(self.point, field, self.setting.sizes)
            if self.setting.before:
                evaluate_equations(run, self.setting.before)
                run = Evaluator(field, self.setting.sizes, run.names, run.functions)
            evaluate_equations(run, self.setting.equations)
            self.setting.gradients(run)
            self._runs[key] = run
        return self._runs[key]


def is_surely_zero(value: Value) -> bool:
    """Whether every entry is 0 without doubt."""
    return all(x == 0 for x in value.array.flat)


def restrict_values(run: Evaluator, left: Expr, right: Expr, where: tuple[Where, ...]) -> tuple[Value, Value]:
    """Both values, at those values of the free indices alone that meet the conditions."""
    a, b = run.value(left), run.value(right)
    if not where:
        return a, b
    bound = tuple(i for w in where for i in (w.left, w.right) if isinstance(i, Idx))
    free = union(a.free, b.free, bound)
    lead = tuple(run.dimension(i.size) for i in free)
    mask = np.full(lead, True)
    for w in where:
        mask &= (run.position(w.left, free) == run.position(w.right, free)) == w.equal
    arrays = (v.along(free) for v in (a, b))
    spread = (np.broadcast_to(x, lead + x.shape[len(free) :]) for x in arrays)
    first, second = (Value((), x[mask]) for x in spread)
    return first, second


def derived_gradients(blocks: tuple[AdjointBlock, ...]) -> Callable[[Evaluator], None]:
    """Gradient symbols valued as the derivation says, in its order."""

    def fill(run: Evaluator) -> None:
        for block in blocks:
            symbol = block.symbol
            seed = (symbol.of.name, symbol.of.name)
            run.adjoints.setdefault(seed, run.constant(1))
            try:
                value: Value | None = family_value(run, run.value(block.value), sample_axes(symbol))
            except NotExact:
                value = None
            run.adjoints[key_of(symbol)] = value

    return fill


def sample_axes(symbol: Adj) -> tuple[Index, ...]:
    """The sample indices of a gradient symbol, those of its numerator first, each once."""
    return tuple(dict.fromkeys(i for i in symbol.of.at + symbol.wrt.at if isinstance(i, Idx)))
