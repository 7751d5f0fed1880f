"""The interpreter of a model's statements: what every name is worth where the inputs have values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from solgen.written.model.definitions import Definitions, Given, elements
from solgen.written.model.formulas import FormulaScope
from solgen.written.model.kinds import FUNCTIONS, INDEX, LABEL, axes_of, is_of
from solgen.written.model.statements import ModelStatement, Unclear
from solgen.written.model.values import BallArray

Worth = BallArray | Unclear  # of a family the samples come first


def values_of(statements: Sequence[ModelStatement], given: Given) -> Iterator[tuple[str, Worth]]:
    """What each declared name with a value, and each equation, is worth; Unclear where that cannot be told."""
    known = Definitions(given)
    for statement in sorted(statements, key=_stage):
        try:
            found = _read(statement, known)
        except Unclear as unclear:
            yield statement.name, unclear
        else:
            if found is not None:
                yield statement.name, found


def _stage(statement: ModelStatement) -> int:
    """Indices come first, then other declarations, wherever they stand; then what is defined, in order."""
    return 2 if not statement.declares else int(_kind(statement.value)[0] != INDEX)


def _read(statement: ModelStatement, known: Definitions) -> BallArray | None:
    """What a statement gives its name; None where that has no value."""
    match statement:
        case ModelStatement(declares=True):
            return _declare(statement, known)
        case ModelStatement(value=ast.Lambda() as function):
            known.own[statement.name] = function
            return None
        case _:
            return _compute(statement, known)


def _declare(statement: ModelStatement, known: Definitions) -> BallArray | None:
    """The value that is given to a declared name, where it fits the declaration."""
    kind, sizes = _kind(statement.value)
    name = statement.name
    if kind in FUNCTIONS:
        known.declared[name] = kind
        return None
    if kind == INDEX:
        (known.indices[name],) = sizes
        return None
    if name not in known.given.values:
        raise Unclear("it has no value")
    found, lengths = known.given.values[name], tuple(map(known.length, sizes))
    samples, own = known.samples(statement.at), axes_of(kind, lengths)
    if found.shape != tuple(axis.count for axis in samples + own):
        due = " × ".join(str(axis.count) for axis in samples + own) or "a number"
        raise Unclear(f"its value is of shape {found.shape}, its line says {due}")
    for member in found.reshape((-1, *found.shape[len(samples) :])):
        if not is_of(kind, np.asarray(member, dtype=object), lengths, known.columns):
            raise Unclear(f"its value is not of the kind {kind}")
    if kind == LABEL:
        known.labels.add(name)
    known.enter(name, statement.at, BallArray(found, samples + own))
    return known.values[name]


def _compute(statement: ModelStatement, known: Definitions) -> BallArray:
    """The value of an equation, or one for each place of its index letters.

    Later lines rest on what the equation is given, so that one that is misread casts no doubt on others.
    """
    samples = known.samples(statement.at)
    places = [*product(*(range(axis.count) for axis in samples))]
    members = [FormulaScope(known, dict(zip(statement.at, at, strict=True))).value(statement.value) for at in places]
    axes = samples + members[0].axes
    stacked = np.empty(tuple(axis.count for axis in axes), dtype=object)
    for at, member in zip(places, members, strict=True):
        stacked[at] = member.array if member.rank else member.array[()]
    given = known.given.values.get(statement.name, stacked)
    rests = given.reshape(stacked.shape) if given.size == stacked.size else stacked
    known.enter(statement.name, statement.at, BallArray(rests, axes))
    return BallArray(stacked, axes)


def _kind(node: ast.expr) -> tuple[str, list[ast.expr]]:
    """The name of a kind, and its sizes."""
    match node:
        case ast.Name(id=kind):
            return kind, []
        case ast.Subscript(value=ast.Name(id=kind), slice=sizes):
            return kind, elements(sizes)
        case _:
            raise Unclear(f"`{ast.unparse(node)}` is no kind")
