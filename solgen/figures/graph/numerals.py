r"""The numbers of a worked example on a graph: values above the edges, gradients beneath, as on a blackboard.

A number is written in full, a short vector as a transposed row, a small matrix row by row; what is longer keeps its
symbol and its shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.arith import is_negation
from solgen.expr.nodes import Adj, Expr, Var
from solgen.figures.graph.labels import box_size
from solgen.model.derivation import Example, GraphAsked
from solgen.model.quantity import Entries, Quantity, digits_of, state_quantity
from solgen.model.verdict import Checks
from solgen.render.printer import Printer

Values = Mapping[Expr, Quantity]
NO_VALUES: Values = MappingProxyType({})
MOST_ENTRIES = 4  # of a vector or a matrix that is written on an edge
WIDEST = 22  # characters of them


def example_values(asked: GraphAsked, example: Example | None, checks: Checks | None) -> Values:
    """What the example computed of the names and gradients in a graph; nothing unless every name has a value."""
    found = next((c for c in checks.examples if example and c.id == example.id), None) if checks else None
    if example is None or found is None or not example.runs(asked.forward):
        return NO_VALUES
    numbers = ((d.var, example.numbers.get(d.var.name)) for d in example.model.declarations)
    known = {var: state_quantity(var.name, number) for var, number in numbers if number is not None}
    steps = {step.symbol: q for step, q in zip(example.steps, found.quantities, strict=True)}
    parts = {e: q for s in example.steps for e, q in zip(s.operands, found.operands.get(s.id, ()), strict=False)}
    return MappingProxyType({**parts, **known, **steps})


def numeral(e: Expr, values: Values) -> str:
    """The value of a name or a gradient, or of a gradient with its sign turned, as mathtext; empty where unknown."""
    if e in values:
        return write_quantity(values[e])
    if is_negation(e) and e.args[0] in values:
        return write_quantity(values[e.args[0]], turned=True)
    return ""


def write_quantity(quantity: Quantity, *, turned: bool = False) -> str:
    r"""`-3/7`, `(1, -2)^{\top}` or `(1, 2; 3, 4)`; empty where it is too long for an edge.  `turned`: the negative."""
    count = len(quantity.values)
    text, factor = _row(quantity.entries, turned), rf"10^{{{quantity.power}}}" if quantity.power else ""
    if count > MOST_ENTRIES or len(text) > WIDEST:
        return ""
    if isinstance(quantity.entries, str):
        return rf"{text}\cdot {factor}" if factor else text
    return rf"{factor}({text})" + (r"^{\top}" if quantity.axes == 1 and count > 1 else "")


def _row(entries: Entries, turned: bool) -> str:
    """Entries with commas, rows with semicolons between them."""
    if isinstance(entries, str):
        return _negative(entries) if turned else entries
    between = r",\," if all(isinstance(e, str) for e in entries) else r";\;"
    return between.join(_row(e, turned) for e in entries)


def _negative(number: str) -> str:
    negative, top, bottom = digits_of(number)
    if not top.strip("0."):
        return number
    return ("" if negative else "-") + top + (f"/{bottom}" if bottom else "")


def label_value(var: Var, values: Values, printer: Printer, *, symbol: bool) -> tuple[str, str]:
    """The label and the shape on an edge that a name's value travels on; a number stands in for the shape."""
    name = printer.expr(var) if symbol else ""
    number = numeral(var, values)
    if not number:
        return name, box_size(var, printer)
    sign = "=" if values[var].exact else r"\approx"
    return f"{name} {sign} {number}" if name else number, ""


def gradient_value(forms: tuple[Expr, ...], symbol: Adj | None, values: Values) -> str:
    """The number that flows back along an edge, where one of its equal forms has a known value."""
    wanted = (symbol, *forms) if symbol is not None else forms
    return next((text for e in wanted if (text := numeral(e, values))), "")


def spoken_values(values: Values) -> str:
    """The numbers in words: ` Values: x is -2, the gradient of L by x is 3/7.`; empty where there are none."""
    names = ((e.name if isinstance(e, Var) else f"the gradient of {e.of.name} by {e.wrt.name}", q)
             for e, q in values.items() if isinstance(e, Var | Adj))  # fmt: skip
    told_of = ", ".join(f"{name} is {q.plain()}" for name, q in names)
    return f" Values: {told_of}." if told_of else ""
