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

from solgen.written.model.lengths import ONE, Length, product
from solgen.written.model.scalar_functions import Number, absolute, is_above, number
from solgen.written.model.statements import Unclear
from solgen.written.model.values import Value, aligned, each, matrix_product, value

Numbers = Sequence[Number]
ArrayFunction = Callable[[Sequence[Value], int | None], Value]
MANY = 0  # any number of arguments


def total(entries: Numbers) -> Number:
    """Σ."""
    return sum(entries, arb(0))


def _largest(entries: Numbers) -> Number:
    return reduce(lambda best, x: x if is_above(x, best) else best, entries)


def _softmax(entries: Numbers) -> Numbers:
    powers = [x.exp() for x in entries]
    return [x / total(powers) for x in powers]


def _logsumexp(entries: Numbers) -> Number:
    return total([x.exp() for x in entries]).log()


def _log_softmax(entries: Numbers) -> Numbers:
    return [x - _logsumexp(entries) for x in entries]


def _reduces(function: Callable[[Numbers], Number]) -> ArrayFunction:
    """Of all entries, or of those along an axis of a matrix; a vector has one axis, which is all entries."""

    def reduced(arguments: Sequence[Value], axis: int | None) -> Value:
        (x,) = arguments
        if axis is None or x.rank < 2:
            return value(function([*x.array.flat]))
        lines = np.moveaxis(x.array, axis, -1)
        found = value(arb(0), x.axes[:axis] + x.axes[axis + 1 :])
        for at in np.ndindex(*found.array.shape):
            found.array[at] = function([*lines[at]])
        return found

    return reduced


def _keeps(function: Callable[[Numbers], Numbers]) -> ArrayFunction:
    """Along an axis, every entry of which gets a value of its own."""

    def kept(arguments: Sequence[Value], axis: int | None) -> Value:
        (x,) = arguments
        lines = np.moveaxis(x.array, axis or 0, -1)
        found = value(arb(0), x.axes)
        places = np.moveaxis(found.array, axis or 0, -1)
        for at in np.ndindex(*lines.shape[:-1]):
            places[at] = function([*lines[at]])
        return found

    return kept


def mean(arguments: Sequence[Value], axis: int | None) -> Value:
    """The sum divided by how many there are."""
    return _reduces(lambda entries: total(entries) / len(entries))(arguments, axis)


def _cross_entropy(arguments: Sequence[Value], axis: int | None) -> Value:
    """−Σ y log p, with p the first argument."""
    return _reduces(total)([each(lambda p, y: -y * p.log(), *arguments)], axis)


def _dot(arguments: Sequence[Value], axis: int | None) -> Value:
    a, b = aligned(arguments)
    return value(total([x * y for x, y in zip(a.array.flat, b.array.flat, strict=True)]))


def _outer(arguments: Sequence[Value], axis: int | None) -> Value:
    a, b = arguments
    return value(a.array[:, None] * b.array[None, :], a.axes + b.axes)


def _diag(arguments: Sequence[Value], axis: int | None) -> Value:
    (v,) = arguments
    found = value(arb(0), v.axes * 2)
    for k, entry in enumerate(v.array):
        found.array[k, k] = entry
    return found


def _diagonal(x: Value) -> list[Number]:
    if x.rank != 2 or x.axes[0] != x.axes[1]:
        raise Unclear("only a square matrix has a diagonal here")
    return [x.array[k, k] for k in range(x.axes[0].count)]


def _matrix(x: Value) -> Any:
    if x.rank != 2 or x.axes[0] != x.axes[1]:
        raise Unclear("the matrix is not square")
    return arb_mat(x.array.tolist())


def _inverse(arguments: Sequence[Value], axis: int | None) -> Value:
    (x,) = arguments
    try:
        return value(np.array(_matrix(x).inv().tolist(), dtype=object), x.axes)
    except ZeroDivisionError as error:
        raise Unclear("the matrix may have no inverse") from error


def _matrix_power(arguments: Sequence[Value], axis: int | None) -> Value:
    x, exponent = arguments
    return reduce(matrix_product, [x] * int(float(exponent.array[()])))


