"""False passes and false alarms: our check of a gradient beside those that programmers use, on the same gradients.

Every gradient of a scalar loss that the homework sets ask for, of names, families of samples and batch matrices, right
and with every mutation, with the loss at three scales.  Ours
is the difference oracle alone, without the equalities that `solgen check` verifies besides.  The others see the
same function and gradient in double precision, each with its own defaults, at the same point; the rules that are no
program's are `relative` (central differences with h = 10⁻⁵, the largest |a − n| / max(|a|, |n|) of any entry below
10⁻⁷) and the bound 10⁻⁶ for what scipy's `check_grad` returns.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from solgen.calculus.derive import derive
from solgen.expr.arith import add, fill, mul, num
from solgen.expr.build import apply
from solgen.expr.nodes import Adj, Expr, Var, rank, shape
from solgen.expr.ops.structure import basis
from solgen.expr.walk import free_indices
from solgen.model.derivation import AdjointBlock, Derivation
from solgen.model.problem import Equation
from solgen.numeric.checks.forward_passes import ShownPass, stages
from solgen.numeric.checks.gradient_checks import check_gradient, whole_differences
from solgen.numeric.checks.mutants import answer_of, mutants_of
from solgen.numeric.checks.test_points import TestPoints, ground_of, scopes
from solgen.numeric.checks.worked_lines import workings
from solgen.numeric.values.evaluator import Value
from solgen.numeric.values.fields import Floats
from solgen.numeric.values.point import EvaluationPoint, sample_axes
from solgen.numeric.values.run_forward import begin_run, evaluate_equations, family_value
from solgen.reader.set_file import read
from tests.bench.table import table
from tests.bench.timing import ROOT

SCALES = (Fraction(1, 10**4), Fraction(1), Fraction(10**4))
POINTS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """A claimed gradient of s · L at a variable: as formulas for us, as functions of arrays for the others."""

    right: bool
    ours: Callable[[], bool]
    f: Callable[[Any], float]
    x: Any
    gradient: Any


# ---------------------------------------------------------------- the cases


def cases() -> Iterator[Case]:
    """Right and mutated gradients of the homework sets, at every scale."""
    for folder in sorted((ROOT / "problems").glob("homework-*")):
        for problem in read(folder).problems:
            yield from _of_problem(derive(problem))


def _of_problem(derivation: Derivation) -> Iterator[Case]:
    for scope in scopes(derivation):
        ground = ground_of(scope, workings(scope.contents, scope.model, scope.forward), derivation.problem.text)
        for stage in stages(scope):
            asked = [b for b in stage.find_asked() if _whole(b)]
            for scale in SCALES:
                for block in asked:
                    yield from _of_block(block, stage, scale, ground)


def _whole(block: AdjointBlock) -> bool:
    """The gradient of one scalar, at a name or at all samples of a family; one sample's loss is part of the whole."""
    symbol = block.symbol
    single = not symbol.of.shape_ and not symbol.of.at and free_indices(answer_of(block)) <= set(symbol.wrt.at)
    return single and bool(block.contributions)


def _of_block(block: AdjointBlock, stage: ShownPass, scale: Fraction, ground: TestPoints) -> Iterator[Case]:
    answer, wrt = answer_of(block), block.symbol.wrt
    last = Equation(Var("scaled loss"), mul(num(scale), block.symbol.of), stage.model.equations[-1].span)
    setting = stage.setting(ground.sizes)
    setting = replace(setting, equations=(*setting.equations, last))
    benches = [EvaluationPoint(setting, point) for point in ground.found.points[:POINTS]]
    own = wrt.name in stage.model.variables and block.symbol.of.name in stage.model.variables
    by = whole_differences((*(stage.model.equations if own else stage.equations), last))
    symbol, floats = Adj(last.var, wrt), benches[0].floats()
    f, x = _function(benches[0], wrt, last.var)
    for right, claimed in _claims(answer, stage, benches):
        value = mul(num(scale), claimed)
        found = family_value(floats, floats.value(value), sample_axes(symbol)).array
        gradient = np.asarray(found, dtype=float).reshape(x.shape)

        def ours(value: Expr = value) -> bool:
            return check_gradient(symbol, value, by, benches, "bench").verdict == "equal"

        yield Case(right, ours, f, x, gradient)


def _claims(answer: Expr, stage: ShownPass, benches: list[EvaluationPoint]) -> Iterator[tuple[bool, Expr]]:
    """The answer, then wrong ones; a mutant that has the same value, or none, is no wrong answer."""
    yield True, answer
    found = [_nudged(answer) if m.nudged else m.answer for m in mutants_of(answer, stage.names)]
    for wrong in found:
        if any(bench.compare(answer, wrong)[0].verdict == "different" for bench in benches[:1]):
            yield False, wrong


