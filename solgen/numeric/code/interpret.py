"""An exported module run by a small interpreter: its text read back with Python's own parser, against a whitelist.

So the text itself is what is tested before it is handed out, and nothing derived from a problem file is ever executed
as Python: only arithmetic, indexing, comprehensions, local functions, and public functions of numpy and math.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
}  # fmt: skip
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
BUILT_IN: Mapping[str, Any] = {
    "np": np, "math": math, "float": float, "int": int, "sum": sum, "range": range, "slice": slice,
}  # fmt: skip
ATTRIBUTES = frozenset({"T", "shape", "reshape"})  # of an array

Names = dict[str, Any]


class UnknownConstruction(ValueError):
    """A construction that an exported module never contains."""


def interpret_module(source: str, library: str = "numpy") -> dict[str, Callable[..., Any]]:
    """The functions that a module defines, by name; `np` is numpy, whatever `library` it imports under that name.

    Raises Unreadable for anything but imports of that library and of math, functions and a docstring.
    """
    names: Names = dict(BUILT_IN)
    for statement in ast.parse(source).body:
        match statement:
            case ast.FunctionDef():
                names[statement.name] = _function(statement, names)
            case ast.Import(names=[ast.alias(name=name)]) if name in (library, "math"):
                pass
            case ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise UnknownConstruction(ast.unparse(statement))
    return {name: value for name, value in names.items() if name not in BUILT_IN}


def run_statements(source: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> Names:
    """The names that statements define; what is `given` stays what it is where they would define it anew.

    `known` is what they begin with, a SimpleNamespace for each module that they call.  Raises Unreadable for anything
    but assignments, and classes that are given.
    """
    names: Names = {**known, **given}
    for statement in ast.parse(source).body:
        match statement:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) if name in given:
                pass
            case ast.Assign():
                _run(statement, names)
            case _:
                raise UnknownConstruction(ast.unparse(statement))
    return names


def _function(node: ast.FunctionDef, outer: Names) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        names = {**outer, **dict(zip((a.arg for a in node.args.args), args, strict=True))}
        if node.args.kwarg is not None:
            names[node.args.kwarg.arg] = kwargs
        for statement in node.body:
            if isinstance(statement, ast.Return) and statement.value is not None:
                return _value(statement.value, names)
            _run(statement, names)
        raise UnknownConstruction(f"{node.name} returns nothing")

    return call


def _run(statement: ast.stmt, names: Names) -> None:
    match statement:
        case ast.Assign(targets=[target], value=value):
            _assign(target, _value(value, names), names)
        case ast.FunctionDef():
            names[statement.name] = _function(statement, names)
        case ast.Expr(value=ast.Constant()):
            pass
        case _:
            raise UnknownConstruction(ast.unparse(statement))


def _assign(target: ast.expr, value: Any, names: Names) -> None:
    match target:
        case ast.Name(id=name):
            names[name] = value
        case ast.Tuple(elts=parts):
            for part, each in zip(parts, value, strict=True):
                _assign(part, each, names)
        case ast.Subscript(value=array, slice=place):
            _value(array, names)[_value(place, names)] = value
        case _:
            raise UnknownConstruction(ast.unparse(target))


def _arithmetic(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """What numpy gives where Python's own numbers would stop: infinity, or no number."""
    try:
        return operation(left, right)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.nan


def _value(node: ast.expr, names: Names) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(BINARY[type(op)], _value(left, names), _value(right, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return COMPARE[type(op)](_value(left, names), _value(right, names))
        case ast.Attribute(value=inner, attr=name):
            return _attribute(_value(inner, names), name)
        case ast.Call(func=function, args=args, keywords=keywords):
            given = [_value(k.value, names) if k.arg is None else {k.arg: _value(k.value, names)} for k in keywords]
            named = {name: value for part in given for name, value in part.items()}
            return _value(function, names)(*(_value(a, names) for a in args), **named)
        case ast.Subscript(value=array, slice=place):
            return _value(array, names)[_value(place, names)]
        case _:
            return _collection(node, names)


def _collection(node: ast.expr, names: Names) -> Any:
    match node:
        case ast.Tuple(elts=parts):
            return tuple(_value(part, names) for part in parts)
        case ast.List(elts=parts):
            return [_value(part, names) for part in parts]
        case ast.Dict(keys=keys, values=values):
            return _join_items(zip(keys, values, strict=True), names)
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(*(None if bound is None else _value(bound, names) for bound in (lower, upper, step)))
        case ast.ListComp(elt=each, generators=[loop]) | ast.GeneratorExp(elt=each, generators=[loop]):
            return list(_loop(each, loop, names))
        case _:
            raise UnknownConstruction(ast.unparse(node))


def _join_items(items: Iterable[tuple[ast.expr | None, ast.expr]], names: Names) -> dict[Any, Any]:
    """A dictionary; an item without a key is a dictionary to be joined in."""
    found: dict[Any, Any] = {}
    for key, value in items:
        found.update(_value(value, names) if key is None else {_value(key, names): _value(value, names)})
    return found


def _loop(each: ast.expr, loop: ast.comprehension, names: Names) -> Iterator[Any]:
    for item in _value(loop.iter, names):
        inner = dict(names)
        _assign(loop.target, item, inner)
        yield _value(each, inner)


def _attribute(value: Any, name: str) -> Any:
    if isinstance(value, SimpleNamespace) and name in vars(value):
        return vars(value)[name]
    public = value in (np, math, np.linalg) if isinstance(value, type(np)) else name in ATTRIBUTES
    if not public or name.startswith("_"):
        raise UnknownConstruction(f"the attribute {name}")
    return getattr(value, name)
