"""Functions of whole arrays, as docs/format.md, section 3, defines them: sums over entries, written out.

Each takes its arguments and an axis, None for all entries; softmax and its kin are always given one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np
from flint import arb, arb_mat

from solgen.written.model.lengths import ONE, AxisLength, size_product
from solgen.written.model.scalar_functions import Number, absolute, is_above, number
from solgen.written.model.statements import Unclear
from solgen.written.model.values import BallArray, align_values, each, make_value, multiply_matrices

Numbers = Sequence[Number]
ArrayFunction = Callable[[Sequence[BallArray], int | None], BallArray]
MANY = 0  # any number of arguments


def sum_entries(entries: Numbers) -> Number:
    """Σ."""
    return sum(entries, arb(0))


def _largest(entries: Numbers) -> Number:
    return reduce(lambda best, x: x if is_above(x, best) else best, entries)


def _softmax(entries: Numbers) -> Numbers:
    powers = [x.exp() for x in entries]
    return [x / sum_entries(powers) for x in powers]


def _logsumexp(entries: Numbers) -> Number:
    return sum_entries([x.exp() for x in entries]).log()


def _log_softmax(entries: Numbers) -> Numbers:
    return [x - _logsumexp(entries) for x in entries]


def _reduces(function: Callable[[Numbers], Number]) -> ArrayFunction:
    """Of all entries, or of those along an axis of a matrix; a vector has one axis, which is all entries."""

    def reduce(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
        (x,) = arguments
        if axis is None or x.rank < 2:
            return make_value(function([*x.array.flat]))
        lines = np.moveaxis(x.array, axis, -1)
        found = make_value(arb(0), x.axes[:axis] + x.axes[axis + 1 :])
        for at in np.ndindex(*found.array.shape):
            found.array[at] = function([*lines[at]])
        return found

    return reduce


def _keeps(function: Callable[[Numbers], Numbers]) -> ArrayFunction:
    """Along an axis, every entry of which gets a value of its own."""

    def keep(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
        (x,) = arguments
        lines = np.moveaxis(x.array, axis or 0, -1)
        found = make_value(arb(0), x.axes)
        places = np.moveaxis(found.array, axis or 0, -1)
        for at in np.ndindex(*lines.shape[:-1]):
            places[at] = function([*lines[at]])
        return found

    return keep


def mean(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """The sum divided by how many there are."""
    return _reduces(lambda entries: sum_entries(entries) / len(entries))(arguments, axis)


def _cross_entropy(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """−Σ y log p, with p the first argument."""
    return _reduces(sum_entries)([each(lambda p, y: -y * p.log(), *arguments)], axis)


def _dot(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    a, b = align_values(arguments)
    return make_value(sum_entries([x * y for x, y in zip(a.array.flat, b.array.flat, strict=True)]))


def _outer(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    a, b = arguments
    return make_value(a.array[:, None] * b.array[None, :], a.axes + b.axes)


def _diag(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    (v,) = arguments
    found = make_value(arb(0), v.axes * 2)
    for k, entry in enumerate(v.array):
        found.array[k, k] = entry
    return found


def _diagonal(x: BallArray) -> list[Number]:
    if x.rank != 2 or x.axes[0] != x.axes[1]:
        raise Unclear("only a square matrix has a diagonal here")
    return [x.array[k, k] for k in range(x.axes[0].count)]


def _matrix(x: BallArray) -> Any:
    if x.rank != 2 or x.axes[0] != x.axes[1]:
        raise Unclear("the matrix is not square")
    return arb_mat(x.array.tolist())


def _inverse(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    (x,) = arguments
    try:
        return make_value(np.array(_matrix(x).inv().tolist(), dtype=object), x.axes)
    except ZeroDivisionError as error:
        raise Unclear("the matrix may have no inverse") from error


def _matrix_power(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    x, exponent = arguments
    return reduce(multiply_matrices, [x] * int(float(exponent.array[()])))


def _kron(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """Entry (i p + k, j q + l) is A[i, j] B[k, l], with B of shape p × q."""
    a, b = arguments
    blocks = [[x * b.array for x in row] for row in a.array]
    return make_value(np.block(blocks), (a.axes[0] * b.axes[0], a.axes[1] * b.axes[1]))


def _vec(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """The columns one under the other."""
    (x,) = arguments
    return make_value([entry for column in x.array.T for entry in column], (size_product(x.axes),))


def _row(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    (v,) = arguments
    return BallArray(v.array.reshape(1, -1), (ONE, *v.axes))


def _col(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    (v,) = arguments
    return BallArray(v.array.reshape(-1, 1), (*v.axes, ONE))


def _concat(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """One after the other along an axis, the first where none is said; a number is a vector of one."""
    parts = [x if x.rank else BallArray(x.array.reshape(1), (ONE,)) for x in arguments]
    along = axis or 0
    axes = [*parts[0].axes]
    axes[along] = reduce(AxisLength.__add__, (x.axes[along] for x in parts))
    if any(x.axes[:along] + x.axes[along + 1 :] != (*axes[:along], *axes[along + 1 :]) for x in parts):
        raise Unclear("sizes beside the joined axis differ")
    return make_value(np.concatenate([x.array for x in parts], axis=along), tuple(axes))


def _flip(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    (v,) = arguments
    return BallArray(v.array[::-1], v.axes)


def _conv1d(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """Σ_k w[k] x[i + k] at i, wherever the window lies within."""
    x, w = (argument.array for argument in arguments)
    (n,), (width,) = (argument.axes for argument in arguments)
    length = n - width + ONE
    return make_value([sum_entries([w[k] * x[i + k] for k in range(len(w))]) for i in range(length.count)], (length,))


def _convfull(arguments: Sequence[BallArray], axis: int | None) -> BallArray:
    """Σ_k w[k] g[j − k] at j, wherever both are defined."""
    g, w = (argument.array for argument in arguments)
    (n,), (width,) = (argument.axes for argument in arguments)
    length = n + width - ONE
    places = [[(k, j - k) for k in range(len(w)) if 0 <= j - k < len(g)] for j in range(length.count)]
    return make_value([sum_entries([w[k] * g[m] for k, m in at]) for at in places], (length,))


def _of_matrix(function: Callable[[BallArray], Number]) -> ArrayFunction:
    return lambda arguments, axis: make_value(function(arguments[0]))


ALONG = frozenset({"softmax", "log_softmax", "logsumexp", "cross_entropy"})  # along an axis, or per sample

FUNCTIONS_OF_ARRAYS: Mapping[str, tuple[int, ArrayFunction]] = MappingProxyType(
    {
        "sum": (1, _reduces(sum_entries)),
        "mean": (1, mean),
        "max": (1, _reduces(_largest)),
        "norm": (1, _reduces(lambda entries: sum_entries([x * x for x in entries]).sqrt())),
        "norm1": (1, _reduces(lambda entries: sum_entries([absolute(x) for x in entries]))),
        "norm2sq": (1, _reduces(lambda entries: sum_entries([x * x for x in entries]))),
        "softmax": (1, _keeps(_softmax)),
        "log_softmax": (1, _keeps(_log_softmax)),
        "logsumexp": (1, _reduces(_logsumexp)),
        "cross_entropy": (2, _cross_entropy),
        "dot": (2, _dot),
        "outer": (2, _outer),
        "diag": (1, _diag),
        "diagpart": (1, lambda arguments, axis: make_value(_diagonal(arguments[0]), arguments[0].axes[:1])),
        "tr": (1, _of_matrix(lambda x: sum_entries(_diagonal(x)))),
        "det": (1, _of_matrix(lambda x: _matrix(x).det())),
        "logdet": (1, _of_matrix(lambda x: absolute(_matrix(x).det()).log())),
        "inv": (1, _inverse),
        "matpow": (2, _matrix_power),
        "kron": (2, _kron),
        "vec": (1, _vec),
        "row": (1, _row),
        "col": (1, _col),
        "concat": (MANY, _concat),
        "flip": (1, _flip),
        "conv1d": (2, _conv1d),
        "convfull": (2, _convfull),
    }
)


def identity_matrix(n: AxisLength) -> BallArray:
    """The identity matrix."""
    return _diag([make_value(arb(1), (n,))], None)


def unit_vector(place: int, n: AxisLength) -> BallArray:
    """The unit vector with its 1 at a place."""
    return make_value([number(Fraction(k == place)) for k in range(n.count)], (n,))