def _nudged(answer: Expr) -> Expr:
    """The first entry changed by one part in a million."""
    part = num(Fraction(1, 10**6))
    units = [basis(num(0), size) for size in shape(answer)]
    if not units:
        return mul(add(num(1), part), answer)
    mask = units[0] if rank(answer) == 1 else apply("outer", *units)
    return apply("mul", add(fill(num(1), shape(answer)), mul(part, mask)), answer)


def _function(bench: EvaluationPoint, wrt: Var, of: Var) -> tuple[Callable[[Any], float], Any]:
    """The scaled loss as a function of the variable's array, in double precision."""
    start = bench.floats().names[wrt.name]
    assert start is not None

    def f(x: Any) -> float:
        run = begin_run(bench.point, Floats(), bench.setting.sizes)
        run.names[wrt.name] = Value((), np.asarray(x, dtype=float).reshape(start.array.shape))
        evaluate_equations(run, [q for q in bench.setting.equations if q.var.name != wrt.name])
        found = run.names[of.name]
        assert found is not None
        return float(found.array)

    return f, np.asarray(start.array, dtype=float)


# ---------------------------------------------------------------- the checkers


def ours(case: Case) -> bool:
    return case.ours()


def relative(case: Case) -> bool:
    """Central differences; the largest relative error of any entry below 10⁻⁷."""
    h, numeric = 1e-5, np.zeros_like(case.x)
    for at in np.ndindex(case.x.shape):
        step = np.zeros_like(case.x)
        step[at] = h
        numeric[at] = (case.f(case.x + step) - case.f(case.x - step)) / (2 * h)
    size = np.maximum(np.abs(numeric), np.abs(case.gradient))
    error = np.divide(np.abs(numeric - case.gradient), size, out=np.zeros_like(size), where=size > 0)
    return bool(np.max(error) < 1e-7)


def by_scipy(case: Case) -> bool:
    from scipy.optimize import check_grad

    return bool(check_grad(case.f, lambda x: case.gradient.ravel(), case.x.ravel()) < 1e-6)


def by_autograd(case: Case) -> bool:
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    function = primitive(case.f)
    defvjp(function, lambda ans, x: lambda g: g * case.gradient)
    try:
        check_grads(function, modes=["rev"], order=1)(case.x)
    except AssertionError:
        return False
    return True


def by_torch(case: Case) -> bool:
    import torch

    class Claimed(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return torch.tensor(case.f(x.detach().numpy()), dtype=torch.float64)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * torch.tensor(case.gradient)

    x = torch.tensor(case.x, requires_grad=True)
    return bool(torch.autograd.gradcheck(Claimed.apply, (x,), raise_exception=False))


def by_jax(case: Case, double: bool = False) -> bool:
    """The function itself always runs in double precision; in single, its argument and value are rounded."""
    import jax
    from jax.test_util import check_grads

    with jax.enable_x64(double):
        kind = np.float64 if double else np.float32
        gradient = case.gradient.astype(kind)

        def f(x: Any) -> Any:
            value = jax.ShapeDtypeStruct((), kind)
            return jax.pure_callback(lambda at: kind(case.f(np.asarray(at, dtype=float))), value, x)

        function = jax.custom_vjp(f)
        function.defvjp(lambda x: (f(x), None), lambda _, g: (g * gradient,))
        try:
            check_grads(function, (case.x.astype(kind),), order=1, modes=["rev"])
        except AssertionError:
            return False
    return True


def by_jax_double(case: Case) -> bool:
    return by_jax(case, double=True)


CHECKERS: dict[str, tuple[str, Callable[[Case], bool]]] = {
    "solgen, differences alone": ("solgen", ours), "relative error < 1e-7": ("numpy", relative),
    "scipy check_grad < 1e-6": ("scipy", by_scipy), "autograd check_grads": ("autograd", by_autograd),
    "torch gradcheck": ("torch", by_torch), "JAX check_grads, double": ("jax", by_jax_double),
    "JAX check_grads, single": ("jax", by_jax),
}  # fmt: skip


def report() -> str:
    """How many wrong gradients each checker passed, and how many right ones it refused."""
    present = {name: check for name, (module, check) in CHECKERS.items() if importlib.util.find_spec(module)}
    np.random.seed(0)  # autograd and scipy draw their directions from it
    counts: Counter[tuple[str, bool]] = Counter()
    totals: Counter[bool] = Counter()
    for case in cases():
        totals[case.right] += 1
        for name, check in present.items():
            if check(case) != case.right:
                counts[name, case.right] += 1
    rows = [
        [name, *(f"{counts[name, right]} ({counts[name, right] / totals[right]:.1%})" for right in (False, True))]
        for name in present
    ]
    title = (
        f"{totals[True]} right and {totals[False]} wrong gradients of the homework sets, at loss scales 1e-4, 1, 1e4"
    )
    rows += [[name, "not installed", ""] for name in CHECKERS if name not in present]
    return table(title, ["", "wrong ones passed", "right ones refused"], rows)
