r"""Presentation trees as LaTeX, in the macros of our templates.

A shape beneath a factor is `\sh{…}{…}`, an answer `\ans{…}`; a line may break at `\brk` (outermost), `\brkin` (inside
brackets), `\brkp` (between factors) and `\brkeq` (before the sign of a relation), each a penalty of the templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import assert_never

from solgen.expr.present.nodes import (
    TIMES,
    Accent,
    Authored,
    BigOperator,
    Cases,
    Direction,
    Dots,
    Fence,
    FenceKind,
    FenceSize,
    Fitted,
    Fraction,
    FractionSize,
    Framed,
    Identifier,
    Node,
    Number,
    Operator,
    Reference,
    Root,
    RouteMark,
    Row,
    Script,
    Shaped,
    Space,
    Table,
    Text,
    walk,
)
from solgen.render.tex import SIGNS, SPACES, beside, function_name, is_function, letter, operator

FENCES: Mapping[FenceKind, tuple[str, str]] = MappingProxyType({
    "round": ("(", ")"), "square": ("[", "]"), "curly": (r"\{", r"\}"), "bars": (r"\lvert ", r"\rvert "),
    "norm": (r"\lVert ", r"\rVert "), "angle": (r"\langle ", r" \rangle"),
})  # fmt: skip
SIZES: Mapping[FenceSize, tuple[str, str]] = MappingProxyType({
    "plain": ("", ""), "big": (r"\bigl", r"\bigr"), "bigger": (r"\Bigl", r"\Bigr"), "biggest": (r"\biggl", r"\biggr"),
    "stretchy": (r"\left", r"\right"),
})  # fmt: skip
FRACTIONS: Mapping[FractionSize, str] = MappingProxyType({"normal": r"\frac", "small": r"\tfrac", "large": r"\dfrac"})
DOTS: Mapping[Direction, str] = MappingProxyType(
    {"low": r"\dots", "between": r" \;\cdots\; ", "across": r"\cdots", "down": r"\vdots", "diagonal": r"\ddots"}
)


def latex(node: Node) -> str:
    """The tree as LaTeX for mathematics."""
    match node:
        case Identifier():
            return _identifier(node)
        case Number(digits):
            return digits
        case Operator():
            return operator(node, _break(node))
        case Text(words):
            return rf"\text{{{words}}}"
        case Space(width):
            return SPACES[width]
        case Dots(direction):
            return DOTS[direction]
        case Authored(tex, bold):
            return rf"\bm{{{tex}}}" if bold else tex
        case Reference(kind, number):
            return rf"\eqlink{{{number}}}" if kind == "equation" else rf"\rulelink{{{number}}}"
        case RouteMark(number, colour):
            return rf"\routemark{{{number}}}{{{colour}}}"
        case Row(items):
            return beside(items, [latex(item) for item in items])
        case Fraction(top, bottom, "slash"):
            return f"{latex(top)}/{latex(bottom)}"
        case Fraction(top, bottom, size):
            return f"{FRACTIONS[size]}{{{latex(top)}}}{{{latex(bottom)}}}"
        case Root(body):
            return rf"\sqrt{{{latex(body)}}}"
        case Script(base, sub, sup):
            return latex(base) + _scripts(sub, sup, is_function(base))
        case Accent(body, mark):
            return rf"\{mark}{{{latex(body)}}}"
        case Fence(body, kind, size):
            (opens, closes), (left, right) = SIZES[size], FENCES[kind]
            return f"{opens}{left}{latex(body)}{closes}{right}"
        case BigOperator(sign, under, over):
            return f"{SIGNS[sign]}{_scripts(under, over)} "
        case Shaped(body, shape):
            return rf"\sh{{{latex(body)}}}{{{latex(shape)}}}"
        case Framed(body):
            return rf"\ans{{{latex(body)}}}"
        case Fitted(body):
            return rf"\gridfit{{{latex(body)}}}"
        case Table(of="numbers"):
            return _numbers(node)
        case Table():
            return _formulas(node)
        case Cases(lines):
            told = r" \\ ".join(f"{{}}{latex(value)} & {latex(condition)}" for value, condition in lines)
            return rf"\begin{{cases}}{told}\end{{cases}}"
        case _:
            assert_never(node)


def _identifier(node: Identifier) -> str:
    match node.variant:
        case "italic":
            return letter(node.letters)
        case "bold italic":
            return rf"\bm{{{letter(node.letters)}}}"
        case "upright":
            return rf"\mathrm{{{node.letters}}}"
        case "bold":
            return rf"\mathbf{{{node.letters}}}"
        case "double-struck":
            return rf"\mathbb{{{node.letters}}}"
        case "function":
            return function_name(node.letters)
        case _:
            assert_never(node.variant)


def _scripts(sub: Node | None, sup: Node | None, of_function: bool = False) -> str:
    below = f"_{{{latex(sub)}}}" if sub is not None else ""
    if of_function and isinstance(sup, Number):
        return f"{below}^{sup.digits}"
    return below + (f"^{{{latex(sup)}}}" if sup is not None else "")


def _break(node: Operator) -> str:
    """The penalty before a sign; the deeper in brackets, the higher."""
    if node.depth is None:
        return ""
    if node.spacing == "relation":
        return r"\brkeq "
    if node.sign == TIMES:
        return r"\brkp "
    return r"\brkin " if node.depth else r"\brk "


# ---------------------------------------------------------------- tables


def _numbers(table: Table) -> str:
    """A matrix of numbers; where there are fractions, its rows keep a distance."""
    end = r" \\[2pt] " if any(size == "small" for row in table.cells for size in _fraction_sizes(row)) else r" \\ "
    body = end.join(" & ".join(map(latex, row)) for row in table.cells)
    return rf"\begin{{pmatrix}}{body}\end{{pmatrix}}"


def _formulas(table: Table) -> str:
    """A matrix of formulas, with lines between its columns."""
    lines = [" & ".join(map(_cell, row)) for row in table.cells]
    ends = [*(_row_end(row, after) for row, after in pairwise(table.cells)), ""]
    body = "".join(f"{line}{end}" for line, end in zip(lines, ends, strict=True))
    columns = "".join("c|" if k in table.rules else "c" for k in range(1, len(table.cells[0]) + 1))
    left, right = FENCES[table.kind]
    return rf"\left{left}\begin{{array}}{{@{{}}{columns}@{{}}}}{body}\end{{array}}\right{right}"


def _cell(node: Node) -> str:
    """A cell; a bracket at its beginning is no optional argument of the row before."""
    match node:
        case Row((Fence(kind="square"), *_)) | Fence(kind="square") | Script(base=Fence(kind="square")):
            return f"{{}}{latex(node)}"
        case _:
            return latex(node)


def _row_end(row: tuple[Node, ...], after: tuple[Node, ...]) -> str:
    r"""A row's end; one of fractions keeps a distance, which `\\[…]` counts from the depth of a plain line."""
    sizes = _fraction_sizes(row)
    if "large" in sizes:
        return rf" \\[{7 if Dots('down') in after else 11}pt] "
    return r" \\[5pt] " if "normal" in sizes else r" \\ "


def _fraction_sizes(cells: tuple[Node, ...]) -> set[FractionSize]:
    return {node.size for cell in cells for node in walk(cell) if isinstance(node, Fraction)}
