"""Kinds of declared names: the axes that one gives, and whether a value is of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from flint import arb_mat

from solgen.written.model.array_functions import sum_entries
from solgen.written.model.lengths import Lengths
from solgen.written.model.scalar_functions import Number
from solgen.written.model.statements import Unclear
from solgen.written.model.values import Array

SQUARE = frozenset({"Sym", "PosDef", "Invertible"})
LABEL, INDEX, FUNCTIONS = "Label", "Index", frozenset({"Elementwise", "Loss"})


def axes_of(kind: str, sizes: Lengths) -> Lengths:
    """The axes of a value of this kind: a square matrix may give its size once, a label is a number."""
    if kind == LABEL:
        return ()
    return sizes * 2 if kind in SQUARE and len(sizes) == 1 else sizes


def is_of(kind: str, array: Array, sizes: Lengths, columns: bool) -> bool:
    """Whether an array is a value of a kind; distributions stand in rows, of a matrix in `columns` where that is so."""
    if kind == LABEL:
        return 0 <= float(array[()]) < sizes[0].count
    if kind in DISTRIBUTIONS:
        lines = np.moveaxis(array, 0, -1) if columns and array.ndim == 2 else array
        flat = lines.reshape(-1, lines.shape[-1])
        return all(map(DISTRIBUTIONS[kind], flat))
    if kind in SQUARE:
        return MATRICES[kind](array)
    if kind not in ENTRIES:
        raise Unclear(f"`{kind}` is no kind")
    return all(map(ENTRIES[kind], array.flat))


def _is_in(*values: int) -> Callable[[Number], bool]:
    return lambda x: any(x == value for value in values)


def _is_distribution(line: Array) -> bool:
    excess = sum_entries([*line]) - 1
    return all(x >= 0 for x in line) and bool(excess.contains(0))


def _is_symmetric(x: Array) -> bool:
    return all(gap.contains(0) for gap in (x - x.T).flat)


def _is_positive_definite(x: Array) -> bool:
    """By its leading minors (Horn, Johnson, Matrix Analysis, theorem 7.2.5)."""
    minors = (arb_mat(x[:k, :k].tolist()).det() for k in range(1, len(x) + 1))
    return _is_symmetric(x) and all(minor > 0 for minor in minors)


ENTRIES: Mapping[str, Callable[[Number], bool]] = MappingProxyType(
    {
        "R": lambda x: True,
        "Positive": lambda x: bool(x > 0),
        "Unit": lambda x: bool(0 < x < 1),
        "Binary": _is_in(0, 1),
        "Signs": _is_in(-1, 1),
    }
)
DISTRIBUTIONS: Mapping[str, Callable[[Array], bool]] = MappingProxyType(
    {
        "OneHot": lambda line: _is_distribution(line) and all(map(_is_in(0, 1), line)),
        "Simplex": _is_distribution,
    }
)
MATRICES: Mapping[str, Callable[[Array], bool]] = MappingProxyType(
    {
        "Sym": _is_symmetric,
        "PosDef": _is_positive_definite,
        "Invertible": lambda x: not arb_mat(x.tolist()).det().contains(0),
    }
)
