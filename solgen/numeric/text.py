"""Formulas in the model language, for messages and `checks.json`: what an author could have written."""

from __future__ import annotations

from fractions import Fraction

from solgen.expr.nodes import Adj, Apply, Expr, Idx, Pi, Var, rank
from solgen.expr.ops import TABLE, Callee
from solgen.expr.size import Size
from solgen.expr.walk import leaves
from solgen.numeric.writer import ATOM, NEG, PROD, Text, Writer

LONGEST = 200  # symbols; a longer formula is named by its size alone

# What is written with an operator or in another way than as name(arguments).
_FORMS = {
    "neg": "-{0}", "div": "{0} / {1}", "pow": "{0} ** {1}", "matmul": "{0} @ {1}", "matvec": "{0} @ {1}",
    "vecmat": "{0} @ {1}", "mul": "{0} * {1}", "scale": "{0} * {1}", "transpose": "{0}.T", "as_row": "{0}.T",
    "sum_rows": "sum({0}, axis=0)", "sum_cols": "sum({0}, axis=1)", "fill": "{0}", "item": "{0}", "unitem": "{0}",
    "unrow": "{0}", "uncol": "{0}", "rows": "row({0})", "cols": "col({0})",
    "pick": "{0}[{1}]", "pick_row": "{0}[{1}, :]", "pick_col": "{0}[:, {1}]", "inv": "inv({0})",
    "softmax_cross_entropy": "cross_entropy(softmax({0}), {1})", "reaches": "(1 - step(-({0})))",
}  # fmt: skip


def text(e: Expr) -> str:
    """The formula in the model language; gradients are written dL/dW."""
    symbols = leaves(e)
    return _ModelWriter().write(e) if symbols <= LONGEST else f"(a formula of {symbols} symbols)"


class _ModelWriter(Writer):
    def number(self, value: Fraction) -> Text:
        if value.denominator != 1:
            return Text(f"{value.numerator} / {value.denominator}", PROD)
        return Text(str(value), ATOM if value >= 0 else NEG)

    def symbol(self, e: Var | Adj | Pi) -> Text:
        match e:
            case Pi():
                return Text("pi")
            case Adj(of=of, wrt=wrt, twice=twice):
                order = "2" if twice else ""
                return Text(f"d{order}{self.symbol(of).text}/d{self.symbol(wrt).text}{order}")
            case Var(name=name, at=at):
                return Text(f"{name}[{', '.join(map(self.index, at))}]" if at else name)

    def size(self, size: Size) -> str:
        return str(size)

    def template(self, e: Apply) -> str:
        if e.op == "slice":
            return f"{{0}}[{self.bounds(e.params)}]"
        if e.op in _FORMS:
            return _FORMS[e.op]
        arguments = [f"{{{k}}}" for k in range(len(e.args))]
        if e.op in ("eye", "basis", "matpow"):
            arguments += [str(e.params[0])]
        elif e.params and rank(e.args[0]) == 2:
            arguments.append(f"axis={e.params[0]}")
        return f"{TABLE[e.op].name}({', '.join(arguments)})"

    def called(self, callee: Callee, op: str) -> str:
        return f"{callee.name}_grad" if op == "loss_grad" else callee.name + "′" * callee.order

    def summed(self, index: Idx, body: Text) -> Text:
        return Text(f"sum({body.text}, {index.name})")

    def stacked(self, index: Idx, body: Text, columns: bool) -> Text:
        return Text(f"stack({body.text}, {index.name}{', axis=1' if columns else ''})")

    def kronecker(self, left: str, right: str) -> Text:
        return Text(f"delta({left}, {right})")
