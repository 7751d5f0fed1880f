r"""Presentation trees as LaTeX, in the macros of our templates.

A shape beneath a factor is `\sh{…}{…}`, an answer `\ans{…}`; a line may break at `\brk` (outermost), `\brkin` (inside
brackets), `\brkp` (between factors) and `\brkeq` (before the sign of a relation), each a penalty of the templates.
Another document's macros are another row of `Macros`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import assert_never

from solgen.expr.present.piece import leading
from solgen.expr.present.tree import (
    TIMES,
    Accent,
    Authored,
    BigOperator,
    Cases,
    CrossReference,
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
from solgen.render.tex_spelling import SIGNS, SPACES, beside, is_function, letter, operator, spell_function

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


@dataclass(frozen=True, slots=True)
class Macros:
    """What LaTeX has no command for, as a document writes it; without arguments, as our own templates do."""

    shaped: str = r"\sh{{{0}}}{{{1}}}"
    framed: str = r"\ans{{{0}}}"
    fitted: str = r"\gridfit{{{0}}}"
    equation: str = r"\eqlink{{{0}}}"
    rule: str = r"\rulelink{{{0}}}"
    route: str = r"\routemark{{{0}}}{{{1}}}"
    bold: str = r"\bm{{{0}}}"
    indicator: str = r"\mathbb{1}"
    edge: str = "@{}"  # of the columns of an array
    begin: str = "{}"  # before the sign that a side begins with, so that it has room
    break_outside: str = r"\brk "
    break_inside: str = r"\brkin "
    break_product: str = r"\brkp "
    break_relation: str = r"\brkeq "


HOUSE = Macros()


def latex(node: Node, m: Macros = HOUSE) -> str:
    """The tree as LaTeX for mathematics."""
    match node:
        case Identifier():
            return _identifier(node, m)
        case Number(digits):
            return digits
        case Operator():
            return operator(node, _break(node, m))
        case Text(words):
            return rf"\text{{{words}}}"
        case Space(width):
            return SPACES[width]
        case Dots(direction):
            return DOTS[direction]
        case Authored(tex, bold):
            return m.bold.format(tex) if bold else tex
        case CrossReference(kind, number):
            return (m.equation if kind == "equation" else m.rule).format(number)
        case RouteMark(number, colour):
            return m.route.format(number, colour)
        case Row(items):
            return beside(items, [latex(item, m) for item in items])
        case Fraction(top, bottom, "slash"):
            return f"{latex(top, m)}/{latex(bottom, m)}"
        case Fraction(top, bottom, size):
            return f"{FRACTIONS[size]}{{{latex(top, m)}}}{{{latex(bottom, m)}}}"
        case Root(body):
            return rf"\sqrt{{{latex(body, m)}}}"
        case Script(base, sub, sup):
            return latex(base, m) + _scripts(m, sub, sup, is_function(base))
        case Accent(body, mark):
            return rf"\{mark}{{{latex(body, m)}}}"
        case Fence(body, kind, size):
            (opens, closes), (left, right) = SIZES[size], FENCES[kind]
            return f"{opens}{left}{latex(body, m)}{closes}{right}"
        case BigOperator(sign, under, over):
            return f"{SIGNS[sign]}{_scripts(m, under, over)} "
        case Shaped(body, shape):
            return m.shaped.format(latex(body, m), latex(shape, m))
        case Framed(body):
            return m.framed.format(latex(body, m))
        case Fitted(body):
            return m.fitted.format(latex(body, m))
        case Table(of="numbers"):
            return _numbers(node, m)
        case Table():
            return _formulas(node, m)
        case Cases(lines):
            told = r" \\ ".join(f"{{}}{latex(value, m)} & {latex(condition, m)}" for value, condition in lines)
            return rf"\begin{{cases}}{told}\end{{cases}}"
        case _:
            assert_never(node)


def _identifier(node: Identifier, m: Macros) -> str:
    match node.variant:
        case "italic":
            return letter(node.letters)
        case "bold italic":
            return m.bold.format(letter(node.letters))
        case "upright":
            return rf"\mathrm{{{node.letters}}}"
        case "bold":
            return rf"\mathbf{{{node.letters}}}"
        case "double-struck":
            return m.indicator if node.letters == "1" else rf"\mathbb{{{node.letters}}}"
        case "function":
            return spell_function(node.letters)
        case _:
            assert_never(node.variant)


def _scripts(m: Macros, sub: Node | None, sup: Node | None, of_function: bool = False) -> str:
    below = f"_{{{latex(sub, m)}}}" if sub is not None else ""
    if of_function and isinstance(sup, Number):
        return f"{below}^{sup.digits}"
    return below + (f"^{{{latex(sup, m)}}}" if sup is not None else "")


def _break(node: Operator, m: Macros) -> str:
    """The penalty before a sign; the deeper in brackets, the higher."""
    if node.depth is None:
        return ""
    if node.spacing == "relation":
        return m.break_relation
    if node.sign == TIMES:
        return m.break_product
    return m.break_inside if node.depth else m.break_outside


# ---------------------------------------------------------------- tables


def _numbers(table: Table, m: Macros) -> str:
    """A matrix of numbers; where there are fractions, its rows keep a distance."""
    end = r" \\[2pt] " if any(size == "small" for row in table.cells for size in _fraction_sizes(row)) else r" \\ "
    body = end.join(" & ".join(latex(cell, m) for cell in row) for row in table.cells)
    return rf"\begin{{pmatrix}}{body}\end{{pmatrix}}"


def _formulas(table: Table, m: Macros) -> str:
    """A matrix of formulas, with lines between its columns."""
    lines = [" & ".join(_cell(cell, m) for cell in row) for row in table.cells]
    ends = [*(_row_end(row, after) for row, after in pairwise(table.cells)), ""]
    body = "".join(f"{line}{end}" for line, end in zip(lines, ends, strict=True))
    columns = "".join("c|" if k in table.rules else "c" for k in range(1, len(table.cells[0]) + 1))
    left, right = FENCES[table.kind]
    return rf"\left{left}\begin{{array}}{{{m.edge}{columns}{m.edge}}}{body}\end{{array}}\right{right}"


def _cell(node: Node, m: Macros) -> str:
    """A cell; a bracket at its beginning is no optional argument of the row before."""
    match leading(node):
        case Fence(kind="square"):
            return f"{{}}{latex(node, m)}"
        case _:
            return latex(node, m)


def _row_end(row: tuple[Node, ...], after: tuple[Node, ...]) -> str:
    r"""A row's end; one of fractions keeps a distance, which `\\[…]` counts from the depth of a plain line."""
    sizes = _fraction_sizes(row)
    if "large" in sizes:
        return rf" \\[{7 if Dots('down') in after else 11}pt] "
    return r" \\[5pt] " if "normal" in sizes else r" \\ "


def _fraction_sizes(cells: tuple[Node, ...]) -> set[FractionSize]:
    return {node.size for cell in cells for node in walk(cell) if isinstance(node, Fraction)}
