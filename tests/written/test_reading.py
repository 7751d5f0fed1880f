r"""LaTeX as people and we write it, each beside what it means in the model language."""

from __future__ import annotations

import pytest

from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.written import SameTree, SameValue, compare_latex
from tests.written.support import gradient, judge, scope, scope_with

SAME: tuple[tuple[str, str], ...] = (
    # numbers, sums, fractions
    (r"a + b", "a + b"),
    (r"-a - b", "-a - b"),
    (r"\frac12 a", "a / 2"),
    (r"\tfrac{1}{2}\,a", "a / 2"),
    (r"0.25 a", "a / 4"),
    (r"\frac{a+b}{2n}", "(a + b) / (2 * n)"),
    (r"2(a+b)", "2 * (a + b)"),
    (r"a \cdot b", "a * b"),
    (r"a \times b", "a * b"),
    (r"1 - x", "1 - x"),
    # names and scripts
    (r"\bm{W}\bm{x}", "W @ x"),
    (r"\mathbf{W}\,\mathbf{x}", "W @ x"),
    (r"W x", "W @ x"),
    (r"{W}{x}", "W @ x"),
    (r"W_1 x", "W1 @ x"),
    (r"W_{1} x", "W1 @ x"),
    (r"b_f + h_1", "bf + h1"),
    (r"\hat{y} - y", "yhat - y"),
    (r"\hat y", "yhat"),
    (r"\lambda x", "lam * x"),
    (r"z_1'", "z1prime"),
    (r"z_1^{\prime}", "z1prime"),
    # transposes, powers, inverses
    (r"W^\top y", "W.T @ y"),
    (r"W^T y", "W.T @ y"),
    (r"W^{\mathsf T} y", "W.T @ y"),
    (r"W^{\intercal} y", "W.T @ y"),
    (r"x^\top v", "x @ v"),
    (r"h_1^\top h_2", "h1 @ h2"),
    (r"h_1 x^\top", "outer(h1, x)"),
    (r"x^\top A v", "x @ (A @ v)"),
    (r"A^{-1} x", "inv(A) @ x"),
    (r"A^{-\top} x", "inv(A).T @ x"),
    (r"A^{-T} x", "inv(A).T @ x"),
    (r"A^2", "matpow(A, 2)"),
    (r"x^{\odot 2}", "x ** 2"),
    (r"x^{\circ 2}", "x ** 2"),
    (r"a^2 + a^{-1}", "a ** 2 + 1 / a"),
    (r"\sqrt{a}", "sqrt(a)"),
    (r"e^{a+b}", "exp(a + b)"),
    (r"(A B)^\top x", "(A @ B).T @ x"),
    # products
    (r"(W^\top y) \odot x", "(W.T @ y) * x"),
    (r"W^\top y \odot x", "(W.T @ y) * x"),
    (r"x \circ v", "x * v"),
    (r"x \odot (1 - x)", "x * (1 - x)"),
    (r"x \oslash v", "x / v"),
    (r"A \otimes B", "kron(A, B)"),
    (r"h_1 \otimes x", "outer(h1, x)"),
    (r"x \cdot v", "x @ v"),
    (r"\langle x, v \rangle", "x @ v"),
    (r"\langle A, B \rangle", "dot(A, B)"),
    (r"x^\top v\, x", "(x @ v) * x"),
    (r"W A x", "W @ A @ x"),
    # functions
    (r"\tanh(x)", "tanh(x)"),
    (r"\operatorname{ReLU}(x)", "relu(x)"),
    (r"\mathrm{ReLU}(x)", "relu(x)"),
    (r"\text{ReLU}(x)", "relu(x)"),
    (r"\sigma(Wx)", "sigmoid(W @ x)"),
    (r"\sigma\left(W_1 x + b_f\right)", "sigmoid(W1 @ x + bf)"),
    (r"\phi(x)", "phi(x)"),
    (r"\varphi(x)", "phi(x)"),
    (r"\ell(x)", "ell(x)"),
    (r"\log a", "log(a)"),
    (r"\ln a", "log(a)"),
    (r"x^\top \log v", "x @ log(v)"),
    (r"\exp(a)", "exp(a)"),
    (r"\tanh^2(x)", "tanh(x) ** 2"),
    (r"\max(0, x)", "maximum(0, x)"),
    (r"\operatorname{softmax}(x)", "softmax(x)"),
    (r"\log\operatorname{softmax}(x)", "log_softmax(x)"),
    (r"\operatorname{softmax}_{\mathrm{rows}}(X)", "softmax(X, axis=1)"),
    (r"\operatorname{tr}(A)", "tr(A)"),
    (r"\operatorname{tr}(A^\top B)", "tr(A.T @ B)"),
    (r"\operatorname{diag}(x) v", "diag(x) @ v"),
    (r"\det A", "det(A)"),
    (r"|A|", "det(A)"),
    (r"\log |\det A|", "logdet(A)"),
    (r"\log\det A", "logdet(A)"),
    (r"|a|", "abs(a)"),
    (r"\operatorname{LeakyReLU}_{a}(x)", "leaky_relu(x, a)"),
    (r"\sin^{-1}(a)", "arcsin(a)"),
    # norms
    (r"\|x\|", "norm(x)"),
    (r"\lVert x \rVert_2", "norm(x)"),
    (r"\|x\|^2", "norm2sq(x)"),
    (r"\|A\|_F^2", "norm2sq(A)"),
    (r"\tfrac12 \left\| W x - y \right\|_2^2", "norm2sq(W @ x - y) / 2"),
    (r"\|x\|_1", "norm1(x)"),
    # indicators
    (r"\mathbb{1}[x > 0]", "step(x)"),
    (r"\mathbf{1}\{x > 0\}", "step(x)"),
    (r"\mathbb{I}(x > 0)", "step(x)"),
    (r"1_{x > 0}", "step(x)"),
    (r"\mathbb{1}_{\{x > v\}}", "step(x - v)"),
    (r"\mathbb{1}[x < 0]", "step(-x)"),
    # entries, sums, means
    (r"x_1", "x[0]"),
    (r"x_k", "x[k]"),
    (r"W_{12}", "W[0, 1]"),
    (r"W_{1,2}", "W[0, 1]"),
    (r"(h_1)_2", "h1[1]"),
    (r"x_{1:2}", "x[0:2]"),
    (r"W_{1,:}", "W[0, :]"),
    (r"\sum_{i=1}^{N} c_i", "sum(c[i], i)"),
    (r"\frac1N \sum_i c_i", "mean(c[i], i)"),
    (r"\sum_{i} c_i u_i", "sum(c[i] * u[i], i)"),
    (r"\sum_{j=1}^{n} x_j v_j", "sum(x * v)"),
    (r"\sum_j x_j v_j + a", "sum(x * v) + a"),
    (r"\sum_j (x_j + v_j)", "sum(x + v)"),
    (r"\sum_j x_j + v_j", "sum(x + v)"),
    (r"\sum_{i=1}^q \sum_{j=1}^n X_{ij}", "sum(X)"),
    (r"\sum_{i,j} X_{ij} Y_{ij}", "sum(X * Y)"),
    (r"\mathbf{1}_q^\top X \mathbf{1}_n", "sum(X)"),
    (r"\mathbf{1}^\top x", "sum(x)"),
    # shapes, arrays
    (r"\mathbf{I}_n - A", "eye(n) - A"),
    (r"[x; v]", "concat(x, v)"),
    (r"\mathbf{e}_k", "basis(k, n)"),
    (r"\sh{\bm{W}}{m \times n}\,\sh{\bm{x}}{n \times 1}", "W @ x"),
    (r"\underset{m \times n}{W}\,\underset{n \times 1}{x}", "W @ x"),
    (r"\underbrace{W}_{m \times n} \underbrace{x}_{n \times 1}", "W @ x"),
    (r"\underbrace{W x}_{\text{the logits}} - y", "W @ x - y"),
    # what leaves no ink
    (r"\boxed{W\,x}", "W @ x"),
    (r"\color{red} W x \tag{3}", "W @ x"),
    (r"\ans{\bm{W}\brkp \bm{x}\brk + \bm{y}}", "W @ x + y"),
    (r"a\;\!b", "a * b"),
)  # fmt: skip


