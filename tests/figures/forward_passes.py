"""Forward passes of homework problems as text, and the graphs that they were asked for."""

import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

from solgen.calculus.derive import derive
from solgen.figures.graph.operations import graph_of, operation_graph
from solgen.model.derivation import GraphAsked
from solgen.model.figure import Graph
from solgen.model.problem import Model, Problem
from solgen.reader.set_file import read
from solgen.render.printer import Printer
from tests.figures.nets import NETS

MODELS: dict[str, str] = {
    "autoencoder": """
        x: R[n]
        W: R[m, n]
        h = W @ x
        xhat = W.T @ h
        r = xhat - x
        L = norm2sq(r) / 2
        """,
    "one formula": """
        x: R[n]
        W: R[m, n]
        L = norm2sq(W.T @ W @ x - x) / 2
        """,
    "residual": """
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
        """,
    "swish net": """
        x: R[n]
        y: OneHot[C]
        W1: R[m, n]
        b1: R[m]
        W2: R[C, m]
        b2: R[C]
        z1 = W1 @ x + b1
        h1 = swish(z1)
        z2 = W2 @ h1 + b2
        p = softmax(z2)
        L = cross_entropy(p, y)
        """,
    "batch": """
        X: R[n, d]
        Y: R[n, k]
        W1: R[d, m]
        b1: R[m]
        c: R[n]
        W2: R[m, k]
        Z1 = X @ W1 + row(b1)
        H = relu(Z1)
        Z2 = H @ W2 + col(c)
        L = norm2sq(Z2 - Y) / n
        """,
    "recurrent": """
        x1: R[d]
        x2: R[d]
        x3: R[d]
        h0: R[m]
        t: R[m]
        W: R[m, m]
        U: R[m, d]
        h1 = tanh(W @ h0 + U @ x1)
        h2 = tanh(W @ h1 + U @ x2)
        h3 = tanh(W @ h2 + U @ x3)
        L = norm2sq(h3 - t) / 2
        """,
    "scalars": """
        a: R
        b: R
        c: R
        d = a * b + c
        e = maximum(d, 0) + 2*c
        L = e**2 / a
        """,
    "two arguments": """
        u: R[n]
        v: R[n]
        s: Positive
        a = maximum(u, v)
        b = a / (1 + v**2)
        g = exp(-u)
        L = dot(b, g) - s**2
        """,
    "own": """
        f = lambda k: k / (1 + exp(-k))
        ell: Loss
        x: R[n]
        W: R[m, n]
        z = W @ x
        h = f(z)
        L = ell(h)
        """,
    "reductions": """
        x: R[n]
        W: R[m, n]
        z = W @ x
        s = sum(z)
        t = mean(z)
        q = dot(x, x)
        L = s*t + q
        """,
    "copies": """
        x: R[n]
        W: R[m, n]
        i = W
        j = W
        h = i @ x
        L = norm2sq(j.T @ h + x)
        """,
    "within one equation": """
        x: R[n]
        A: R[n, n]
        z = x + A @ x
        w = z - 3*x
        L = dot(z, w) + norm2sq(w)/n
        """,
    "several outputs": """
        x: R[n]
        W: R[m, n]
        spare: R[n]
        h = W @ x
        g = tanh(h)
        L = norm2sq(h)
        """,
    "logistic": """
        x: R[n]
        y: Binary
        w: R[n]
        b: R
        lam: R
        s = w @ x + b
        p = sigmoid(s)
        L = -(y*log(p) + (1 - y)*log(1 - p)) + lam*norm2sq(w)/2
        """,
    "entropy": """
        z: R[n]
        p = softmax(z)
        L = -sum(p * log(p))
        """,
    "attention": """
        X: R[n, d]
        WQ: R[d, k]
        WK: R[d, k]
        WV: R[d, k]
        Q = X @ WQ
        K = X @ WK
        V = X @ WV
        A = softmax(Q @ K.T / k**0.5, axis=1)
        L = norm2sq(A @ V)
        """,
}
DEEP = "x: R[n]\nW1: R[n, n]\nb1: R[n]\nh1 = relu(W1 @ x + b1)\n" + "\n".join(
    f"W{i}: R[n, n]\nb{i}: R[n]\nh{i} = relu(W{i} @ h{i - 1} + b{i})" for i in range(2, 7)
)
LARGE = {"six layers": f"{DEEP}\nL = norm2sq(h6)\n"}
PICK = "z: R[C]\nk: Label[C]\np = softmax(z)\nL = -log(p[k]) + z[0]\n"
TEXTS = {**MODELS, **LARGE, **NETS, "pick": PICK}


@dataclass(frozen=True, slots=True)
class Case:
    """A problem that asks for its graph, and what the derivation made of it."""

    problem: Problem
    asked: GraphAsked

    @property
    def model(self) -> Model:
        return self.problem.model

    @property
    def printer(self) -> Printer:
        return Printer(dict(self.problem.latex), self.problem.notation, dialect="mathtext")

    @property
    def graph(self) -> Graph:
        return graph_of(self.asked, self.model, self.printer)

    @property
    def operations(self) -> Graph:
        return operation_graph(self.asked, self.model, self.printer)


def case(name: str, notation: str = "partial", backward: bool = True) -> Case:
    """The named forward pass, derived in a notation."""
    model = textwrap.indent(textwrap.dedent(TEXTS[name]).strip(), "  ")
    roles = {"parameters": "WUb", "targets": "tyY", "constants": ("lam",)}
    lines = [line.split(":") for line in model.splitlines() if ":" in line and "lambda" not in line]
    declared = [name.strip() for name, kind in lines if kind.strip() not in ("Elementwise", "Loss")]
    lists = "".join(
        f"{key}: [{', '.join(n for n in declared if n.startswith(tuple(starts)))}]\n"
        for key, starts in roles.items()
        if any(n.startswith(tuple(starts)) for n in declared)
    )
    text = f"title: {name}\nnotation: {notation}\nmodel: |\n{model}\n{lists}"
    text += f"parts:\n  - prompt: Draw it.\n    solve: {{graph: true, backward: {str(backward).lower()}}}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.yaml")
        path.write_text(text, encoding="utf-8")
        (problem,) = read(path).problems
    (content,) = derive(problem).parts[0].contents
    assert isinstance(content, GraphAsked)
    return Case(problem, content)
