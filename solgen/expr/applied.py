"""The operations that a derivation builds by name, each with its arguments: `applied.matvec(a, v)` is A v.

Shapes are checked as by `build.apply`; a wrong number of arguments or a misspelt name is found by the type checker.
"""

from __future__ import annotations

from solgen.expr.build import apply
from solgen.expr.nodes import Expr
from solgen.expr.ops import Callee
from solgen.expr.size import Size


def sum(x: Expr) -> Expr:
    """Σ x, the sum of all entries."""
    return apply("sum", x)


def sum_rows(x: Expr) -> Expr:
    """Xᵀ1, the sum over the rows."""
    return apply("sum_rows", x)


def sum_cols(x: Expr) -> Expr:
    """X1, the sum over the columns."""
    return apply("sum_cols", x)


def sum_along(x: Expr, axis: int) -> Expr:
    """The sum along an axis of a matrix: over its rows (0) or its columns (1)."""
    return sum_cols(x) if axis else sum_rows(x)


def repeat(v: Expr, n: Size, axis: int) -> Expr:
    """v repeated along an axis: as each of n rows (0) or of n columns (1)."""
    return cols(v, n) if axis else rows(v, n)


def matmul(a: Expr, b: Expr) -> Expr:
    """A B."""
    return apply("matmul", a, b)


def matvec(a: Expr, v: Expr) -> Expr:
    """A v."""
    return apply("matvec", a, v)


def dot(a: Expr, b: Expr) -> Expr:
    """⟨A, B⟩, the sum of the products of all entries."""
    return apply("dot", a, b)


def outer(a: Expr, b: Expr) -> Expr:
    """a bᵀ."""
    return apply("outer", a, b)


def transpose(x: Expr) -> Expr:
    """Xᵀ."""
    return apply("transpose", x)


def diag(v: Expr) -> Expr:
    """diag(v)."""
    return apply("diag", v)


def diagpart(x: Expr) -> Expr:
    """The diagonal of X."""
    return apply("diagpart", x)


def tr(x: Expr) -> Expr:
    """tr X."""
    return apply("tr", x)


def inv(x: Expr) -> Expr:
    """X⁻¹."""
    return apply("inv", x)


def norm2sq(x: Expr) -> Expr:
    """‖x‖²."""
    return apply("norm2sq", x)


def square(x: Expr) -> Expr:
    """x², entry by entry."""
    return apply("square", x)


def log(x: Expr) -> Expr:
    """log x, entry by entry."""
    return apply("log", x)


def sigmoid(x: Expr) -> Expr:
    """σ(x), entry by entry."""
    return apply("sigmoid", x)


def softmax(x: Expr, axis: tuple[object, ...] = ()) -> Expr:
    """softmax(x), of a matrix along an axis."""
    return apply("softmax", x, params=axis)


def logsumexp(x: Expr) -> Expr:
    """log Σ exp(x)."""
    return apply("logsumexp", x)


def norm(x: Expr) -> Expr:
    """‖x‖."""
    return apply("norm", x)


def call(callee: Callee, x: Expr) -> Expr:
    """f(x), entry by entry, of a function that the file names."""
    return apply("call", x, params=(callee,))


def loss_grad(callee: Callee, x: Expr) -> Expr:
    """∇ℓ(x) of a loss that the file leaves open."""
    return apply("loss_grad", x, params=(callee,))


def concat(parts: tuple[Expr, ...], axis: int) -> Expr:
    """Arrays one under the other (0) or side by side (1)."""
    return apply("concat", *parts, params=(axis,))


def exp(x: Expr) -> Expr:
    """exp x, entry by entry."""
    return apply("exp", x)


def rows(v: Expr, m: Size) -> Expr:
    """v as each of m rows: 1 vᵀ."""
    return apply("rows", v, params=(m,))


def cols(v: Expr, n: Size) -> Expr:
    """v as each of n columns: v 1ᵀ."""
    return apply("cols", v, params=(n,))


def row(v: Expr) -> Expr:
    """v as a matrix of one row."""
    return apply("row", v)


def col(v: Expr) -> Expr:
    """v as a matrix of one column."""
    return apply("col", v)


def unrow(x: Expr) -> Expr:
    """The vector behind one row."""
    return apply("unrow", x)


def uncol(x: Expr) -> Expr:
    """The vector behind one column."""
    return apply("uncol", x)


def item(v: Expr) -> Expr:
    """The number behind a vector of one entry."""
    return apply("item", v)


def unitem(s: Expr) -> Expr:
    """A number as a vector of one entry."""
    return apply("unitem", s)


def eye(n: Size) -> Expr:
    """I, of n rows."""
    return apply("eye", params=(n,))


def matpow(x: Expr, k: int) -> Expr:
    """Xᵏ."""
    return apply("matpow", x, params=(k,))


def pick(v: Expr, k: Expr) -> Expr:
    """The entry of v at the position k."""
    return apply("pick", v, k)


def pick_along(x: Expr, k: Expr, axis: int) -> Expr:
    """The row (0) or the column (1) of X at the position k."""
    return pick_col(x, k) if axis else pick_row(x, k)


def pick_row(x: Expr, k: Expr) -> Expr:
    """The row of X at the position k."""
    return apply("pick_row", x, k)


def pick_col(x: Expr, k: Expr) -> Expr:
    """The column of X at the position k."""
    return apply("pick_col", x, k)
