"""Random models as text: well-typed lines over the whole language of docs/format.md, section 3.

A shape is a tuple of sizes as a file writes them.  Values stay defined by construction where that is easy; where it is
not, the sampler decides.
"""

from __future__ import annotations

from random import Random

Shape = tuple[str, ...]

SIZES = {"n": 3, "m": 4, "k": 5, "q": 2}
ENTRYWISE = (
    "relu elu sigmoid tanh swish gelu softplus exp sin cos arctan sinh cosh abs sign square step normcdf normpdf f phi"
).split()
SHAPES: tuple[Shape, ...] = (
    (), ("n",), ("m",), ("n", "m"), ("m", "n"), ("n", "n"), ("k", "m"), ("n + 1",), ("n*m",), ("n + m",),
    ("n + m - 1",),
)  # fmt: skip
HEAD = """\
i: Index[n]
j: Index[m]
s: R
u: Unit
t: Label[m]
phi: Elementwise
ell: Loss
e: R[1]
v_n: R[n]
v_m: R[m]
v_k: R[k]
v_q: R[q]
w_n: R[n + 1]
w_m: R[m + 1]
b_n: Binary[n]
g_m: Signs[m]
p_m: Simplex[m]
o_m: OneHot[m]
M_n_m: R[n, m]
M_m_n: R[m, n]
M_n_n: R[n, n]
M_k_m: R[k, m]
M_m_m: Sym[m]
A: Invertible[n]
B: PosDef[n, n]
P: Simplex[n, m]
Y: OneHot[n, m]
x[i]: R[m]
a[i]: R
l[i]: Label[m]
d[i, j]: Positive
f = lambda x: x / (1 + x ** 2)
g = lambda a, b: a * 2 - b  # of two
h[i] = M_m_m @ x[i] + (
    v_m
)
"""


