"""The cited rules and their proofs, each line evaluated on placeholders of distinct sizes.

The placeholders and the upstream gradient take random values; ∂Y/∂A comes from differences of the operation
itself and ∂L/∂A from contracting the two, so that no derivative rule takes part in judging one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solgen.expr.nodes import Adj, Apply, Expr, Var, rank, shape
from solgen.expr.ops import Trait, having
from solgen.expr.size import Size
from solgen.model.derivation import Rule
from solgen.model.problem import FunctionDeclaration
from solgen.model.verdict import Check
from solgen.numeric.checks.judge import check_statement
from solgen.numeric.checks.oracle import difference_jacobian
from solgen.numeric.checks.statements import distinct_statements, line_statements
from solgen.numeric.points.sample import SampleSpace, sample
from solgen.numeric.points.test_sizes import Conditions, choose_sizes, constants, dimensions
from solgen.numeric.values.evaluator import Evaluator, Value
from solgen.numeric.values.fields import Balls, NotExact
from solgen.numeric.values.point import EvaluationPoint, PassSetting

BITS = (512, 1024, 2048)  # differences cost two thirds of the digits
POINTS = 3
PARTS = having(Trait.PART)

_UPSTREAM = " upstream"


def rule_checks(rules: Iterable[Rule], functions: tuple[FunctionDeclaration, ...], seed: str) -> list[Check]:
    """A check for each equality of each rule's statement and proof."""
    return [check for rule in rules for check in _checks(rule, functions, seed)]


def _checks(rule: Rule, functions: tuple[FunctionDeclaration, ...], seed: str) -> list[Check]:
    body = rule.equation.body
    sizes = choose_sizes(
        Conditions(dimensions((*rule.placeholders, rule.equation.var), [body]), _within(body), {}, constants([body]))
    )
    upstream = Var(_UPSTREAM, shape(rule.equation.var))
    scene = SampleSpace((*rule.placeholders, upstream), functions, (rule.equation,), sizes)
    points = sample(scene, f"{seed} {rule.key}", POINTS).points
    setting = PassSetting(sizes, (rule.equation,), lambda run: _fill(run, rule), BITS)
    benches = [EvaluationPoint(setting, point) for point in points]
    lines = (rule.statement, *rule.proof)
    return [
        check_statement(s, benches) for s in distinct_statements(s for line in lines for s in line_statements(line))
    ]


def _within(body: Expr) -> tuple[tuple[Size, Size], ...]:
    """What the sizes of a part require: it ends before its array does."""
    if not isinstance(body, Apply) or body.op not in PARTS or not body.params:
        return ()
    ends = zip(body.params, shape(body.args[0]), strict=True)
    return tuple((bounds[1], whole) for bounds, whole in ends if isinstance(bounds, tuple) and bounds[1] != whole)


def _fill(run: Evaluator, rule: Rule) -> None:
    """Values for Adj(L, Y), Adj(Y, A) and Adj(L, A)."""
    target = rule.statement.chain[0]
    loss = target.of.name if isinstance(target, Adj) else "L"
    out = rule.equation.var
    upstream = run.names[_UPSTREAM]
    assert upstream is not None
    run.adjoints[(loss, out.name)] = upstream
    for placeholder in rule.placeholders:
        try:
            inner = difference_jacobian(run, rule.equation, placeholder.name, _bits(run))
            run.adjoints[(out.name, placeholder.name)] = inner
            run.adjoints[(loss, placeholder.name)] = _contract(run, upstream, inner, rank(out))
        except NotExact:
            run.adjoints[(out.name, placeholder.name)] = None
            run.adjoints[(loss, placeholder.name)] = None


def _bits(run: Evaluator) -> int:
    return run.field.bits if isinstance(run.field, Balls) else BITS[0]


def _contract(run: Evaluator, upstream: Value, inner: Value, core: int) -> Value:
    """Σ_o C̄[o] ∂C[o]/∂A[i]."""
    axes = list(range(inner.array.ndim))
    with run.field.working():
        total = np.einsum(upstream.array, axes[:core], inner.array, axes, axes[core:])
        return Value((), run.field.array(total))
