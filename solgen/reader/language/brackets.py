"""Brackets: entries, rows, columns and slices of values, members of families over samples.

Positions are 0-based and a negative one counts from the end, as in Python.  An index letter makes an `Entry`, in
index form; a position or a class label picks, and a range slices, by rows of the table.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from solgen.expr import applied, build
from solgen.expr.nodes import Entry, Expr, Idx, Index, Kind, Var, rank, shape, shape_text
from solgen.expr.ops import ShapeError
from solgen.expr.size import Size
from solgen.expr.walk import position
from solgen.reader.language.size_text import BadSize, polynomial

if TYPE_CHECKING:
    from solgen.reader.language.formula import FormulaReader

Range = tuple[Size, Size]
Place = Index | Range


def read_subscript(formula: FormulaReader, node: ast.Subscript) -> Expr | None:
    """`x[i]` of a family, `v[k]`, `W[k, :]`, `v[a:b]` of a value; None where something was reported."""
    places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    base, rest = _base(formula, node.value, places)
    if base is None or not rest:
        return base
    if len(rest) > rank(base):
        shown = f"{formula.parsed.text(node.value)} is {shape_text(shape(base))}"
        hint = "a scalar has no entries" if not rank(base) else f"write {rank(base)} in the brackets"
        formula.error("shape", f"`{formula.parsed.text(node)}`: too many indices ({shown})", node, hint)
        return None
    found = [_place(formula, p, size) for p, size in zip(rest, shape(base), strict=False)]
    known = [p for p in found if p is not None]
    if len(known) < len(found):
        return None
    whole: list[Place] = [(Size.of(0), size) for size in shape(base)[len(rest) :]]
    try:
        return _pick(formula, node, build.strip_row(base), [*known, *whole])
    except ShapeError as clash:
        formula.error(
            "shape", f"`{formula.parsed.text(node)}`: {clash}", node, "positions count from 0, the end is left out"
        )
        return None


def read_position(formula: FormulaReader, node: ast.expr, size: Size) -> Index | None:
    """An index symbol, a class label, or a 0-based position within `size`."""
    scope = formula.scope
    if isinstance(node, ast.Name) and node.id in scope.indices:
        index = scope.indices[node.id]
        if index.size != size:
            hint = f"declare an index over {size}"
            formula.error("shape", f"the index {node.id} runs over {index.size}, not {size}", node, hint)
            return None
        return index
    if isinstance(node, ast.Name) and node.id in scope.variables:
        return _label(formula, scope.variables[node.id], node, size)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in scope.variables:
        member = formula.read(node)  # a label of each sample: p[i][k[i]]
        return _label(formula, member, node, size) if isinstance(member, Var) else None
    found = _size(formula, node)
    return None if found is None else _inside(formula, node, found, size)


def _base(formula: FormulaReader, node: ast.expr, places: list[ast.expr]) -> tuple[Expr | None, list[ast.expr]]:
    """The value before the brackets, and the brackets that are left when a family's member is taken."""
    if isinstance(node, ast.Name) and node.id not in formula.bound:
        var = formula.scope.variables.get(node.id)
        if var is not None and var.at:
            return _member(formula, var, node, places)
    return formula.read(node), places


def _member(
    formula: FormulaReader, var: Var, node: ast.expr, places: list[ast.expr]
) -> tuple[Expr | None, list[ast.expr]]:
    due = len(var.at)
    if len(places) < due:
        formula.error("family", f"`{var.name}` takes {due} sample indices", node, "write them all")
        return None, []
    ranges = [i.size for i in var.samples]
    indices = [read_position(formula, p, size) for p, size in zip(places[:due], ranges, strict=True)]
    found = tuple(i for i in indices if i is not None)
    if len(found) < due:
        return None, []
    return Var(var.name, var.shape_, var.kind, found), list(places[due:])


