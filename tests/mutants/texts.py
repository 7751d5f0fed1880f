"""Problem files of this room: each needs rules of the calculus that nothing under problems/ needs."""

from __future__ import annotations

from solgen.expr.arith import add, div, fill, fn, mul, neg, num, power
from solgen.expr.build import apply
from solgen.expr.nodes import Entry, Expr, Idx, Kind, Sum, Var
from solgen.expr.size import Size


def text(model: str, *asks: str, extra: str = "") -> str:
    """A problem file of one part."""
    lines = ["title: Tried", *([extra] if extra else []), "model: |", *(f"  {x.strip()}" for x in model.split(";"))]
    return "\n".join(
        [*lines, "parts:", "  - prompt: Differentiate.", "    solve:", *(f"      - {a}" for a in asks), ""]
    )


FAMILY = "i: Index[n]; x[i]: R[d]; t[i]: R; c[i]: R; W: R[m, d]; w: R[m]; z[i] = W @ x[i]"
BATCHED = "{gradients: [W, w], form: [sample, sum, batch]}"
LOSSES = {
    "inner products": "L = sum((w @ z[i] - t[i])**2, i)",
    "inner products of samples": "L = sum(x[i] @ tanh(x[i]) * (w @ z[i]), i)",
    "squared norms": "L = mean(norm2sq(z[i]) * (w @ z[i]), i)",
    "weights of the samples": "h[i] = c[i] * z[i]; L = mean(norm2sq(h[i] - w), i)",
    "a common weight": "s = norm2sq(w); h[i] = s * z[i]; L = mean(norm2sq(h[i] - w) / 2, i)",
    "a row times a matrix": "h[i] = x[i] @ W.T; L = mean(sum(tanh(h[i] + w)), i)",
    "numbers spread": "h[i] = z[i] + t[i]; L = mean(norm2sq(h[i] * w), i)",
    "a squared number": "r[i] = w @ z[i] - t[i]; L = mean(norm2sq(r[i]), i) + norm2sq(sum(z[i], i))",
}
SMALL = "x: R[n]; y: R[n]; W: R[m, n]; v: R[m]; s: R; r: R"
TEXTS: dict[str, str] = {
    **{
        f"samples in {samples}: {name}": text(f"{FAMILY}; {loss}", asked, extra=f"samples: {samples}")
        for samples in ("rows", "columns")
        for name, loss in LOSSES.items()
        for asked in ((BATCHED, BATCHED.replace("batch", "sum"))[name == "a squared number"],)
    },
    **{
        f"samples that meet: {loss}": text(
            f"{FAMILY.replace('t[i]', 'j: Index[n]; t[i]')}; L = {loss}", "{gradients: [z, W]}"
        )
        for loss in (
            "sum(sum(norm2sq(z[i] - z[j]), j), i)",
            "sum(norm2sq(z[i]), i) + norm2sq(z[0])**2",
            "sum(sum(z[i] @ z[j], j) * norm2sq(z[i]), i)",
        )
    },
    "a softmax written out": text(
        f"{SMALL}; p = exp(W @ x) / sum(exp(W @ x)); L = v @ p", "{gradients: [W, x]}", "{jacobian: p, wrt: x}"
    ),
    "signs in inner products": text(f"{SMALL}; L = (-x) @ y + v @ (-(W @ x))", "{gradients: [x, y, W]}"),
    "forms of an index gradient": text(
        f"{SMALL}; z = W @ x; L = norm2sq(z) / 2 + v @ z",
        "{gradients: W, form: [index, cases, kronecker, entries, matrix]}",
        "{gradients: 'W[k, :]', form: index}",
        "{gradients: 'W[:, k]', form: index}",
        "{gradients: 'W[1, :]', form: matrix}",
        "{gradients: 'x[j]', form: index}",
    ),
    "an index gradient over two uses": text(
        f"{SMALL}; z = W @ x; q = W @ y; L = z @ q", "{gradients: W, form: [index, matrix]}"
    ),
    "a Jacobian by a matrix": text(
        f"{SMALL}; q = tanh(W @ x); u = W @ (x * y)",
        "{jacobian: q, wrt: W}",
        "{jacobian: u, wrt: W, form: index}",
        "{jacobian: u, wrt: x, form: [index, matrix, entries]}",
    ),
    "Jacobians without a matrix form": text(
        "X: R[n, m]; x: R[n]; Y = X * 2; q = softmax(x); h = q * norm(x); k = x / sum(x)",
        "{jacobian: Y, wrt: X}",
        "{jacobian: h, wrt: x, form: [both, index]}",
        "{jacobian: q, wrt: x, form: [index, matrix, kronecker]}",
        "{jacobian: k, wrt: x, form: [cases, kronecker, entries]}",
    ),
    "a Hessian": text(
        "x: R[n]; A: R[n, n]; L = x @ A @ x + sum(exp(x)) + log(sum(exp(x)))",
        "{hessian: L, wrt: x, form: [matrix, index, entries]}",
    ),
    "scalar functions": text(
        "x: R; f = lambda k: k * exp(-k); g = lambda k: tanh(k) + k**2; "
        "h = lambda k: f(k) / (1 + k**2); y = f(x) + g(x) + h(x)",
        *(
            f"{{derivative: {name}}}"
            for name in (
                "f",
                "g",
                "h",
                "elu",
                "sqrt",
                "arctan",
                "softplus",
                "swish",
                "square",
                "normpdf",
                "sigmoid",
                "tanh",
            )
        ),
        "{gradients: x}",
    ),
    "an own function of another": text(
        "x: R[n]; phi: Elementwise; f = lambda k: k * phi(k); h = f(x); L = sum(h)",
        "{gradients: x}",
        "{jacobian: h, wrt: x}",
    ),
    "logarithms": text(
        "x: Positive[n]; y: R[n]; s: Positive; r: Positive; k: Label[n]; "
        "u = log(s / r) + log(s * r**2); a = y @ log(x * s) - log(softmax(y)[k]); L = u + sum(y + x) + a",
        "{rewrite: L}",
        "{gradients: [s, r, x, y]}",
    ),
    "logarithms of a vector": text(
        "x: Positive[n]; y: Positive[n]; s: Positive; L = sum(log(x / y)) + x @ log(y * s)",
        "{rewrite: L}",
        "{gradients: [x, y, s]}",
    ),
    "shapes from one name": text(
        "x: R[n]; W: R[m, n]; b: R[m]; V: R[k, m]; z = W @ x + b; q = V @ z; L = norm2sq(q)",
        "{shapes: [W, b, V, z, q], given: [x]}",
        "{shapes: [x, W]}",
        "parameter_count",
        extra="parameters: [W, b, V]",
    ),
    "shapes of everything": text(
        "x: R[n]; W: R[m, n]; b: R[m]; z = W @ x + b; L = norm2sq(z)",
        "{shapes: [W, b, z, L]}",
        "parameter_count",
        extra="parameters: [W, b]",
    ),
    "axes of size 1": text(
        "a: R[1]; B: R[1, 1]; w: R[1, n]; c: R[n, 1]; x: R[n]; y = w @ x + a; "
        "L = norm2sq(y) + B * sum(w @ c) + sum(c.T @ c)",
        "{gradients: [a, B, w, c, x]}",
    ),
    "many names": text(
        "r: R[n]; u: R[n]; v: R[n]; s: R[n]; q: R[n]; a: R[n]; e: R[n]; g: R[n]; W: R[n, n]; "
        "L = norm2sq(W @ tanh(W @ r + u) + v * s) + norm(W @ (q + a) * e) + norm1(W.T @ tanh(W @ g))",
        "{gradients: [W, r, g, e]}",
    ),
    "routes that are none": text(
        f"{SMALL}; z = W @ x; L = norm2sq(z)",
        "{paths: x, of: L}",
        "{paths: y, of: L}",
        "{gradients: y}",
        "graph",
        "{graph: true, backward: true}",
    ),
}

