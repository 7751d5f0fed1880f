"""Random well-typed expressions: ranks 0 to 2, distinct sizes, multilinear rows and functions that stay defined.

Variables are positive, so that logarithms and quotients of them are defined; products of small numbers and few levels
keep the values tame.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from solgen.expr.arith import add, div, fill, fn, mul, neg, num, power
from solgen.expr.build import apply, transpose
from solgen.expr.nodes import Apply, Entry, Expr, Idx, Kind, Pi, Shape, SizeNum, Sum, Var
from solgen.expr.size import Size
from tests.calculus.support import PHI

N, M, K = Size.of("n"), Size.of("m"), Size.of("k")
LENGTHS = (N, M, K)
SMOOTH = ("sigmoid", "tanh", "exp", "relu", "step", "square", "swish", "softplus", "abs", "sin")


def variable(to: Shape) -> st.SearchStrategy[Expr]:
    """x, y or z of this shape; vectors may be one-hot, square matrices symmetric, scalars labels' signs."""
    names = "".join(("s", *map(str, to)))
    plain: list[Expr] = [Var(f"{c}{names}", to, Kind.POSITIVE) for c in "xyz"]
    if len(to) == 1:
        plain += [
            Var(f"o{names}", to, Kind.ONEHOT),
            Var(f"g{names}", to, Kind.SIGNS),
            Var(f"b{names}", to, Kind.BINARY),
        ]
    if len(to) == 2 and to[0] == to[1]:
        plain.append(Var(f"q{names}", to, Kind.SYM))
    return st.sampled_from(plain)


def numbers() -> st.SearchStrategy[Expr]:
    values = (0, 1, -1, 2, 3, Fraction(1, 2), Fraction(-3, 4))
    return st.sampled_from([*map(num, values), SizeNum(N), SizeNum(M), SizeNum(N + 1), Pi()])


@st.composite
def expressions(draw: st.DrawFn, to: Shape | None = None, depth: int = 3) -> Expr:
    """An expression of the shape, of at most `depth` operations above its variables."""
    if to is None:
        to = draw(st.sampled_from([(), (N,), (M,), (N, M), (M, N), (N, N)]))
    if depth == 0:
        return draw(variable(to) if to else st.one_of(variable(to), numbers()))
    makers = [_any, (_scalar, _vector, _matrix)[len(to)]]
    return draw(st.sampled_from(makers))(draw, to, depth - 1)


def _any(draw: st.DrawFn, to: Shape, depth: int) -> Expr:
    """What every shape has: arithmetic and elementwise functions."""
    one = lambda s=to: draw(expressions(s, depth))  # noqa: E731
    match draw(st.integers(0, 11)):
        case 0:
            return neg(one())
        case 1 | 2:
            return Apply("add", tuple(one() for _ in range(draw(st.integers(2, 3)))), (), to)
        case 3:
            return mul(one(), one())
        case 4:
            return mul(one(()), one())
        case 5:
            return div(one(), draw(denominators(to)))
        case 6:
            return power(one(), draw(st.sampled_from([2, 3])))
        case 7:
            return fn("log", draw(denominators(to, arrays=True)))
        case 8:
            return Apply("call", (one(),), (PHI,), to)
        case 9:
            return fill(one(()), to)
        case 10:
            return div(num(1), add(num(1), fn("exp", one(())))) if not to else div(one(), draw(variable(to)))
        case _:
            return fn(draw(st.sampled_from(SMOOTH)), one())


@st.composite
def denominators(draw: st.DrawFn, to: Shape, arrays: bool = False) -> Expr:
    """Something positive: a variable, a number, a product of such, an exponential."""
    positive: Expr = Var(f"x{''.join(('s', *map(str, to)))}", to, Kind.POSITIVE)
    scalar: Expr = draw(st.sampled_from([num(2), SizeNum(M), Var("xs", (), Kind.POSITIVE)]))
    shapes = [positive, mul(scalar, positive), power(positive, 2), fn("exp", positive)]
    return draw(st.sampled_from(shapes if arrays else [*shapes, scalar]))


def _scalar(draw: st.DrawFn, to: Shape, depth: int) -> Expr:
    n, m = draw(st.permutations(LENGTHS))[:2]
    one = lambda *s: draw(expressions(s, depth))  # noqa: E731
    match draw(st.integers(0, 7)):
        case 0:
            return apply("dot", one(n), one(n))
        case 1:
            return apply("dot", one(n, m), one(n, m))
        case 2:
            return apply("sum", one(n))
        case 3:
            return apply("sum", one(n, m))
        case 4:
            return apply(draw(st.sampled_from(["norm2sq", "norm", "norm1"])), one(n))
        case 5:
            return apply("tr", one(n, n))
        case 6:
            return apply("logsumexp", one(n))
        case _:
            i = Idx("i", n)
            return Sum(i, mul(one(), Entry(one(n), (i,))))


def _vector(draw: st.DrawFn, to: Shape, depth: int) -> Expr:
    (n,) = to
    m = draw(st.sampled_from([s for s in LENGTHS if s != n]))
    one = lambda *s: draw(expressions(s, depth))  # noqa: E731
    match draw(st.integers(0, 10)):
        case 10:
            i = Idx("i", m)
            return Sum(i, mul(Entry(one(m), (i,)), one(n)))
        case 0 | 1:
            return apply("matvec", one(n, m), one(m))
        case 2:
            return apply("vecmat", one(m), one(m, n))
        case 3:
            return apply("sum_rows", one(m, n))
        case 4:
            return apply("sum_cols", one(n, m))
        case 5:
            return apply("diagpart", one(n, n))
        case 6:
            return apply(draw(st.sampled_from(["softmax", "log_softmax"])), one(n))
        case 7:
            return apply("unrow", apply("row", one(n)))
        case 8:
            return apply("uncol", apply("matmul", one(n, m), apply("col", one(m))))
        case _:
            return transpose(one(n))


def _matrix(draw: st.DrawFn, to: Shape, depth: int) -> Expr:
    n, m = to
    p = draw(st.sampled_from([s for s in LENGTHS if s not in to]))
    one = lambda *s: draw(expressions(s, depth))  # noqa: E731
    square: list[Expr] = []
    if n == m:
        regular = Var(f"r{n}", to, Kind.INVERTIBLE), Var(f"p{n}", to, Kind.POSDEF)
        inverse = apply("inv", draw(st.sampled_from(regular)))
        powers = apply("matpow", one(n, n), params=(draw(st.integers(1, 3)),))
        square = [apply("diag", one(n)), apply("eye", params=(n,)), inverse, regular[0], powers]
    makers = [
        lambda: apply("matmul", one(n, p), one(p, m)),
        lambda: apply("matmul", one(n, m), apply("diag", one(m))),
        lambda: apply("transpose", one(m, n)),
        lambda: apply("outer", one(n), one(m)),
        lambda: apply("rows", one(m), params=(n,)),
        lambda: apply("cols", one(n), params=(m,)),
        lambda: apply("softmax", one(n, m), params=(draw(st.sampled_from([0, 1])),)),
        lambda: apply("matmul", apply("col", one(n)), apply("row", one(m))),
        *(lambda e=e: e for e in square),
    ]
    return draw(st.sampled_from(makers))()
