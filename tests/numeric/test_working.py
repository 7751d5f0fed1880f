"""Worked derivations: each line against differences, conditions on indices, Hessians; damage is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.expr.arith import delta, mul, neg, num, power, sub
from solgen.expr.build import apply, matmul, plus, transpose
from solgen.expr.corners import corner
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx, Var
from solgen.expr.ops import Callee
from solgen.model.derivation import Derivation, Grid, Line, Passage, Where, Worked
from solgen.model.problem import Equation, Model
from solgen.model.step import name_statement
from solgen.model.verdict import Checks
from solgen.numeric.checks import statements
from solgen.numeric.checks.mutants import mutants_of
from solgen.numeric.verify import verify
from tests.numeric.models import C, M, N, autoencoder, model, variable
from tests.numeric.texts import WORKED, derived

z, p = variable("z", C), variable("p", C)
ROW, COL = Idx("i", C), Idx("j", C)
JACOBIAN = Adj(p, z)
SOFTMAX = model([z], [(p, apply("softmax", z))])


def line_of(name: str, chain: tuple[Expr, ...]) -> Line:
    """A line of this name."""
    return Line(name_statement("gradient", name), chain)


def checked(found: Model, worked: Worked) -> Checks:
    """The certificate of a problem whose only content is this worked derivation."""
    derivation = derive(autoencoder())
    asked = replace(derivation.parts[0].part, asks=())
    part = replace(derivation.parts[0], part=asked, contents=(worked,), asks=())
    problem = replace(derivation.problem, model=found)
    return verify(replace(derivation, problem=problem, forward=found.equations, parts=(part,), adjoints=(), rules=()))


def softmax_jacobian(
    equal: Expr | None = None, other: Expr | None = None, merged: Expr | None = None, matrix: Expr | None = None
) -> Worked:
    """∂p_i/∂z_j by cases, merged with Kronecker's δ, as a matrix."""
    symbol, pi, pj = Entry(JACOBIAN, (ROW, COL)), Entry(p, (ROW,)), Entry(p, (COL,))
    merged = merged or mul(pi, sub(delta(ROW, COL), pj))
    matrix = matrix or sub(apply("diag", p), apply("outer", p, p))
    same = line_of("same", (symbol, equal or mul(pi, sub(num(1), pi))))
    different = line_of("other", (symbol, other or neg(mul(pi, pj))))
    passages = (
        Passage("case", (same,), (Where(ROW, COL, True),)),
        Passage("case", (different,), (Where(ROW, COL, False),)),
        Passage("entries", (), grid=Grid(JACOBIAN, ROW, COL, merged)),
    )
    results = (
        line_of("merged", (symbol, merged)),
        line_of("matrix", (JACOBIAN, matrix)),
    )
    return Worked("jacobian", JACOBIAN, SOFTMAX.equations, passages, results, (ROW, COL))


def test_cases_merged_form_entries_and_matrix() -> None:
    checks = checked(SOFTMAX, softmax_jacobian())
    assert checks.failures == ()
    assert {c.id for c in checks.checks} >= {"same", "other", "merged", "matrix", "merged entries"}
    assert next(c for c in checks.checks if c.id == "matrix").method == "oracle"
    assert checks.mutants.killed > 10 and checks.mutants.survived == ()


PI, PJ = Entry(p, (ROW,)), Entry(p, (COL,))
WRITTEN = {f"merged entries ({k})" for k in (2, 3, 4, 6, 7, 8)}  # off the diagonal of the three rows written out


@pytest.mark.parametrize(("damage", "caught"), [
    ({"equal": neg(mul(PI, PI))}, {"same"}),
    ({"other": mul(PI, PJ)}, {"other"}),
    ({"other": mul(PI, sub(num(1), PI))}, {"other"}),
    ({"merged": mul(PI, sub(num(1), PJ))}, {"merged", "merged entries", *WRITTEN}),
    ({"matrix": apply("diag", p)}, {"matrix"}),
    ({"matrix": neg(apply("outer", p, p))}, {"matrix"}),
])  # fmt: skip
def test_damage_is_caught_where_it_is(damage: dict[str, Expr], caught: set[str]) -> None:
    assert {c.id for c in checked(SOFTMAX, softmax_jacobian(**damage)).failures} == caught


