"""Right derivations pass; each kind of damage is caught, and by more than one means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from solgen.calculus.derive import derive
from solgen.calculus.engine import cited_rules
from solgen.calculus.engine import partials as engine
from solgen.expr.arith import mul, neg, num
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Var
from solgen.expr.ops import TABLE
from solgen.model.derivation import AdjointBlock, Count, Derivation, ShapeLine, Shapes
from solgen.model.problem import Ask, Expectation, NameRef, Part
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from tests.calculus.support import problem
from tests.numeric.models import ALL, HERE, D, M, N, autoencoder, classifier, rectified, residual, variable


def check_of(checks: Checks, part: str) -> list[str]:
    return [c.id for c in checks.failures if part in c.id]


@pytest.mark.parametrize("make", ALL, ids=lambda f: f.__name__)
def test_right_derivations_pass(make: Callable) -> None:
    checks = verify(derive(make()))
    assert checks.failures == ()
    assert checks.mutants.killed > 10 and checks.mutants.survived == ()
    assert checks.unmet == ()
    assert checks.points >= 3 and len(checks.seed) == 64
    assert len(set(checks.sizes.values())) == len(checks.sizes)
    assert {c.method for c in checks.checks} >= {"exact", "oracle", "float64"}


def test_the_certificate_is_reproducible() -> None:
    assert verify(derive(residual())) == verify(derive(residual()))


def test_polynomial_problems_are_compared_exactly_and_others_in_balls() -> None:
    exact = [c for c in verify(derive(autoencoder())).checks if c.method in ("exact", "ball")]
    assert {c.method for c in exact} == {"exact"} and {c.digits for c in exact} == {0}
    mixed = [c for c in verify(derive(residual())).checks if c.method == "ball"]
    assert mixed and min(c.digits for c in mixed) >= 50


def damaged(derivation: Derivation, name: str, wrong: Callable[[Expr], Expr]) -> Derivation:
    """The derivation with every line and form of one gradient wrong, consistently."""

    def change(e: Expr) -> Expr:
        return e if isinstance(e, Adj) else wrong(e)

    def block(b: AdjointBlock) -> AdjointBlock:
        if b.symbol.wrt.name != name:
            return b
        total = replace(b.total, chain=tuple(map(change, b.total.chain)))
        final = tuple(map(change, b.final))
        lines = [replace(c, line=replace(c.line, chain=tuple(map(change, c.line.chain)))) for c in b.contributions]
        return replace(b, total=total, value=change(b.value), closed=change(b.closed), final=final,
                       contributions=tuple(lines))  # fmt: skip

    def content(c):
        return replace(c, blocks=tuple(map(block, c.blocks)))

    parts = tuple(replace(p, contents=tuple(map(content, p.contents))) for p in derivation.parts)
    return replace(derivation, parts=parts, adjoints=tuple(map(block, derivation.adjoints)))


WRONG = {
    "sign": neg,
    "twice": lambda e: mul(num(2), e),
    "one part in a million": lambda e: mul(num(1 + Fraction(1, 10**6)), e),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_consistently_wrong_gradient_is_refuted_by_differences(wrong: Callable[[Expr], Expr]) -> None:
    checks = verify(damaged(derive(autoencoder()), "W", wrong))
    assert "dL/dW differences" in check_of(checks, "differences")
    message = next(c.message for c in checks.failures if c.method == "oracle")
    assert "derived" in message and "by differences" in message and "m = 3" in message and "W = [" in message


def test_one_wrong_line_names_the_step_and_both_values() -> None:
    derivation = derive(autoencoder())
    part = derivation.parts[0]
    gradients = part.contents[0]
    k = next(k for k, b in enumerate(gradients.blocks) if len(b.contributions) == 2)
    block = gradients.blocks[k]
    line = block.contributions[0].line
    broken = replace(line, chain=(*line.chain[:-1], neg(line.chain[-1])))
    contribution = replace(block.contributions[0], line=broken)
    blocks = list(gradients.blocks)
    blocks[k] = replace(block, contributions=(contribution, *block.contributions[1:]))
    wrong = replace(gradients, blocks=tuple(blocks))
    checks = verify(replace(derivation, parts=(replace(part, contents=(wrong,)),)))
    assert [c for c in checks.failures if c.id.startswith(str(line.id))]
    message = checks.failures[0].message
    assert (
        str(line.id) in message and "on the left" in message and "on the right" in message and "entry [1, 1]" in message
    )


@pytest.mark.parametrize(("op", "make"), [
    ("tanh", "samples"), ("relu", "rectified"), ("softplus", "tempered"), ("softmax_cross_entropy", "classifier"),
    ("norm2sq", "autoencoder"), ("norm1", "tempered"),
])  # fmt: skip
def test_a_sign_flipped_in_a_row_is_caught_by_lines_and_by_differences(
    op: str, make: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = TABLE[op]
    flipped = tuple(lambda *a, f=f: neg(f(*a)) for f in row.partials)
    monkeypatch.setattr(engine, "TABLE", {**TABLE, op: replace(row, partials=flipped)})
    cited_rules._rule.cache_clear()
    try:
        checks = verify(derive(next(f for f in ALL if f.__name__ == make)()))
    finally:
        cited_rules._rule.cache_clear()
    assert {c.method for c in checks.failures} & {"oracle"}
    assert [c for c in checks.failures if c.id.startswith(f"rule {op}")]


def test_a_dropped_path_is_caught() -> None:
    derivation = derive(residual())

    def drop(b: AdjointBlock) -> AdjointBlock:
        return replace(b, contributions=b.contributions[:1]) if b.symbol.wrt.name == "x" else b

    wrong = replace(derivation, adjoints=tuple(map(drop, derivation.adjoints)))
    assert "dL/dx sum over paths" in check_of(verify(wrong), "sum over paths")


def test_a_wrong_naming_of_the_forward_pass_is_caught() -> None:
    derivation = derive(rectified())
    last = derivation.forward[-1]
    wrong = replace(derivation, forward=(*derivation.forward[:-1], replace(last, body=mul(num(2), last.body))))
    assert "forward L" in check_of(verify(wrong), "forward")


def test_a_symbol_without_a_value_fails_and_does_not_crash() -> None:
    derivation = derive(autoencoder())
    block = derivation.parts[0].contents[0].blocks[-1]
    stray = Adj(Var("L"), Var("nowhere", block.symbol.wrt.shape_))
    line = replace(block.total, chain=(*block.total.chain, stray))
    gradients = derivation.parts[0].contents[0]
    wrong = replace(gradients, blocks=(*gradients.blocks[:-1], replace(block, total=line)))
    checks = verify(replace(derivation, parts=(replace(derivation.parts[0], contents=(wrong,)),)))
    assert any("dL/dnowhere" in c.message for c in checks.failures)


def claimed(*contents) -> Checks:
    derivation = derive(autoencoder())
    (whole,) = derivation.parts
    asks = (*whole.asks, *(Ask("shapes", (), HERE) for _ in contents))
    part = replace(whole, contents=(*whole.contents, *contents), asks=asks)
    return verify(replace(derivation, parts=(part,)), mutants=False)


def test_claims_about_shapes_and_counts() -> None:
    W = variable("W", M, N)
    lines = (ShapeLine(W, None, "given", True),)
    assert claimed(Shapes(lines), Count(((W, M * N),), M * N)).failures == ()
    wrong = claimed(Shapes((ShapeLine(variable("W", N, M), None, "given", True),)))
    assert "(4, 3)" in wrong.failures[0].message and "(3, 4)" in wrong.failures[0].message
    assert check_of(claimed(Count(((W, M * N),), M * N + 1)), "parameter_count")
    assert check_of(claimed(Count(((W, M + N),), M + N)), "parameters W")


def expecting(*expected: Expectation) -> Checks:
    derivation = derive(autoencoder())
    part: Part = replace(derivation.parts[0].part, expect=expected)
    return verify(replace(derivation, parts=(replace(derivation.parts[0], part=part),)), mutants=False)


def test_an_instructor_s_answer_is_checked() -> None:
    derivation = derive(autoencoder())
    closed = {b.symbol.wrt.name: b.closed for b in derivation.adjoints}
    ref = {name: NameRef(name, (), HERE) for name in ("L", "W", "r", "x")}

    L, names = Var("L"), derivation.problem.model.variables

    def expect(name: str, answer: Expr) -> Checks:
        return expecting(Expectation(ref["L"], ref[name], "gradient", answer, HERE, Adj(L, names[name])))

    assert expect("W", closed["W"]).failures == ()
    assert check_of(expect("W", neg(closed["W"])), "expect dL/dW")
    assert expect("r", variable("r", N)).failures == ()
    assert expect("r", mul(num(2), variable("r", N))).failures != ()
    entry = NameRef("r", ("k",), HERE)
    answer = Entry(variable("r", N), (Idx("k", N),))
    symbol = Entry(Adj(L, names["r"]), (Idx("k", N),))
    assert expecting(Expectation(ref["L"], entry, "gradient", answer, HERE, symbol)).failures == ()


def test_expected_shapes_and_counts() -> None:
    W = NameRef("W", (), HERE)
    assert expecting(Expectation(None, W, "shape", (M, N), HERE)).failures == ()
    assert check_of(expecting(Expectation(None, W, "shape", (N, M), HERE)), "expect shape W")
    assert check_of(expecting(Expectation(None, None, "parameter_count", M * N, HERE)), "parameter_count")


def test_a_batch_of_one_and_fixed_sizes() -> None:
    problem = classifier()
    fixed = replace(problem.model, fixed={"n": 1, "C": 2})
    checks = verify(derive(replace(problem, model=fixed)))
    assert checks.failures == () and checks.sizes["n"] == 1 and checks.sizes["C"] == 2


def test_no_path_is_a_zero_that_is_checked() -> None:
    problem = autoencoder()
    lonely = variable("q", D)
    more = replace(problem.model, declarations=(*problem.model.declarations,
                                                replace(problem.model.declarations[0], var=lonely)))  # fmt: skip
    asks = replace(problem.parts[0].asks[0], names=(NameRef("q", (), HERE),))
    found = verify(derive(replace(problem, model=more, parts=(replace(problem.parts[0], asks=(asks,)),))))
    assert found.failures == () and any(c.id == "dL/dq differences" for c in found.checks)


def test_what_overflows_in_double_precision_stays_undecided() -> None:
    found = verify(derive(problem("x: R[n]\nL = norm2sq(2**1000) + sum(x)", "x")))
    assert {c.verdict for c in found.failures if c.method == "float64"} == {"undecided"}