N, M, ONE = Size.of("n"), Size.of("m"), Size.of(1)
X, Y, V, U = Var("x", (M,)), Var("y", (M,)), Var("v", (N,)), Var("u", (ONE,))
A, B, C, S = Var("A", (M, N)), Var("B", (N, M)), Var("C", (M, N)), Var("S", (M, M))
R, HOT = Var("r", (), Kind.POSITIVE), Var("o", (M,), Kind.ONEHOT)
I = Idx("i", M)  # noqa: E741
ONES = fill(num(1), (M,))


def of(op: str, *args: Expr, params: tuple[object, ...] = ()) -> Expr:
    return apply(op, *args, params=params)


ROWS, COLS, UNIT = of("rows", V, params=(M,)), of("cols", X, params=(N,)), of("eye", params=(M,))
INVERSE = of("inv", S)

# What a rewrite undoes: left sides of rules that no other formula here has.
UNDONE: tuple[Expr, ...] = (
    *(of("transpose", e) for e in (ROWS, COLS, of("row", X), of("col", X), of("outer", X, V), UNIT)),
    of("transpose", add(of("transpose", A), of("transpose", C))),
    of("transpose", of("transpose", A)),
    of("matvec", INVERSE, of("matvec", S, X)),
    of("matvec", S, of("matvec", INVERSE, X)),
    of("matvec", of("col", X), U),
    of("matvec", of("row", X), Y),
    of("matvec", COLS, V),
    of("matvec", ROWS, V),
    of("matvec", of("matmul", A, B), X),
    of("matvec", A, fill(num(1), (N,))),
    of("matmul", ROWS, B),
    of("matmul", COLS, B),
    of("matmul", A, of("rows", X, params=(N,))),
    of("matmul", A, of("cols", V, params=(M,))),
    of("matmul", A, of("matmul", B, S)),
    of("matmul", of("matmul", B, S), S),
    of("matmul", S, of("matmul", S, A)),
    of("matmul", of("matmul", B, INVERSE), S),
    of("matmul", INVERSE, of("matmul", S, A)),
    of("matmul", of("transpose", of("matpow", S, params=(2,))), of("transpose", S)),
    of("matmul", of("col", X), of("row", V)),
    of("dot", ONES, X),
    of("dot", X, ONES),
    of("dot", A, of("outer", X, V)),
    of("outer", X, fill(num(1), (N,))),
    of("outer", ONES, V),
    mul(of("square", X), X),
    *(of("sum", e) for e in (ROWS, COLS, of("outer", X, V), fill(R, (M, N)), of("sum_rows", A), power(A, 2))),
    *(
        of(axis, e)
        for axis in ("sum_rows", "sum_cols")
        for e in (
            ROWS,
            COLS,
            of("matmul", A, B),
            fill(R, (M, N)),
            of("diag", X),
            UNIT,
            of("transpose", A),
            of("outer", X, V),
            of("softmax", A, params=(0,)),
            of("softmax", A, params=(1,)),
        )
    ),
    *(of(op, e) for op in ("tr", "diagpart") for e in (of("diag", X), UNIT, of("transpose", S), of("outer", X, Y))),
    *(
        of(op, of(inverse, e))
        for op, inverse, e in (
            ("item", "unitem", R),
            ("unrow", "row", X),
            ("uncol", "col", X),
        )
    ),
    Sum(I, of("norm2sq", X)),
    Sum(I, Entry(HOT, (I,))),
    Sum(I, mul(R, mul(Entry(X, (I,)), of("sum", Y)))),
    Sum(I, mul(num(0), Entry(X, (I,)))),
    fn("log", div(R, of("norm2sq", X))),
    of("dot", X, fn("log", fill(R, (M,)))),
    of("sum", add(X, Y)),
    div(fn("exp", X), of("sum", fn("exp", X))),
    of("dot", neg(X), Y),
    of("dot", X, neg(Y)),
)
