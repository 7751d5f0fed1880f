"""Formulas in the model language, for messages and `checks.json`: what an author could have written."""

from __future__ import annotations

import re
from fractions import Fraction

from solgen.expr.nodes import Adj, Apply, Expr, Idx, Pi, Var, rank
from solgen.expr.ops import TABLE, Callee
from solgen.expr.size import Size
from solgen.expr.walk import leaves
from solgen.expr.writer import ATOM, NEG, PROD, SourceText, Writer

LONGEST = 200  # symbols; a longer formula is named by its size alone


def write_formula(e: Expr) -> str:
    """The formula in the model language; gradients are written dL/dW."""
    return _ModelWriter().write(e)


def text(e: Expr) -> str:
    """The formula in the model language, or where it is too long for a message its size alone."""
    symbols = leaves(e)
    return write_formula(e) if symbols <= LONGEST else f"(a formula of {symbols} symbols)"


class _ModelWriter(Writer):
    def number(self, value: Fraction) -> SourceText:
        if value.denominator != 1:
            return SourceText(f"{value.numerator} / {value.denominator}", PROD)
        return SourceText(str(value), ATOM if value >= 0 else NEG)

    def symbol(self, e: Var | Adj | Pi) -> SourceText:
        match e:
            case Pi():
                return SourceText("pi")
            case Adj(of=of, wrt=wrt, twice=twice):
                order = "2" if twice else ""
                return SourceText(f"d{order}{self.symbol(of).text}/d{self.symbol(wrt).text}{order}")
            case Var(name=name, at=at):
                return SourceText(f"{name}[{', '.join(map(self.index, at))}]" if at else name)

    def size(self, size: Size) -> str:
        return str(size)

    def template(self, e: Apply) -> str:
        row = TABLE[e.op]
        if row.text:
            static = {"{bounds}": lambda: self.bounds(e.params), "{k}": lambda: str(e.params[0])}
            return re.sub(r"\{[a-z]+\}", lambda m: static[m[0]](), row.text)
        arguments = [f"{{{k}}}" for k in range(len(e.args))]
        if e.params and rank(e.args[0]) >= 2:
            arguments.append(f"axis={e.params[0]}")
        return f"{row.name}({', '.join(arguments)})"

    def name_call(self, callee: Callee, op: str) -> str:
        return f"{callee.name}_grad" if op == "loss_grad" else callee.name + "′" * callee.order

    def write_sum(self, index: Idx, body: SourceText) -> SourceText:
        return SourceText(f"sum({body.text}, {index.name})")

    def write_stack(self, index: Idx, body: SourceText, columns: bool) -> SourceText:
        return SourceText(f"stack({body.text}, {index.name}{', axis=1' if columns else ''})")

    def kronecker(self, left: str, right: str) -> SourceText:
        return SourceText(f"delta({left}, {right})")
