"""The lines of a model, sorted into declarations, equations and own functions before any is read.

A part may add lines to its problem's or redefine them; that is done here, on lines with their places.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from solgen.errors import Span
from solgen.reader.language import syntax
from solgen.reader.language.builtins import RESERVED
from solgen.reader.language.syntax import Parsed
from solgen.reader.source import Defects
from solgen.reader.yaml.yaml_nodes import TextPiece

LineKind = Literal["declaration", "equation", "function"]

MAX_LINES = 4_000

STATEMENTS: Mapping[type[ast.AST], tuple[str, str]] = MappingProxyType(
    {
        ast.AugAssign: ("an equation has `=`", "each name is defined once; give the new value a new name"),
        ast.Import: ("nothing is imported here", "functions are called by name: exp(x), not np.exp(x)"),
        ast.ImportFrom: ("nothing is imported here", "functions are called by name: exp(x), not np.exp(x)"),
        ast.FunctionDef: ("`def` is not in the language", "write `f = lambda k: …`"),
        ast.For: ("`for` is not in the language", "write the layers out, or declare `i: Index[n]` for samples"),
        ast.While: ("`while` is not in the language", "write the steps out"),
        ast.If: ("`if` is not in the language", "use step(x), relu(x), maximum(a, b)"),
        ast.Assert: ("`assert` is not in the language", "an order of sizes goes under `sizes: [m < n]`"),
        ast.Return: ("`return` is not in the language", "the last equation is the output"),
        ast.Delete: ("`del` is not in the language", "delete the line"),
    }
)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One statement with the name it defines; `at` are the index letters of a family, `value` its right side."""

    name: str
    kind: LineKind
    at: tuple[str, ...]
    value: ast.expr
    parsed: Parsed
    place: Span


def read_model_lines(model: TextPiece, report: Defects) -> tuple[ModelLine, ...]:
    """The lines of a model text; those that cannot be read are reported and left out."""
    if len(model.text) > syntax.MAX_MODEL:
        report.error(
            "too-large", f"a model of more than {syntax.MAX_MODEL} characters", model.at(0, 1), "split the problem"
        )
        return ()
    pieces = syntax.statements(model)
    if len(pieces) > MAX_LINES:
        place, hint = pieces[MAX_LINES].at(0, 1), "split the problem, or write fewer layers"
        report.error("too-large", f"a model of more than {MAX_LINES} lines", place, hint)
        return ()
    parsed = (syntax.parse_statement(piece, report) for piece in pieces)
    lines = (_line(p, report) for p in parsed if p is not None)
    return tuple(line for line in lines if line is not None)


def unreadable(model: TextPiece, lines: tuple[ModelLine, ...]) -> set[str]:
    """Names that lines without a reading seem to define: they are not reported as unknown again."""
    known = {line.name for line in lines}
    found = set()
    for piece in syntax.statements(model):
        begins = syntax.BEGINS.match(piece.text)
        if begins:
            found.add(begins.group().rstrip(":= ").split("[")[0].strip())
        found.update(word for part in piece.text.split("=")[:-1] if (word := part.strip(" $")).isidentifier())
    return found - known


def merge_lines(base: tuple[ModelLine, ...], added: tuple[ModelLine, ...]) -> tuple[ModelLine, ...]:
    """The problem's lines with a part's: a redefinition takes its line's place, and what the part
    defines before it comes before it."""
    lines = list(base)
    waiting: list[ModelLine] = []
    for line in added:
        at = next((k for k, old in enumerate(lines) if old.name == line.name and old in base), None)
        if at is None:
            waiting.append(line)
        else:
            lines[at : at + 1] = [*waiting, line]
            waiting = []
    return (*lines, *waiting)


def _line(parsed: Parsed, report: Defects) -> ModelLine | None:
    """What a statement defines; None, reported, where it defines nothing."""
    match parsed.tree:
        case ast.AnnAssign(value=value) if value is not None:
            hint = "delete the kind: shapes of equations are deduced"
            report.error("syntax", "a declaration has no value", parsed.where(value), hint)
            return None
        case ast.AnnAssign(target=target, annotation=kind):
            return _make_line(parsed, "declaration", target, kind, report)
        case ast.Assign(targets=[target], value=ast.Lambda() as value):
            return _make_line(parsed, "function", target, value, report)
        case ast.Assign(targets=[target], value=value):
            return _make_line(parsed, "equation", target, value, report)
        case ast.Assign(targets=[first, second, *_]):
            a, b = parsed.text(first), parsed.text(second)
            report.error(
                "syntax", "two equations in one line", parsed.where(second), f"write `{b} = …`, then `{a} = {b}`"
            )
            return None
        case _:
            _no_definition(parsed, report)
            return None


def _make_line(parsed: Parsed, kind: LineKind, target: ast.expr, value: ast.expr, report: Defects) -> ModelLine | None:
    place = parsed.where(target)
    match target:
        case ast.Name(id=name):
            at: tuple[str, ...] = ()
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=letter)):
            at = (letter,)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=letters)) if all(
            isinstance(e, ast.Name) for e in letters
        ):
            at = tuple(e.id for e in letters if isinstance(e, ast.Name))
        case ast.Subscript():
            hint = "an index letter, declared as `i: Index[n]`, makes a family: `z[i] = …`"
            report.error("syntax", "an entry cannot be defined by itself", place, hint)
            return None
        case ast.Attribute(attr="T"):
            report.error("syntax", "a transpose cannot be defined", place, "define the value itself")
            return None
        case _:
            report.error("syntax", "one name stands left of a line", place, "define each name on its own line")
            return None
    if "·" in name:
        report.error("syntax", f"`{name}` is read as one name", place, "a name has letters, digits and _ only")
        return None
    if name in RESERVED:
        hint = f"it is built in: delete the line, or call yours my_{name}"
        report.error("shadow", f"`{name}` is a function of the language and cannot be redefined", place, hint)
        return None
    return ModelLine(name, kind, at, value, parsed, place)


def _no_definition(parsed: Parsed, report: Defects) -> None:
    """Reports a statement that is neither declaration nor equation."""
    tree = parsed.tree
    message, hint = STATEMENTS.get(
        type(tree), ("this line defines nothing", "write a declaration `x: R[n]` or an equation `z = W @ x`")
    )
    if isinstance(tree, ast.Expr):
        match tree.value:
            case ast.Compare(left=left, ops=[ast.Eq()]):
                message, hint = "`==` compares", f"an equation has one sign: `{parsed.text(left)} = …`"
            case ast.Compare(left=left, ops=[ast.In()], comparators=[kind]):
                message, hint = "`in` declares nothing", f"write `{parsed.text(left)}: {parsed.text(kind)}`"
            case ast.Compare(ops=[ast.Lt()], left=left, comparators=[ast.UnaryOp() | ast.BinOp()]) if (
                "<-" in parsed.piece.text
            ):
                message, hint = "an arrow is not used here", f"write `{parsed.text(left)} = …`"
            case ast.Compare(ops=[ast.Lt() | ast.Gt() | ast.LtE() | ast.GtE()]):
                message, hint = "an inequality is not an equation", "an order of sizes goes under `sizes: [m < n]`"
            case ast.NamedExpr(target=target):
                message, hint = "`:=` is not in the language", f"write `{parsed.text(target)} = …`"
            case _:
                pass
    report.error("syntax", message, parsed.where(tree), hint)
