"""Brackets: entries of values, members of families over samples."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from solgen.expr.nodes import Entry, Expr, Idx, Index, Kind, Var, rank, shape, shape_text
from solgen.expr.size import Size
from solgen.reader.sizes import BadSize, polynomial

if TYPE_CHECKING:
    from solgen.reader.formula import Formula


def read_subscript(formula: Formula, node: ast.Subscript) -> Expr | None:
    """`x[i]` of a family, `v[k]` or `W[k, j]` of a value; None where something was reported."""
    places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    base, rest = _base(formula, node.value, places)
    if base is None or not rest:
        return base
    if any(isinstance(p, ast.Slice) for p in rest) or len(rest) < rank(base):
        hint = "this version of solgen takes whole entries: v[k], W[k, j]"
        formula.error("unsupported", "rows and slices are not supported yet", node, hint)
        return None
    if len(rest) > rank(base):
        shown = f"{formula.parsed.text(node.value)} is {shape_text(shape(base))}"
        hint = "a scalar has no entries" if not rank(base) else f"write {rank(base)} in the brackets"
        formula.error("shape", f"`{formula.parsed.text(node)}`: too many indices ({shown})", node, hint)
        return None
    indices = [_index(formula, p, size) for p, size in zip(rest, shape(base), strict=True)]
    found = tuple(i for i in indices if i is not None)
    return Entry(base, found) if len(found) == len(indices) else None


def _base(formula: Formula, node: ast.expr, places: list[ast.expr]) -> tuple[Expr | None, list[ast.expr]]:
    """The value before the brackets, and the brackets that are left when a family's member is taken."""
    if isinstance(node, ast.Name) and node.id not in formula.bound:
        var = formula.scope.variables.get(node.id)
        if var is not None and var.at:
            return _member(formula, var, node, places)
    return formula.read(node), places


def _member(formula: Formula, var: Var, node: ast.expr, places: list[ast.expr]) -> tuple[Expr | None, list[ast.expr]]:
    due = len(var.at)
    if len(places) < due:
        formula.error("family", f"`{var.name}` takes {due} sample indices", node, "write them all")
        return None, []
    ranges = [i.size for i in var.at if isinstance(i, Idx)]
    indices = [_index(formula, p, size) for p, size in zip(places[:due], ranges, strict=True)]
    found = tuple(i for i in indices if i is not None)
    if len(found) < due:
        return None, []
    return Var(var.name, var.shape_, var.kind, found), list(places[due:])


def _index(formula: Formula, node: ast.expr, size: Size) -> Index | None:
    """An index symbol, a class label, or a 0-based position; a negative one counts from the end."""
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
    try:
        position = polynomial(node)
    except BadSize as bad:
        hint = "write a number, a declared Index or Label, or a size such as n - 1"
        formula.error("index", "this is not an index", bad.node, hint)
        return None
    unknown = sorted(position.symbols - scope.sizes.keys())
    if unknown:
        scope.unknown(unknown[0], formula.parsed.where(node), formula.report)
        return None
    return _inside(formula, node, position, size)


def _label(formula: Formula, var: Var, node: ast.expr, size: Size) -> Index | None:
    if var.kind is not Kind.LABEL:
        hint = f"declare `{var.name}: Label[{size}]` or `{var.name}: Index[{size}]`"
        formula.error("index", f"`{var.name}` is a variable, not an index", node, hint)
        return None
    classes = formula.scope.labels[var.name]
    if classes != size:
        formula.error(
            "shape", f"the label {var.name} has {classes} classes, this axis has {size}", node, "check the sizes"
        )
        return None
    return var


def _inside(formula: Formula, node: ast.expr, position: Size, size: Size) -> Index | None:
    """The position counted from the start; refused when it surely lies outside."""
    if position.constant is not None and position.constant < 0:
        position = size + position
    last = (size - 1 - position).constant
    if (last is not None and last < 0) or (position.constant is not None and position.constant < 0):
        hint = f"positions run from 0 to {size - 1}, as in Python"
        formula.error(
            "index", f"the position {formula.parsed.text(node)} lies outside an axis of size {size}", node, hint
        )
        return None
    return position
