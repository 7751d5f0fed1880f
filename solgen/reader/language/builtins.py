"""Calls of the built-in functions: every public row of the table, and a few constructions of several rows.

A row that is added to the table becomes callable by itself.  A construction takes the call's arguments and says
what they mean in rows: `mean(x)` is a sum over a size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from solgen.expr import applied, arith, build
from solgen.expr.nodes import Expr, Idx, Num, Shape, SizeNum, Sum, rank, shape
from solgen.expr.ops import TABLE, Elementwise, Multilinear, Row, Trait
from solgen.expr.size import ONE, Size

MAX_POWER = 16
MAX_CONCAT = 8
FILLED: Mapping[str, Expr] = MappingProxyType({"ones": arith.ONE, "zeros": arith.ZERO})


class BadCall(ValueError):
    """Arguments that a function does not take; `hint` mends it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def takes_sizes(name: str) -> bool:
    """Whether the arguments are sizes, as of `eye(n)`."""
    row = TABLE.get(name)
    return name in FILLED or (isinstance(row, Multilinear) and row.public and not row.sides)


def of_sizes(name: str, sizes: tuple[Size, ...]) -> Expr:
    """`ones(m, n)`, `zeros(n)`, `eye(n)`."""
    if name in FILLED:
        if not 1 <= len(sizes) <= 2:
            raise BadCall(f"`{name}` takes one or two sizes", f"write `{name}(n)` or `{name}(m, n)`")
        return arith.fill(FILLED[name], sizes)
    row = TABLE[name]
    assert isinstance(row, Multilinear)
    due = len(set(row.index.split("<-")[0].strip()))
    if len(sizes) != due:
        raise BadCall(f"`{name}` takes {due} size{'s' * (due > 1)}, not {len(sizes)}", f"write `{name}(n)`")
    return build.apply(name, params=sizes)


def call_builtin(name: str, args: tuple[Expr, ...], axis: int | None, samples: str) -> Expr:
    """A built-in function applied to values.

    Raises ShapeError where shapes do not conform, BadCall where the number of arguments or an axis is wrong.
    """
    if name in CONSTRUCTIONS:
        return CONSTRUCTIONS[name](args, axis)
    row = TABLE[name]
    if name == "max":
        return _max(args, axis)
    _count(name, row, args)
    if Trait.ALONG_AXIS in row.traits:
        return build.apply(name, *_plain(args), params=_choose_axis(args, axis, samples))
    if axis is not None:
        raise BadCall(f"`{name}` takes no axis", f"write `{name}({', '.join('…' for _ in args)})`")
    if isinstance(row, Elementwise):
        return build.entrywise(name, *args)
    return build.apply(name, *(_plain(build.broadcast(args)) if name == "dot" else _plain(args)))


def over_index(name: str, body: Expr, index: Idx) -> Expr:
    """`sum(z[i], i)` and `mean(z[i], i)`."""
    total = Sum(index, body)
    if name == "sum":
        return total
    return _share(index.size, total)


def _count(name: str, row: Row, args: tuple[Expr, ...]) -> None:
    due = len(row.examples[0].shapes)
    if len(args) != due:
        raise BadCall(
            f"`{name}` takes {due} argument{'s' * (due != 1)}, not {len(args)}", f"it is {row.doc.rstrip('.')}"
        )


