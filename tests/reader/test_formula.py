"""What the model language means: formulas as trees, shapes, and the order of products."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from solgen.errors import Diagnostic
from solgen.expr.nodes import Apply, Entry, Expr, Idx, Kind, Num, Pi, SizeNum, Sum, Var, shape
from solgen.expr.ops import TABLE, Callee, Elementwise
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.problem import Problem
from solgen.reader.language.builtins import RESERVED
from solgen.reader.language.model_slips import PYTHON_SLIPS, ModelSlip
from tests.calls import calls_of

Reads = Callable[..., Problem]
Refuses = Callable[..., tuple[Diagnostic, ...]]

DECLARED = """
x: R[n]
y: R[n]
v: R[m]
W: R[m, n]
A: R[n, n]
s: R
t: R[1]
u: R[1, 1]
k: Label[C]
"""


def text(e: Expr) -> str:
    """A formula as a nested call, short enough to compare."""
    match e:
        case Var(name=name, at=at):
            return f"{name}[{', '.join(i.name for i in at if isinstance(i, Idx))}]" if at else name
        case Num(value=value):
            return str(value)
        case Pi():
            return "pi"
        case SizeNum(size=size):
            return f"#{size}"
        case Apply(op=op, args=args):
            return f"{op}({', '.join(map(text, args))})"
        case Entry(array=array, indices=indices):
            return f"{text(array)}[{', '.join(i.name if isinstance(i, Idx | Var) else str(i) for i in indices)}]"
        case Sum(index=index, body=body):
            return f"Σ{index.name}({text(body)})"
    raise AssertionError(e)


FORMULAS = {
    "W @ x": ("matvec(W, x)", "m"),
    "x @ W.T": ("vecmat(x, transpose(W))", "m"),
    "W.T @ W @ x": ("matvec(transpose(W), matvec(W, x))", "n"),
    "(W.T @ W) @ x": ("matvec(matmul(transpose(W), W), x)", "n"),
    "W.T @ W @ A": ("matmul(matmul(transpose(W), W), A)", "n, n"),
    "v.T @ W @ x": ("dot(v, matvec(W, x))", ""),
    "v.T @ W": ("vecmat(v, W)", "n"),
    "v.T @ W @ A": ("vecmat(vecmat(v, W), A)", "n"),
    "x.T @ y": ("dot(x, y)", ""),
    "x @ y": ("dot(x, y)", ""),
    "x.T.T": ("x", "n"),
    "(W @ x).T": ("as_row(matvec(W, x))", "m"),
    "x - y": ("add(x, neg(y))", "n"),
    "-x": ("neg(x)", "n"),
    "-2 * x": ("scale(-2, x)", "n"),
    "x * y": ("mul(x, y)", "n"),
    "x * s": ("scale(s, x)", "n"),
    "x / s": ("div(x, s)", "n"),
    "x + 1": ("add(x, fill(1))", "n"),
    "0.5 * s": ("mul(1/2, s)", ""),
    "1/3 * s": ("mul(1/3, s)", ""),
    "1e-2 * s": ("mul(1/100, s)", ""),
    "x ** 2": ("pow(x, 2)", "n"),
    "x ** -1": ("pow(x, -1)", "n"),
    "x ** s": ("pow(x, s)", "n"),
    "2 ** x": ("pow(2, x)", "n"),
    "-x ** 2": ("neg(pow(x, 2))", "n"),
    "s / n": ("div(s, #n)", ""),
    "n ** 0.5 * s": ("mul(pow(#n, 1/2), s)", ""),
    "pi * s": ("mul(pi, s)", ""),
    "s + t": ("add(s, item(t))", ""),
    "t * u": ("mul(item(t), item(unrow(u)))", ""),
    "W + x": ("add(W, rows(x))", "m, n"),
    "W + v": ("add(W, cols(v))", "m, n"),
    "A + row(x)": ("add(A, rows(x))", "n, n"),
    "A * col(x)": ("mul(A, cols(x))", "n, n"),
    "sum(W)": ("sum(W)", ""),
    "sum(W, axis=0)": ("sum_rows(W)", "n"),
    "sum(W, axis=m)": ("sum_rows(W)", "n"),
    "sum(W, axis=1)": ("sum_cols(W)", "m"),
    "sum(W, axis=-1)": ("sum_cols(W)", "m"),
    "sum(x, axis=0)": ("sum(x)", ""),
    "mean(x)": ("mul(div(1, #n), sum(x))", ""),
    "mean(W)": ("mul(div(1, #m*n), sum(W))", ""),
    "mean(W, axis=0)": ("scale(div(1, #m), sum_rows(W))", "n"),
    "norm(x)": ("norm(x)", ""),
    "norm2sq(W @ x)": ("norm2sq(matvec(W, x))", ""),
    "dot(x, y)": ("dot(x, y)", ""),
    "outer(v, x)": ("outer(v, x)", "m, n"),
    "tr(A)": ("tr(A)", ""),
    "diag(x)": ("diag(x)", "n, n"),
    "diagpart(A)": ("diagpart(A)", "n"),
    "softmax(x)": ("softmax(x)", "n"),
    "softmax(W, axis=1)": ("softmax(W)", "m, n"),
    "logsumexp(W, axis=n)": ("logsumexp(W)", "m"),
    "cross_entropy(x, y)": ("cross_entropy(x, y)", ""),
    "eye(n) @ x": ("matvec(eye(), x)", "n"),
    "ones(m, n) * W": ("mul(fill(1), W)", "m, n"),
    "zeros(n) + x": ("add(fill(0), x)", "n"),
    "maximum(x, 0)": ("maximum(x, 0)", "n"),
    "leaky_relu(x, 0.1)": ("leaky_relu(x, 1/10)", "n"),
    "x[0]": ("pick(x, 0)", ""),
    "x[-1]": ("pick(x, #n - 1)", ""),
    "x[n - 1]": ("pick(x, #n - 1)", ""),
    "W[0, n - 1]": ("pick(pick_row(W, 0), #n - 1)", ""),
    "(W @ x)[0]": ("pick(matvec(W, x), 0)", ""),
    "W[1, :]": ("pick_row(W, 1)", "n"),
    "W[1]": ("pick_row(W, 1)", "n"),
    "W[:, 1]": ("pick_col(W, 1)", "m"),
    "W[:, :]": ("W", "m, n"),
    "W[0:m - 1, :]": ("slice(W)", "m - 1, n"),
    "W[1, 1:]": ("slice(pick_row(W, 1))", "n - 1"),
    "W[1:, 1]": ("slice(pick_col(W, 1))", "m - 1"),
    "x[1:n]": ("slice(x)", "n - 1"),
    "x[:-1]": ("slice(x)", "n - 1"),
    "basis(0, n)": ("basis(0)", "n"),
    "basis(k, C)": ("basis(k)", "C"),
    "matpow(A, 3)": ("matpow(A)", "n, n"),
    "concat(x, y)": ("concat(x, y)", "2*n"),
    "concat(x, s)": ("concat(x, unitem(s))", "n + 1"),
    "concat(W, W, axis=1)": ("concat(W, W)", "m, 2*n"),
    "flip(x)": ("flip(x)", "n"),
    "vec(W)": ("vec(W)", "m*n"),
    "kron(W, A)": ("kron(W, A)", "m*n, n**2"),
    "conv1d(x, v)": ("conv1d(x, v)", "n - m + 1"),
    "inv(A) @ x": ("matvec(inv(A), x)", "n"),
    "logdet(A) + det(A)": ("add(logdet(A), det(A))", ""),
}


@pytest.mark.parametrize("source", FORMULAS)
def test_formulas(source: str, reads: Reads) -> None:
    tree, sizes = FORMULAS[source]
    (equation,) = reads(f"{DECLARED}\nL = {source}").model.equations
    assert text(equation.body) == tree
    assert ", ".join(map(str, equation.var.shape_)) == sizes == ", ".join(map(str, shape(equation.body)))


def test_parameters_of_softmax(reads: Reads) -> None:
    problem = reads(f"{DECLARED}\na = softmax(W, axis=m)\nb = softmax(W, axis=1)\nc = softmax(x)")
    assert [e.body.params for e in problem.model.equations if isinstance(e.body, Apply)] == [(0,), (1,), ()]
    for samples, axis in (("rows", 1), ("columns", 0)):
        problem = reads(f"{DECLARED}\np = softmax(W)", f"samples: {samples}\n")
        assert isinstance(problem.model.equations[0].body, Apply)
        assert problem.model.equations[0].body.params == (axis,)


def test_every_public_row_is_callable(reads: Reads, refuses: Refuses) -> None:
    for name, row in TABLE.items():
        if row.public and isinstance(row, Elementwise):
            (equation,) = reads(f"x: R[n]\ny = {name}({', '.join(['x'] * row.arity)})").model.equations
            assert isinstance(equation.body, Apply) and equation.body.op == name
    assert {name for name, row in TABLE.items() if row.public} <= RESERVED


def test_declarations(reads: Reads) -> None:
    problem = reads(
        """
        a: Positive[n]
        b: OneHot[n, C]
        c: Sym[n]
        d: PosDef[n, n]
        e: R[h, h + d1]
        f: R[n - k + 1]
        g: Label[C]
        phi: Elementwise
        ell: Loss
        y = phi(a)
        L = ell(y)
        """,
        "parameters: [a]\ntargets: b\nconstants: c, d\nsizes: [k < n, {C: 7}]\n",
    )
    model = problem.model
    found = {d.var.name: (d.var.kind, ", ".join(map(str, d.var.shape_)), d.role) for d in model.declarations}
    assert found == {
        "a": (Kind.POSITIVE, "n", "parameter"),
        "b": (Kind.ONEHOT, "n, C", "target"),
        "c": (Kind.SYM, "n, n", "constant"),
        "d": (Kind.POSDEF, "n, n", "constant"),
        "e": (Kind.REAL, "h, d1 + h", "input"),
        "f": (Kind.REAL, "n - k + 1", "input"),
        "g": (Kind.LABEL, "", "input"),
    }
    assert model.declarations[-1].classes == Size.of("C")
    assert [(f.name, f.kind) for f in model.functions] == [("phi", "Elementwise"), ("ell", "Loss")]
    assert model.order == ((Size.of("k"), Size.of("n")),) and model.fixed == {"C": 7}
    assert [text(q.body) for q in model.equations] == ["call(a)", "loss(y)"]


def test_own_functions_are_called_or_written_out(reads: Reads) -> None:
    problem = reads(
        """
        x: R[n]
        beta: R
        act = lambda k: k / (1 + exp(-k))
        scaled = lambda k: beta * k
        quad = lambda a, b: a.T @ b
        twice = lambda k: act(act(k))
        y = act(x)
        z = scaled(x)
        q = quad(x, y)
        r = twice(x)
        """
    )
    bodies = [q.body for q in problem.model.equations]
    assert [text(b) for b in bodies] == ["call(x)", "scale(beta, x)", "dot(x, y)", "call(x)"]
    assert isinstance(bodies[0], Apply)
    (callee,) = bodies[0].params
    assert isinstance(callee, Callee) and callee.parameter == Var("k") and callee.body is not None
    assert text(callee.body) == "div(k, add(1, exp(neg(k))))"
    assert [c.name for c in problem.model.own] == ["act", "twice"]


def test_families_over_samples(reads: Reads) -> None:
    problem = reads(
        """
        i: Index[n]
        x[i]: R[d]
        y[i]: OneHot[C]
        W: R[C, d]
        p[i] = softmax(W @ x[i])
        L = mean(cross_entropy(p[i], y[i]), i)
        g = sum(x[i], i)
        """
    )
    p, total, g = problem.model.equations
    assert p.var.at == (Idx("i", Size.of("n")),) and p.var.shape_ == (Size.of("C"),)
    assert text(p.body) == "softmax(matvec(W, x[i]))"
    assert text(total.body) == "mul(div(1, #n), Σi(cross_entropy(p[i], y[i])))"
    assert shape(g.body) == (Size.of("d"),)


def test_labels_pick_entries(reads: Reads) -> None:
    (equation,) = reads("p: R[C]\nk: Label[C]\nL = -log(p[k])").model.equations
    assert text(equation.body) == "neg(log(pick(p, k)))"


def test_slices_keep_their_bounds(reads: Reads) -> None:
    (equation,) = reads("x: R[n]\nW: R[m, n]\ny = W[1:, 2:n]").model.equations
    assert isinstance(equation.body, Apply)
    assert [f"{a}:{b}" for a, b in equation.body.params] == ["1:m", "2:n"]  # type: ignore[misc]


def test_an_index_letter_makes_an_entry(reads: Reads) -> None:
    (equation,) = reads("i: Index[n]\nx: R[n]\nL = sum(x[i]**2, i)").model.equations
    assert text(equation.body) == "Σi(pow(x[i], 2))"


def test_names_compare_after_nfkc(reads: Reads) -> None:
    (equation,) = reads("ℝ_x: R[n]\nL = norm2sq(R_x)", "latex: {ℝ_x: r}\nparameters: [ℝ_x]\n").model.equations
    assert text(equation.body) == "norm2sq(R_x)"


def test_equal_subexpressions_are_one_object(reads: Reads) -> None:
    problem = reads("x: R[n]\nW: R[n, n]\na = tanh(W @ x) * tanh(W @ x)\nb = tanh(W @ x)")
    distinct = [node for q in problem.model.equations for node in nodes(q.body)]
    assert len({id(n) for n in distinct}) == len(set(distinct))


def test_an_output_of_one_entry_is_a_scalar(reads: Reads) -> None:
    asks = "  - prompt: p\n    solve: {gradients: w}\n"
    model = "w: R[1, n]\nx: R[n]\nt: R[1]\ny = w @ x\nL = relu(y - t)"
    assert reads(model, parts=asks).model.equations[-1].var.shape_ == ()
    assert reads(model).model.equations[-1].var.shape_ == (Size.of(1),)


def test_the_last_equation_may_be_used_by_name_only_later(refuses: Refuses) -> None:
    assert [d.code for d in refuses("x: R[n]\na = b\nb = x\nc = a")] == ["order"]


@pytest.mark.parametrize("slip", PYTHON_SLIPS, ids=lambda s: s.example)
def test_each_slip_of_the_language_has_its_hint(slip: ModelSlip, refuses: Refuses) -> None:
    first = refuses(f"x: R[n]\nW: R[m, n]\nb: R[n]\n{slip.example}")[0]
    placeholder = slip.message.split("{0}")
    assert first.code == "syntax" and all(p in first.message for p in placeholder), first.text()
    assert first.hint and first.span and first.span.line == 6


def test_a_deep_net_is_read_in_linear_time(reads: Reads) -> None:
    def net(layers: int) -> str:
        lines = ["h0: R[n]"]
        for k in range(1, layers + 1):
            lines += [f"W{k}: R[n, n]", f"b{k}: R[n]", f"h{k} = tanh(W{k} @ h{k - 1} + b{k})"]
        return "\n".join([*lines, f"L = norm2sq(h{layers})"])

    def calls(layers: int) -> int:
        text = net(layers)
        assert len(reads(text).model.equations) == layers + 1
        return calls_of(lambda: reads(text))

    assert calls(400) < 9 * calls(50)


def test_decimals_are_exact(reads: Reads) -> None:
    (equation,) = reads("s: R\ny = 0.1 * s").model.equations
    assert isinstance(equation.body, Apply) and equation.body.args[0] == Num(Fraction(1, 10))


def test_a_model_of_too_many_lines_is_refused_where_they_begin_to_be(reads: Reads, refuses: Refuses) -> None:
    def chain(lines: int) -> str:
        return "\n".join(["x: R", "a1 = x", *(f"a{k} = a{k - 1} + x" for k in range(2, lines))])

    assert len(reads(chain(4000)).model.equations) == 3999
    (wrong,) = refuses(chain(4001))
    assert (wrong.code, wrong.message) == ("too-large", "a model of more than 4000 lines")
    assert wrong.span is not None and wrong.source.strip().startswith("a4000 =")
