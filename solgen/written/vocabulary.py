"""The words and signs that stand for operations, as the rows of the table say that people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from solgen.expr.ops import ROWS
from solgen.expr.ops.row import Row
from solgen.expr.ops.written import Barred, Between, Compared, Lettered, Named, Written

W = TypeVar("W", bound=Written)


@cache
def named_rows() -> Mapping[str, tuple[tuple[Row, Named], ...]]:
    """The operations that bear a name; `log softmax` is found under both its words."""
    return _by(_entries(Named), "names")


@cache
def infix_rows() -> Mapping[str, tuple[tuple[Row, Between], ...]]:
    """The operations that a sign between two operands stands for."""
    return _by(_entries(Between), "signs")


@cache
def raised_rows() -> Mapping[str, Row]:
    """Letters of which an argument is written as the exponent: eˣ."""
    return MappingProxyType({w.raised: row for row, w in _entries(Named) if w.raised})


@cache
def letter_rows() -> Mapping[str, Row]:
    """Letters and words that are values by themselves: I, e with its position."""
    return MappingProxyType({name: row for row, w in _entries(Lettered) for name in w.names})


@cache
def barred_rows() -> tuple[tuple[Row, Barred], ...]:
    """The operations that are written as bars."""
    return tuple(_entries(Barred))


@cache
def comparison_rows() -> Mapping[str, Row]:
    """The indicators by the sign of their comparison."""
    return MappingProxyType({w.sign: row for row, w in _entries(Compared)})


def is_word(text: str) -> bool:
    """Whether some operation is called so."""
    return text in named_rows()


def _entries(kind: type[W]) -> Iterator[tuple[Row, W]]:
    for row in ROWS:
        for one in row.written:
            if isinstance(one, kind):
                yield row, one


def _by(entries: Iterator[tuple[Row, W]], field: str) -> Mapping[str, tuple[tuple[Row, W], ...]]:
    found: dict[str, list[tuple[Row, W]]] = {}
    for row, one in entries:
        for name in getattr(one, field):
            found.setdefault(name, []).append((row, one))
    return MappingProxyType({name: tuple(rows) for name, rows in found.items()})
