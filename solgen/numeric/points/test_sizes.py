"""A number for every size symbol, such that no two things that should be told apart look alike.

Sizes are pairwise different, differ from every constant of the problem (else 1/2 would pass for 1/n), are at
least 3 (a 2 × 2 matrix hides too much), keep every polynomial size at least 1 and obey the stated order; as
small as that allows.  What cannot all be had is given up in that order, the hard conditions never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, permutations, product

from solgen.errors import Diagnostic, InputError
from solgen.expr.nodes import Apply, Entry, Expr, Idx, Num, SizeNum, Sum, Var, shape
from solgen.expr.ops import TABLE
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, nodes

ORDERS = 30  # of the chosen numbers, tried where an operation is undefined
SMALLER = 24  # other numbers, tried where no order of them helps
LARGE = 5  # none of which is as large as this
MOST_VARIED = 5  # symbols that are varied so
FARTHEST = 40  # positions beyond are not reached: axes so long cost too much
SEARCH = 20_000  # assignments looked at before a condition is given up


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a choice of sizes must respect: `dimensions` are at least 1, `order` holds pairs (less, more)."""

    dimensions: tuple[Size, ...]
    order: tuple[tuple[Size, Size], ...]
    fixed: Mapping[str, int]
    constants: frozenset[int]


def choose_sizes(conditions: Conditions) -> dict[str, int]:
    """The smallest good choice; raises InputError where the stated order cannot be met."""
    symbols = tuple(dict.fromkeys(s for d in conditions.dimensions for s in sorted(d.symbols)))
    free = tuple(s for s in symbols if s not in conditions.fixed)
    for least, distinct, constants in (
        (3, 2, True),
        (3, 1, True),
        (2, 1, True),
        (2, 1, False),
        (1, 0, False),
    ):
        avoided = conditions.constants if constants else frozenset[int]()
        for choice in _search(free, dict(conditions.fixed), conditions, least, distinct, avoided):
            return choice
    raise InputError([Diagnostic("impossible-sizes", "no sizes satisfy the shapes and the stated order",
                                 hint="see `sizes:`; every dimension must be able to be at least 1")])  # fmt: skip


def small_sizes(conditions: Conditions) -> dict[str, int]:
    """The smallest sizes from 2 on, different where they can be: for numbers that a reader follows by hand."""
    symbols = dict.fromkeys(s for d in conditions.dimensions for s in sorted(d.symbols))
    free = tuple(s for s in symbols if s not in conditions.fixed)
    for least, distinct in ((2, 1), (2, 0)):
        for choice in _search(free, dict(conditions.fixed), conditions, least, distinct, frozenset()):
            return choice
    return choose_sizes(conditions)


def least_sizes(conditions: Conditions, avoided: frozenset[int] = frozenset()) -> dict[str, int]:
    """The smallest sizes from 2 on, alike or not: for what is written out entry by entry.

    avoided: what none of them should be, so that 2/n does not pass for 1.
    """
    symbols = dict.fromkeys(s for d in conditions.dimensions for s in sorted(d.symbols))
    free = tuple(s for s in symbols if s not in conditions.fixed)
    for numbers in (avoided, frozenset[int]()):
        for choice in _search(free, dict(conditions.fixed), conditions, 2, 0, numbers):
            return choice
    return choose_sizes(conditions)


