"""Models as homework has them, checked whole: derived, verified, read twice, printed and read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.build.job import Job
from solgen.build.pipeline import make

MODELS = {  # each ends in L, whose gradient with respect to the names behind the bar is asked for
    "a number stacked on a vector": "v: R[n]; s: R; z = concat(v, s); L = norm2sq(z) | v, s",
    "a vector of a matrix": "A: R[n, m]; B: R[m, k]; t: R[n * k]; z = vec(A @ B); L = norm2sq(z - t) | A, B",
    "a Kronecker product": "A: R[n, n]; B: R[p, q]; z = kron(A, B); L = norm2sq(z) | A, B",
    "an exponent for each entry": "x: R[n]; t: R[n]; L = sum(x ** t) | x, t",
    "divided by a size": "x: R[n]; y = x / n; L = norm2sq(y) | x",
    "a number as a factor": "x: R[n]; y = 0.125 * x; L = norm2sq(y) | x",
    "probabilities used twice": "z: R[C]; y: OneHot[C]; p = softmax(z); L = -sum(y * log(p)) + 0.5 * sum(p ** 2) | z",
    "one head of attention": "q: R[d]; K: R[n, d]; V: R[n, d]; a = softmax(K @ q / d**0.5); L = norm2sq(V.T @ a) | q",
    "an angle": "x: R[n]; y: R[n]; c = dot(x, y) / (norm(x) * norm(y)); L = 1 - c | x, y",
    "a covariance": "X: R[n, d]; mu = mean(X, axis=0); R0 = X - row(mu); C = R0.T @ R0 / n; L = tr(C) | X",
    "a likelihood": "S: PosDef[n]; x: R[n]; L = x @ inv(S) @ x + logdet(S) | x, S",
    "the largest of several": "x: R[n]; W: R[m, n]; h = W @ x; L = max(h) | x",
    "a vector times a matrix": "z: R[n]; V: R[n, d]; w = z @ V; L = norm2sq(w) | z, V",
    "a row as a value": "x: R[n]; t: R[n]; u = x.T; v = softmax(u); L = t @ v | x",
    "a minus taken back": "s: R; t: R[n]; b = - -(2 * pi * s**2); c = -(-(t / 3)); L = b + norm2sq(c) | s, t",
    "a number made of π": "x: R[n]; k: R; L = sum((pi / 4) * x) * k ** 2 - -(2 * pi * k) | x, k",
    "a largest entry": "x: R[n]; L = sum(max(x) * x) | x",
}


@pytest.mark.parametrize("notation", ["partial", "bar"])
@pytest.mark.parametrize("name", sorted(MODELS))
def test_nothing_stands_in_the_way(tmp_path: Path, name: str, notation: str) -> None:
    model, _, asked = MODELS[name].partition(" | ")
    lines = "".join(f"  {line.strip()}\n" for line in model.split(";"))
    ask = f"{{gradients: [{asked}], of: L}}"
    text = f"title: {name}\nnotation: {notation}\nmodel: |\n{lines}parts:\n  - prompt: Do.\n    solve: {ask}\n"
    (tmp_path / "p.yaml").write_text(text)
    outcome = make(Job(tmp_path / "p.yaml", tmp_path / "cache", "a program"))
    told = [*outcome.diagnostics, *(d for r in outcome.reports for p in (r, *r.parts) for d in p.wrong)]
    assert [d.text() for d in told] == [] and outcome.exit_code == 0
