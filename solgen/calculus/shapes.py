"""`shapes` and `parameter_count`: what the shapes of all names must be, and why.

Each axis of each value is a slot; operations equate slots (a sum needs equal shapes, a product equal inner
sizes).  Starting from the given names, a name is deduced in the moment when all its slots are equated with known ones;
the equation and the operation that completed it are the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from solgen.expr.arith import is_negation
from solgen.expr.nodes import Apply, Expr, Num, Sum, Var, rank, shape
from solgen.expr.ops import TABLE, Called, Elementwise, Multilinear, Paired, Special, Trait, having
from solgen.expr.size import Size
from solgen.expr.walk import nodes, variables
from solgen.model import Count, Equation, Model, ShapeLine, Shapes

MULTIPLES = having(Trait.TIMES | Trait.DIVIDES)

Slot = tuple[Expr, int]  # an axis of a value; a name is its variable
UNIT: Slot = (Num(Fraction(1)), 0)  # the axis of size 1
Link = tuple[Slot, Slot, str]  # two slots that must agree, and why
Joint = tuple[tuple[Slot, ...], tuple[Slot, ...]]  # slots that, all known, determine others: n − k + 1 of n and k
FOLLOWS = "its size follows from those of its arguments"


def deduce(model: Model, asked: Iterable[str], given: Iterable[str]) -> Shapes:
    """The lines of a deduction that ends with all asked names; what nothing determines is said to be free."""
    asked, given = tuple(asked), tuple(given) or _inputs(model)
    names = model.variables
    known: set[Slot] = {UNIT, *((names[g], k) for g in given for k in range(rank(names[g])))}
    lines = [ShapeLine(names[g], None, "given", g in asked) for g in given]
    done = set(given)
    links = [(q, tuple(_links(q)), tuple(_joints(q))) for q in model.equations]
    while not set(asked) <= done:
        found = list(_round(links, known, done, names))
        if not found:
            chosen = next(n for n in names if n not in done)
            known |= {(names[chosen], k) for k in range(rank(names[chosen]))}
            found = [ShapeLine(names[chosen], None, "free to choose", chosen in asked)]
        for line in found:
            if line.var.name not in done:
                done.add(line.var.name)
                lines.append(replace(line, asked=line.var.name in asked))
    return Shapes(tuple(lines))


def count(model: Model, parameters: Iterable[str]) -> Count:
    """The number of entries of each parameter, and their total, as polynomials in the sizes."""
    rows = []
    for name in parameters:
        var, entries = model.variables[name], Size.of(1)
        for size in var.axes:
            entries = entries * size
        rows.append((var, entries))
    return Count(tuple(rows), sum((n for _, n in rows), Size.of(0)))


def _inputs(model: Model) -> tuple[str, ...]:
    return tuple(d.var.name for d in model.declarations if d.role in ("input", "target"))


def _round(
    links: list[tuple[Equation, tuple[Link, ...], tuple[Joint, ...]]],
    known: set[Slot],
    done: set[str],
    names: dict[str, Var],
) -> Iterator[ShapeLine]:
    """One pass over the equations: names whose last unknown axis becomes known."""
    for equation, pairs, joints in links:
        reasons = _spread(pairs, joints, known)
        for name in dict.fromkeys((*(v.name for v in variables(equation.body)), equation.var.name)):
            var = names[name]
            complete = all((var, k) in known for k in range(rank(var)))
            if name not in done and complete and (rank(var) or var == equation.var):
                yield ShapeLine(var, equation, reasons.get(var, _root(equation.body)), False)


def _spread(pairs: tuple[Link, ...], joints: tuple[Joint, ...], known: set[Slot]) -> dict[Expr, str]:
    """Known axes carried over the links until nothing changes; for each value that grew, the last reason."""
    reasons: dict[Expr, str] = {}
    grown = True
    while grown:
        grown = False
        for left, right, why in pairs:
            for a, b in ((left, right), (right, left)):
                if a in known and b not in known:
                    known.add(b)
                    reasons[b[0]] = why
                    grown = True
        for premises, conclusions in joints:
            if known.issuperset(premises) and not known.issuperset(conclusions):
                known.update(conclusions)
                reasons[conclusions[0][0]] = FOLLOWS
                grown = True
    return reasons


def _links(equation: Equation) -> Iterator[Link]:
    """All pairs of axes that an equation makes agree."""
    why = _root(equation.body)
    yield from (((equation.var, k), (equation.body, k), why) for k in range(rank(equation.var)))
    for node in nodes(equation.body):
        yield from _inside(node)


def _joints(equation: Equation) -> Iterator[Joint]:
    """Operations that make new sizes of old ones: convolutions, concatenations, slices."""
    for node in nodes(equation.body):
        if isinstance(node, Apply) and isinstance(TABLE[node.op], Paired) and rank(node):
            yield tuple(slot for a in node.args for slot in _slots(a)), tuple(_slots(node))


def _slots(e: Expr) -> Iterator[Slot]:
    return ((e, k) for k in range(rank(e)))


def _root(body: Expr) -> str:
    """Why the left side has the shape of the right; a number before an array says nothing of it."""
    while isinstance(body, Apply) and rank(body) and (multiple := _multiple_of(body)) is not None:
        body = multiple
    row = TABLE[body.op] if isinstance(body, Apply) else None
    match row:
        case _ if not rank(body):
            return "a scalar"
        case Multilinear():
            return row.shape_reason or row.rule
        case Paired():
            return FOLLOWS
        case None:
            return "a copy keeps the shape"
        case Elementwise() | Special() | Called():
            return row.shape_reason
        case _:
            assert_never(row)


def _multiple_of(e: Apply) -> Expr | None:
    """The array of which e is a multiple, as −x, c x and x / c are."""
    arrays = [a for a in e.args if rank(a)]
    return arrays[0] if (is_negation(e) or e.op in MULTIPLES) and len(arrays) == 1 else None


def _inside(node: Expr) -> Iterator[Link]:
    match node:
        case Sum(body=body):
            yield from (((node, k), (body, k), "a sum over samples keeps the shape") for k in range(rank(node)))
        case Apply():
            yield from _operation(node)
        case _:
            return


def _operation(node: Apply) -> Iterator[Link]:
    match TABLE[node.op]:
        case Multilinear() as row:
            left, sides = row.letters(tuple(map(rank, node.args)), node.params)
            slots: dict[str, list[Slot]] = {}
            for value, letters in zip((node, *node.args), (left, *sides), strict=True):
                for k, letter in enumerate(letters):
                    slots.setdefault(letter, [UNIT] if letter == "1" else []).append((value, k))
            for same in slots.values():
                yield from ((same[0], other, (row.shape_reason or row.rule)) for other in same[1:])
        case (Elementwise() | Called(scalar=False) | Special()) as row:
            why = row.shape_reason
            for arg in node.args:
                if len(shape(arg)) == rank(node):
                    yield from (((node, k), (arg, k), why) for k in range(rank(node)))
                elif isinstance(TABLE[node.op], Special) and len(node.args) == 2 and arg is not node.args[0]:
                    yield from (
                        ((node.args[0], k), (arg, k), "both arguments have one shape") for k in range(rank(arg))
                    )
        case Called():
            return
