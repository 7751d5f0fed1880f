r"""Presentation trees as mathtext, the part of TeX that matplotlib reads: the labels of figures.

Brackets have one size, small fractions are fractions, bold italics are `\mathbfit`.  A figure shows no table, no frame
and no reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from solgen.expr.present.tree import (
    Accent,
    Authored,
    BigOperator,
    Cases,
    CrossReference,
    Direction,
    Dots,
    Fence,
    FenceKind,
    Fitted,
    Fraction,
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
)
from solgen.render.tex_spelling import LETTERS, SIGNS, SPACES, beside, is_function, operator, spell_function

FENCES: Mapping[FenceKind, tuple[str, str]] = MappingProxyType({
    "round": ("(", ")"), "square": ("[", "]"), "curly": (r"\{", r"\}"), "bars": ("| ", "|"),
    "norm": (r"\Vert ", r"\Vert"), "angle": (r"\langle ", r" \rangle"),
})  # fmt: skip
DOTS: Mapping[Direction, str] = MappingProxyType(
    {"low": r"\dots", "between": r" \;\cdots\; ", "across": r"\cdots", "down": r"\vdots", "diagonal": r"\ddots"}
)


def mathtext(node: Node) -> str:
    """The tree as mathtext, without dollars; raises TypeError for what a figure does not show."""
    match node:
        case Identifier():
            return _identifier(node)
        case Number(digits):
            return digits
        case Operator():
            return operator(node)
        case Text(words):
            return rf"\mathrm{{{words}}}"
        case Space(width):
            return SPACES[width]
        case Dots(direction):
            return DOTS[direction]
        case Authored(tex, bold):
            return rf"\mathbfit{{{tex}}}" if bold else tex
        case Row(items):
            return beside(items, [mathtext(item) for item in items])
        case Fraction(top, bottom, "slash"):
            return f"{mathtext(top)}/{mathtext(bottom)}"
        case Fraction(top, bottom):
            return rf"\frac{{{mathtext(top)}}}{{{mathtext(bottom)}}}"
        case Root(body):
            return rf"\sqrt{{{mathtext(body)}}}"
        case Script(Fence() as base, sub, sup):
            return _fence(base) + _scripts(sub, sup)
        case Script(base, sub, sup):
            return mathtext(base) + _scripts(sub, sup, is_function(base))
        case Accent(body, mark):
            return rf"\{mark}{{{mathtext(body)}}}"
        case Fence(_, "bars" | "norm"):
            return f"{_fence(node)} "
        case Fence():
            return _fence(node)
        case BigOperator(sign, under, over):
            return f"{SIGNS[sign]}{_scripts(under, over)} "
        case Shaped() | Framed() | Fitted() | Table() | Cases() | CrossReference() | RouteMark():
            raise TypeError(f"a figure shows no {type(node).__name__}")
        case _:
            assert_never(node)


def _identifier(node: Identifier) -> str:
    match node.variant:
        case "italic" if len(node.letters) > 1 or not node.letters.isascii():
            return LETTERS.get(node.letters) or rf"\mathit{{{node.letters}}}"
        case "italic":
            return node.letters
        case "bold italic":
            return rf"\mathbfit{{{LETTERS.get(node.letters, node.letters)}}}"
        case "upright":
            return rf"\mathrm{{{node.letters}}}"
        case "bold":
            return rf"\mathbf{{{node.letters}}}"
        case "double-struck":
            return rf"\mathbb{{{node.letters}}}"
        case "function":
            return spell_function(node.letters)
        case _:
            assert_never(node.variant)


def _fence(node: Fence) -> str:
    left, right = FENCES[node.kind]
    return f"{left}{mathtext(node.body)}{right}"


def _scripts(sub: Node | None, sup: Node | None, of_function: bool = False) -> str:
    below = f"_{{{mathtext(sub)}}}" if sub is not None else ""
    if of_function and isinstance(sup, Number):
        return f"{below}^{sup.digits}"
    return below + (f"^{{{mathtext(sup)}}}" if sup is not None else "")
