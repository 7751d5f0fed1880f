"""The value of a formula with every symbol free, modulo a prime: nothing is known of a name but its shape.

Each name, gradient and unknown function is an independent random value, and no forward pass is run, so two formulas
that agree here say the same.  No declared fact holds.  By Schwartz and Zippel a polynomial that differs agrees by
chance with probability at most its degree over 2⁶¹.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

import numpy as np

from solgen.expr.nodes import (
    Adj,
    Apply,
    Delta,
    Entry,
    Expr,
    Idx,
    Index,
    Kind,
    Num,
    Pi,
    Position,
    SizeNum,
    Stack,
    Sum,
    Var,
    shape,
)
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import Called, Callee, Elementwise, Multilinear, Paired, Special
from solgen.expr.size import Size
from solgen.written.field import FIELD, fill_array, of_array, random_array, residue, unary

MOST_TERMS = 20_000  # of sums that are added up for one comparison


class TooLong(Exception):
    """Sums within sums with more terms than are added up."""


class NoValue(Exception):
    """A formula has no value at these sizes: a position outside its axis, a pivot that is 0."""


@dataclass(slots=True)
class Valuation:
    """Sizes, places of the free indices, and the values of names so far."""

    sizes: Mapping[str, int]
    at: dict[tuple[str, Size], int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    known: dict[object, Any] = field(default_factory=dict)
    terms: int = 0

    def place_indices(self, free: Sequence[Idx], labels: Sequence[str], places: Sequence[int]) -> None:
        """Where the free indices stand, and after them the labels."""
        self.at = {(i.name, i.size): k % i.size.value(self.sizes) for i, k in zip(free, places, strict=False)}
        self.labels = dict(zip(labels, places[len(free) :], strict=True))

    def value(self, e: Expr) -> Any:
        """The value of a formula; raises Undefined and TooLong."""
        try:
            return self._value(e)
        except (IndexError, KeyError, ZeroDivisionError, StopIteration, ValueError) as none:
            raise NoValue(str(none)) from none

    def _value(self, e: Expr) -> Any:
        match e:
            case Num(value=value):
                return residue(value.numerator) / residue(value.denominator)
            case Pi():
                return FIELD.pi
            case SizeNum(size=n):
                return residue(n.value(self.sizes))
            case Position(index=i):
                return self.place(i)
            case Var(kind=Kind.LABEL):
                return self._label(e)
            case Var():
                return self._free(("var", e.name, self._places(e.at)), e)
            case Adj(of=of, wrt=wrt, twice=twice):
                key = ("gradient", of.name, self._places(of.at), wrt.name, self._places(wrt.at), twice)
                return self._free(key, e)
            case Entry(array=a, indices=indices):
                return self._value(a)[self._places(indices)]
            case Delta(left=i, right=j):
                return residue(int(self.place(i) == self.place(j)))
            case Sum(index=i, body=body):
                return sum(self._each(i, body))
            case Stack(index=i, body=body, columns=columns):
                return np.stack([np.asarray(v, dtype=object) for v in self._each(i, body)], axis=-1 if columns else 0)
            case Apply():
                return self._apply(e)
            case _:
                assert_never(e)  # type: ignore[arg-type]

    # ---------------------------------------------------------------- names and places

    def _free(self, key: object, e: Expr) -> Any:
        axes = self.numbers(shape(e))
        found = self.known.get((key, axes))
        if found is None:
            found = self.known[key, axes] = random_array((key, axes), axes)
        return found

    def _label(self, v: Var) -> int:
        """The class that a label is; of a sample, another one for the next sample."""
        return (self.labels.get(v.name, 0) + sum(self._places(v.at))) % min(self.sizes.values(), default=2)

    def place(self, i: Index) -> int:
        """Where an index stands, counted from 0."""
        match i:
            case Idx(name=name, size=size):
                return self.at[name, size]
            case Size():
                found = i.value(self.sizes)
                if found < 0:
                    raise IndexError(f"{i} is no place")
                return found
            case Var():
                return self._label(i)
            case _:
                assert_never(i)

    def _places(self, indices: tuple[Index, ...]) -> tuple[int, ...]:
        return tuple([self.place(i) for i in indices])

    def _each(self, i: Idx, body: Expr) -> list[Any]:
        """The values of a body at every place of an index."""
        key, found = (i.name, i.size), []
        self.terms += i.size.value(self.sizes)
        if self.terms > MOST_TERMS:
            raise TooLong
        before = self.at.get(key)
        for k in range(i.size.value(self.sizes)):
            self.at[key] = k
            found.append(self._value(body))
        if before is None:
            self.at.pop(key, None)
        else:
            self.at[key] = before
        return found

    def numbers(self, sizes: tuple[Size, ...]) -> tuple[int, ...]:
        found = tuple([n.value(self.sizes) for n in sizes])
        if any(n < 1 for n in found):
            raise IndexError("an axis without entries")
        return found

    # ---------------------------------------------------------------- operations

    def _apply(self, e: Apply) -> Any:
        row = TABLE[e.op]
        places = row.examples[0].kinds if isinstance(row, Paired) else ()
        args = [
            self._position(a) if places[k : k + 1] == (Kind.LABEL,) else self._value(a) for k, a in enumerate(e.args)
        ]
        match row:
            case Elementwise():
                return row.value(FIELD, *args)
            case Multilinear():
                return self._contract(row, e, args)
            case Special() | Paired() if row.name == "attains":
                return unary((e.op, e.params), args[0]) * of_array(e.op, args[0])
            case Special() | Paired():
                return row.value(FIELD, self._numbers_in(e.params), *args)
            case Called():
                return self._call(row, e, args[0])
            case _:
                assert_never(row)

    def _position(self, e: Expr) -> int:
        """The value of an argument that is a place."""
        match e:
            case Position(index=i):
                return self.place(i)
            case Var():
                return self._label(e)
            case SizeNum(size=n):
                return n.value(self.sizes)
            case Num(value=value):
                return int(value)
            case _:
                raise ValueError("a place that is computed")

    def _call(self, row: Called, e: Apply, x: Any) -> Any:
        callee = e.params[0]
        assert isinstance(callee, Callee)
        if row.scalar:
            return of_array(callee.name, x)
        if e.op == "call":
            known = TABLE.get(callee.name) if callee.body is None and callee.order == 0 else None
            return known.value(FIELD, x) if isinstance(known, Elementwise) else unary((callee.name, callee.order), x)
        return unary((callee.name, "gradient"), x) * of_array(callee.name, x)

    def _numbers_in(self, params: Any) -> Any:
        """Parameters with their sizes as numbers."""
        if isinstance(params, tuple):
            return tuple(self._numbers_in(p) for p in params)
        return params.value(self.sizes) if isinstance(params, Size) else params

    def _contract(self, row: Multilinear, e: Apply, args: list[Any]) -> Any:
        """The product of entries, summed over the indices that the result lacks."""
        ranks = tuple(len(shape(a)) for a in e.args)
        out, sides = row.letters(ranks, e.params)
        operands = [_squeeze(a, side) for a, side in zip(args, sides, strict=True)]
        kept = "".join(dict.fromkeys(c for c in out if c != "1"))
        borne = "".join(c for c in kept if any(c in side for side in sides))
        axes = dict(zip(out, self.numbers(e.shape_), strict=True))
        result = _einsum([side.replace("1", "") for side in sides], borne, operands)
        if borne != kept:
            result = _spread(result, [axes[c] if c not in borne else -1 for c in kept])
        if len(kept) != len(out.replace("1", "")):
            result = _on_diagonal(result)
        return np.reshape(result, self.numbers(e.shape_)) if "1" in out else result


def _squeeze(value: Any, side: str) -> Any:
    """The array without its axes of size 1."""
    if "1" not in side:
        return value
    kept = tuple(n for n, c in zip(value.shape, side, strict=True) if c != "1")
    return np.reshape(value, kept) if kept else value.reshape(-1)[0]


def _einsum(sides: list[str], out: str, operands: list[Any]) -> Any:
    arrays = [(s, o) for s, o in zip(sides, operands, strict=True) if s]
    factor = residue(1)
    for side, operand in zip(sides, operands, strict=True):
        if not side:
            factor = factor * operand
    if not arrays:
        return factor
    if [s for s, _ in arrays] == [out]:
        result = arrays[0][1]
    elif len(arrays) == 2 and len(arrays[0][0]) < 3 and arrays[0][0][-1] == arrays[1][0][0] != "":
        result = _as_product(arrays, out)
    else:
        result = np.einsum(f"{','.join(s for s, _ in arrays)}->{out}", *(o for _, o in arrays))
    result = result if out else _single(result)
    return result * factor if len(arrays) < len(operands) else result


def _as_product(arrays: list[tuple[str, Any]], out: str) -> Any:
    (left, a), (right, b) = arrays
    if out == left[:-1] + right[1:] and left[-1] not in out:
        return a @ b
    return np.einsum(f"{left},{right}->{out}", a, b)


def _single(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) else value


def _spread(value: Any, axes: list[int]) -> Any:
    """The value repeated along new axes; −1 stands for an axis that it has."""
    own = iter(np.shape(value))
    old = [next(own) if n < 0 else 1 for n in axes]
    whole = tuple(o if n < 0 else n for n, o in zip(axes, old, strict=True))
    if not isinstance(value, np.ndarray):
        return fill_array(whole, lambda: value)
    return np.broadcast_to(value.reshape(old), whole)


def _on_diagonal(vector: Any) -> Any:
    n = len(vector)
    result = fill_array((n, n), lambda: residue(0))
    for k in range(n):
        result[k, k] = vector[k]
    return result
