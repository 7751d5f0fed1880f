"""The boxed answers of homework met for the first time, to the letter, each verified: what was once wrong, refused or
longer than in a textbook."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.errors import Refused
from solgen.model.derivation import Derivation, Gradients, Line, Paths, Worked
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.calculus.support import printed

FACTORISATION = """
    M: R[m, n]
    O: Binary[m, n]
    U: R[m, k]
    V: R[n, k]
    lam: Positive
    E = O * (U @ V.T - M)
    L = norm2sq(E) / 2 + lam / 2 * (norm2sq(U) + norm2sq(V))
"""
MIXTURE = """
    x: R[d]
    M: R[K, d]
    w: Simplex[K]
    s: Positive
    a = log(w) - sum((row(x) - M)**2, axis=1) / (2 * s**2)
    L = -logsumexp(a)
"""
POLICY = """
    s: R[d]
    W: R[A, d]
    a: Label[A]
    adv: R
    z = W @ s
    lp = log_softmax(z)
    J = adv * lp[a]
"""
LOGISTIC = """
    X: R[n, d]
    y: Binary[n]
    w: R[d]
    p = sigmoid(X @ w)
    L = -sum(y * log(p) + (1 - y) * log(1 - p)) / n
"""
ENTROPY = """
    z: R[C]
    p = softmax(z)
    H = -sum(p * log(p))
"""
DIVERGENCE = """
    z: R[C]
    q: Simplex[C]
    p = softmax(z)
    M = sum(p * (log(p) - log(q)))
"""
GAUSS = """
    X: R[n, d]
    mu: R[d]
    S: Sym[d]
    K = inv(S)
    D = X - row(mu)
    L = n / 2 * logdet(S) + tr(D @ K @ D.T) / 2
"""
PROCESS = """
    y: R[n]
    X: R[n, d]
    s: Positive
    K = X @ X.T + s * eye(n)
    L = y.T @ inv(K) @ y / 2 + logdet(K) / 2
"""
SMOOTHED = """
    z: R[C]
    y: OneHot[C]
    eps: Unit
    t = (1 - eps) * y + eps / C
    L = cross_entropy(softmax(z), t)
"""
NORMALISED = """
    x: R[n]
    v: Positive
    mu = mean(x)
    r = x - mu
    sigma = sqrt(v + norm2sq(r) / n)
    xhat = r / sigma
"""
RESIDUAL = """
    x: R[d]
    W1: R[d, d]
    W2: R[d, d]
    phi: Elementwise
    h1 = x + phi(W1 @ x)
    h2 = h1 + phi(W2 @ h1)
"""
ATTENTION = """
    q: R[d]
    K: R[n, d]
    V: R[n, v]
    r = K @ q / sqrt(d)
    a = softmax(r)
    o = V.T @ a
"""
HIGHWAY = """
    x: R[d]
    W: R[d, d]
    V: R[d, d]
    T = sigmoid(V @ x)
    H = tanh(W @ x)
    y = T * H + (1 - T) * x
"""
HALVES = """
    x: R[2 * k]
    W: R[k, k]
    a = x[0:k]
    b = x[k:2 * k]
    y = concat(a, a + W @ tanh(b))
"""
SPHERE = """
    q: R[2]
    x = concat(q[0] * cos(q[1]), q[0] * sin(q[1]))
"""
SAMPLES = """
    i: Index[n]
    x[i]: R[d]
    y[i]: R
    w: R[d]
    e[i] = w @ x[i] - y[i]
    L = sum(e[i]**2, i) / (2 * n)
