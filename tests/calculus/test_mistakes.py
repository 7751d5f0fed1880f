"""Likely wrong answers: which slips are thought of, what they lead to, and in which order."""

from __future__ import annotations

import pytest

from solgen.calculus.engine.adjoints import Detail
from solgen.calculus.engine.prepare import prepare
from solgen.calculus.verbs.mistakes import mistakes
from solgen.errors import Refused
from solgen.expr.nodes import shape
from solgen.model.derivation import Mistakes, WrongAnswer
from solgen.model.step import StepId
from tests.calculus.support import printed, problem

RESIDUAL = """
x: R[d]
t: R
W1: R[d, d]
W2: R[1, d]
phi: Elementwise
z1 = W1 @ x
h = phi(z1)
z2 = h + x
y = W2 @ z2
L = norm2sq(y - t) / 2
"""
TIED = "W: R[m, n]\nx: R[n]\nh = W @ x\nr = W.T @ h - x\nL = norm2sq(r) / 2"
RIDGE = "X: R[n, d]\ny: R[n]\nw: R[d]\nlam: Positive\nr = X @ w - y\nL = norm2sq(r) / 2 + lam * norm2sq(w) / 2"
BATCH = """
X: R[n, d]
Y: OneHot[n, C]
W: R[d, C]
b: R[C]
Z = X @ W + row(b)
L = mean(cross_entropy(softmax(Z), Y))
"""
NET = """
x: R[d]
y: OneHot[C]
W: R[h, d]
V: R[C, h]
z = W @ x
a = relu(z)
f = V @ a
L = cross_entropy(softmax(f), y)
"""
RECURRENT = """
W: R[n, n]
u: R[n]
v: R[n]
w: R[n]
a = tanh(W @ u)
b = tanh(W @ v + a)
c = tanh(W @ w + b)
L = norm2sq(c)
"""
FAMILY = """
i: Index[n]
x[i]: R[d]
y[i]: OneHot[C]
W: R[C, d]
z[i] = W @ x[i]
L = mean(cross_entropy(softmax(z[i]), y[i]), i)
"""
CASES = [
    (RESIDUAL, "x", "path", r"W_1ᵀ \bar{z}_1"),
    (RESIDUAL, "x", "untransposed", r"W_1 \bar{z}_1 + \bar{z}_2"),
    (RESIDUAL, "x", "slope", r"\bar{z}_2 + W_1ᵀ \bar{h}"),
    (RESIDUAL, "W1", "slope", r"\bar{h} xᵀ"),
    (RESIDUAL, "W1", "node", r"(\bar{h} ⊙ \phi^{\prime}(h))xᵀ"),
    (RESIDUAL, "W1", "transposed", r"x \bar{z}_1ᵀ"),
    (TIED, "W", "path", "W r xᵀ"),
    (TIED, "W", "gate", "r hᵀ + W r xᵀ"),
    (RIDGE, "w", "path", "Xᵀ r"),
    (RIDGE, "w", "constant", r"2 \lambda w + Xᵀ r"),
    (BATCH, "b", "unsummed", r"\frac{1}{n}(softmax_{rows}(Z)- Y)"),
    (BATCH, "b", "axis", r"\frac{1}{n}(softmax_{rows}(Z)- Y)1_C"),
    (BATCH, "W", "sign", r"\frac{1}{n}Xᵀ(Y - softmax_{rows}(Z))"),
    (NET, "V", "before", "(softmax(f)- y)zᵀ"),
    (NET, "W", "slope", "Vᵀ(softmax(f)- y)xᵀ"),
    (NET, "f", "stopped", r"-y \oslash softmax(f)"),
    (RECURRENT, "W", "alone", "2(c ⊙(1 - c^{⊙ 2}))wᵀ"),
    (FAMILY, "W", "sign", r"\frac{1}{n}\sum_{i=1}^{n}(y_i - softmax(z_i))x_iᵀ"),
    ("A: Invertible[n, n]\nb: R[n]\nK = inv(A)\ns = sum(K @ b)", "A", "inverse", "-K 1_n bᵀ K"),
    ("A: Invertible[n, n]\nB: R[n, n]\ns = logdet(A @ B)", "A", "transpose", "(A B)^{-1} Bᵀ"),
    ("a: R[n]\nb: R[n]\nq = dot(a, b) / norm2sq(b)", "b", "quotient sign", r"\frac{1}{‖ b‖ ^{2}}(2 qb + a)"),
    ("a: R[n]\nb: R[n]\ns = dot(a, b) / norm(b)", "b", "undivided norm", r"\frac{1}{‖ b‖ }(a - s b)"),
    ("z: R[n]\nc: R[n]\na = softmax(z)\ns = dot(c, a ** 3)", "z", "diagonal", "3c ⊙ a^{⊙ 3} ⊙(1 - a)"),
    ("u: R[n]\nv: R[n]\na = u * v\ns = norm2sq(a)", "u", "own", "2a ⊙ u"),
    ("u: R[n]\nv: R[n]\na = u * v\ns = norm2sq(a)", "u", "factor", "2a"),
    ("b: R[n]\nx: R[n]\ns = norm2sq(x) - dot(b, x)", "b", "minus", "x"),
    ("x: R[n]\ns = sum(x ** 3)", "x", "coefficient", "x^{⊙ 2}"),
]  # fmt: skip


