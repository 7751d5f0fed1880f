"""What the tests of the reader share: the names of a model, and formulas of the model language beside LaTeX."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from solgen.expr.nodes import Adj, Expr
from solgen.model.problem import Problem
from solgen.reader.set_file import read
from solgen.written import Names, Verdict, compare_latex, names_of
from solgen.written.names import Function, Gradient

MODEL = """
x: R[n]
t: R[n]
y: R[m]
v: R[n]
W: R[m, n]
A: R[n, n]
B: R[n, n]
X: R[q, n]
Y: R[q, n]
P: R[q, n]
S: Sym[n]
h1: R[m]
h2: R[m]
W1: R[m, n]
bf: R[m]
yhat: R[m]
z1prime: R[n]
a: R
b: R
lam: R
loss_w: R
dS: R[n, n]
k: Label[n]
phi: Elementwise
ell: Loss
i: Index[N]
u[i]: R[n]
c[i]: R
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """A model's names and formulas."""

    problem: Problem
    names: Names

    def formula(self, name: str) -> Expr:
        return next(q.body for q in self.problem.model.equations if q.var.name == name)


def read_model(model: str, extra: str = "") -> Problem:
    """The problem with this model."""
    text = f"title: T\n{extra}model: |\n{textwrap.indent(textwrap.dedent(model).strip(), '  ')}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.yaml"
        path.write_text(f"{text}parts:\n  - prompt: x\n", encoding="utf-8")
        return read(path).problems[0]


def scope(model: str, gradients: Iterable[Gradient] = ("partial", "nabla"), extra: str = "") -> Scope:
    """The names of a model, and those of its equations."""
    problem = read_model(model, extra)
    found = problem.model
    formulas = [*found.variables.values(), *(q.body for q in found.equations)]
    functions = [Function(f.name, scalar=f.kind != "Loss") for f in found.functions]
    loss = found.output.name if found.output else None
    return Scope(problem, names_of(formulas, problem.latex, gradients, loss, functions=functions))


def scope_with(formula: str, gradients: Iterable[Gradient] = ("partial", "nabla")) -> Scope:
    """The common names, and one equation `found = …`."""
    return scope(f"{MODEL}\nfound = {formula}\n", gradients)


def judge(tex: str, formula: str, as_row: bool = False) -> Verdict:
    """What LaTeX says beside a formula of the model language."""
    found = scope_with(formula)
    return compare_latex(tex, found.formula("found"), found.names, as_row)


def gradient(found: Scope, of: str, wrt: str, twice: bool = False) -> Adj:
    values = found.problem.model.variables
    return Adj(values[of], values[wrt], twice)
