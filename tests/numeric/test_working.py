"""Worked derivations: each line against differences, conditions on indices, Hessians; damage is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from solgen.calculus import derive
from solgen.expr.arith import delta, mul, neg, num, power, sub
from solgen.expr.build import apply, matmul, plus, transpose
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Var
from solgen.model import Checks, Equation, Grid, Line, Model, Passage, Where, Worked
from solgen.numeric import verify
from tests.numeric.models import C, M, N, autoencoder, model, variable

z, p = variable("z", C), variable("p", C)
ROW, COL = Idx("i", C), Idx("j", C)
JACOBIAN = Adj(p, z)
SOFTMAX = model([z], [(p, apply("softmax", z))])


def checked(found: Model, worked: Worked) -> Checks:
    """The certificate of a problem whose only content is this worked derivation."""
    derivation = derive(autoencoder())
    part = replace(derivation.parts[0], contents=(worked,))
    problem = replace(derivation.problem, model=found)
    return verify(replace(derivation, problem=problem, forward=found.equations, parts=(part,), adjoints=(), rules=()))


def softmax_jacobian(
    equal: Expr | None = None, other: Expr | None = None, merged: Expr | None = None, matrix: Expr | None = None
) -> Worked:
    """∂p_i/∂z_j by cases, merged with Kronecker's δ, as a matrix."""
    symbol, pi, pj = Entry(JACOBIAN, (ROW, COL)), Entry(p, (ROW,)), Entry(p, (COL,))
    merged = merged or mul(pi, sub(delta(ROW, COL), pj))
    matrix = matrix or sub(apply("diag", p), apply("outer", p, p))
    same = Line("same", (symbol, equal or mul(pi, sub(num(1), pi))))
    different = Line("other", (symbol, other or neg(mul(pi, pj))))
    passages = (
        Passage("case", (same,), (Where(ROW, COL, True),)),
        Passage("case", (different,), (Where(ROW, COL, False),)),
        Passage("entries", (), grid=Grid(JACOBIAN, ROW, COL, merged)),
    )
    results = (Line("merged", (symbol, merged)), Line("matrix", (JACOBIAN, matrix)))
    return Worked("jacobian", JACOBIAN, SOFTMAX.equations, passages, results, (ROW, COL))


def test_cases_merged_form_entries_and_matrix() -> None:
    checks = checked(SOFTMAX, softmax_jacobian())
    assert checks.failures == ()
    assert {c.id for c in checks.checks} >= {"same", "other", "merged", "matrix", "merged entries"}
    assert next(c for c in checks.checks if c.id == "matrix").method == "oracle"
    assert checks.mutants.killed > 10 and checks.mutants.survived == ()


PI, PJ = Entry(p, (ROW,)), Entry(p, (COL,))


@pytest.mark.parametrize(("damage", "caught"), [
    ({"equal": neg(mul(PI, PI))}, {"same"}),
    ({"other": mul(PI, PJ)}, {"other"}),
    ({"other": mul(PI, sub(num(1), PI))}, {"other"}),
    ({"merged": mul(PI, sub(num(1), PJ))}, {"merged", "merged entries"}),
    ({"matrix": apply("diag", p)}, {"matrix"}),
    ({"matrix": neg(apply("outer", p, p))}, {"matrix"}),
])  # fmt: skip
def test_damage_is_caught_where_it_is(damage: dict[str, Expr], caught: set[str]) -> None:
    assert {c.id for c in checked(SOFTMAX, softmax_jacobian(**damage)).failures} == caught


A, x, L = variable("A", N, N), variable("x", N), Var("L")


def hessian(body: Expr, value: Expr) -> Checks:
    found = model([A, x], [(L, body)])
    symbol = Adj(L, x, twice=True)
    return checked(found, Worked("hessian", symbol, found.equations, (), (Line("H", (symbol, value)),)))


QUADRATIC = apply("dot", x, matmul(A, x))


@pytest.mark.parametrize(("body", "right", "wrong"), [
    (QUADRATIC, plus(A, transpose(A)), mul(num(2), A)),
    (apply("sum", power(x, 3)), apply("diag", mul(num(6), x)), apply("diag", mul(num(3), x))),
    (apply("sum", apply("exp", x)), apply("diag", apply("exp", x)), apply("diag", x)),
    (apply("logsumexp", x), sub(apply("diag", apply("softmax", x)),
                                apply("outer", apply("softmax", x), apply("softmax", x))),
     apply("diag", apply("softmax", x))),
])  # fmt: skip
def test_hessians(body: Expr, right: Expr, wrong: Expr) -> None:
    assert hessian(body, right).failures == ()
    assert [c.id for c in hessian(body, wrong).failures] == ["H"]


def test_a_quadratic_is_judged_exactly() -> None:
    assert {c.method for c in hessian(QUADRATIC, plus(A, transpose(A))).checks if c.id == "H"} == {"exact"}


def test_jacobian_of_a_vector_with_respect_to_a_matrix() -> None:
    """∂y_k/∂W_ij = δ_ki x_j."""
    W, v, y = variable("W", M, N), variable("v", N), variable("y", M)
    found = model([W, v], [(y, matmul(W, v))])
    k, i, j = Idx("k", M), Idx("i", M), Idx("j", N)
    symbol = Adj(y, W)

    def answer(e: Expr) -> Checks:
        line = Line("answer", (Entry(symbol, (k, i, j)), e))
        return checked(found, Worked("jacobian", symbol, found.equations, (), (line,), (k, i, j)))

    assert answer(mul(delta(k, i), Entry(v, (j,)))).failures == ()
    assert answer(Entry(v, (j,))).failures != ()


def scaled(factor: Callable[[Expr], Expr]) -> Checks:
    """A family: ∂L_i/∂z_i of one sample, where both sides bear the same index."""
    i = Idx("s", M)
    zs, ls = variable("u", N, at=(i,)), variable("l", at=(i,))
    found = model([zs], [(ls, apply("norm2sq", zs))])
    symbol = Adj(ls, zs)
    equations: tuple[Equation, ...] = found.equations
    line = Line("sample", (symbol, factor(zs)))
    return checked(found, Worked("gradients", symbol, equations, (), (line,)))


def test_one_sample_of_a_family() -> None:
    assert scaled(lambda u: mul(num(2), u)).failures == ()
    assert scaled(lambda u: u).failures != ()
