"""Every vector-Jacobian product that the table gives rise to equals differences; what has none is refused, never 0."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from solgen.calculus.engine.cited_rules import rule_for, rule_key
from solgen.calculus.engine.vjp import vjp
from solgen.calculus.textbook.simplify import simplify, tidy
from solgen.errors import Refused
from solgen.expr.arith import neg, num
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Kind, Var, shape
from solgen.expr.ops import ROWS, TABLE, Paired
from solgen.expr.size import Size
from solgen.model.problem import Equation
from solgen.numeric.checks.oracle import difference_jacobian
from solgen.numeric.checks.rule_checks import rule_checks
from solgen.numeric.values.evaluator import Evaluator, Value
from tests.calculus.support import HERE, agree, printed
from tests.expr.test_table import BITS, FUNCTIONS, applications, bench

# Positions, which are whole numbers, and an unspecified loss differentiated twice.
REFUSED = {("pick", 1), ("pick_row", 1), ("pick_col", 1), ("basis", 0), ("loss_grad", 0)}

CASES = [
    pytest.param(app, k, id=f"{app.op}-{n}-{k}")
    for row in ROWS
    for n, app in enumerate(applications(row))
    for k in range(len(app.args))
]


@pytest.mark.parametrize(("app", "k"), CASES)
def test_vjp_equals_differences(app: Apply, k: int) -> None:
    up = Var("up", app.shape_)
    if (app.op, k) in REFUSED:
        with pytest.raises(Refused):
            vjp(app, k, up, app)
        return
    raw = vjp(app, k, up, app)
    run, expected = contracted(app, k, up)
    for form in (raw, tidy(raw), simplify(raw)):
        assert shape(form) == shape(app.args[k])
        assert agree(run.value(form).array, expected)


def contracted(app: Apply, k: int, up: Var) -> tuple[Evaluator, object]:
    """Σ_o C̄[o] ∂C[o]/∂A[i], the Jacobian by differences of the operation alone."""
    run = bench(app).balls(BITS)
    argument = app.args[k]
    assert isinstance(argument, Var)
    inner = difference_jacobian(run, Equation(Var("out", app.shape_), app, HERE), argument.name, BITS).array
    core = len(app.shape_)
    with run.field.working():
        entries = [run.field.number(Fraction(3 * n + 2, 7)) for n in range(run.value(app).array.size)]
        run.names["up"] = Value((), run.field.array(entries).reshape(run.value(app).array.shape))
        axes = list(range(inner.ndim))
        return run, np.asarray(np.einsum(run.names["up"].array, axes[:core], inner, axes, axes[core:]), dtype=object)


@pytest.mark.parametrize(("app", "k"), [c for c in CASES if (c.values[0].op, c.values[1]) not in REFUSED])
def test_every_line_of_every_rule_s_proof_is_true(app: Apply, k: int) -> None:
    rule = rule_for(app, k)
    checks = rule_checks([rule], FUNCTIONS, "rules")
    assert checks
    assert [(c.id, c.message) for c in checks if c.verdict != "equal"] == []
    assert rule.key == rule_key(app, k)


def test_rules_for_different_things_have_different_keys() -> None:
    """One key, one statement: a solution that cites two rules prints two proofs.

    Paired rows are left out: the rule of a slice is shown on the slice that cites it first.
    """
    found: dict[str, tuple[Expr, ...]] = {}
    for case in CASES:
        app, k = case.values
        if (app.op, k) in REFUSED or isinstance(TABLE[app.op], Paired):
            continue
        rule = rule_for(app, k)
        assert found.setdefault(rule.key, rule.statement.chain) == rule.statement.chain


def test_the_rule_of_a_power_is_stated_for_its_exponent() -> None:
    """x² cites x̄ = 2 ȳ ⊙ x, not a rule about xᵃ; the two are different rules."""
    x = Var("x", (Size.of("n"),))
    squared, general = (Apply("pow", (x, a), (), x.shape_) for a in (num(2), Var("a")))
    assert rule_key(squared, 0) != rule_key(general, 0)
    assert printed(rule_for(squared, 0).statement.chain[-1]) == "2dL/dy ⊙ x"
    assert rule_for(squared, 0).placeholders == (Var("x", (Size.of("n"),), Kind.POSITIVE),)


def test_the_inverse_reads_as_in_the_books() -> None:
    """−X⁻ᵀ Ȳ X⁻ᵀ (Matrix Cookbook, 124), with no transpose of a product on the way."""
    n = Size.of("n")
    A, Y, up = (Var(name, (n, n)) for name in ("A", "Y", "up"))
    found = tidy(vjp(Apply("inv", (A,), (), (n, n)), 0, up, Y))
    expected = neg(apply("matmul", apply("matmul", apply("transpose", Y), up), apply("transpose", Y)))
    assert found == expected