def test_each_entry_that_is_written_out_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of what decides δ, 0 and 1 is caught where it is written, though the formula for any entry is right."""
    monkeypatch.setattr(statements, "corner", lambda entry, at: neg(corner(entry, at)))
    assert {c.id for c in checked(SOFTMAX, softmax_jacobian()).failures} == {
        f"merged entries ({k})" for k in range(1, 10)
    }


A, x, L = variable("A", N, N), variable("x", N), Var("L")


def hessian(body: Expr, value: Expr) -> Checks:
    found = model([A, x], [(L, body)])
    symbol = Adj(L, x, twice=True)
    return checked(found, Worked("hessian", symbol, found.equations, (), (line_of("H", (symbol, value)),)))


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
        line = line_of("answer", (Entry(symbol, (k, i, j)), e))
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
    line = line_of("sample", (symbol, factor(zs)))
    return checked(found, Worked("gradients", symbol, equations, (), (line,)))


def test_one_sample_of_a_family() -> None:
    assert scaled(lambda u: mul(num(2), u)).failures == ()
    assert scaled(lambda u: u).failures != ()


# ---------------------------------------------------------------- scalar functions, and the parts that a rule names


def reworked(derivation: Derivation, verb: str, change: Callable[[Worked], Worked]) -> set[str]:
    """What fails when the worked contents of one verb are changed."""
    parts = tuple(
        replace(p, contents=tuple(change(c) if isinstance(c, Worked) and c.verb == verb else c for c in p.contents))
        for p in derivation.parts
    )
    return {c.id for c in verify(replace(derivation, parts=parts), mutants=False).failures}


def test_scalar_derivatives_are_judged_by_differences_of_the_function(tmp_path: Path) -> None:
    """`gate` has a parameter that bears the name of a label of the model; `log` is tried where it is defined."""
    checks = verify(derived(WORKED, tmp_path))
    assert checks.failures == () and checks.mutants.survived == ()
    found = {c.id: c.method for c in checks.checks if c.id.endswith("result differences")}
    assert len(found) == 3 and found["(f) gate' result differences"] == "oracle"


def test_a_consistently_wrong_scalar_derivative_is_refuted(tmp_path: Path) -> None:
    """Every derivative on the page is twice what it is, so is what the symbol stands for: only differences can tell."""

    def twice(e: Expr) -> Expr:
        if isinstance(e, Apply) and e.op == "call" and isinstance(e.params[0], Callee) and e.params[0].order == 1:
            callee = e.params[0]
            assert callee.body is not None
            return Apply("call", e.args, (replace(callee, body=mul(num(2), callee.body)),), e.shape_)
        return e

    def change(worked: Worked) -> Worked:
        return replace(
            worked,
            symbol=twice(worked.symbol),
            passages=(),
            results=tuple(
                replace(r, chain=(twice(r.chain[0]), *(mul(num(2), e) for e in r.chain[1:]))) for r in worked.results
            ),
        )

    failed = reworked(derived(WORKED, tmp_path), "derivative", change)
    assert {"(f) gate' result differences", "(f) sigmoid' result differences", "(f) log' result differences"} == failed


@pytest.mark.parametrize(("verb", "name"), [("jacobian", "u'"), ("jacobian", "v'"), ("derivative", "v'")])
def test_a_wrong_part_of_a_rule_is_caught(verb: str, name: str, tmp_path: Path) -> None:
    def passage(found: Passage) -> Passage:
        named = ((part, f"{part.letter}{chr(39) * part.primes}") for part in found.names)
        changed = (replace(part, value=mul(num(3), part.value)) if said == name else part for part, said in named)
        return replace(found, names=tuple(changed))

    def change(worked: Worked) -> Worked:
        return replace(worked, passages=tuple(map(passage, worked.passages)))

    failed = reworked(derived(WORKED, tmp_path), verb, change)
    assert failed and all(f"{name} (" in found for found in failed)


def test_mutants_of_jacobians_and_hessians() -> None:
    p_, z_ = Entry(p, (ROW,)), Entry(p, (COL,))
    symbolic = {m.label for m in mutants_of(mul(p_, sub(delta(ROW, COL), z_)), (p, z))}
    assert {"transposed", "off-diagonal dropped", "sign", "one entry"} <= symbolic
    matrix = {m.label for m in mutants_of(sub(apply("diag", p), apply("outer", p, p)), (p, z))}
    assert {"transposed", "off-diagonal dropped", "term diag(p) dropped", "sign of diag(p)"} <= matrix


def test_the_hessian_of_one_sample_s_loss() -> None:
    i = Idx("s", M)
    zs, ls = variable("u", N, at=(i,)), variable("l", at=(i,))
    w = variable("w", N)
    found = model([zs, w], [(ls, power(apply("dot", zs, w), 2))])
    symbol = Adj(ls, w, twice=True)

    def answer(e: Expr) -> Checks:
        return checked(found, Worked("hessian", symbol, found.equations, (), (line_of("H", (symbol, e)),)))

    assert answer(mul(num(2), apply("outer", zs, zs))).failures == ()
    assert answer(apply("outer", zs, zs)).failures != ()
