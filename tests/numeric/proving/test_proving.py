"""Answers proved by sympy: right ones are, wrong ones never; what cannot be done is told."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.calculus.engine import cited_rules
from solgen.calculus.engine import partials as engine
from solgen.expr.arith import neg
from solgen.expr.ops import TABLE
from solgen.expr.walk import substitute
from solgen.model.derivation import Derivation
from solgen.model.verdict import Proof
from solgen.numeric.checks.mutants import mutants_of
from solgen.numeric.proving.claims import Claim, claims_of
from solgen.numeric.proving.engines import DEFAULT_ENGINE
from solgen.numeric.proving.engines import TABLE as ENGINES
from solgen.numeric.proving.engines.sympy import OutOfTime, limit_time, telling_sizes
from solgen.numeric.proving.prove import prove
from solgen.numeric.proving.reach import Disproved
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.calculus.support import problem
from tests.numeric.texts import FAMILY, WORKED

SOFTMAX = """\
x: R[d]
y: OneHot[C]
W: R[C, d]
b: R[C]
z = W @ x + b
p = softmax(z)
L = cross_entropy(p, y)
"""
TWO_LAYERS = """\
x: R[d]
t: R[m]
W1: R[h, d]
W2: R[m, h]
z1 = W1 @ x
h1 = relu(z1)
z2 = W2 @ h1
L = norm2sq(z2 - t)
"""
LEAST_SQUARES = """\
X: R[n, d]
y: R[n]
w: R[d]
L = norm2sq(X @ w - y) / n
"""
QUADRATIC = """\
A: Sym[d, d]
x: R[d]
L = x.T @ A @ x
"""


def proofs(derivation: Derivation, seconds: float = 60.0) -> list[Proof]:
    """What comes of every claim."""
    found: list[Proof] = []
    ENGINES.load(DEFAULT_ENGINE).prove(claims_of(derivation), seconds, found.append)
    return found


def proved(model: str, asks: str) -> list[Proof]:
    found = proofs(derive(problem(model, asks)))
    assert found and {(p.verdict, p.why) for p in found} == {("proved", "")}
    return found


def with_answer(claim: Claim, answer: object) -> Claim:
    """The claim with another answer."""
    return replace(claim, statements=(replace(claim.statements[0], right=answer),))


@pytest.mark.parametrize(("model", "asks"), [
    (SOFTMAX, "W, b, z"), (TWO_LAYERS, "W1, W2, x, z1"), (LEAST_SQUARES, "w, X"), (QUADRATIC, "x, A"),
])  # fmt: skip
def test_textbook_answers_are_proved(model: str, asks: str) -> None:
    assert len(proved(model, asks)) == len(asks.split(","))


def test_a_net_with_kinks_is_proved_in_every_region_at_once() -> None:
    of = {str(p.step): p for p in proved(TWO_LAYERS, "W1, W2")}
    sizes = of["dL/dW1"].sizes
    assert sizes == {"d": 3, "h": 3, "m": 3}  # 2 is a number of the answer
    assert of["dL/dW1"].regions == 8  # two sides for each of three hidden units
    assert of["dL/dW2"].regions == 1  # whose layer below may have any values


@pytest.mark.parametrize(("model", "asks"), [
    ("x: R[n]\nL = norm(x)", "x"),
    ("x: R[n]\nL = norm1(x) + max(x)", "x"),
    ("x: R[n]\nL = sum(x * abs(x))", "x"),
    ("x: Positive[n]\na: R\nL = sum(x ** a) + sum(sqrt(x))", "x, a"),
    ("x: R[n]\nL = sum(sin(x) * cos(x)) + sum(gelu(x))", "x"),
    ("x: R[n]\nL = sum(elu(x)) + sum(leaky_relu(x, 1/10))", "x"),
    ("S: PosDef[n, n]\nx: R[n]\nL = x.T @ inv(S) @ x + logdet(S)", "S, x"),
    ("x: R[n]\nk: Label[n]\nL = -log(softmax(x)[k])", "x"),
    ("q: Simplex[n]\nz: R[n]\nL = cross_entropy(softmax(z), q)", "z, q"),
    ("y: Binary\nx: R\nL = -y * log(sigmoid(x)) - (1 - y) * log(1 - sigmoid(x))", "x"),
    ("s: Signs[n]\nx: R[n]\nL = sum(log(1 + exp(-s * x)))", "x"),
    ("phi: Elementwise\nell: Loss\nW: R[m, n]\nx: R[n]\nL = ell(phi(W @ x))", "W, x"),
    ("x: R[n]\nL = logsumexp(x) + sum(tanh(x) * sigmoid(x)) + sum(softplus(x))", "x"),
    ("u: R[n]\nL = norm2sq(relu(relu(u) - 1))", "u"),
], ids=lambda text: text.splitlines()[-1][:40] if "\n" in text else "")  # fmt: skip
def test_kinds_and_functions(model: str, asks: str) -> None:
    proved(model, asks)


def from_file(text: str, folder: Path) -> Derivation:
    path = folder / "p.yaml"
    path.write_text(text)
    return derive(read(path).problems[0])


def test_every_answer_has_a_name_of_its_own(tmp_path: Path) -> None:
    text = (
        FAMILY.format(samples="rows") + "  - prompt: Again, one sample.\n    solve: {gradients: [W, b], form: sample}\n"
    )
    text += "  - prompt: Another loss.\n    model: M = sum(z[i] @ z[i], i)\n    solve: {gradients: [W], of: M}\n"
    names = [claim.step for claim in claims_of(from_file(text, tmp_path))]
    assert len(names) == len(set(names)) > 9


def test_every_form_over_samples_and_every_verb_is_proved(tmp_path: Path) -> None:
    family = proofs(from_file(FAMILY.format(samples="columns"), tmp_path))
    assert {p.step.within for p in family} == {"", "sample:", "batch:"}
    worked = proofs(from_file(WORKED, tmp_path))
    assert len(worked) == len(from_file(WORKED, tmp_path).parts) + 3  # of two parts three items, and two gradients
    assert {(p.verdict, p.why) for p in family + worked} == {("proved", "")}


@pytest.mark.parametrize(("op", "model", "asks"), [
    ("sigmoid", "x: R[n]\nL = sum(sigmoid(x))", "x"), ("relu", TWO_LAYERS, "W1"),
    ("norm2sq", LEAST_SQUARES, "w"), ("softmax_cross_entropy", SOFTMAX, "W"),
])  # fmt: skip
def test_a_falsified_rule_is_disproved(op: str, model: str, asks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = TABLE[op]
    flipped = tuple(lambda *a, f=f: neg(f(*a)) for f in row.partials)
    monkeypatch.setattr(engine, "TABLE", {**TABLE, op: replace(row, partials=flipped)})
    cited_rules._rule.cache_clear()
    try:
        found = proofs(derive(problem(model, asks)))
    finally:
        cited_rules._rule.cache_clear()
    assert {p.verdict for p in found} == {"disproved"}


@pytest.mark.parametrize(("model", "asks"), [
    (SOFTMAX, "W"), (TWO_LAYERS, "W1, W2"), (LEAST_SQUARES, "w"), (QUADRATIC, "x"),
])  # fmt: skip
def test_wrong_answers_are_never_proved(model: str, asks: str) -> None:
    """Mistakes of every kind, a factor, a sign, a transpose, a neighbour's name: disproved, but for those that turn out
    equal to the answer at random points too."""
    derivation = derive(problem(model, asks))
    equal = {(m.step.symbol, m.what) for m in verify(derivation).mutants.equivalent}
    tried = 0
    for claim in claims_of(derivation):
        names = (*(d.var for d in claim.scope.model.declarations), *(q.var for q in claim.shown))
        for mutant in mutants_of(claim.statements[0].right, names):
            if not mutant.nudged and (claim.step.symbol, mutant.label) not in equal:
                with pytest.raises(Disproved):
                    prove(with_answer(claim, mutant.answer), telling_sizes(claim))
                tried += 1
    assert tried >= 5


def test_an_answer_that_only_a_declared_fact_makes_right_is_proved_only_with_it() -> None:
    answer = derive(problem(QUADRATIC, "x"))
    free = derive(problem(QUADRATIC.replace("Sym", "R"), "x"))
    (symmetric,), (any_matrix,) = claims_of(answer), claims_of(free)
    assert prove(symmetric, {"d": 2}) == 1
    right = symmetric.statements[0].right
    old, new = (c.scope.model.variables["A"] for c in (symmetric, any_matrix))
    from_other = with_answer(any_matrix, substitute(right, {old: new}))
    with pytest.raises(Disproved):
        prove(from_other, {"d": 2})


def test_what_is_too_large_is_out_of_reach_at_once() -> None:
    (proof,) = proofs(derive(problem("X: R[600, d]\nw: R[d]\nL = norm2sq(X @ w)", "w")))
    assert proof.verdict == "out of reach" and "entries" in proof.why


def test_time_is_a_limit_for_each_and_for_all() -> None:
    layers = "".join(f"W{k}: R[n, n]\nh{k} = tanh(W{k} @ h{k - 1})\n" for k in range(1, 8))
    derivation = derive(problem(f"h0: R[n]\n{layers}L = norm2sq(h7)", "W1, W7"))
    found = {str(p.step): p for p in proofs(derivation, seconds=4.0)}
    assert found["dL/dW7"].verdict == "proved"
    assert (found["dL/dW1"].verdict, found["dL/dW1"].why) == ("out of reach", "4 s were not enough")


def test_time_that_is_up_is_told_again_where_it_was_lost() -> None:
    """As within a destructor, from which no exception comes."""
    end = time.process_time() + 60
    told = 0
    with pytest.raises(OutOfTime), limit_time(0.05):
        with suppress(OutOfTime):
            while time.process_time() < end:
                pass
        told += 1
        while time.process_time() < end:
            pass
    assert told == 1
