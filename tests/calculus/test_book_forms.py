"""Answers in the form that a book prints: common factors in front, opposite terms gone, only names that lead there."""

from __future__ import annotations

import pytest

from solgen.numeric.verify import verify
from tests.calculus.test_answers import boxed, derivation

FORMS = {
    "a common factor": (
        "X: R[m, n]\nt: R[n]\nw: R[m]\ny: R[m]\nh = sigmoid(X @ t)\nL = -w @ (y * log(h) + (1 - y) * log(1 - h))",
        "{gradients: t, of: L}",
        r"dL/dt = Xᵀ(w ⊙(h - y))",
    ),
    "a factor of samples": (
        "X: R[n, d]\ns: R[n]\ny: R[n]\nw: R[d]\nr = X @ w - y\nL = sum(s * r**2) / 2",
        "{gradients: w, of: L}",
        r"dL/dw = Xᵀ(s ⊙ r)",
    ),
    "the minus stands in front": (
        "c: R[n]\nz: R[n]\nL = -c @ tanh(z)",
        "{gradients: z, of: L}",
        r"dL/dz = -c ⊙(1 - \tanh^2(z))",
    ),
    "of a number too": ("c: R\nz: R\nL = -c * tanh(z)", "{gradients: z, of: L}", r"dL/dz = -c(1 - \tanh^2(z))"),
    "opposite terms": (
        "m: R\nv: R\ns: R\nx = m + s\nD = x**2 / 2 - (x - m)**2 / (2 * s**2)",
        "{gradients: m, of: D}",
        r"dD/dm = x",
    ),
    "opposite arrays": (
        "a: R[n]\nb: R[n]\nA: R[n, n]\nu = a - b\nv = b - a\nL = dot(u, A @ v)",
        "{gradients: a, of: L}",
        r"dL/da = A v - Aᵀ u",
    ),
    "one-hot over its inner product": (
        "z: R[C]\nt: OneHot[C]\np = softmax(z)\nL = -log(t @ p)",
        "{gradients: z, of: L}",
        r"dL/dz = p - t",
    ),
    "two labels": (
        "theta: R[k]\nw: Label[k]\nl: Label[k]\nlp = log_softmax(theta)\nL = -log(sigmoid(lp[w] - lp[l]))",
        "{gradients: theta, of: L}",
        r"dL/d\theta = (\sigma((l_p)_w -(l_p)_l)- 1)(e_w - e_l)",
    ),
    "the inverse of a diagonal matrix": ("s: R[n]\nD = logdet(diag(exp(s)))", "{gradients: s, of: D}", r"dD/ds = 1_n"),
    "a quadratic form of one": (
        "x: R[n]\ns: Positive[n]\nq = x @ inv(diag(s)) @ x",
        "{gradients: x, of: q}",
        r"dq/dx = 2x \oslash s",
    ),
    "a bilinear form with an inverse": (
        "A: R[n, n]\nx: R[n]\ny: R[n]\ng = x @ inv(A) @ y",
        "{gradients: A, of: g}",
        r"dg/dA = -A^{-\top} x yᵀ A^{-\top}",
    ),
    "a trace with an inverse": (
        "A: R[n, n]\nB: R[n, n]\ng = tr(inv(A) @ B)",
        "{gradients: A, of: g}",
        r"dg/dA = -A^{-\top} Bᵀ A^{-\top}",
    ),
    "a factor without the index": (
        "i: Index[n]\nq[i]: R\nS: PosDef[d]\nQ = sum(q[i] * logdet(S), i)",
        "{gradients: S, of: Q}",
        r"dQ/dS = (\sum_{i=1}^{n} q_i)S^{-1}",
    ),
    "a name of another question": (
        "x: R[n]\nA: R[n, n]\nh = A @ x\nq = x @ A @ x",
        "{gradients: x, of: q}",
        r"dq/dx = (A + Aᵀ)x",
    ),
    "and in a Jacobian": (
        "x: R[n]\nA: R[n, n]\nh = A @ x\nq = x @ A @ x",
        "{jacobian: q, wrt: x}",
        r"dq/dx = (A + Aᵀ)x",
    ),
    "a name on the way stays": (
        "x: R[n]\nA: R[n, n]\nh = A @ x\nq = dot(h, x)",
        "{gradients: x, of: q}",
        r"dq/dx = h + Aᵀ x",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_form_of_a_book(name: str) -> None:
    model, ask, expected = FORMS[name]
    found = derivation(model, ask)
    assert boxed(found)[-1].rsplit(" = ", 1)[-1] == expected.partition(" = ")[2]
    checks = verify(found)
    assert not checks.failures and not checks.mutants.survived