def other_sizes(conditions: Conditions, chosen: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """The same numbers for other symbols: where an operation is undefined because of which size is the larger."""
    free = [symbol for symbol in chosen if symbol not in conditions.fixed]
    orders = islice(permutations([chosen[symbol] for symbol in free]), 1, ORDERS)
    yield from _vary_sizes(conditions, chosen, free, orders)


def smaller_sizes(conditions: Conditions, chosen: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Smaller numbers, those that differ most first: where a size must be less than one that the file fixes."""
    free = [symbol for symbol in chosen if symbol not in conditions.fixed]
    if 0 < len(free) <= MOST_VARIED:
        small = product(range(1, LARGE), repeat=len(free))
        ranked = sorted(small, key=lambda values: (-len(set(values)), -min(values), values))
        yield from islice(_vary_sizes(conditions, chosen, free, ranked), SMALLER)


def _vary_sizes(
    conditions: Conditions, chosen: Mapping[str, int], free: Sequence[str], choices: Iterable[tuple[int, ...]]
) -> Iterator[dict[str, int]]:
    for values in choices:
        sizes = {**chosen, **dict(zip(free, values, strict=True))}
        if is_possible(conditions, sizes):
            yield sizes


def dimensions(variables: Iterable[Var], bodies: Iterable[Expr]) -> tuple[Size, ...]:
    """Every size that is the length of an axis or of an index, in order of appearance."""
    found: dict[Size, None] = {}
    for part in chain(variables, *(nodes(body) for body in bodies)):
        match part:
            case Var(at=at):
                indices = tuple(i for i in at if isinstance(i, Idx))
            case Entry():
                indices = tuple(free_indices(part))
            case Sum(index=i):
                indices = (i,)
            case _:
                indices = ()
        own = (part.size,) if isinstance(part, SizeNum) else ()
        static = tuple(p for p in part.params if isinstance(p, Size)) if isinstance(part, Apply) else ()
        found.update(dict.fromkeys((*shape(part), *(i.size for i in indices), *own, *static)))
    return tuple(found)


def positions(bodies: Iterable[Expr]) -> tuple[tuple[Size, Size], ...]:
    """Pairs (less, more): every position that is a number lies within its axis, and so does the end of a slice."""
    found: dict[tuple[Size, Size], None] = {}
    for part in (n for body in bodies for n in nodes(body)):
        match part:
            case Entry(array=array, indices=indices):
                found.update(((i, n), None) for i, n in zip(indices, shape(array), strict=True) if isinstance(i, Size))
            case Apply(op=op, args=(array, Num(value=k))) if (axis := TABLE[op].picks) is not None:
                found[Size.of(int(k)), shape(array)[axis]] = None
            case Apply(op="slice", args=(array,), params=ranges):
                ends = [span[1] for span in ranges if isinstance(span, tuple)]
                found.update(((end - 1, n), None) for end, n in zip(ends, shape(array), strict=True) if end != n)
            case _:
                pass
    return tuple((less, more) for less, more in found if less.constant is not None and less.constant < FARTHEST)


def entries(var: Var) -> Size:
    """How many numbers a value holds, all samples of a family together."""
    total = Size.of(1)
    for size in var.axes:
        total = total * size
    return total


def constants(bodies: Iterable[Expr]) -> frozenset[int]:
    """The integers that occur as numerators or denominators."""
    numbers = [n.value for body in bodies for n in nodes(body) if isinstance(n, Num)]
    return frozenset(abs(k) for q in numbers for k in (q.numerator, q.denominator))


def _search(
    free: tuple[str, ...],
    chosen: dict[str, int],
    conditions: Conditions,
    least: int,
    distinct: int,
    avoided: frozenset[int],
) -> Iterator[dict[str, int]]:
    """Assignments in lexicographic order that meet the conditions; at most SEARCH partial ones are looked at."""
    farthest = max((less.constant or 0 for less, _ in conditions.order), default=0)
    highest = least + 2 * len(free) + len(avoided) + max(chosen.values(), default=0) + farthest + 4
    stack: list[tuple[int, dict[str, int]]] = [(0, chosen)]
    for _ in range(SEARCH):
        if not stack:
            return
        depth, sizes = stack.pop()
        if depth == len(free):
            if distinct < 2 or _axes_differ(conditions.dimensions, sizes, avoided):
                yield sizes
            continue
        taken = set(sizes.values()) if distinct else set[int]()
        options = [v for v in range(least, highest) if v not in taken and v not in avoided]
        extended = [{**sizes, free[depth]: v} for v in reversed(options)]
        stack += [(depth + 1, s) for s in extended if is_possible(conditions, s)]


def is_possible(conditions: Conditions, sizes: dict[str, int]) -> bool:
    """Whether no condition on the sizes that are known is broken."""
    known = sizes.keys()
    if any(d.value(sizes) < 1 for d in conditions.dimensions if d.symbols <= known):
        return False
    return all(a.value(sizes) < b.value(sizes) for a, b in conditions.order if a.symbols | b.symbols <= known)


def _axes_differ(axes: tuple[Size, ...], sizes: dict[str, int], avoided: frozenset[int]) -> bool:
    values = [d.value(sizes) for d in axes if d.symbols]
    return len(set(values)) == len(values) and not avoided & set(values)
