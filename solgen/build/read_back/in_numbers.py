"""Numbers on a page: what stands there digit for digit, the value of a formula of numbers, which values are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import numpy as np
from flint import arb, fmpq

from solgen.expr.nodes import Expr, Index, Kind
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, reindex
from solgen.model.derivation import Derivation
from solgen.model.in_numbers import WithNumbers
from solgen.model.problem import Model
from solgen.model.quantity import Entries, Number, Quantity, state_quantity
from solgen.model.verdict import Checks
from solgen.numeric.values.evaluator import FORESEEN, Evaluator, Value, union
from solgen.numeric.values.fields import Array, Balls, Field, Rationals
from solgen.written.data import DataTable, rational, shows_numbers
from solgen.written.reading import RelationSide

BITS = 256  # in which a formula of numbers is worked out where it is not rational


def shows(side: RelationSide, quantity: Quantity) -> bool:
    """Whether a side shows this value, digit for digit; of a long axis its ends."""
    rows = _rows(quantity)
    match side.data:
        case DataTable() as table:
            flat = len(table.cells) == 1 and len(rows[0]) == 1 and not table.turned
            return shows_numbers(table, tuple(zip(*rows, strict=True)) if flat else rows)
        case _:
            found = side.formula
            return found is not None and _flat(_worked_out(found, Rationals())) == [n for row in rows for n in row]


def _rows(q: Quantity) -> tuple[tuple[Fraction, ...], ...]:
    """A value as rows of numbers: a number is one entry, a vector a column."""
    factor = Fraction(10) ** q.power
    match q.entries:
        case str() as number:
            return ((Fraction(number) * factor,),)
        case entries:
            return tuple(tuple(Fraction(n) * factor for n in _line(e)) for e in entries)


def _line(entries: Entries) -> Iterator[str]:
    if isinstance(entries, str):
        yield entries
    else:
        for inner in entries:
            yield from _line(inner)


def _worked_out(e: Expr, field: Field) -> Array | None:
    """The value of a formula without names; None where it has none in this field."""
    number = rational(e)
    if number is not None:
        return np.array(field.number(number), dtype=field.dtype)
    try:
        return Evaluator(field, {}, {}, {}).value(e).array
    except FORESEEN:
        return None


def _flat(values: Array | None) -> list[Fraction]:
    return [] if values is None else [Fraction(int(x.p), int(x.q)) for x in values.reshape(-1)]


def misread_numbers(side: RelationSide, said: WithNumbers) -> str:
    """What is wrong with a formula of numbers; empty where its value is the formula's at these numbers."""
    found = side.formula
    if found is None:
        return "is not read as one formula of numbers"
    for field in (Rationals(), Balls(BITS)):
        read, meant = _worked_out(found, field), _meant(said, field, exactly=True)
        if read is not None and meant is not None:
            return "" if _agree(read, meant) else "is not that formula with these numbers"
    return "has no value"


# ---------------------------------------------------------------- a formula at numbers


def at_samples(put: WithNumbers, e: Expr) -> Expr:
    """A formula, or a part of it, at the samples for which numbers are put into it."""
    taken = dict(put.at)
    at: dict[Index, Index] = {i: Size.of(taken[i.name]) for i in free_indices(e) if i.name in taken}
    return reindex(e, at) if at else e


def comes_to(put: WithNumbers, value: Quantity) -> bool:
    """Whether a formula of numbers has a value, each number as exact as it is printed."""
    exact = all(q.exact for _, q in put.values)
    for field in (Rationals(), Balls(BITS)) if exact else (Balls(BITS),):
        found = _meant(put, field, exactly=False)
        if found is not None:
            return _agree(found, _array(value, Balls(BITS), exactly=False))
    return False


def _meant(put: WithNumbers, field: Field, exactly: bool) -> Array | None:
    """The value of the formula where its parts have the values that are shown; in a ball around rounded ones."""
    taken = dict(put.at)
    run = Evaluator(field, dict(put.sizes), {}, {})
    with field.working():
        for part, quantity in put.values:
            run.give(
                at_samples(put, part), _arrange_samples(at_samples(put, part), quantity.sample(taken), field, exactly)
            )
    try:
        return run.value(at_samples(put, put.formula)).array
    except FORESEEN:
        return None


def _arrange_samples(part: Expr, q: Quantity, field: Field, exactly: bool) -> Value:
    """A shown value, its samples in the order in which the evaluator has free indices."""
    free = {i.name: i for i in free_indices(part)}
    over = tuple(free[name] for name in q.over)
    order = union(over)
    return Value(order, np.moveaxis(_array(q, field, exactly), [over.index(i) for i in order], range(len(order))))


def _array(q: Quantity, field: Field, exactly: bool) -> Array:
    """The numbers of a value; not exactly: rounded ones with half a unit of their last digit around them."""
    around = 0 if exactly or q.exact else q.unit / 2
    flat = np.empty(len(q.values), dtype=field.dtype)
    with field.working():
        for k, number in enumerate(q.values):
            middle = field.number(number)
            flat[k] = middle + arb(0, arb(fmpq(around.numerator, around.denominator))) if around else middle
    return flat.reshape(q.extent)


def _agree(one: Array, other: Array) -> bool:
    left, right = one.reshape(-1), other.reshape(-1)
    return left.size == right.size and all(map(_same, left, right))


def _same(a: object, b: object) -> bool:
    match a, b:
        case arb(), arb():
            return a.overlaps(b)
        case (arb() as ball, fmpq() as number) | (fmpq() as number, arb() as ball):
            return number in ball
        case _:
            return bool(a == b)


# ---------------------------------------------------------------- the values that a problem has


def known_values(derivation: Derivation, checks: Checks) -> Iterator[tuple[Expr, Quantity]]:
    """Each name and gradient that has a value, sample by sample: given in the file, computed, or of a trial's point."""
    problem = derivation.problem
    yield from _given_values(problem.model, problem.numbers)
    computed = {c.id: c for c in checks.examples}
    for run in derivation.runs:
        yield from _given_values(run.model, run.numbers)
        known = computed[run.id]
        for step in run.steps:
            for e, q in zip(step.operands, known.operands.get(step.id, ()), strict=False):
                yield from _split_samples(e, q)
            yield from _split_samples(step.symbol, known.by_name[step.id])
    declared = {d.var.name: d.var for m in problem.models for d in m.declarations}
    for trial in checks.trials:
        for q in trial.given:
            yield from _split_samples(declared[q.name], q)


def _given_values(model: Model, stated: Mapping[str, Number]) -> Iterator[tuple[Expr, Quantity]]:
    """What the file gives; a class as the page counts, from 1."""
    for var in (d.var for d in model.declarations if d.var.name in stated):
        number = stated[var.name]
        shown = _counted_from_one(number) if var.kind is Kind.LABEL else number
        yield from _split_samples(var, state_quantity(var.name, shown, tuple(i.name for i in var.samples)))


def _counted_from_one(number: Number) -> Number:
    return number + 1 if isinstance(number, Fraction) else tuple(map(_counted_from_one, number))


def _split_samples(e: Expr, q: Quantity) -> Iterator[tuple[Expr, Quantity]]:
    """A value at every sample for which it stands, and as a whole."""
    yield e, q
    free = {i.name: i for i in free_indices(e)}
    over = [free[name] for name in q.over if name in free]
    for places in product(*(range(n) for n, _ in zip(q.extent, over, strict=False))) if over else ():
        at = dict(zip(over, places, strict=True))
        where: dict[Index, Index] = {i: Size.of(k) for i, k in at.items()}
        yield reindex(e, where), q.sample({i.name: k for i, k in at.items()})
