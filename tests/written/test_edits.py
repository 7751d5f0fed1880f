"""Formulas changed in one place and printed: the reader notices each change of the value."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from solgen.expr.nodes import Apply, Entry, Expr, Num, Var, rank, shape
from solgen.expr.present.presenter import Presenter
from solgen.expr.walk import nodes, substitute
from solgen.render.latex import latex
from solgen.render.terminal import one_line
from solgen.written import SameTree, SameValue, compare_latex, compare_terminal, equal_values, names_of
from tests.written.support import scope
from tests.written.test_reading import SAME as READ

FORMULAS = [formula for _, formula in READ if "[i]" not in formula]
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
h1: R[m]
h2: R[m]
W1: R[m, n]
bf: R[m]
yhat: R[m]
z1prime: R[n]
a: R
b: R
lam: R
k: Label[n]
phi: Elementwise
ell: Loss
"""


def edits(e: Expr) -> Iterator[Expr]:
    """The formula with one thing changed: factors swapped, a ⊤ more or less, a sign, a number, an index, a name."""
    variables = {n for n in nodes(e) if isinstance(n, Var)}
    for node in nodes(e):
        match node:
            case Num(value=value):
                yield substitute(e, {node: Num(value + 1)})
                yield substitute(e, {node: Num(-value or Fraction(3))})
            case Apply("matmul", (a, b), (), to) if shape(a) == shape(b):
                yield substitute(e, {node: Apply("matmul", (b, a), (), to)})
            case Apply("transpose", (a,)) if shape(a) == shape(node):
                yield substitute(e, {node: a})
            case Apply("neg", (a,)):
                yield substitute(e, {node: a})
            case Apply("add", (a, *rest), (), to):
                yield substitute(e, {node: Apply("add", (Apply("neg", (a,), (), to), *rest), (), to)})
            case Apply("mul", (a, b), (), to) if to:
                yield substitute(e, {node: Apply("add", (a, b), (), to)})
            case Apply(op, (a, *rest), params, to) if op in ("tanh", "sigmoid", "exp", "log", "relu"):
                yield substitute(e, {node: Apply("sinh", (a, *rest), params, to)})
            case Entry(array=a, indices=indices) if len(set(shape(a))) == 1 and len(indices) == 2:
                yield substitute(e, {node: Entry(a, indices[::-1])})
            case Var() as v if rank(v) == 2 and len(set(v.shape_)) == 1:
                yield substitute(e, {node: Apply("transpose", (v,), (), v.shape_)})
            case Var() as v:
                others = sorted((w for w in variables if w.shape_ == v.shape_ and w != v), key=lambda w: w.name)
                yield from (substitute(e, {node: w}) for w in others)
            case _:
                pass


def test_what_changes_the_value_is_noticed() -> None:
    equations = "\n".join(f"found_{k} = {formula}" for k, formula in enumerate(FORMULAS))
    found = scope(f"{MODEL}\n{equations}\n")
    presenter, source = Presenter(), random.Random(3)
    changed = unnoticed = 0
    for equation in found.problem.model.equations:
        e = equation.body
        several = list(dict.fromkeys(edits(e)))
        for other in source.sample(several, min(4, len(several))):
            if shape(other) == shape(e) and equal_values(other, e):
                continue
            names, node = names_of([e, other]), presenter.inline(other)
            for verdict in (compare_latex(latex(node), e, names), compare_terminal(one_line(node), e, names)):
                changed += 1
                unnoticed += isinstance(verdict, SameTree | SameValue)
    assert changed > 300
    assert unnoticed == 0