@pytest.mark.parametrize(("tex", "formula"), SAME)
def test_what_people_write_is_read(tex: str, formula: str) -> None:
    assert isinstance(judge(tex, formula), SameTree | SameValue), judge(tex, formula)


def test_a_row_is_a_row() -> None:
    assert judge(r"x^\top A", "A.T @ x", as_row=True) == SameTree()
    assert judge(r"x^\top A", "A.T @ x") != SameTree()


DERIVATIVES: tuple[tuple[str, str, str], ...] = (
    ("partial", r"\frac{\partial L}{\partial W}", "W"),
    ("partial", r"\partial L / \partial W", "W"),
    ("partial", r"\frac{dL}{dW}", "W"),
    ("partial", r"\frac{\mathrm{d} L}{\mathrm{d} W}", "W"),
    ("nabla", r"\nabla_W L", "W"),
    ("nabla", r"\nabla_{\!\bm{W}} L", "W"),
    ("bar", r"\bar{W}", "W"),
    ("bar", r"\overline{W}", "W"),
    ("bar", r"\bar{h}_1", "h1"),
    ("delta", r"\delta_W", "W"),
    ("delta", r"\bm{\delta}_{\bm{h}_1}", "h1"),
)


@pytest.mark.parametrize(("notation", "tex", "wrt"), DERIVATIVES)
def test_gradients_in_every_notation(notation: str, tex: str, wrt: str) -> None:
    found = scope("x: R[n]\nW: R[m, n]\nh1 = W @ x\nL = norm2sq(h1)", ("partial", "nabla", notation))  # type: ignore[arg-type]
    assert compare_latex(tex, gradient(found, "L", wrt), found.names) == SameTree()


