"""The printed answers of well-known problems, to the letter: what a lecturer would write on the board."""

from __future__ import annotations

import pytest

from solgen.calculus.engine.adjoints import Detail
from solgen.calculus.verbs.shapes import count, deduce
from solgen.expr.present.sizes import size_node
from solgen.model.derivation import AdjointBlock
from solgen.render.latex import latex
from tests.calculus.models import MODELS
from tests.calculus.support import derived, printed, problem

BAR = Detail(0, False)


def chains(name: str, style: Detail | None = None) -> dict[str, AdjointBlock]:
    return {b.symbol.wrt.name: b for b in derived(*MODELS[name], style=style)[1].blocks}


def answers(name: str) -> dict[str, str]:
    """The last member of each gradient's chain, before names are written out."""
    return {n: printed(b.value) for n, b in chains(name).items()}


# ---------------------------------------------------------------- the two problems of the issue


def test_tied_autoencoder() -> None:
    """Verified: dL/dW = W x (WᵀWx − x)ᵀ + W (WᵀWx − x) xᵀ."""
    found = chains("tied autoencoder")
    assert len(found["W"].contributions) == 2
    assert printed(found["W"].final[-1]) == "W x(Wᵀ W x - x)ᵀ + W(Wᵀ W x - x)xᵀ"


def test_residual_block() -> None:
    """Verified: ȳ = y − t; W̄₂ = ȳ z₂ᵀ; z̄₂ = W₂ᵀ ȳ; h̄ = z̄₂; z̄₁ = h̄ ⊙ φ′(z₁); W̄₁ = z̄₁ xᵀ; x̄ = W₁ᵀ z̄₁ + z̄₂."""
    found = chains("residual block", BAR)
    signals = {n: printed(b.value, "bar") for n, b in found.items()}
    assert signals["y"] == "y - t"
    assert signals["x"] == r"W_1ᵀ \bar{z}_1 + \bar{z}_2"
    assert signals["h"] == r"\bar{z}_2"
    assert signals["z1"] == r"\bar{h} ⊙ \phi^{\prime}(z_1)"
    assert signals["W1"] == r"\bar{z}_1 xᵀ"
    assert signals["W2"] == r"\bar{y} z_2ᵀ"
    assert signals["z2"] == r"W_2ᵀ \bar{y}"
    assert len(found["x"].contributions) == 2


def test_residual_block_counts_and_shapes() -> None:
    model = problem(*MODELS["residual block"]).model
    counted = count(model, ["W1", "W2"])
    assert [(v.name, str(n)) for v, n in counted.rows] == [("W1", "d**2"), ("W2", "d")]
    assert latex(size_node(counted.total)) == "d^{2} + d"
    lines = deduce(model, ["W1", "W2", "z1", "z2"], ["x", "t"]).lines
    order = [line.var.name for line in lines]
    assert set(order) >= {"x", "t", "W1", "W2", "z1", "z2", "h"}
    assert {line.var.name for line in lines if line.asked} == {"W1", "W2", "z1", "z2"}
    assert order.index("z2") < order.index("z1"), "h + x fixes z₂, hence h, hence z₁"


# ---------------------------------------------------------------- what every course gives


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("swish softmax net", {
            "z2": "p - y", "W2": "(p - y)h_1ᵀ", "b2": "p - y",
            "z1": r"(W_2ᵀ(p - y))⊙(h_1 + \sigma(z_1)⊙(1 - h_1))",
        }),
        ("softmax with any target", {"p": r"-y \oslash p", "W": r"((\sum_{i=1}^{k} y_i)p - y)xᵀ"}),
        ("logistic regression, one sample", {"z": "p - y", "w": "(p - y)x", "b": "p - y"}),
        ("logistic regression, labels 0/1", {"w": r"\frac{1}{n}Xᵀ(p - y)"}),
        ("logistic regression by softplus", {"w": r"Xᵀ(\sigma(z)- y)"}),
        ("logistic regression, labels ±1", {"w": r"-\frac{1}{n}Xᵀ(y ⊙ \sigma(-y ⊙ r))"}),
        ("Poisson regression", {"eta": r"\frac{1}{n}(\mu - y)", "w": r"\frac{1}{n}Xᵀ(\mu - y)"}),
        ("ridge regression", {"w": r"2(\lambda w + Xᵀ r)"}),
        ("negative sampling", {"u": r"(\sigma(s)- 1)v", "U": r"(1 - \sigma(r))vᵀ"}),
        ("bilinear form", {"s": "s^{2} + 1"}),
        ("Gaussian likelihood", {"mu": r"(\mu - x)\oslash s^{⊙ 2}"}),
        ("relu net, samples in columns", {
            "Y": r"\frac{2}{n}(Y - T)", "W2": r"\frac{2}{n}(Y - T)Hᵀ", "H": r"\frac{2}{n} W_2ᵀ(Y - T)",
        }),
        ("triplet loss", {"a": r"2 1[L > 0]Wᵀ(u - v)"}),
        ("gated cell", {"a": r"dL/dh ⊙ z"}),
        ("hinge loss", {"w": r"2 \lambda w - \frac{1}{n}Xᵀ(y ⊙ 1[1 \ge y ⊙ r])"}),
        ("quadratic form", {"x": r"\tfrac{1}{2}(A + Aᵀ)x - b"}),
        ("softmax regression, rows", {"Z": r"\frac{1}{n}(P - Y)", "W": r"\frac{1}{n}Xᵀ(P - Y)"}),
        ("softmax regression, sample by sample", {"z": r"\frac{1}{n}(p_i - y_i)"}),
        ("relu net, samples in rows", {"H": r"\frac{2}{k n} R W_2ᵀ"}),
        ("matrix factorisation", {"V": r"\lambda V -(Q ⊙ M)ᵀ U"}),
        ("entropy", {"p": r"-\log p - 1"}),
    ],
)  # fmt: skip
def test_answers(name: str, expected: dict[str, str]) -> None:
    found = answers(name)
    assert {n: found[n] for n in expected} == expected


def test_mahalanobis_distance() -> None:
    """Both uses of W give the same term, written once."""
    assert printed(chains("Mahalanobis distance")["W"].final[-1]) == "2W(x - y)(x - y)ᵀ"
