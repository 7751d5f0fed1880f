r"""A formula with numbers in the place of its names: `W x + b` as matrix times column plus column.

The printer is the one of all formulas, so that signs and products read as they do without numbers; only the parts for
which there is a value print that value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod

from solgen.expr.latex import Printer
from solgen.expr.nodes import Apply, Entry, Expr, Idx, Index, SizeNum, Sum, Var, shape
from solgen.expr.ones import entrywise
from solgen.expr.ops.row import ATOM, NEG, PROD, SUM
from solgen.expr.piece import BREAK, FRAC, Piece
from solgen.expr.size import Size
from solgen.expr.symbols import Symbol
from solgen.quantity import Quantity

LONGEST = 6  # so many entries of an array are added up in writing
TALL = 3  # parentheses around a matrix grow with it
DIGIT, GAP = 5.2, 11.0  # pt: the width of a character of a number, and of what separates columns
_ALONE = re.compile(r"\\left\((\\begin\{pmatrix\}(?:(?!\\begin|\\end).)*\\end\{pmatrix\})\\right\)")


class Unspelt(LookupError):
    """A part of a formula that has no value to stand in its place."""


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
            case Apply(op="sum", args=(inner,)):
                lengths = [range(n.value(self.sizes)) for n in shape(inner)]
                if prod(map(len, lengths)) > LONGEST:
                    raise Unspelt(e.op)
                return _total([self._term(inner, tuple(map(Size.of, at))) for at in product(*lengths)])
            case Entry(array=array, indices=indices) if array in self.values:
                return value_piece(self._entry_at(self.values[array].sample(self.at), indices))
            case _:
                return Printer.piece(self, e)

    def _term(self, e: Expr, at: tuple[Index, ...]) -> Piece:
        """One entry of an array, as a term of the sum over all of them."""
        entry = Entry(e, at) if e in self.values else entrywise(e, at)
        if entry is None:
            raise Unspelt(str(at))
        return self.piece(entry)

    def _entry_at(self, q: Quantity, indices: tuple[Index, ...]) -> Quantity:
        """One entry of a value; raises Unspelt where an index stands for several."""
        for i in indices:
            match i:
                case Size():
                    q = q.entry(i.value(self.sizes))
                case Idx(name=name) if name in self.at:
                    q = q.entry(self.at[name])
                case _:
                    raise Unspelt(str(i))
        return q

    def var(self, v: Var) -> Symbol:
        """A name where a number is due: the formula cannot be spelt out."""
        raise Unspelt(v.name)

    def row(self, e: Expr) -> Piece:
        if e in self.values:
            return value_piece(self.values[e].sample(self.at), row=True)
        return Printer.row(self, e)

    def side(self, e: Expr) -> str:
        r"""The formula as a side of an equation; a matrix brings its own parentheses.

        Raises Unspelt where a name has no value.
        """
        text = self._finish(self.piece(e).text).replace(r"\biggl", r"\left").replace(r"\biggr", r"\right")
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
    """How many characters a reader sees; a fraction is as wide as its wider half, a sign one character."""
    tex = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", lambda m: max(m[1], m[2], key=len), tex)
    tex = re.sub(r"\\(?:[Bb]igg?[lr]|left|right|begin|end|brk\w*|operatorname)(?![A-Za-z])|pmatrix", "", tex)
    return len(re.sub(r"[{}\s^_]", "", re.sub(r"\\[A-Za-z]+", "x", tex)))