def test_jacobians_and_hessians_by_entries() -> None:
    found = scope("x: R[n]\nW: R[m, n]\nz = W @ x\nL = norm2sq(z)")
    values = found.problem.model.variables
    i, j, k = Idx("i", Size.of("m")), Idx("j", Size.of("n")), Idx("k", Size.of("n"))
    jacobian: Expr = Entry(Adj(values["z"], values["x"]), (i, j))
    assert compare_latex(r"\frac{\partial z_i}{\partial x_j}", jacobian, found.names) == SameTree()
    hessian = Adj(values["L"], values["x"], twice=True)
    assert compare_latex(r"\frac{\partial^2 L}{\partial x\,\partial x^\top}", hessian, found.names) == SameTree()
    entry = Entry(hessian, (j, k))
    assert compare_latex(r"\frac{\partial^2 L}{\partial x_j \partial x_k}", entry, found.names) == SameTree()
    assert compare_latex(r"\nabla^2_x L", hessian, found.names) == SameTree()


def test_functions_of_the_file_and_their_primes() -> None:
    found = scope_with("phi(x)")
    x = found.problem.model.variables["x"]
    for order, tex in enumerate((r"\phi(x)", r"\phi'(x)", r"\phi''(x)", r"\phi^{(3)}(x)")):
        called = Apply("call", (x,), (Callee("phi", order),), x.shape_)
        assert compare_latex(tex, called, found.names) == SameTree()
    slope = Apply("call", (x,), (Callee("sigmoid", 1),), x.shape_)
    assert compare_latex(r"\sigma'(x)", slope, found.names) == SameTree()
    gradient_of_loss = Apply("loss_grad", (x,), (Callee("ell"),), x.shape_)
    assert compare_latex(r"\nabla\ell(x)", gradient_of_loss, found.names) == SameTree()