class Texts:
    """One random model."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def text(self, count: int) -> str:
        """The declarations, and so many equations."""
        lines = [f"z{k} = {self.of(self.random.choice(SHAPES), 3)}" for k in range(count)]
        family = f"y[i] = {self.of(self.random.choice(((), ('m',))), 2, 'i')}"
        return HEAD + "\n".join([*lines, family]) + "\n"

    def of(self, shape: Shape, depth: int, index: str = "") -> str:
        """A formula of a shape; `index` may be used in it."""
        if depth == 0:
            return self.leaf(shape, index)
        kinds = [self.arithmetic, (self.scalar, self.vector, self.matrix)[len(shape)]]
        return self.random.choice(kinds)(shape, depth - 1, index)

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def leaf(self, shape: Shape, index: str) -> str:
        match shape:
            case ():
                sampled = (f"a[{index}]", f"x[{index}][l[{index}]]", f"x[{index}, 0]", f"h[{index}][-1]")
                plain = ("s", "u", "0.75", "3", "n", "(m + 1)", "pi", "v_n[0]", "v_m[-1]", "M_n_m[1, t]", "e", "w_n[n]")
                return self.one(*plain, *(sampled if index else ()))
            case ("m",):
                sampled = (f"x[{index}]", f"h[{index}]", "M_n_m.T[:, 1]") if index else ()
                return self.one("v_m", "g_m", "p_m", "o_m", "x[0]", "h[n - 1]", "basis(t, m)", "ones(m)", *sampled)
            case ("n",):
                return self.one("v_n", "b_n", "w_n[0:n]", "w_n[1:]", "w_n[:-1]", "basis(2, n)", "zeros(n)", "v_n.T")
            case ("n + 1",):
                return self.one("w_n", "concat(v_n, s)", "ones(n + 1)")
            case ("n*m",):
                return self.one("vec(M_n_m)", "vec(M_m_n)")
            case ("n + m",):
                return self.one("concat(v_n, v_m)", "concat(v_m, v_n)")
            case ("n + m - 1",):
                return self.one("convfull(v_n, v_m)", "convfull(v_m, v_n)")
            case (one,):
                return f"v_{one}"
            case ("n", "n"):
                return self.one("A", "B", "M_n_n", "eye(n)", "diag(v_n)", "inv(B)", "ones(n, n)")
            case ("n", "m"):
                return self.one("P", "Y", "M_n_m", "M_m_n.T", "outer(v_n, p_m)", "M_n_n[:, 0:1] * row(v_m)")
            case (rows, columns):
                return self.one(f"M_{rows}_{columns}", f"ones({rows}, {columns})")
        raise ValueError(shape)

    def arithmetic(self, shape: Shape, depth: int, index: str) -> str:
        one, other = self.of(shape, depth, index), self.of(shape, depth, index)
        number = self.of((), depth, index)
        choices = [
            f"({one} + {other})", f"({one} - {other})", f"{one} * {other}", f"-{self.braced(one)}",
            f"({number} * {self.braced(one)})", f"({self.braced(one)} / (1 + {self.braced(other)} ** 2))",
            f"{self.braced(one)} ** {self.one('2', '3', '0', '1')}", f"({number} - {self.braced(one)})",
            f"{self.one(*ENTRYWISE)}({one})", f"{self.one('maximum', 'minimum')}({one}, {other})",
            f"leaky_relu({one}, {self.one('0.1', 'u')})", f"g({one}, {other})",
            f"(1 + {self.braced(one)} ** 2) ** {self.one('0.5', '(1/3)', 'u')}", f"log(1 + {self.braced(one)} ** 2)",
            f"arcsin(sin({one}))", f"{self.one('sqrt', 'log')}(cosh({one}))", f"arctanh({self.braced(one)} * 0 + u)",
        ]  # fmt: skip
        return self.random.choice(choices)

    @staticmethod
    def braced(text: str) -> str:
        return f"({text})"

    def scalar(self, shape: Shape, depth: int, index: str) -> str:
        n = self.one("n", "m", "n + 1")
        vector, other = self.of((n,), depth, index), self.of((n,), depth, index)
        matrix = self.of(self.random.choice((("n", "m"), ("n", "n"), ("k", "m"))), depth, index)
        square = self.of(("n", "n"), depth, index)
        reduces = self.one("sum", "mean", "max", "norm", "norm1", "norm2sq")
        return self.random.choice(
            [
                f"{reduces}({vector})", f"{reduces}({matrix})", f"dot({vector}, {other})",
                f"({vector}) @ ({other})", f"logsumexp({vector})", f"({matrix})[{self.one('0', '-1', '1')}, 0]",
                f"tr({square})", f"det({square})", f"logdet(B + {self.one('eye(n)', 'B')})",
                f"sum(x[i] @ ({self.of(('m',), depth, 'i')}), i)", f"mean({self.of((), depth, 'i')} * a[i], i)",
                "sum(sum(d[i, j] * M_n_m[i, j], j), i)", "sum(p_m[j] * M_m_n[j, 1], j)", f"ell({vector})",
                f"cross_entropy(softmax({self.of(('m',), depth, index)}), o_m)", "p_m[t]", f"f({self.leaf((), index)})",
                f"({vector}).T @ {self.braced(other)}", "mean(P[i, l[i]], i)", "norm2sq(mean(x[i], i))",
            ]
        )  # fmt: skip

    def vector(self, shape: Shape, depth: int, index: str) -> str:
        (n,) = shape
        if n not in SIZES:
            return self.leaf(shape, index)
        other = self.one(*(size for size in "nm" if size != n))
        vector, long = self.of((other,), depth, index), self.leaf((n,), index)
        wide, tall = self.matrix_of(n, other, depth, index), self.matrix_of(other, n, depth, index)
        reduces = self.one("sum", "mean", "max", "logsumexp")
        choices = [
            f"({wide}) @ ({vector})", f"({vector}) @ ({tall})", f"({tall}).T @ ({vector})",
            f"{reduces}({wide}, axis={self.one('1', '-1', other)})", f"{reduces}({tall}, axis={self.one('0', other)})",
            f"{self.one('softmax', 'log_softmax')}({self.of(shape, depth, index)})", f"flip({long})",
            f"({tall})[{self.one('0', '-1', '1')}, :]", f"({wide})[:, {self.one('0', '-1')}]", f"({tall})[1]",
            f"conv1d(convfull({long}, {vector}), {vector})", f"cross_entropy(softmax({wide}, axis=1), {wide}, axis=1)",
        ]  # fmt: skip
        if n == "n":
            choices += [f"diagpart({self.of((n, n), depth, index)})", "sum(h[i][0] * x[i][1] * v_n, i)"]
        return self.random.choice(choices)

    def matrix_of(self, rows: str, columns: str, depth: int, index: str) -> str:
        return self.of((rows, columns), depth, index)

    def matrix(self, shape: Shape, depth: int, index: str) -> str:
        rows, columns = shape
        matrix = self.of(shape, depth, index)
        choices = [
            f"softmax({matrix}, axis={self.one('0', '1')})", f"({matrix} * col({self.leaf((rows,), index)}))",
            f"({matrix} - row({self.leaf((columns,), index)}))", f"log_softmax({matrix}, axis=1)",
            f"outer({self.leaf((rows,), index)}, {self.leaf((columns,), index)})",
            f"concat({matrix}, {matrix}, axis=0)[{rows}:2*{rows}, :]",
            f"concat({matrix}, {matrix}, axis=1)[:, :{columns}]",
            f"kron({matrix}, ones(1, 1))", f"col({self.leaf((rows,), index)}) @ row({self.leaf((columns,), index)})",
            f"maximum({matrix}, col({self.leaf((rows,), index)}))",
        ]  # fmt: skip
        if rows != columns:
            choices += [
                f"({matrix} + {self.leaf((rows,), index)})",
                f"({self.leaf((columns,), index)} * {self.braced(matrix)})",
                f"({matrix} / (1 + ({self.leaf((columns,), index)}) ** 2))",
            ]  # fmt: skip
        if rows == columns == "n":
            choices += [f"matpow({matrix}, {self.one('1', '2', '3')})", "inv(A)", f"({matrix}) @ A", f"({matrix}).T"]
        if shape == ("n", "m"):
            choices += [f"M_n_n @ ({matrix})", f"({self.of(('m', 'n'), depth, index)}).T", f"({matrix}) @ M_m_m"]
        return self.random.choice(choices)


def random_model(seed: int, count: int = 6) -> str:
    """A model of so many equations, the same for the same seed."""
    return Texts(seed).text(count)