def asked(model: str, name: str, bars: bool = False) -> Mistakes:
    found = problem(model, name, "samples: rows\n" if model == BATCH else "").model
    prepared = prepare(found, frozenset((name,)))
    assert found.output is not None
    return mistakes(prepared, found.output, name, Detail(0 if bars else 3, not bars), StepId("a"))


def bars(model: str) -> bool:
    return model == RESIDUAL


@pytest.mark.parametrize(("model", "name", "kind", "answer"), CASES)
def test_a_slip_that_people_make(model: str, name: str, kind: str, answer: str) -> None:
    assert (kind, answer) in [(w.kind, printed(w.answer, "bar")) for w in wrong(model, name)]


def wrong(model: str, name: str) -> tuple[WrongAnswer, ...]:
    return asked(model, name, bars(model)).wrong


@pytest.mark.parametrize(("model", "name"), sorted({(m, n) for m, n, _, _ in CASES}))
def test_a_wrong_shape_is_told_by_its_clash_or_its_formula(model: str, name: str) -> None:
    found = asked(model, name, bars(model))
    assert str(found.wrong[0].id) == f"(a) mistakes d{found.symbol.of.name}/d{name} #1"
    assert len({w.answer for w in found.wrong} | {found.right}) == len(found.wrong) + 1
    for w in found.wrong:
        if w.clash and w.joined == "product":
            left, right = w.clash
            assert shape(left)[-1:] != shape(right)[:1]
        elif w.clash:
            assert shape(w.clash[0]) != shape(w.clash[1])


def test_the_likeliest_come_first() -> None:
    assert [w.kind for w in wrong(RESIDUAL, "x")][:3] == ["path", "slope", "untransposed"]
    assert [w.kind for w in wrong(TIED, "W")][:2] == ["path", "path"]
    first = wrong(RIDGE, "w")[0]
    assert first.kind == "path" and first.via.name == "L"  # the penalty is forgotten, not the data


def test_a_slip_is_carried_on_rightly() -> None:
    """In z̄₁ = h̄ ⊙ φ′(z₁) the slope is lost; what comes after is right."""
    lost = next(w for w in wrong(RESIDUAL, "x") if w.kind == "slope")
    assert dict(lost.names)["at"] == problem(RESIDUAL, "x").model.variables["z1"]


def test_where_no_path_leads_there_is_nothing_to_get_wrong() -> None:
    with pytest.raises(Refused, match="nothing to get wrong"):
        asked("x: R[n]\ny: R[n]\ns = norm2sq(x)", "y")
