"""Rows of the operations that move entries about, and of convolution: linear maps, each with its adjoint.

A slice and the padding that undoes it, `vec` and its inverse, a flip and itself, correlation (`conv1d`) and full
convolution: the adjoint of one is another, so derivatives never leave the table.  Positions count from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from solgen.expr.arith import mul
from solgen.expr.nodes import SCALAR, Apply, Expr, Kind, Shape, shape
from solgen.expr.ops.example import GENERIC, RowExample, on
from solgen.expr.ops.presentation import Infix, NamedFunction, Textbook
from solgen.expr.ops.row import Paired, ShapeError
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Between, Form, Lettered, Named
from solgen.expr.size import Size

Params = tuple[Any, ...]
MOST_JOINED = 256  # arguments of one concatenation
Shapes = tuple[Shape, ...]
M, N, P, *_ = GENERIC
ZERO, FIRST, THIRD = Size.of(0), Size.of(1), Size.of(3)  # the bounds of a slice
AT = (Kind.REAL, Kind.LABEL)  # an array and a place in it


def basis(k: Expr, n: Size) -> Expr:
    """The k-th unit vector of n entries."""
    return Apply("basis", (k,), (n,), (n,))


def _outer(a: Expr, b: Expr) -> Expr:
    return Apply("outer", (a, b), (), (shape(a)[0], shape(b)[0]))


def take_slice(x: Expr, bounds: tuple[tuple[Size, Size], ...]) -> Expr:
    """x[a:b] or x[a:b, c:d]."""
    return Apply("slice", (x,), bounds, tuple(b - a for a, b in bounds))


def bounds(e: Apply) -> tuple[tuple[Size, Size], ...]:
    """Where each axis of a slice starts and stops."""
    found: Params = e.params
    return tuple((start, stop) for start, stop in found)


def pad_zeros(x: Expr, bounds: tuple[tuple[Size, Size], ...], to: Shape) -> Expr:
    """x at [a:b] of an array of zeros of shape `to`."""
    return Apply("pad", (x,), (bounds, to), to)


# ---------------------------------------------------------------- shapes


def _slice_shape(shapes: Shapes, params: Params) -> Shape:
    for size, (start, stop) in zip(shapes[0], params, strict=True):
        length, known = (stop - start).constant, (size - stop).constant
        if (start.constant or 0) < 0 or (length is not None and length < 1) or (known is not None and known < 0):
            raise ShapeError(f"the slice {start}:{stop} does not lie within size {size}")
    return tuple(stop - start for start, stop in params)


def _scalar(shapes: Shapes, params: Params) -> Shape:
    _rank(shapes[0], 1)
    return SCALAR


def _rank(found: Shape, wanted: int) -> Shape:
    if len(found) != wanted:
        raise ShapeError(f"needs {'a vector' if wanted == 1 else 'a matrix'}")
    return found


def _vec_shape(shapes: Shapes, params: Params) -> Shape:
    m, n = _rank(shapes[0], 2)
    return (m * n,)


def _concat_shape(shapes: Shapes, params: Params) -> Shape:
    axis = params[0] if params else 0
    if len(shapes) > MOST_JOINED:
        raise ShapeError(f"joins at most {MOST_JOINED} arrays")
    if any(len(s) != len(shapes[0]) for s in shapes) or not shapes[0]:
        raise ShapeError("needs vectors, or matrices, of one rank")
    for k in (k for k in range(len(shapes[0])) if k != axis):
        if any(s[k] != shapes[0][k] for s in shapes):
            raise ShapeError(f"sizes {' and '.join(str(s[k]) for s in shapes)} differ")
    total = sum((s[axis] for s in shapes), Size.of(0))
    return tuple(total if k == axis else n for k, n in enumerate(shapes[0]))


def _kron_shape(shapes: Shapes, params: Params) -> Shape:
    (m, n), (p, q) = _rank(shapes[0], 2), _rank(shapes[1], 2)
    return (m * p, n * q)


def _conv_shape(shapes: Shapes, params: Params) -> Shape:
    (n,), (k,) = _rank(shapes[0], 1), _rank(shapes[1], 1)
    return (n - k + 1,)


def _convfull_shape(shapes: Shapes, params: Params) -> Shape:
    (n,), (k,) = _rank(shapes[0], 1), _rank(shapes[1], 1)
    return (n + k - 1,)


# ---------------------------------------------------------------- values


def _zeros(K: Any, to: tuple[int, ...]) -> Any:
    return K.array(np.full(to, K.number(0), dtype=K.dtype))


def _pad_value(K: Any, params: Params, x: Any) -> Any:
    bounds, to = params
    result = _zeros(K, tuple(to))
    result[tuple(slice(a, b) for a, b in bounds)] = x
    return result


def _basis_value(K: Any, params: Params, k: Any) -> Any:
    result = _zeros(K, (params[0],))
    result[_position(k)] = K.number(1)
    return result


def _position(k: Any) -> int:
    value = k.item() if hasattr(k, "item") else k
    return int(float(value))


def _conv_value(K: Any, params: Params, x: Any, w: Any) -> Any:
    n = len(x) - len(w) + 1
    return sum((w[k] * x[k : k + n] for k in range(1, len(w))), w[0] * x[:n])


def _convfull_value(K: Any, params: Params, g: Any, w: Any) -> Any:
    result = _zeros(K, (len(g) + len(w) - 1,))
    for k in range(len(w)):
        result[k : k + len(g)] = result[k : k + len(g)] + w[k] * g
    return result


def _kron_value(K: Any, params: Params, a: Any, b: Any) -> Any:
    grid = a[:, None, :, None] * b[None, :, None, :]
    return grid.reshape(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])


def _kron_left_value(K: Any, params: Params, y: Any, b: Any) -> Any:
    """Σ_kl Y[(i,k),(j,l)] B[k,l]."""
    grid = y.reshape(y.shape[0] // b.shape[0], b.shape[0], y.shape[1] // b.shape[1], b.shape[1])
    return (grid * b[None, :, None, :]).sum(axis=(1, 3))


def _kron_right_value(K: Any, params: Params, y: Any, a: Any) -> Any:
    """Σ_ij Y[(i,k),(j,l)] A[i,j]."""
    grid = y.reshape(a.shape[0], y.shape[0] // a.shape[0], a.shape[1], y.shape[1] // a.shape[1])
    return (grid * a[:, None, :, None]).sum(axis=(0, 2))


# ---------------------------------------------------------------- adjoints


def _concat_adjoint(k: int) -> Callable[..., Expr]:
    def adjoint(args: tuple[Expr, ...], up: Expr, params: Params) -> Expr:
        axis = params[0] if params else 0
        start = sum((shape(a)[axis] for a in args[:k]), Size.of(0))
        bounds = [(Size.of(0), n) for n in shape(args[k])]
        bounds[axis] = (start, start + shape(args[k])[axis])
        return take_slice(up, tuple(bounds))

    return adjoint


def _via(op: str, to: Callable[[tuple[Expr, ...], Expr], Shape], *order: int | None) -> Callable[..., Expr]:
    """The adjoint that is another row, on the upstream gradient (None) and arguments in the given order."""

    def adjoint(args: tuple[Expr, ...], up: Expr, params: Params) -> Expr:
        target = to(args, up)
        params = target if op in ("kron_left", "kron_right") else ()  # their shape does not follow from the arguments
        return Apply(op, tuple(up if n is None else args[n] for n in order), params, target)

    return adjoint


def _like(n: int) -> Callable[[tuple[Expr, ...], Expr], Shape]:
    return lambda args, up: shape(args[n])


def _unvec(args: tuple[Expr, ...], up: Expr, params: Params) -> Expr:
    return Apply("unvec", (up,), shape(args[0]), shape(args[0]))


STRUCTURE = (
    Paired(
        "slice", 1, shape_rule=_slice_shape, value=lambda K, params, x: x[tuple(slice(a, b) for a, b in params)],
        adjoints=(lambda args, up, params: pad_zeros(up, params, shape(args[0])),), presentation=Textbook.SLICE,
        code={"numpy": "{0}[{bounds}]"}, text="{0}[{bounds}]", doc="A range of entries, v[a:b] or W[a:b, c:d].",
        public=False, rule="slice",
        proof="Entry $i$ of the slice is entry $a + i$ of the array; every other entry has no part in it.",
        traits=Trait.PART | Trait.ONE_SIGN,
        examples=(
            RowExample(((N,),), ((FIRST, THIRD),), generic=False),
            RowExample(((N, P),), ((ZERO, THIRD), (FIRST, P)), generic=False),
        ),
        written=(Form.PART,),
    ),
    Paired(
        "pad", 1, shape_rule=lambda shapes, params: tuple(params[1]), value=_pad_value,
        adjoints=(lambda args, up, params: take_slice(up, params[0]),), presentation=Textbook.PADDED,
        code={"numpy": "_pad({0}, {bounds}, {shape})"}, doc="Zeros around an array: the inverse of a slice.",
        public=False, rule="padding",
        proof="Entry $a + i$ of the result is entry $i$ of the array; the zeros depend on nothing.",
        examples=(RowExample(((THIRD - FIRST,),), (((FIRST, THIRD),), (N,)), generic=False),),
        written=(Form.JOINED,),
    ),
    Paired(
        "pick", 2, shape_rule=_scalar, value=lambda K, params, x, k: x[_position(k)],
        adjoints=(lambda args, up, params: mul(up, basis(args[1], shape(args[0])[0])), None),
        presentation=Textbook.ENTRY, code={"numpy": "{0}[int({1})]"}, text="{0}[{1}]", doc="One entry of a vector.",
        public=False, rule="entry",
        proof=r"$\partial x_a/\partial x_p = \delta_{ap}$, the entries of the unit vector $\mathbf{e}_a$.",
        traits=Trait.PART, picks=0, examples=(on("n, .", kinds=AT),), reads="entry {1} of {0}",
        written=(Form.PART,),
    ),
    Paired(
        "pick_row", 2, shape_rule=lambda shapes, params: (_rank(shapes[0], 2)[1],),
        value=lambda K, params, x, k: x[_position(k), :],
        adjoints=(lambda args, up, params: _outer(basis(args[1], shape(args[0])[0]), up), None),
        presentation=Textbook.ONE_ROW, code={"numpy": "{0}[int({1}), :]"}, text="{0}[{1}, :]",
        doc="One row of a matrix, as a vector.", public=False, rule="row of a matrix",
        proof=r"Row $k$ is $X^\top\mathbf{e}_k$, so the gradient is $\mathbf{e}_k$ times the upstream row.",
        traits=Trait.PART | Trait.ONE_SIGN, picks=0, examples=(on("mn, .", kinds=AT, generic=False),),
        reads="row {1} of {0}",
        written=(Form.PART,),
    ),
    Paired(
        "pick_col", 2, shape_rule=lambda shapes, params: (_rank(shapes[0], 2)[0],),
        value=lambda K, params, x, k: x[:, _position(k)],
        adjoints=(lambda args, up, params: _outer(up, basis(args[1], shape(args[0])[1])), None),
        presentation=Textbook.ONE_COLUMN, code={"numpy": "{0}[:, int({1})]"}, text="{0}[:, {1}]",
        doc="One column of a matrix, as a vector.", public=False, rule="column of a matrix",
        proof=r"Column $k$ is $X\mathbf{e}_k$, so the gradient is the upstream column " r"times $\mathbf{e}_k^\top$.",
        traits=Trait.PART | Trait.ONE_SIGN, picks=1, examples=(on("mn, .", kinds=AT, generic=False),),
        reads="column {1} of {0}",
        written=(Form.PART,),
    ),
    Paired(
        "basis", 1, shape_rule=lambda shapes, params: (params[0],), value=_basis_value, adjoints=(None,),
        presentation=Textbook.BASIS, code={"numpy": "_basis({0}, {size})"}, text="basis({0}, {k})",
        doc="basis(k, n): the k-th unit vector of n entries.", rule="unit vector", proof="It is constant.",
        traits=Trait.ONE_SIGN,
        arguments=("k",), examples=(on(".", N, kinds=AT[1:], generic=False),),
        written=(Lettered(("e", "basis")),),
    ),
    Paired(
        "vec", 1, shape_rule=_vec_shape, value=lambda K, params, x: x.T.reshape(-1), adjoints=(_unvec,),
        presentation=NamedFunction("vec"), code={"numpy": "({0}).T.reshape(-1)"},
        doc="The columns of a matrix, one under the other.",
        means="the vector of the columns, one under the other", rule="vec",
        proof="Vec only moves entries; its inverse moves them back.", examples=(on("mn", generic=False),),
        written=(Named(("vec",)),),
    ),
    Paired(
        "unvec", 1, shape_rule=lambda shapes, params: tuple(params),
        value=lambda K, params, x: x.reshape(params[1], params[0]).T,
        adjoints=(_via("vec", lambda args, up: shape(args[0]), None),),
        presentation=NamedFunction("vec", inverse=True), code={"numpy": "({0}).reshape({shape}[::-1]).T"},
        doc="The matrix whose columns a vector holds.",
        means="the matrix whose columns these are, one after another", public=False,
        rule="inverse of vec", proof="It only moves entries; vec moves them back.",
        examples=(RowExample(((M * N,),), (M, N), generic=False),),
        written=(Named(("vec",), inverse=True), Named(("unvec",))),
    ),
    Paired(
        "flip", 1, shape_rule=lambda shapes, params: _rank(shapes[0], 1), value=lambda K, params, x: x[::-1],
        adjoints=(_via("flip", _like(0), None),), presentation=NamedFunction("flip"), code={"numpy": "({0})[::-1]"},
        doc="The entries of a vector in reverse order.",
        means="the vector of the entries in reverse order", rule="flip",
        proof="A flip is its own inverse and its own transpose.", examples=(on("n", generic=False),),
        written=(Named(("flip",)),),
    ),
    Paired(
        "concat", 0, shape_rule=_concat_shape,
        value=lambda K, params, *xs: np.concatenate(xs, axis=params[0] if params else 0),
        adjoints=tuple(_concat_adjoint(k) for k in range(MOST_JOINED)), presentation=Textbook.JOINED,
        code={"numpy": "np.concatenate([{all}], axis={axis})"},
        doc="Vectors one under the other; matrices along an axis.", rule="concatenation",
        proof="Each argument is a slice of the result.",
        examples=(on("m, n", generic=False), on("mn, pn", 0, generic=False), on("mn, mp", 1, generic=False)),
        written=(Form.JOINED,),
    ),
    Paired(
        "kron", 2, shape_rule=_kron_shape, value=_kron_value,
        adjoints=(_via("kron_left", _like(0), None, 1), _via("kron_right", _like(1), None, 0)),
        presentation=Infix("⊗", loose=True), code={"numpy": "np.kron({0}, {1})"},
        doc="Kronecker product of two matrices.",
        means="the Kronecker product: each entry of the first matrix times the second", rule="Kronecker product",
        proof=r"$(A \otimes B)_{(ik)(jl)} = A_{ij} B_{kl}$; the sum over $k$ and $l$ leaves a matrix over $i$ and $j$.",
        examples=(on("mn, pq", generic=False),), sign=r"\otimes", reads="{0} Kronecker product with {1}",
        written=(Between(("⊗",)),),
    ),
    Paired(
        "kron_left", 2, shape_rule=lambda shapes, params: tuple(params), value=_kron_left_value,
        adjoints=(_via("kron", lambda args, up: shape(args[0]), None, 1), _via("kron_right", _like(1), 0, None)),
        presentation=NamedFunction("tr", index=2), code={"numpy": "_kron_left({0}, {1})"}, text="kron_left({0}, {1})",
        doc="Σ_kl Y_(ik)(jl) B_kl: the blocks of Y weighed by B.",
        means="the matrix of the inner products of the blocks of the first matrix with the second",
        public=False, rule="Kronecker product",
        proof=r"It is the adjoint of $A \mapsto A \otimes B$.",
        examples=(RowExample(((M * N, N * P), (N, P)), (M, N), generic=False),),
        written=(Named(("tr",), index=2),),
    ),
    Paired(
        "kron_right", 2, shape_rule=lambda shapes, params: tuple(params), value=_kron_right_value,
        adjoints=(_via("kron", lambda args, up: shape(args[0]), 1, None), _via("kron_left", _like(1), 0, None)),
        presentation=NamedFunction("tr", index=1), code={"numpy": "_kron_right({0}, {1})"}, text="kron_right({0}, {1})",
        doc="Σ_ij Y_(ik)(jl) A_ij: the blocks of Y added with weights A.",
        means="the sum of the blocks of the first matrix, weighed by the entries of the second",
        public=False, rule="Kronecker product",
        proof=r"It is the adjoint of $B \mapsto A \otimes B$.",
        examples=(RowExample(((M * N, N * P), (M, N)), (N, P), generic=False),),
        written=(Named(("tr",), index=1),),
    ),
    Paired(
        "conv1d", 2, shape_rule=_conv_shape, value=_conv_value,
        adjoints=(_via("convfull", _like(0), None, 1), _via("conv1d", _like(1), 0, None)), presentation=Infix("⋆"),
        code={"numpy": "np.correlate({0}, {1}, 'valid')"}, doc="conv1d(x, w)[i] = Σ_k w[k] x[i+k], without padding.",
        means="the correlation: the inner products of the second vector with the windows of the first",
        rule="correlation",
        proof=(
            r"$\partial y_i/\partial x_j = w_{j-i}$ and $\partial y_i/\partial w_k = x_{i+k}$; summed over $i$ "
            "these are a full convolution and a correlation."
        ),
        examples=(on("n, m", generic=False),), sign=r"\star",
        written=(Between(("⋆",)),),
    ),
    Paired(
        "convfull", 2, shape_rule=_convfull_shape, value=_convfull_value,
        adjoints=(_via("conv1d", _like(0), None, 1), _via("conv1d", _like(1), None, 0)), presentation=Infix("∗"),
        code={"numpy": "np.convolve({0}, {1})"}, doc="convfull(g, w)[j] = Σ_k w[k] g[j−k].",
        means="the full convolution: the coefficients of the product of two polynomials", rule="convolution",
        proof=(
            r"$\partial y_j/\partial g_i = w_{j-i}$ and $\partial y_j/\partial w_k = g_{j-k}$; summed over $j$ "
            r"these are correlations."
        ),
        examples=(on("n, m", generic=False),), sign=r"\ast",
        written=(Between(("∗",)),),
    ),
)  # fmt: skip