def _kron(arguments: Sequence[Value], axis: int | None) -> Value:
    """Entry (i p + k, j q + l) is A[i, j] B[k, l], with B of shape p × q."""
    a, b = arguments
    blocks = [[x * b.array for x in row] for row in a.array]
    return value(np.block(blocks), (a.axes[0] * b.axes[0], a.axes[1] * b.axes[1]))


def _vec(arguments: Sequence[Value], axis: int | None) -> Value:
    """The columns one under the other."""
    (x,) = arguments
    return value([entry for column in x.array.T for entry in column], (product(x.axes),))


def _row(arguments: Sequence[Value], axis: int | None) -> Value:
    (v,) = arguments
    return Value(v.array.reshape(1, -1), (ONE, *v.axes))


def _col(arguments: Sequence[Value], axis: int | None) -> Value:
    (v,) = arguments
    return Value(v.array.reshape(-1, 1), (*v.axes, ONE))


def _concat(arguments: Sequence[Value], axis: int | None) -> Value:
    """One after the other along an axis, the first where none is said; a number is a vector of one."""
    parts = [x if x.rank else Value(x.array.reshape(1), (ONE,)) for x in arguments]
    along = axis or 0
    axes = [*parts[0].axes]
    axes[along] = reduce(Length.__add__, (x.axes[along] for x in parts))
    if any(x.axes[:along] + x.axes[along + 1 :] != (*axes[:along], *axes[along + 1 :]) for x in parts):
        raise Unclear("sizes beside the joined axis differ")
    return value(np.concatenate([x.array for x in parts], axis=along), tuple(axes))


def _flip(arguments: Sequence[Value], axis: int | None) -> Value:
    (v,) = arguments
    return Value(v.array[::-1], v.axes)


def _conv1d(arguments: Sequence[Value], axis: int | None) -> Value:
    """Σ_k w[k] x[i + k] at i, wherever the window lies within."""
    x, w = (argument.array for argument in arguments)
    (n,), (width,) = (argument.axes for argument in arguments)
    length = n - width + ONE
    return value([total([w[k] * x[i + k] for k in range(len(w))]) for i in range(length.count)], (length,))


def _convfull(arguments: Sequence[Value], axis: int | None) -> Value:
    """Σ_k w[k] g[j − k] at j, wherever both are defined."""
    g, w = (argument.array for argument in arguments)
    (n,), (width,) = (argument.axes for argument in arguments)
    length = n + width - ONE
    places = [[(k, j - k) for k in range(len(w)) if 0 <= j - k < len(g)] for j in range(length.count)]
    return value([total([w[k] * g[m] for k, m in at]) for at in places], (length,))


def _of_matrix(function: Callable[[Value], Number]) -> ArrayFunction:
    return lambda arguments, axis: value(function(arguments[0]))


ALONG = frozenset({"softmax", "log_softmax", "logsumexp", "cross_entropy"})  # along an axis, or per sample

FUNCTIONS_OF_ARRAYS: Mapping[str, tuple[int, ArrayFunction]] = MappingProxyType(
    {
        "sum": (1, _reduces(total)),
        "mean": (1, mean),
        "max": (1, _reduces(_largest)),
        "norm": (1, _reduces(lambda entries: total([x * x for x in entries]).sqrt())),
        "norm1": (1, _reduces(lambda entries: total([absolute(x) for x in entries]))),
        "norm2sq": (1, _reduces(lambda entries: total([x * x for x in entries]))),
        "softmax": (1, _keeps(_softmax)),
        "log_softmax": (1, _keeps(_log_softmax)),
        "logsumexp": (1, _reduces(_logsumexp)),
        "cross_entropy": (2, _cross_entropy),
        "dot": (2, _dot),
        "outer": (2, _outer),
        "diag": (1, _diag),
        "diagpart": (1, lambda arguments, axis: value(_diagonal(arguments[0]), arguments[0].axes[:1])),
        "tr": (1, _of_matrix(lambda x: total(_diagonal(x)))),
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


def eye(n: Length) -> Value:
    """The identity matrix."""
    return _diag([value(arb(1), (n,))], None)


def basis(place: int, n: Length) -> Value:
    """The unit vector with its 1 at a place."""
    return value([number(Fraction(k == place)) for k in range(n.count)], (n,))
