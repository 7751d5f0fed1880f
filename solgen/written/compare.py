"""Whether what was read says the same as a formula: as trees, else by value with every symbol free.

The trees are compared up to `normal`; where they differ, both are evaluated modulo a prime at sizes that are pairwise
different, every name, gradient and unknown function an independent random value, once with all indices at different
places and once with all at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import numpy as np

from solgen.expr.nodes import Apply, Delta, Entry, Expr, Kind, SizeNum, Stack, Sum, Var, shape
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, nodes
from solgen.written.depth import deep
from solgen.written.names import Names
from solgen.written.normal import normal
from solgen.written.reader import read_latex, read_terminal
from solgen.written.reading import Fork, Reading, RelationSide
from solgen.written.typed import TypedValue, of_rank
from solgen.written.unreadable import Unreadable
from solgen.written.values import NoValue, TooLong, Valuation


@dataclass(frozen=True, slots=True)
class SameTree:
    """The text is the formula."""


@dataclass(frozen=True, slots=True)
class SameValue:
    """The text is another formula of the same value, whatever its names stand for."""


@dataclass(frozen=True, slots=True)
class Different:
    """The text says something else; `read` is what it says."""

    read: tuple[Expr, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text can be read in several ways that differ in value."""

    read: tuple[Expr, ...]
    forks: tuple[Fork, ...] = ()


@dataclass(frozen=True, slots=True)
class NotRead:
    """The text could not be read, and where."""

    why: Unreadable


Verdict = SameTree | SameValue | Different | Ambiguous | NotRead
MOST_APART = 4  # free indices at places of their own
MOST_PLACES = 24  # ways in which free indices may stand


def compare_latex(text: str, e: Expr, names: Names, as_row: bool = False) -> Verdict:
    """What LaTeX says of one formula, beside the formula that it should say."""
    try:
        reading = read_latex(text, names)
    except Unreadable as why:
        return NotRead(why)
    return compare_reading(reading, e, as_row)


def compare_terminal(text: str, e: Expr, names: Names, as_row: bool = False) -> Verdict:
    """What a terminal's line says of one formula, beside the formula that it should say."""
    try:
        reading = read_terminal(text, names)
    except Unreadable as why:
        return NotRead(why)
    return compare_reading(reading, e, as_row)


def compare_reading(reading: Reading, e: Expr, as_row: bool = False) -> Verdict:
    """A text that was read, beside one formula."""
    match reading.chains:
        case ((side,),):
            return compare_side(side, e, as_row, reading.forks)
        case chains:
            return Different((), f"{sum(map(len, chains))} formulas stand where one should")


def compare_side(side: RelationSide, e: Expr, as_row: bool = False, forks: tuple[Fork, ...] = ()) -> Verdict:
    """One side of a relation, beside a formula; `as_row` says that a vector should stand as a row."""
    with deep():
        return _compare_side(side, e, as_row, forks)


def _compare_side(side: RelationSide, e: Expr, as_row: bool, forks: tuple[Fork, ...]) -> Verdict:
    wanted = TypedValue(e, as_row).form
    fitting = [f for t in side.readings if t.form == wanted and (f := of_rank(t, len(shape(e)))) is not None]
    if not fitting:
        return Different(tuple(t.e for t in side.readings), "its shape is another")
    alike = [t for t in fitting if t.e == e or normal(t.e) == normal(e)]
    others = [t for t in fitting if t not in alike]
    meant = [t for t in others if equal_values(t.e, e)]
    if len(meant) < len(others):
        if alike or meant:
            return Ambiguous(tuple(t.e for t in fitting), forks)
        return Different(tuple(t.e for t in fitting), "its value is another")
    if forks:
        return Ambiguous(tuple(t.e for t in fitting), forks)
    return SameTree() if alike else SameValue()


def meanings(side: RelationSide) -> tuple[Expr, ...]:
    """The readings of a side that differ in value; one where people agree."""
    found: list[Expr] = []
    with deep():
        for t in side.readings:
            if not any(normal(t.e) == normal(e) or equal_values(t.e, e) for e in found):
                found.append(t.e)
    return tuple(found)


# ---------------------------------------------------------------- by value


def equal_values(a: Expr, b: Expr) -> bool:
    """Whether two formulas have one value, with every symbol free; False where that cannot be known."""
    free = sorted(free_indices(a) | free_indices(b), key=lambda i: i.name)
    labels = sorted({v.name for e in (a, b) for n in nodes(e) for v in _labels(n)})
    count = len(free) + len(labels)
    for sizes in sizes_for((a, b), max(2, min(count, MOST_APART))):
        valuation = Valuation(sizes)
        try:
            for places in _placements(count):
                valuation.place_indices(free, labels, places)
                if not same_numbers(valuation.value(a), valuation.value(b)):
                    return False
        except NoValue:
            continue
        except TooLong:
            return False
        return True
    return False


def _placements(count: int) -> list[tuple[int, ...]]:
    """Places for so many indices: which of them are equal matters, so all ways of that, or some of many."""
    if count < 2:
        return [(0,) * count]
    ways = [way for way in product(range(min(count, MOST_APART)), repeat=count) if _is_canonical(way)]
    if len(ways) <= MOST_PLACES:
        return ways
    return [ways[-1], ways[0], *Random(count).sample(ways[1:-1], MOST_PLACES - 2)]


def _is_canonical(way: tuple[int, ...]) -> bool:
    """Whether each new place is the next one: of ways that differ in numbering alone, one."""
    return all(k <= max(way[:n], default=-1) + 1 for n, k in enumerate(way))


def _labels(n: Expr) -> Iterator[Var]:
    match n:
        case Var(kind=Kind.LABEL):
            yield n
        case Entry(indices=indices):
            yield from (i for i in indices if isinstance(i, Var))
        case Delta(left=left, right=right):
            yield from (i for i in (left, right) if isinstance(i, Var))
        case _:
            return


def same_numbers(a: Any, b: Any) -> bool:
    """Whether two values are equal, an array of one entry and its number alike."""
    left, right = np.asarray(a, dtype=object), np.asarray(b, dtype=object)
    if left.size == right.size == 1:
        return bool(left.reshape(-1)[0] == right.reshape(-1)[0])
    left, right = np.squeeze(left), np.squeeze(right)
    return left.shape == right.shape and bool((left == right).all())


def sizes_for(formulas: Sequence[Expr], least: int = 2) -> Iterator[dict[str, int]]:
    """Sizes at which to look: pairwise different, small first, then larger and in another order."""
    symbols = sorted({s for e in formulas for n in nodes(e) for s in _symbols(n)})
    for first in (least, least + 3):
        yield {s: first + k for k, s in enumerate(symbols)}
        yield {s: first + k for k, s in enumerate(reversed(symbols))}


def _symbols(n: Expr) -> Iterator[str]:
    """The size symbols of one node."""
    for size in shape(n):
        yield from size.symbols
    for i in free_indices(n):
        yield from i.size.symbols
    match n:
        case Entry(indices=indices):
            yield from (s for k in indices if isinstance(k, Size) for s in k.symbols)
        case Apply(params=params):
            yield from (s for p in params if isinstance(p, Size) for s in p.symbols)
        case SizeNum(size=size):
            yield from size.symbols
        case Sum(index=i) | Stack(index=i):
            yield from i.size.symbols
        case _:
            return
