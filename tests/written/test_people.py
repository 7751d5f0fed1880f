r"""Formulas as they stand in public courses, books and threads: read, and in one way where a person reads one."""

from __future__ import annotations

import pytest

from solgen.written import SameTree, SameValue, compare_latex, meanings, read_latex
from tests.written.support import Scope, scope

MODEL = """
x: R[d]
w: R[d]
t: R
y: R[k]
z: R[k]
p: R[k]
h: R[m]
W: R[k, m]
U: R[m, d]
b: R[k]
c: R[m]
X: R[n, d]
v: R[n]
A: R[d, d]
s: R
eta: R
lam: R
phi: Elementwise
i: Index[N]
u[i]: R[d]
r[i]: R
"""
EQUAL: tuple[tuple[str, str], ...] = (
    (r"\hat{y} = \mathrm{softmax}(Wh + b)", "softmax(W @ h + b)"),
    (r"h = \sigma\big(U x + c\big)", "sigmoid(U @ x + c)"),
    (r"L = -\sum_{j=1}^{k} y_j \log p_j", "-sum(y * log(p))"),
    (r"L = -\sum_j y_j \log(p_j)", "-sum(y * log(p))"),
    (r"-y^\top \log p", "-(y @ log(p))"),
    (r"\frac{\partial L}{\partial z} = p - y", "p - y"),
    (r"(p-y)\,h^\top", "outer(p - y, h)"),
    (r"(p - y) h^{T}", "outer(p - y, h)"),
    (r"W^T (p-y) \odot \sigma(c)(1-s)", "(1 - s) * ((W.T @ (p - y)) * sigmoid(c))"),
    (r"W^\top(p-y) \circ \phi'(c)", "(W.T @ (p - y)) * phi(c)"),
    (r"\left(W^\top (p - y)\right) \odot \mathbb{1}(c > 0)", "(W.T @ (p - y)) * step(c)"),
    (
        r"\frac{1}{2}\left\lVert X w - v \right\rVert_2^2 + \frac{\lambda}{2}\lVert w \rVert_2^2",
        "norm2sq(X @ w - v) / 2 + lam / 2 * norm2sq(w)",
    ),
    (r"X^T (Xw - v) + \lambda w", "X.T @ (X @ w - v) + lam * w"),
    (r"(X^\top X + \lambda I)^{-1} X^\top v", "inv(X.T @ X + lam * eye(d)) @ X.T @ v"),
    (r"(X'X)^{-1}X'v", "inv(X.T @ X) @ X.T @ v"),
    (r"\frac{2}{n} X^\top (X w - v)", "2 / n * (X.T @ (X @ w - v))"),
    (r"x^T A x", "x @ A @ x"),
    (r"(A + A^T)x", "(A + A.T) @ x"),
    (r"\mathrm{tr}(A^T A)", "tr(A.T @ A)"),
    (r"\mathrm{Tr}\left( x w^T A \right)", "tr(outer(x, w) @ A)"),
    (r"\operatorname{diag}(p) - p p^\top", "diag(p) - outer(p, p)"),
    (r"\frac{e^{z_1}}{\sum_{j} e^{z_j}}", "exp(z[0]) / sum(exp(z))"),
    (r"\frac{\exp(z_1)}{\sum_{j=1}^k \exp(z_j)}", "exp(z[0]) / sum(exp(z))"),
    (r"\log \sum_j e^{z_j}", "log(sum(exp(z)))"),
    (r"\sum_{i=1}^N (w^\top u_i - r_i)^2", "sum((w @ u[i] - r[i]) ** 2, i)"),
    (r"\frac{1}{N} \sum_{i=1}^{N} r^{(i)} u^{(i)}", "mean(r[i] * u[i], i)"),
    (r"\frac1N \sum r_i", "mean(r[i], i)"),
    (r"w - \eta X^\top (Xw - v)", "w - eta * (X.T @ (X @ w - v))"),
    (r"\sigma(s)(1 - \sigma(s))", "sigmoid(s) * (1 - sigmoid(s))"),
    (r"\frac{1}{1 + e^{-s}}", "1 / (1 + exp(-s))"),
    (r"1 - \tanh^2(s)", "1 - tanh(s) ** 2"),
    (r"\max(0, c)", "maximum(0, c)"),
    (r"\max\{0, s\}", "maximum(0, s)"),
    (r"\text{ReLU}(U x)", "relu(U @ x)"),
    (r"relu(U x)", "relu(U @ x)"),
    (r"softmax(z)", "softmax(z)"),
    (r"w \cdot x + s", "w @ x + s"),
    (r"\langle w, x \rangle", "w @ x"),
    (r"\|w\|", "norm(w)"),
    (r"\frac{w}{\|w\|}", "w / norm(w)"),
    (r"\left|s\right|", "abs(s)"),
    (r"-\log\left(\frac{1}{1+e^{-s t}}\right)", "-log(1 / (1 + exp(-s * t)))"),
    (r"\ln(1 + e^{-ts})", "log(1 + exp(-t * s))"),
    (r"t \ln s + (1-t)\ln(1-s)", "t * log(s) + (1 - t) * log(1 - s)"),
    (r"\sqrt{\sum_j x_j^2}", "sqrt(sum(x ** 2))"),
    (r"x_1 w_1 + x_2 w_2", "x[0] * w[0] + x[1] * w[1]"),
    (r"e^{z_1} + e^{z_2} + \cdots + e^{z_k}", "sum(exp(z))"),
    (r"\mathbf{1}_d^\top x", "sum(x)"),
    (r"\begin{aligned} s + t \end{aligned}", "s + t"),
    (r"2 x^{\mathsf{T}} w \, x", "2 * (x @ w) * x"),
)  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Scope:
    equations = "\n".join(f"found_{k} = {formula}" for k, (_, formula) in enumerate(EQUAL))
    return scope(f"{MODEL}\nyhat = softmax(W @ h)\n{equations}\nL = sum(z)\n")


@pytest.mark.parametrize("k", range(len(EQUAL)), ids=[tex for tex, _ in EQUAL])
def test_what_people_typed_is_what_they_meant(k: int, known: Scope) -> None:
    tex, formula = EQUAL[k]
    side = tex.rpartition(" = ")[2]
    if "'(c)" in tex:
        assert len(meanings(read_latex(tex, known.names).chains[0][-1])) == 1
        return
    verdict = compare_latex(side, known.formula(f"found_{k}"), known.names)
    assert isinstance(verdict, SameTree | SameValue), verdict
    assert all(len(meanings(s)) == 1 for s in read_latex(tex, known.names).chains[0] if s.readings), formula
