"""Breaks made from what there is: every row's presentation, every kind of node in every way, every word of the model
language; no list by hand."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, get_args

from solgen.expr.ops import ROWS, Elementwise, Row
from solgen.expr.present.tree import Node, children, map_children
from solgen.reader.language import builtins, operators
from tests.breaks.broken import Break, write_otherwise
from tests.breaks.corpus import Text
from tests.mutants.mutant import replace_everywhere, set_field

Change = Callable[[Any], Any]


def generated(texts: Sequence[Text]) -> Iterator[Break]:
    """All of them: of rows, of nodes, of the reader."""
    shown = frozenset().union(*(t.operations for t in texts))
    yield from _presentations([row for row in ROWS if row.name in shown])
    for kind in get_args(Node):
        if any(kind.__name__ in t.kinds for t in texts):
            yield from _of_kind(kind)
    yield from _operators()
    yield from _functions()


# fields of a node that change nothing of what it says, and why
HARMLESS: Mapping[tuple[str, str], str] = {
    ("Operator", "depth"): "where a line may break",
    ("Operator", "spacing"): "the room around a sign",
    ("Dots", "direction"): "which way dots run: what they leave out is told by the cells around them",
    ("Authored", "bold"): "a name is told by its letters",
    ("BigOperator", "over"): "the end of a range that its index has everywhere",
    ("Table", "of"): "how close cells stand",
    ("RouteMark", "colour"): "the colour of a route",
}


# rows whose presentation says the same as the row's own, and why
ALIKE: Mapping[tuple[str, str], str] = {("fill", "rows"): "a vector of ones times a number, transposed or not"}


# ---------------------------------------------------------------- rows


def _presentations(rows: Sequence[Row]) -> Iterator[Break]:
    """Each row written as the next one of as many arguments is."""
    for k, row in enumerate(rows):
        others = [*rows[k + 1 :], *rows[:k]]
        other = next((o for o in others if o.presentation != row.presentation and _arity(o) == _arity(row)), None)
        if other is not None and (row.name, other.name) not in ALIKE:
            install = partial(set_field, row, "presentation", other.presentation)
            yield Break(f"row {row.name}: presentation of {other.name}", install, operation=row.name)


def _arity(row: Row) -> int:
    return len(row.examples[0].shapes)


# ---------------------------------------------------------------- nodes


def _of_kind(kind: type) -> Iterator[Break]:
    """A kind of node written otherwise: a part left out, two parts exchanged, a field that is another."""
    name = kind.__name__
    ways: dict[str, Change] = {"exchanges its first and last part": _exchanged, "loses its last part": _without_last}
    for field in dataclasses.fields(kind):
        if field.name != "shows" and (name, field.name) not in HARMLESS:
            ways[f"another {field.name}"] = partial(_another, field.name)
    for way, change in ways.items():
        yield Break(f"node {name}: {way}", partial(write_otherwise, kind, change), kind=name, tries=3)


def _exchanged(node: Any) -> Any:
    parts = children(node)
    if len(parts) < 2:
        return node
    rest = iter((parts[-1], *parts[1:-1], parts[0]))
    return map_children(node, lambda _: next(rest))


def _without_last(node: Any) -> Any:
    if not hasattr(node, "items") or len(node.items) < 2:
        return node
    return dataclasses.replace(node, items=node.items[:-1])


def _another(field: str, node: Any) -> Any:
    """The node with a field that says something else: letters, digits, a sign, a mark, none of what may be missing."""
    value = getattr(node, field)
    match value:
        case str() if value and value.isdigit():
            other: Any = str(int(value) + 1)
        case str() if value in OTHERWISE:
            other = OTHERWISE[value]
        case str() if value and value[0].isalpha() and field in ("letters", "words", "tex"):
            other = ("Q" if value[0] != "Q" else "P") + value[1:]
        case bool() | int():
            other = type(value)(not value) if isinstance(value, bool) else value + 1
        case _ if dataclasses.is_dataclass(value) and field in ("sub", "sup", "under", "over"):
            other = None
        case _:
            return node
    return dataclasses.replace(node, **{field: other})


OTHERWISE = {
    "+": "−", "−": "+", "⊙": "⊗", "=": "≠", "∈": "=", "⊤": "′", "·": "+", "×": "+", "<": ">", ">": "<", ",": "+",
    "round": "norm", "norm": "bars", "bars": "round", "square": "round", "curly": "square", "hat": "bar", "bar": "hat",
    "tilde": "hat", "∑": "∏", "equation": "rule", "rule": "equation", "across": "down", "down": "across",
    "italic": "double-struck", "double-struck": "upright", "≠": "=", "→": "=", "∏": "∑", "′": "⊤", "#": "×",
}  # fmt: skip


# ---------------------------------------------------------------- the reader of models


def _operators() -> Iterator[Break]:
    """Each operator of the model language builds what another one does, or takes its sides in the other order."""
    table = operators.OPERATORS
    kinds = list(table)
    for k, kind in enumerate(kinds):
        symbol, build = table[kind]
        _, other = table[kinds[(k + 1) % len(kinds)]]
        ways = {"as the next": other}
        if kind not in (ast.Add, ast.Sub, ast.Mult):  # whose sides may stand either way, a difference in a square
            ways["its sides exchanged"] = lambda a, b, build=build: build(b, a)
        for way, instead in ways.items():
            changed = {**table, kind: (symbol, instead)}
            yield Break(f"reader {symbol}: {way}", partial(setattr, operators, "OPERATORS", changed), tries=6)


def _functions() -> Iterator[Break]:
    """Each elementwise function of the model language read as another one of as many arguments."""
    rows = [row for row in ROWS if isinstance(row, Elementwise) and row.public]
    for k, row in enumerate(rows):
        others = [*rows[k + 1 :], *rows[:k]]
        other = next((o for o in others if o.arity == row.arity and o.kind == row.kind), None)
        if other is not None:
            yield Break(f"reader {row.name}: {other.name}", partial(_read_as, row.name, other.name), operation=row.name)


def _read_as(name: str, other: str) -> None:
    old = builtins.call_builtin

    def broken(called: str, *rest: Any) -> Any:
        return old(other if called == name else called, *rest)

    replace_everywhere(old, broken)
