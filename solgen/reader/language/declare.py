"""Declarations: `W: R[m, n]`, `phi: Elementwise`, `i: Index[n]`; a kind is recognised only here."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType

from solgen.errors import Span
from solgen.expr.nodes import Idx, Kind, Shape, Var
from solgen.expr.size import Size
from solgen.model.problem import Declaration, FunctionDeclaration, Role
from solgen.reader.language.builtins import RESERVED
from solgen.reader.language.model_lines import ModelLine
from solgen.reader.language.model_slips import KINDS_ELSEWHERE
from solgen.reader.language.scope import Scope
from solgen.reader.language.size_text import BadSize, polynomial, positive
from solgen.reader.source import Defects, nearest

KINDS: Mapping[str, Kind] = MappingProxyType({kind.value: kind for kind in Kind if kind.value.isidentifier()})
FUNCTION_KINDS = ("Elementwise", "Loss")
ALL_KINDS = (*KINDS, *FUNCTION_KINDS, "Index")
SQUARE = (Kind.SYM, Kind.POSDEF, Kind.INVERTIBLE)
VECTORS = (Kind.ONEHOT, Kind.SIMPLEX)


class _BadKind(ValueError):
    def __init__(self, node: ast.AST, message: str, hint: str) -> None:
        self.node, self.message, self.hint = node, message, hint
        super().__init__(message)


def declare(line: ModelLine, roles: Mapping[str, Role], scope: Scope, report: Defects) -> Declaration | None:
    """Enters one declaration into the scope; a variable is also returned.

    What is wrong is reported, and the name counts as broken, so that its uses are not reported too.
    """
    try:
        name, sizes = _annotation(line)
        for size, node in sizes:
            _enter_sizes(size, line.parsed.where(node), scope, report)
        return _enter(line, name, tuple(size for size, _ in sizes), roles, scope, report)
    except (_BadKind, BadSize) as bad:
        report.error(
            "kind" if isinstance(bad, _BadKind) else "size", bad.message, line.parsed.where(bad.node), bad.hint
        )
        scope.broken.add(line.name)
        return None


def is_index(line: ModelLine) -> bool:
    """Whether a declaration is an index, which families need first."""
    match line.value:
        case ast.Subscript(value=ast.Name(id="Index")):
            return line.kind == "declaration"
        case _:
            return False


def kind_meant(line: ModelLine, scope: Scope) -> bool:
    """Whether an equation was to be a declaration: `x = R[n]`, where R is no name of the model."""
    value = line.value.value if isinstance(line.value, ast.Subscript) else line.value
    return isinstance(value, ast.Name) and value.id in ALL_KINDS and not scope.what(value.id)


def _enter(
    line: ModelLine, name: str, sizes: Shape, roles: Mapping[str, Role], scope: Scope, report: Defects
) -> Declaration | None:
    if name in FUNCTION_KINDS:
        _count(line, name, len(sizes), (0,))
        kind = "Elementwise" if name == "Elementwise" else "Loss"
        scope.declared[line.name] = FunctionDeclaration(line.name, kind, line.place)  # type: ignore[arg-type]
        return None
    if name == "Index":
        _count(line, name, len(sizes), (1,))
        scope.indices[line.name] = Idx(line.name, sizes[0])
        return None
    kind_ = KINDS[name]
    shape = _shape(line, kind_, sizes)
    at = read_family(line, scope, report)
    if at is None:
        scope.broken.add(line.name)
        return None
    columns = scope.samples == "columns" and len(shape) == 2
    var = Var(line.name, shape, kind_.by_columns if columns else kind_, at)
    scope.variables[line.name] = var
    if kind_ is Kind.LABEL:
        scope.labels[line.name] = sizes[0]
    return Declaration(var, roles.get(line.name, "input"), line.place, sizes[0] if kind_ is Kind.LABEL else None)


def read_family(line: ModelLine, scope: Scope, report: Defects) -> tuple[Idx, ...] | None:
    """The sample indices of `x[i]`; None, reported, where one is not declared."""
    unknown = [letter for letter in line.at if letter not in scope.indices]
    for letter in unknown:
        what = scope.what(letter)
        message = f"`{letter}` is {what}, not an index" if what else f"unknown index `{letter}`"
        hint = nearest(letter, list(scope.indices)) or f"declare it: `{letter}: Index[n]`"
        report.error("unknown-name", message, line.place, hint)
    return None if unknown else tuple(scope.indices[letter] for letter in line.at)


def _annotation(line: ModelLine) -> tuple[str, list[tuple[Size, ast.AST]]]:
    """The kind's name and its sizes with their places."""
    node = line.value
    match node:
        case ast.Name(id=name):
            sizes: list[ast.expr] = []
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=elements)):
            sizes = list(elements)
        case ast.Subscript(value=ast.Name(id=name), slice=single):
            sizes = [single]
        case ast.Call(func=ast.Name(id=name)) if name in ALL_KINDS:
            raise _BadKind(
                node, "sizes stand in square brackets", f"write `{name}[{', '.join(map(ast.unparse, node.args))}]`"
            )
        case ast.BinOp(left=ast.Name(id=name), op=ast.BitXor() | ast.Pow(), right=power):
            raise _BadKind(
                node, "sizes stand in square brackets", f"write `{name}[{line.parsed.text(power).strip('{}')}]`"
            )
        case _:
            raise _BadKind(
                node,
                "this is not a kind",
                "write R, R[n] or R[m, n]; others are Positive, OneHot, Sym, Label, Elementwise, …",
            )
    if name not in ALL_KINDS:
        hint = KINDS_ELSEWHERE.get(name) or nearest(name, ALL_KINDS) or f"kinds: {', '.join(ALL_KINDS)}"
        raise _BadKind(node, f"unknown kind `{name}`", hint)
    return name, [(positive(n, polynomial(n)), n) for n in sizes]


def _shape(line: ModelLine, kind: Kind, sizes: Shape) -> Shape:
    """The shape that a kind with these sizes declares."""
    if kind in SQUARE:
        _count(line, kind.value, len(sizes), (1, 2))
        if len(sizes) == 2 and sizes[0] != sizes[1]:
            raise _BadKind(
                line.value,
                f"`{kind.value}` is square, not {sizes[0]} by {sizes[1]}",
                f"write `{kind.value}[{sizes[0]}]`",
            )
        return (sizes[0], sizes[0])
    if kind is Kind.LABEL:
        _count(line, kind.value, len(sizes), (1,))
        return ()
    _count(line, kind.value, len(sizes), (1, 2) if kind in VECTORS else (0, 1, 2))
    return sizes


def _count(line: ModelLine, kind: str, found: int, due: tuple[int, ...]) -> None:
    if found not in due:
        forms = {0: kind, 1: f"{kind}[n]", 2: f"{kind}[m, n]"}
        hint = f"write {' or '.join(forms[k] for k in due)}"
        raise _BadKind(line.value, f"`{kind}` takes {' or '.join(map(str, due))} sizes, not {found}", hint)


def _enter_sizes(size: Size, place: Span, scope: Scope, report: Defects) -> None:
    for symbol in sorted(size.symbols):
        if symbol in RESERVED:
            report.error("shadow", f"`{symbol}` is a function and cannot be a dimension", place, "use another letter")
        scope.sizes.setdefault(symbol, place)
        scope.places.setdefault(symbol, place)
