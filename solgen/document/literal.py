r"""A formula with numbers in the place of its names: `W x + b` as matrix times column plus column.

The printer is the one of all formulas, so that signs and products read as they do without numbers; only the parts for
which there is a value print that value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from solgen.expr.latex import Printer
from solgen.expr.nodes import Expr, SizeNum, Sum
from solgen.expr.ops.row import ATOM, NEG, PROD, SUM
from solgen.expr.piece import BREAK, FRAC, Piece
from solgen.quantity import Quantity

TALL = 3  # parentheses around a matrix grow with it
DIGIT, GAP = 5.2, 11.0  # pt: the width of a character of a number, and of what separates columns
_ALONE = re.compile(r"\\left\((\\begin\{pmatrix\}(?:(?!\\begin|\\end).)*\\end\{pmatrix\})\\right\)")


@dataclass(frozen=True, slots=True)
class Literal(Printer):
    """A printer that knows values: `values` by the part of the formula that they replace, at the samples `at`."""

    values: Mapping[Expr, Quantity] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    at: Mapping[str, int] = field(default_factory=dict)

    def piece(self, e: Expr) -> Piece:
        if e in self.values:
            return value_piece(self.values[e].sample(self.at))
        match e:
            case SizeNum(size=size):
                return Piece(str(size.value(self.sizes)))
            case Sum(index=index, body=body):
                several = range(index.size.value(self.sizes))
                return _total([replace(self, at={**self.at, index.name: k}).piece(body) for k in several])
            case _:
                return Printer.piece(self, e)

    def row(self, e: Expr) -> Piece:
        if e in self.values:
            return value_piece(self.values[e].sample(self.at), row=True)
        return Printer.row(self, e)

    def side(self, e: Expr) -> str:
        r"""The formula as a side of an equation; a matrix brings its own parentheses."""
        text = self.expr(e).replace(r"\biggl", r"\left").replace(r"\biggr", r"\right")
        return _ALONE.sub(r"\1", text)


def value_piece(q: Quantity, row: bool = False) -> Piece:
    """A value as a part of a formula."""
    text = q.latex(row)
    if not isinstance(q.entries, str):
        return Piece(text, PROD if q.power else ATOM, TALL)
    fraction = r"\tfrac" in text
    if text.startswith("-"):
        return Piece(text, NEG, int(fraction))
    return Piece(text, FRAC if fraction else PROD if q.power else ATOM, int(fraction))


def _total(terms: list[Piece]) -> Piece:
    """A sum over samples, written out."""
    text, *rest = (term.text for term in terms)
    text += "".join(f" {BREAK}- {t[1:].lstrip()}" if t.startswith("-") else f" {BREAK}+ {t}" for t in rest)
    return Piece(text, SUM if rest else terms[0].level, max(term.height for term in terms))


def width(tex: str) -> float:
    r"""About how wide a formula with numbers is, in pt: matrices by their widest entries, the rest by characters."""
    total = 0.0
    rest = tex
    for body in re.findall(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", tex):
        rows = [row.split("&") for row in re.split(r"\\\\(?:\[[^\]]*\])?", body)]
        columns = zip(*([*row, *[""] * (max(map(len, rows)) - len(row))] for row in rows), strict=True)
        total += GAP + sum(GAP + DIGIT * max(_characters(cell) for cell in column) for column in columns)
        rest = rest.replace(body, "", 1)
    return total + DIGIT * _characters(rest)


def _characters(tex: str) -> int:
    """How many characters a reader sees; a fraction is as wide as its wider half."""
    tex = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", lambda m: max(m[1], m[2], key=len), tex)
    return len(re.sub(r"\\(?:left|right|begin|end|brk\w*|pmatrix|operatorname)|[{}\s^_]|pmatrix", "", tex))