"""

Case = tuple[str, str, tuple[str, ...]]
CASES: dict[str, Case] = {
    "a row with two uses": (
        FACTORISATION,
        "{gradients: 'U[i, :]', form: index}",
        (
            r"dL/dU_{ij} = \lambda U_{ij} + \sum_{u=1}^{n} E_{iu} O_{iu} V_{uj}",
            r"(dL/dU)_{i,:} = \lambda U_{i,:} + Vᵀ(E_{i,:} ⊙ O_{i,:})",
        ),
    ),
    "two paths in index form": (
        "a: R[d]\nb: R[d]\ns = a.T @ b / (norm(a) * norm(b))",
        "{gradients: a, form: index}",
        (r"ds/da_i = \frac{b_i}{u v} - \frac{s a_i}{u^{2}}",),
    ),
    "responsibilities in index form": (
        MIXTURE,
        "{gradients: 'M[k, :]', form: index}",
        (
            r"dL/dM_{ki} = \frac{[softmax(a)]_k(M_{ki} - x_i)}{s^{2}}",
            r"(dL/dM)_{k,:} = \frac{[softmax(a)]_k}{s^{2}}(M_{k,:} - x)",
        ),
    ),
    "a one-hot vector of a label is a Kronecker delta": (
        POLICY,
        "{gradients: 'W[b, :]', form: index}",
        (
            r"dJ/dW_{bi} = adv(\delta_{ba} - [softmax(z)]_b)s_i",
            r"(dJ/dW)_{b,:} = adv(\delta_{ba} - [softmax(z)]_b)s",
        ),
    ),
    "what does not depend on the index stands before the sum": (
        LOGISTIC,
        "{gradients: 'w[k]', form: index}",
        (r"dL/dw_k = \frac{1}{n} \sum_{i=1}^{n}(p_i - y_i)X_{ik}",),
    ),
    "entropy of a softmax": (ENTROPY, "{gradients: z}", (r"dH/dz = -p ⊙(H + \log p)",)),
    "divergence from a softmax": (DIVERGENCE, "{gradients: z}", (r"dM/dz = p ⊙(\log p - \log q - M)",)),
    "the inverse of a symmetric matrix is symmetric": (
        GAUSS,
        "{gradients: [mu, S]}",
        (
            r"dL/d\mu = -K Dᵀ 1_n",
            r"dL/dS = \tfrac{1}{2}(n K - K Dᵀ D K)",
        ),
    ),
    "a Gram matrix is symmetric": (
        PROCESS,
        "{gradients: [K, X]}",
        (
            r"dL/dK = \tfrac{1}{2}(K^{-1} - K^{-1} y yᵀ K^{-1})",
            r"dL/dX = (K^{-1} - K^{-1} y yᵀ K^{-1})X",
        ),
    ),
    "smoothed labels sum to 1": (SMOOTHED, "{gradients: z}", (r"dL/dz = softmax(z)- t",)),
    "deviations from the mean sum to 0": (
        NORMALISED,
        "{jacobian: xhat, wrt: x, form: [index, matrix]}",
        (
            r"d\hat{x}_i/dx_j = \frac{1}{\sigma}(\delta_{ij} - \frac{1}{n} - \frac{\hat{x}_i r_j}{n \sigma})",
            r"d\hat{x}/dx = \frac{1}{\sigma}(I_n - \frac{1}{n} 1_n 1_nᵀ - \frac{1}{n \sigma}\hat{x} rᵀ)",
        ),
    ),
    "residual blocks multiply": (
        RESIDUAL,
        "{jacobian: h2, wrt: x}",
        (
            r"dh_2/dx = (I_d + diag(\phi^{\prime}(u))W_2)(I_d + diag(\phi^{\prime}(r))W_1)",
            r"dh_2/dx = (I_d + diag(\phi^{\prime}(W_2 h_1))W_2)(I_d + diag(\phi^{\prime}(W_1 x))W_1)",
        ),
    ),
    "what two terms share at the end": (
        ATTENTION,
        "{jacobian: o, wrt: q}",
        (r"do/dq = \frac{1}{\sqrt{d}}Vᵀ(diag(a)- a aᵀ)K",),
    ),
    "diagonal matrices meet": (
        HIGHWAY,
        "{jacobian: y, wrt: x}",
        (r"dy/dx = diag((H - x)⊙ T ⊙(1 - T))V + diag(T ⊙(1 - H^{⊙ 2}))W + diag(1 - T)",),
    ),
    "through slices and a concatenation": (
        HALVES,
        "{jacobian: y, wrt: x}",
        (
            r"dy/dx = [[I_k, 0_{k \times k}]; [I_k, W diag(1 - r^{⊙ 2})] ]",
            r"dy/dx = [[I_k, 0_{k \times k}]; [I_k, W diag(1 - \tanh^2(b))] ]",
        ),
    ),
    "polar coordinates": (
        SPHERE,
        "{jacobian: x, wrt: q}",
        (r"dx/dq = [\cos(q_2)e_1ᵀ - q_1 \sin(q_2)e_2ᵀ; \sin(q_2)e_1ᵀ + q_1 \cos(q_2)e_2ᵀ ]",),
    ),
    "squares of samples": (
        SAMPLES,
        "{hessian: L, wrt: w}",
        (r"\frac{\partial^{2} L}{\partial w \partial wᵀ} = \frac{1}{n}\sum_{i=1}^{n} x_i x_iᵀ",),
    ),
    "a family in index form": (
        SAMPLES,
        "{gradients: w, form: [index, batch]}",
        (
            r"dL/dw = \frac{1}{n}Xᵀ e_{all}",
            r"dL/dw_j = \frac{1}{n} \sum_{i=1}^{n} e_i(x_i)_j",
        ),
    ),
    "the second derivative by a number": (
        "z: R\ny: Binary\nL = softplus(z) - y * z",
        "{hessian: L, wrt: z}",
        (r"\frac{\partial^{2} L}{\partial z^{2}} = \sigma(z)(1 - \sigma(z))",),
    ),
    "the 1-norm in entries": (
        "X: R[n, d]\ny: R[n]\nw: R[d]\nL = norm2sq(y - X @ w) / 2 + norm1(w)",
        "{gradients: w, form: index}",
        (r"dL/dw_i = sign(w_i)- \sum_{k=1}^{n} r_k X_{ki}",),
    ),
    "a label in entries": (
        "z: R[C]\ny: Label[C]\nL = logsumexp(z) - z[y]",
        "{gradients: z, form: index}",
        (r"dL/dz_i = \frac{e^{z_i}}{\sum_{s=1}^{C} e^{z_s}} - \delta_{yi}",),
    ),
    "a sum over what does not depend on it is n times it": (
        "x: R[n]\nL = norm2sq(x - mean(x)) / 2",
        "{hessian: L, wrt: x}",
        (r"\frac{\partial^{2} L}{\partial x \partial xᵀ} = I_n - \frac{1}{n} 1_n 1_nᵀ",),
    ),
    "a name that meets itself on its way": (
        "x: R[n]\nW: R[k, n]\nh = W @ x\nr = W.T @ h - x\nL = norm2sq(r) / 2",
        "{gradients: W, form: index}",
        (r"dL/dW_{ij} = r_j h_i +(\sum_{t=1}^{n} W_{it} r_t)x_j",),
    ),
    "an entry counted from the end": ("x: R[n]\nL = norm2sq(x)", "{gradients: 'x[-1]'}", (r"dL/dx_n = 2 x_n",)),
    "a rewriting in entries": (
        "z: R[C]\ny: OneHot[C]\nL = cross_entropy(softmax(z), y)",
        "{rewrite: L, form: both}",
        (
            r"L = logsumexp(z)- yᵀ z",
            r"L = \log \sum_{s=1}^{C} e^{z_s} - \sum_{i=1}^{C} y_i z_i",
        ),
    ),
}


def derivation(model: str, ask: str, extra: str = "") -> Derivation:
    """The derivation of a problem with one question."""
    text = f"title: T\n{extra}model: |\n{textwrap.indent(textwrap.dedent(model).strip(), '  ')}\n"
    text += f"parts:\n  - prompt: x\n    solve: {ask}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.yaml"
        path.write_text(text, encoding="utf-8")
        return derive(read(path).problems[0])


def boxed(found: Derivation) -> tuple[str, ...]:
    """What stands in the frames, one equality a line; of a gradient its last form."""
    lines: list[str] = []
    for content in found.parts[0].contents:
        match content:
            case Gradients(blocks=blocks):
                asked = [b for b in blocks if b.asked]
                lines += (f"{printed(b.symbol)} = {printed((b.value, *b.final)[-1])}" for b in asked)
            case Worked(results=results):
                lines += map(_equality, results)
            case Paths(total=total):
                lines.append(_equality(total))
    return tuple(lines)


def _equality(line: Line) -> str:
    return " = ".join(map(printed, line.chain))


@pytest.mark.parametrize("name", CASES)
def test_what_is_boxed(name: str) -> None:
    model, ask, expected = CASES[name]
    found = derivation(model, ask)
    assert boxed(found) == expected
    checks = verify(found)
    assert not checks.failures and not checks.mutants.survived


@pytest.mark.parametrize(
    ("ask", "reason"), [("{rewrite: x}", "nothing to rewrite"), ("{paths: L, of: L}", "no route leads")]
)
def test_what_has_no_answer_is_refused(ask: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        derivation("x: R[n]\nL = norm2sq(x)", ask)


def test_a_route_that_nobody_could_follow_is_refused() -> None:
    model = "x: R[n]\nh0 = tanh(x)\n" + "\n".join(f"h{k} = tanh(h{k - 1})" for k in range(1, 80)) + "\nL = sum(h79)"
    with pytest.raises(Refused, match="more than 64 stops"):
        derivation(model, "{paths: x}")
