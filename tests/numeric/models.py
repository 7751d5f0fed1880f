"""Forward passes built by hand, for the tests of this room: what a reader would make of a file."""

from __future__ import annotations

from solgen.errors import Span
from solgen.expr.arith import div, fill, fn, mul, neg, num, sub
from solgen.expr.build import apply, matmul, plus, transpose
from solgen.expr.nodes import Apply, Expr, Idx, Kind, SizeNum, Sum, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.model.problem import Ask, Declaration, Equation, FunctionDeclaration, Model, NameRef, Part, Problem

HERE = Span("test.yaml", 1, 1, 2)
C, D, H, K, M, N = (Size.of(s) for s in "Cdhkmn")


def variable(name: str, *shape: Size, kind: Kind = Kind.REAL, at: tuple[Idx, ...] = ()) -> Var:
    return Var(name, tuple(shape), kind, at)


def model(declared: list[Var], equations: list[tuple[Var, Expr]], functions: tuple[str, ...] = ()) -> Model:
    """Declared variables, equations, and functions (`ell` is a loss, anything else elementwise)."""
    return Model(
        declarations=tuple(Declaration(v, "input", HERE) for v in declared),
        functions=tuple(FunctionDeclaration(f, "Loss" if f == "ell" else "Elementwise", HERE) for f in functions),
        equations=tuple(Equation(var, body, HERE) for var, body in equations),
    )


def problem(found: Model, asked: str, of: str = "L") -> Problem:
    """A problem of one part that asks for gradients."""
    names = tuple(NameRef(name, (), HERE) for name in asked.split())
    ask = Ask("gradients", names, HERE, of=NameRef(of, (), HERE))
    return Problem("p", "A problem", "test.yaml", f"{found} {asked}", found, (Part("a", ("x",), HERE, asks=(ask,)),))


def call(name: str, x: Expr) -> Expr:
    return apply("loss" if name == "ell" else "call", x, params=(Callee(name),))


def autoencoder() -> Problem:
    W, x, h, r, L = variable("W", M, N), variable("x", N), variable("h", M), variable("r", N), variable("L")
    loss = div(apply("norm2sq", r), num(2))
    return problem(model([W, x], [(h, matmul(W, x)), (r, sub(matmul(transpose(W), h), x)), (L, loss)]), "W x h")


def residual() -> Problem:
    one = Size.of(1)
    x, t, W1, W2 = variable("x", D), variable("t"), variable("W1", D, D), variable("W2", one, D)
    z1, h, z2, y, L = variable("z1", D), variable("h", D), variable("z2", D), variable("y", one), variable("L")
    steps = [
        (z1, matmul(W1, x)),
        (h, call("phi", z1)),
        (z2, plus(h, x)),
        (y, matmul(W2, z2)),
        (L, div(apply("norm2sq", sub(y, fill(t, (one,)))), num(2))),
    ]
    return problem(model([x, t, W1, W2], steps, ("phi",)), "y W2 z2 h z1 W1 x")


def classifier(asked: str = "Z W b") -> Problem:
    """A batch: softmax of each row, cross-entropy, the mean over samples."""
    X, Y, W, b = variable("X", N, D), variable("Y", N, C, kind=Kind.ONEHOT), variable("W", D, C), variable("b", C)
    Z, P, L = variable("Z", N, C), variable("P", N, C), variable("L")
    losses = apply("cross_entropy", P, Y, params=(1,))
    steps = [
        (Z, plus(matmul(X, W), b)),
        (P, apply("softmax", Z, params=(1,))),
        (L, div(apply("sum", losses), SizeNum(N))),
    ]
    return problem(model([X, Y, W, b], steps), asked)


def probabilities() -> Problem:
    """The same, with the gradient of the probabilities, so that softmax and cross-entropy are two steps."""
    return classifier("P Z W b")


def rectified() -> Problem:
    x, t, A, B = variable("x", D), variable("t", K), variable("A", H, D), variable("B", K, H)
    z, h, L = variable("z", H), variable("h", H), variable("L")
    loss = apply("norm2sq", sub(matmul(B, h), t))
    return problem(model([x, t, A, B], [(z, matmul(A, x)), (h, apply("relu", z)), (L, loss)]), "z A B x")


def samples() -> Problem:
    """An indexed family: a layer on each sample, the mean of the losses."""
    i = Idx("i", N)
    x, y, W, b = variable("x", D, at=(i,)), variable("y", M, at=(i,)), variable("W", M, D), variable("b", M)
    z, h, L = variable("z", M, at=(i,)), variable("h", M, at=(i,)), variable("L")
    loss = div(Sum(i, apply("norm2sq", sub(h, y))), SizeNum(N))
    steps = [(z, plus(matmul(W, x), b)), (h, apply("tanh", z)), (L, loss)]
    return problem(model([x, y, W, b], steps), "z W b")


def own_function() -> Problem:
    """A file's own activation, and a loss that stays a symbol."""
    k = variable("k")
    swish = Callee("swish", 0, k, div(k, plus(num(1), fn("exp", neg(k)))))
    x, W, z, h, L = variable("x", N), variable("W", M, N), variable("z", M), variable("h", M), variable("L")
    steps = [(z, matmul(W, x)), (h, Apply("call", (z,), (swish,), (M,))), (L, call("ell", h))]
    return problem(model([x, W], steps, ("ell",)), "h z W x")


def tempered() -> Problem:
    """A mean of logarithms of sigmoids, with a 1-norm: kinks, a size as a number, a constant 1/3."""
    w, X, y, s, L = (
        variable("w", D),
        variable("X", N, D),
        variable("y", N, kind=Kind.SIGNS),
        variable("s", N),
        variable("L"),
    )
    fit = div(apply("sum", apply("softplus", neg(mul(y, s)))), SizeNum(N))
    return problem(model([w, X, y], [(s, matmul(X, w)), (L, plus(fit, div(apply("norm1", w), num(3))))]), "w s")


ALL = (autoencoder, residual, classifier, probabilities, rectified, samples, own_function, tempered)
