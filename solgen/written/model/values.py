"""Values with the names of their axes, and the rules by which two of them meet in one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from solgen.written.model.lengths import AxisLength, Lengths
from solgen.written.model.statements import Unclear

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class BallArray:
    """An array of balls with the length of each axis."""

    array: Array
    axes: Lengths

    @property
    def rank(self) -> int:
        return len(self.axes)


def make_value(entries: Any, axes: Lengths = ()) -> BallArray:
    """Entries as an array over these axes."""
    array = np.empty(tuple(axis.count for axis in axes), dtype=object)
    array[...] = entries
    return BallArray(array, axes)


def each(function: Callable[..., Any], *arguments: BallArray) -> BallArray:
    """A function of numbers, entry by entry, after broadcasting."""
    arrays, axes = _broadcast(arguments)
    spread: Callable[..., Any] = np.frompyfunc(function, nin=len(arrays), nout=1)
    return make_value(spread(*arrays), axes)


def align_values(arguments: Sequence[BallArray]) -> tuple[BallArray, ...]:
    """The arguments, each over all the axes."""
    arrays, axes = _broadcast(arguments)
    return tuple(make_value(array, axes) for array in arrays)


def multiply_matrices(left: BallArray, right: BallArray) -> BallArray:
    """Of matrices and vectors: the last axis of the left against the first of the right."""
    if left.rank not in (1, 2) or right.rank not in (1, 2):
        raise Unclear("@ takes vectors and matrices")
    if left.axes[-1] != right.axes[0]:
        raise Unclear("the inner sizes of @ differ")
    return make_value(np.matmul(left.array, right.array), left.axes[:-1] + right.axes[1:])


def transpose_value(x: BallArray) -> BallArray:
    """The transpose of a matrix; a vector and a number have none."""
    return BallArray(x.array.T, x.axes[::-1])


def _broadcast(arguments: Sequence[BallArray]) -> tuple[list[Array], Lengths]:
    """Arrays that numpy broadcasts, and the axes of the result."""
    if len({argument.axes for argument in arguments}) == 1:
        return [argument.array for argument in arguments], arguments[0].axes
    numbers_apart = [_number(argument) for argument in arguments]
    rank = max(argument.rank for argument in numbers_apart)
    widest = [argument.axes for argument in numbers_apart if argument.rank == rank]
    axes = tuple(next((a for a in along if not a.is_one), along[0]) for along in zip(*widest, strict=True))
    return [_spread(argument, axes) for argument in numbers_apart], axes


def _number(x: BallArray) -> BallArray:
    """R[1] and R[1, 1] mix with others as numbers."""
    return BallArray(x.array.reshape(()), ()) if all(axis.is_one for axis in x.axes) else x


def _spread(x: BallArray, axes: Lengths) -> Array:
    """The array with an axis of size 1 wherever the result has one more.

    What has fewer axes lies along those that bear its dimensions' names.
    """
    if x.rank == len(axes):
        if any(own != axis and not own.is_one for own, axis in zip(x.axes, axes, strict=True)):
            raise Unclear("sizes differ")
        return x.array
    places = [_place(own, axes) for own in x.axes]
    if len(set(places)) < len(places):
        raise Unclear("two axes bear one name")
    order = sorted(range(x.rank), key=lambda k: places[k])
    return x.array.transpose(order).reshape([n.count if k in places else 1 for k, n in enumerate(axes)])


def _place(own: AxisLength, axes: Lengths) -> int:
    fits = [k for k, axis in enumerate(axes) if axis == own]
    if len(fits) != 1:
        raise Unclear(f"a dimension's name is borne by {len(fits)} axes of what it meets")
    return fits[0]