def _plain(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """A vector written as a row has the same value."""
    return tuple(map(build.strip_row, args))


def _choose_axis(args: tuple[Expr, ...], axis: int | None, samples: str) -> tuple[int, ...]:
    """The axis of a matrix that softmax and its kin run along; samples: rows means along each row."""
    found = shape(args[0])
    if len(found) < 2:
        if axis not in (None, 0):
            raise BadCall(f"a vector has no axis {axis}", "leave `axis` out")
        return ()
    if axis is not None:
        return (axis,)
    if samples:
        return (1 if samples == "rows" else 0,)
    raise BadCall(
        "this function of a matrix needs an axis",
        "axis=1: within each row; axis=0: within each column; or `samples: rows`",
    )


def _sum(args: tuple[Expr, ...], axis: int | None) -> Expr:
    """The sum of all entries, or over the rows (axis=0) or columns (axis=1) of a matrix."""
    (x,) = _one("sum", args)
    if rank(x) == 0:
        return x
    if rank(x) == 1 or axis is None:
        return applied.sum(build.strip_row(x))
    return applied.sum_along(x, axis)


def _max(args: tuple[Expr, ...], axis: int | None) -> Expr:
    """The largest of all entries, or along an axis of a matrix."""
    if len(args) == 2:
        raise BadCall("`max` takes one array", "of two values, entry by entry, write maximum(a, b)")
    (x,) = _one("max", args)
    return build.apply("max", build.strip_row(x), params=() if axis is None or rank(x) < 2 else (axis,))


def _mean(args: tuple[Expr, ...], axis: int | None) -> Expr:
    """The sum divided by the number of summands."""
    (x,) = _one("mean", args)
    return _share(_product(shape(x) if axis is None or rank(x) < 2 else (shape(x)[axis],)), _sum(args, axis))


def _one(name: str, args: tuple[Expr, ...]) -> tuple[Expr]:
    if len(args) != 1:
        raise BadCall(
            f"`{name}` takes 1 argument, not {len(args)}",
            f"write `{name}(x)`, `{name}(X, axis=0)` or `{name}(z[i], i)`",
        )
    return (args[0],)


def _share(size: Size, total: Expr) -> Expr:
    """total / size, as a factor 1/n in front."""
    return total if size.is_one else arith.mul(arith.div(arith.ONE, SizeNum(size)), total)


def _product(sizes: Shape) -> Size:
    result = ONE
    for size in sizes:
        result = result * size
    return result


def _diag(args: tuple[Expr, ...], axis: int | None) -> Expr:
    if len(args) != 1 or axis is not None:
        raise BadCall("`diag` takes one vector", "write `diag(v)`")
    if rank(args[0]) == 2:
        raise BadCall("`diag` makes a matrix of a vector", "for the diagonal of a matrix write `diagpart(X)`")
    return applied.diag(*_plain(args))


def _matpow(args: tuple[Expr, ...], axis: int | None) -> Expr:
    """The k-th power of a square matrix; k is a whole number, at least 1."""
    match args:
        case (x, Num(value=k)) if axis is None and k.denominator == 1 and 1 <= k <= MAX_POWER:
            return applied.matpow(x, int(k))
        case _:
            raise BadCall(
                "`matpow` takes a matrix and a whole number", f"write `matpow(X, 3)`, the power 1 to {MAX_POWER}"
            )


def _concat(args: tuple[Expr, ...], axis: int | None) -> Expr:
    """Vectors one under the other; matrices below one another (axis=0) or side by side (axis=1)."""
    if not 2 <= len(args) <= MAX_CONCAT:
        raise BadCall(f"`concat` takes 2 to {MAX_CONCAT} arrays, not {len(args)}", "write `concat(a, b)`")
    if rank(args[0]) == 2:
        return build.apply("concat", *args, params=(axis or 0,))
    return build.apply("concat", *(applied.unitem(a) if rank(a) == 0 else a for a in _plain(args)))


def _row_or_col(name: str) -> Callable[[tuple[Expr, ...], int | None], Expr]:
    def construct(args: tuple[Expr, ...], axis: int | None) -> Expr:
        if len(args) != 1 or axis is not None or rank(args[0]) != 1:
            raise BadCall(f"`{name}` takes one vector", f"write `{name}(v)`")
        return build.apply(name, *_plain(args))

    return construct


CONSTRUCTIONS: Mapping[str, Callable[[tuple[Expr, ...], int | None], Expr]] = MappingProxyType(
    {
        "sum": _sum,
        "mean": _mean,
        "diag": _diag,
        "matpow": _matpow,
        "concat": _concat,
        "row": _row_or_col("row"),
        "col": _row_or_col("col"),
    }
)

# A name here may not be given to anything else.
RESERVED = frozenset({*CONSTRUCTIONS, *FILLED, *(name for name, row in TABLE.items() if row.public)})
