"""The value of a formula over a field: one evaluator for matrix form and index form alike.

A value is an array whose leading axes are its free indices, in the order of their names; the axes of its
shape follow.  So a free index is evaluated for all its values at once, and a batch of perturbed inputs is one
more free index.  Each shared node is evaluated once, children before parents, without recursion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any, assert_never

import numpy as np

from solgen.errors import AtWork
from solgen.expr.nodes import (
    Adj,
    Apply,
    Delta,
    Entry,
    Expr,
    Idx,
    Index,
    Num,
    Pi,
    Position,
    SizeNum,
    Stack,
    Sum,
    Var,
    rank,
)
from solgen.expr.ops import TABLE, Called, Callee, Elementwise, Multilinear, Paired, Special
from solgen.expr.size import Size
from solgen.expr.walk import children, nodes
from solgen.model.problem import derivative_symbol
from solgen.numeric.values.fields import Array, Field, NotExact, Undefined
from solgen.numeric.values.stand_ins import Function, StandInLoss, StandInScalar


@dataclass(frozen=True, slots=True)
class Value:
    """An array with one leading axis for each free index, sorted by name."""

    free: tuple[Idx, ...]
    array: Array

    def along(self, target: tuple[Idx, ...], core: int = -1) -> Array:
        """The array with an axis for each index of `target` (size 1 where it is not free), and `core` further axes."""
        own = self.array.ndim - len(self.free)
        core = own if core < 0 else core
        if self.free == target and own == core:
            return self.array
        assert set(self.free) <= set(target)
        order = sorted(range(len(self.free)), key=lambda k: target.index(self.free[k]))
        moved = self.array.transpose((*order, *range(len(self.free), self.array.ndim)))
        sizes = dict(zip(self.free, self.array.shape, strict=False))
        lead = tuple(sizes.get(i, 1) for i in target)
        return moved.reshape(lead + (1,) * (core - own) + self.array.shape[len(self.free) :])


class Unknown(LookupError):
    """A name or gradient symbol that has no value here: a defect of the derivation, never of a value."""


FORESEEN = (ZeroDivisionError, Undefined, NotExact, Unknown)  # what a row says of the values that it was given


def key_of(symbol: Adj) -> tuple[str, ...]:
    """What a gradient symbol is filed under, whatever its sample indices."""
    names = (symbol.of.name, symbol.wrt.name)
    return (*names, "twice") if symbol.twice else names


def union(*parts: tuple[Idx, ...]) -> tuple[Idx, ...]:
    """The free indices of several values together, sorted by name."""
    return tuple(sorted({i for part in parts for i in part}, key=lambda i: (i.name, str(i.size))))


class Evaluator:
    """Formulas over one field at one point.

    `names` holds the value of each variable (sample axes before its shape), `adjoints` of each gradient
    symbol by the names of its numerator and denominator; None marks a value that is not exact.  Both may
    grow, never change.
    """

    def __init__(
        self,
        field: Field,
        sizes: Mapping[str, int],
        names: Mapping[str, Value | None],
        functions: Mapping[str, Function],
        adjoints: Mapping[tuple[str, ...], Value | None] | None = None,
    ) -> None:
        self.field, self.sizes, self.functions = field, sizes, functions
        self.names: dict[str, Value | None] = dict(names)
        self.adjoints: dict[tuple[str, ...], Value | None] = dict(adjoints or {})
        self.kinks: dict[Expr, set[int]] = {}
        self._memo: dict[Expr, Value] = {}

    def give(self, e: Expr, value: Value) -> None:
        """The value of a part of a formula, which is then not computed."""
        self._memo[e] = value

    def value(self, e: Expr) -> Value:
        """The value of e; raises Undefined, NotExact or Unknown."""
        if e not in self._memo:
            with self.field.working():
                self._fill(e)
        return self._memo[e]

    def _fill(self, e: Expr) -> None:
        """Children before parents; what is known already is not walked again."""
        stack = [(e, False)]
        while stack:
            node, ready = stack.pop()
            if node in self._memo:
                continue
            if ready:
                self._memo[node] = self._node(node)
            else:
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(children(node)))

    def magnitude(self, e: Expr) -> Any:
        """The largest absolute value within e: the scale of the terms that it is made of."""
        values = [self._memo[node] for node in nodes(e) if node in self._memo]
        return max((abs(x) for value in values for x in value.array.flat), default=self.field.number(0), key=float)

    def dimension(self, size: Size) -> int:
        return size.value(self.sizes)

    def _node(self, e: Expr) -> Value:
        match e:
            case Num(value=q):
                return self.constant(q)
            case Position(index=i):
                numbers = [self.field.number(k) for k in range(self.dimension(i.size))]
                return Value((i,), np.array(numbers, dtype=self.field.dtype))
            case SizeNum(size=s):
                return self.constant(Fraction(self.dimension(s)))
            case Pi():
                return Value((), self.field.array(self.field.pi))
            case Var():
                return self._gather(self._look_up(self.names, e.name, e.name), e.at)
            case Adj():
                at = tuple(dict.fromkeys(e.of.at + e.wrt.at))
                return self._gather(self._look_up(self.adjoints, key_of(e), str(derivative_symbol(e))), at)
            case Apply():
                return self._apply(e)
            case Entry():
                return self._gather(self._memo[e.array], e.indices)
            case Delta():
                return self._delta(e)
            case Stack():
                return self._stack(e)
            case Sum():
                return self._sum(e)
            case _:
                assert_never(e)  # type: ignore[arg-type]

    def constant(self, q: Fraction | int) -> Value:
        return Value((), self.field.array(self.field.number(q)))

    def _look_up(self, table: Mapping[Any, Value | None], key: object, text: str) -> Value:
        if key not in table:
            raise Unknown(f"`{text}` has no value here")
        found = table[key]
        if found is None:
            raise NotExact(text)
        return found

    # ------------------------------------------------------------ indices

    def _gather(self, array: Value, indices: tuple[Index, ...]) -> Value:
        """array[indices]: an index symbol becomes a free axis, a position or a label picks."""
        if not indices:
            return array
        labels = [self._label(i) for i in indices if isinstance(i, Var)]
        symbols = tuple(i for i in indices if isinstance(i, Idx))
        free = union(array.free, symbols, *(v.free for v in labels))
        lengths = array.array.shape[len(array.free) :]
        picks = [self._axis(i, free) for i in array.free]
        picks += [self._pick(i, free, length) for i, length in zip(indices, lengths, strict=False)]
        return Value(free, self.field.array(array.array[tuple(picks)]))

    def _axis(self, index: Idx, free: tuple[Idx, ...]) -> Array:
        return Value((index,), np.arange(self.dimension(index.size))).along(free)

    def _label(self, label: Var) -> Value:
        value = self._gather(self._look_up(self.names, label.name, label.name), label.at)
        return Value(
            value.free, np.array([round(float(x)) for x in value.array.flat], dtype=int).reshape(value.array.shape)
        )

    def _pick(self, index: Index, free: tuple[Idx, ...], length: int) -> Any:
        match index:
            case Idx():
                if self.dimension(index.size) != length:
                    raise Unknown(f"index {index.name} runs over {index.size}, the axis has {length}")
                return self._axis(index, free)
            case Size():
                position = np.asarray(self.dimension(index))
            case Var():
                position = self._label(index).along(free)
            case _:
                assert_never(index)
        if (position < 0).any() or (position >= length).any():
            raise Undefined("[]")
        return position.reshape((1,) * len(free)) if position.ndim == 0 else position

    def position(self, index: Index, free: tuple[Idx, ...]) -> Array:
        """The positions that an index takes, with an axis for each of the free indices."""
        match index:
            case Idx():
                return self._axis(index, free)
            case Size():
                return np.asarray(self.dimension(index)).reshape((1,) * len(free))
            case Var():
                return self._label(index).along(free)
            case _:
                assert_never(index)

    def _delta(self, e: Delta) -> Value:
        pair = (e.left, e.right)
        labels = [self._label(i).free for i in pair if isinstance(i, Var)]
        free = union(tuple(i for i in pair if isinstance(i, Idx)), *labels)
        equal = np.asarray(self.position(e.left, free) == self.position(e.right, free))
        return Value(free, self.field.array(np.where(equal, self.field.number(1), self.field.number(0))))

    def _sum(self, e: Sum) -> Value:
        body = self._memo[e.body]
        if e.index not in body.free:
            return Value(body.free, self.field.array(body.array * self.field.number(self.dimension(e.index.size))))
        axis = body.free.index(e.index)
        return Value(tuple(i for i in body.free if i != e.index), self.field.array(body.array.sum(axis=axis)))

    # ------------------------------------------------------------ operations

    def _stack(self, e: Stack) -> Value:
        """The axis of the samples made the first, or the last, of the value itself."""
        body = self._memo[e.body]
        free = tuple(i for i in body.free if i != e.index)
        if e.index not in body.free:
            axis = len(body.free)
            spread = np.repeat(np.expand_dims(body.array, axis), self.dimension(e.index.size), axis=axis)
            body = Value((*body.free, e.index), spread)
        to = body.array.ndim - 1 if e.columns else len(free)
        return Value(free, self.field.array(np.moveaxis(body.array, body.free.index(e.index), to)))

    def _apply(self, e: Apply) -> Value:
        """The value of an operation; whatever its row raises that nobody foresaw is told with its name."""
        try:
            with AtWork(e.op, FORESEEN):
                result = self._result(e, [self._memo[a] for a in e.args])
        except ZeroDivisionError:
            raise Undefined("/") from None
        if self.field.signs:
            self.kinks.setdefault(e, set()).update(self.field.signs)
            self.field.signs.clear()
        self.field.check(result.array, e.op)
        return result

    def _result(self, e: Apply, args: list[Value]) -> Value:
        row = TABLE[e.op]
        match row:
            case Elementwise():
                return self._elementwise(row, args)
            case Multilinear():
                return self._multilinear(row, e, args)
            case Special() | Paired():
                return self._whole(row, self._numbers(e.params), args)
            case Called():
                return self._call(e, args[0])
            case _:
                assert_never(row)

    def _whole(self, row: Special | Paired, params: Any, args: list[Value]) -> Value:
        try:
            return self._each(lambda *xs: row.value(self.field, params, *xs), args)
        except IndexError:  # a position beyond the axis
            raise Undefined("[]") from None

    def _numbers(self, params: object) -> Any:
        """Static parameters with their sizes as numbers."""
        match params:
            case Size():
                return self.dimension(params)
            case tuple():
                return tuple(map(self._numbers, params))
            case _:
                return params

    def _elementwise(self, row: Elementwise, args: list[Value]) -> Value:
        free = union(*(a.free for a in args))
        core = max(a.array.ndim - len(a.free) for a in args)
        return Value(free, self.field.array(row.value(self.field, *(a.along(free, core) for a in args))))

    def _multilinear(self, row: Multilinear, e: Apply, args: list[Value]) -> Value:
        """The index definition as it stands: products of entries, summed over what the result lacks."""
        out, sides = row.letters(tuple(map(rank, e.args)), e.params)
        free = union(*(a.free for a in args))
        number: dict[Idx | str, int] = {}
        fresh = count()
        operands: list[Any] = []
        for a, side in zip(args, sides, strict=True):
            operands += [a.array, [_label_of(x, number, fresh) for x in (*a.free, *side)]]
        wanted = (*free, *dict.fromkeys(out))
        borne = [number[x] for x in wanted if x in number]
        core = self.field.array(np.einsum(*operands, borne) if operands else self.field.number(1))
        # An index of the result that no argument bears: the value is repeated along it.
        core = np.expand_dims(core, tuple(k for k, x in enumerate(wanted) if x not in number))
        sizes = dict(zip(out, map(self.dimension, e.shape_), strict=True))
        full = tuple(sizes.get(x, n) if isinstance(x, str) else n for x, n in zip(wanted, core.shape, strict=True))
        spread = core if core.shape == full else np.broadcast_to(core, full)
        return Value(free, self._on_diagonal(spread, out, len(free)))

    def _on_diagonal(self, x: Array, out: str, lead: int) -> Array:
        """A repeated index of the result (`ii`) is 0 off the diagonal."""
        if len(set(out)) == len(out):
            return x
        n = x.shape[-1]
        full = self.field.array(np.full((*x.shape[:lead], n, n), self.field.number(0), dtype=self.field.dtype))
        diagonal = np.arange(n)
        full[..., diagonal, diagonal] = x
        return full

    def _each(self, function: Any, args: list[Value]) -> Value:
        """`function` of whole arrays, once for every value of the free indices."""
        free = union(*(a.free for a in args))
        if not free:
            return Value((), self.field.array(function(*(a.array for a in args))))
        lead = tuple(self._length(i, args) for i in free)
        spread = [self._lead(a, free, lead) for a in args]
        results = [self.field.array(function(*(s[(*at, ...)] for s in spread))) for at in np.ndindex(*lead)]
        return Value(free, np.stack(results).reshape(lead + results[0].shape))

    def _length(self, index: Idx, args: list[Value]) -> int:
        return next(int(a.array.shape[a.free.index(index)]) for a in args if index in a.free)

    def _lead(self, a: Value, free: tuple[Idx, ...], lead: tuple[int, ...]) -> Array:
        return np.broadcast_to(a.along(free), lead + a.array.shape[len(a.free) :])

    # ------------------------------------------------------------ functions of the file

    def _call(self, e: Apply, x: Value) -> Value:
        callee = e.params[0]
        assert isinstance(callee, Callee)
        if callee.body is not None:
            return self._own(callee, x)
        found = self.functions.get(callee.name)
        match e.op, found:
            case "call", StandInScalar():
                return Value(x.free, self.field.array(found.value(self.field, callee.order, x.array)))
            case "loss", StandInLoss():
                return self._each(lambda y: found.value(self.field, y), [x])
            case "loss_grad", StandInLoss():
                return self._each(lambda y: found.gradient(self.field, y), [x])
            case _:
                raise Unknown(f"the function `{callee.name}` has no value here")

    def _own(self, callee: Callee, x: Value) -> Value:
        """A function with a body: its parameter runs over the entries of x, each axis a free index."""
        assert isinstance(callee.parameter, Var) and callee.body is not None
        core = x.array.shape[len(x.free) :]
        axes = tuple(Idx(f" axis {k}", Size.of(n)) for k, n in enumerate(core))
        order = sorted(range(len(core) + len(x.free)), key=lambda k: union(x.free, axes).index((*x.free, *axes)[k]))
        bound = Value(union(x.free, axes), x.array.transpose(order))
        inner = Evaluator(self.field, self.sizes, {**self.names, callee.parameter.name: bound}, self.functions)
        body = inner.value(callee.body)
        self.kinks.update(inner.kinks)
        free = union(body.free, x.free)
        target = tuple(i for i in free if i not in axes)
        result = body.along((*target, *axes), 0)
        return Value(target, np.broadcast_to(result, (*result.shape[: len(target)], *core)))


def _label_of(x: Idx | str, number: dict[Idx | str, int], fresh: Any) -> int:
    if x not in number:
        number[x] = next(fresh)
    return number[x]