def _place(formula: FormulaReader, node: ast.expr, size: Size) -> Place | None:
    """A position, or a range of them."""
    if not isinstance(node, ast.Slice):
        return read_position(formula, node, size)
    if node.step is not None:
        formula.error("index", "a slice has no step", node, "write v[a:b]; for the reverse order flip(v)")
        return None
    start = Size.of(0) if node.lower is None else _bound(formula, node.lower, size)
    stop = size if node.upper is None else _bound(formula, node.upper, size)
    return None if start is None or stop is None else (start, stop)


def _bound(formula: FormulaReader, node: ast.expr, size: Size) -> Size | None:
    found = _size(formula, node)
    if found is not None and found.constant is not None and found.constant < 0:
        return size + found
    return found


def _pick(formula: FormulaReader, node: ast.Subscript, base: Expr, places: list[Place]) -> Expr | None:
    """The entry, row, column or block at the places; a model has no row at a letter, an expected answer has."""
    letters = [isinstance(p, Idx) for p in places if not isinstance(p, tuple)]
    if any(letters) and len(letters) < len(places) and formula.adjoint_of is None:
        hint = "write an entry, W[i, j], or declare a family `W[i]: R[n]`"
        formula.error("unsupported", "an index letter beside a slice is not supported", node, hint)
        return None
    return pick_part(base, places)


def pick_part(base: Expr, places: Sequence[Place]) -> Expr:
    """The entry, row, column or block of a vector or matrix at the places.

    Raises ShapeError for a slice that lies outside.
    """
    symbols = tuple(p for p in places if not isinstance(p, tuple))
    if len(symbols) == len(places) and any(isinstance(p, Idx) for p in symbols):
        return Entry(base, symbols)
    match places:
        case [tuple() as span]:
            return _block(base, (span,))
        case [tuple() as rows, tuple() as columns]:
            return _block(base, (rows, columns))
        case [tuple() as span, k] if not isinstance(k, tuple):
            return _block(applied.pick_col(base, position(k)), (span,))
        case [k, rest] if not isinstance(k, tuple):
            return pick_part(applied.pick_row(base, position(k)), [rest])
        case [k] if not isinstance(k, tuple):
            return applied.pick(base, position(k))
        case _:
            raise TypeError(f"{len(places)} places of a value of rank {rank(base)}")


def _block(base: Expr, ranges: tuple[Range, ...]) -> Expr:
    """base[a:b, …]; all of it is itself."""
    whole = tuple((Size.of(0), size) for size in shape(base))
    return base if ranges == whole else build.apply("slice", base, params=ranges)


def _size(formula: FormulaReader, node: ast.expr) -> Size | None:
    """A position as a polynomial in declared sizes."""
    try:
        found = polynomial(node)
    except BadSize as bad:
        hint = "write a number, a declared Index or Label, or a size such as n - 1"
        formula.error("index", "this is not an index", bad.node, hint)
        return None
    unknown = sorted(found.symbols - formula.scope.sizes.keys())
    if unknown:
        formula.scope.report_unknown(unknown[0], formula.parsed.where(node), formula.report)
        return None
    return found


def _label(formula: FormulaReader, var: Var, node: ast.expr, size: Size) -> Index | None:
    if var.kind is not Kind.LABEL:
        hint = f"declare `{var.name}: Label[{size}]` or `{var.name}: Index[{size}]`"
        formula.error("index", f"`{var.name}` is a variable, not an index", node, hint)
        return None
    classes = formula.scope.labels[var.name]
    if classes != size:
        message = f"the label {var.name} has {classes} classes, this axis has {size}"
        formula.error("shape", message, node, "check the sizes")
        return None
    return var


def _inside(formula: FormulaReader, node: ast.expr, found: Size, size: Size) -> Index | None:
    """The position counted from the start; refused when it surely lies outside."""
    if found.constant is not None and found.constant < 0:
        found = size + found
    last = (size - 1 - found).constant
    if (last is not None and last < 0) or (found.constant is not None and found.constant < 0):
        hint = f"positions run from 0 to {size - 1}, as in Python"
        message = f"the position {formula.parsed.text(node)} lies outside an axis of size {size}"
        formula.error("index", message, node, hint)
        return None
    return found
