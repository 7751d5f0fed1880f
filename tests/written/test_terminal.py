"""The line of a terminal, read by the same grammar; and that what the terminal prints is read in one way."""

from __future__ import annotations

import pytest

from solgen.expr.nodes import Adj, Apply, Expr, Var
from solgen.expr.present.presenter import Presenter
from solgen.expr.size import Size
from solgen.model.problem import Notation
from solgen.render.terminal import one_line
from solgen.written import SameTree, SameValue, compare_terminal, names_of
from tests.written.support import scope, scope_with

SAME: tuple[tuple[str, str], ...] = (
    ("W x + y", "W @ x + y"),
    ("h₁ + b_f", "h1 + bf"),
    ("Wᵀ y", "W.T @ y"),
    ("(Wᵀ y) ⊙ x", "(W.T @ y) * x"),
    ("A⁻¹ x", "inv(A) @ x"),
    ("A⁻ᵀ x", "inv(A).T @ x"),
    ("x^⊙2", "x ** 2"),
    ("½‖W x − y‖²", "norm2sq(W @ x - y) / 2"),
    ("(a + b)/(2 n)", "(a + b) / (2 * n)"),
    ("a/b", "a / b"),
    ("√a", "sqrt(a)"),
    ("√(a + b)", "sqrt(a + b)"),
    ("tanh²(x)", "tanh(x) ** 2"),
    ("softmax_rows(X)", "softmax(X, axis=1)"),
    ("ReLU(W₁ x)", "relu(W1 @ x)"),
    ("𝟙[x > 0]", "step(x)"),
    ("𝟏[x > 0]", "step(x)"),  # as people type it
    ("Σᵢ₌₁ᴺ cᵢ", "sum(c[i], i)"),
    ("Σᵢ,ⱼ Xᵢⱼ Yᵢⱼ", "sum(X * Y)"),
    ("Σⱼ₌₁ⁿ xⱼ vⱼ", "sum(x * v)"),
    ("𝟏ₙᵀ x", "sum(x)"),
    ("ŷ − y", "yhat - y"),
    ("z₁′", "z1prime"),
    ("e^(a + b)", "exp(a + b)"),
    ("eᵃ", "exp(a)"),
    ("(h₁)₂", "h1[1]"),
    ("W[1, :]", "W[0, :]"),
    ("log|det A|", "logdet(A)"),
    ("λ x", "lam * x"),
)


@pytest.mark.parametrize(("line", "formula"), SAME)
def test_a_line_is_read(line: str, formula: str) -> None:
    found = scope_with(formula)
    verdict = compare_terminal(line, found.formula("found"), found.names)
    assert isinstance(verdict, SameTree | SameValue), verdict


GRADIENTS = (("∂L/∂W", "W"), ("∇_W L", "W"), ("∇_h₁ L", "h1"), ("W̄", "W"), ("h̄₁", "h1"), ("δ_W", "W"), ("δ_h₁", "h1"))


@pytest.mark.parametrize(("line", "wrt"), GRADIENTS)
def test_gradients_on_a_line(line: str, wrt: str) -> None:
    found = scope("x: R[n]\nW: R[m, n]\nh1 = W @ x\nL = norm2sq(h1)", ("partial", "nabla", "bar", "delta"))
    values = found.problem.model.variables
    assert compare_terminal(line, Adj(values["L"], values[wrt]), found.names) == SameTree()


N, M = Size.of("n"), Size.of("m")
LOSS, X, Y, F, G = Var("L"), Var("x", (N,)), Var("y"), Var("f", (M,)), Var("g", (N,))
XHAT, LOGITS, TARGETS = Var("xhat", (N,)), Var("Z", (M, N)), Var("T", (M, N))
PRINTED: tuple[tuple[str, str, Expr], ...] = (
    ("partial", "(∂L/∂f) gᵀ", Apply("outer", (Adj(LOSS, F), G), (), (M, N))),
    ("bar", "ȳ x", Apply("scale", (Adj(LOSS, Y), X), (), (N,))),
    ("bar", "x̂̄", Adj(LOSS, XHAT)),
    ("partial", "CE(softmax_rows(Z), T)", Apply("softmax_cross_entropy", (LOGITS, TARGETS), (1,), (M,))),
)


@pytest.mark.parametrize(("gradient", "line", "formula"), PRINTED)
def test_what_the_terminal_prints_is_read_in_one_way(gradient: str, line: str, formula: Expr) -> None:
    shown = one_line(Presenter(notation=Notation(gradient), loss="L").inline(formula))  # type: ignore[arg-type]
    assert shown == line
    names = names_of([formula], gradients=("partial", "nabla", gradient), loss="L")  # type: ignore[arg-type]
    assert compare_terminal(shown, formula, names) == SameTree()
