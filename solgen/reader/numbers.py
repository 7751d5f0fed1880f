"""Values of a worked example (`numbers:`): exact rationals whose shapes fit the model and one another."""

from __future__ import annotations

from fractions import Fraction

from solgen.errors import Span
from solgen.expr.nodes import Idx, Kind, Shape, Var, shape_text
from solgen.model import Declaration
from solgen.reader.nodes import Map, Node, Scalar, Seq
from solgen.reader.scope import Scope
from solgen.reader.source import Report, nearest_or_all

Number = Fraction | tuple["Number", ...]


def read_numbers(node: Node | None, scope: Scope, report: Report) -> dict[str, Number]:
    """Values by name; unknown names, ragged lists and shapes that do not fit are reported."""
    found: dict[str, Number] = {}
    sizes: dict[str, tuple[int, str]] = {}
    for name, node_ in node.pairs if isinstance(node, Map) else ():
        var = scope.variables.get(name.text)
        if var is None:
            if name.text not in scope.broken and not scope.blind:
                hint = nearest_or_all(name.text, scope.variables, "the model has")
                report.error("unknown-name", f"`{name.text}` is not in the model", name.span, hint)
            continue
        number = _number(node_)
        extent = _extent(number)
        if extent is None:
            report.error(
                "bad-numbers", f"the rows of `{name.text}` differ in length", node_.span, "write rows of one length"
            )
        elif _fits(var, extent, sizes, node_.span, report):
            _in_kind(var, number, node_.span, report)
            found[name.text] = number
    return found


def declared_only(node: Node | None, declarations: tuple[Declaration, ...], scope: Scope, report: Report) -> None:
    """Reports numbers for what an equation computes."""
    names = {d.var.name for d in declarations}
    for name, _ in node.pairs if isinstance(node, Map) else ():
        if name.text in scope.variables and name.text not in names:
            hint = "its value follows from the declared ones; delete it"
            report.error("bad-numbers", f"`{name.text}` is computed by an equation", name.span, hint)


def _number(node: Node) -> Number:
    if isinstance(node, Seq):
        return tuple(_number(item) for item in node.items)
    assert isinstance(node, Scalar)
    return Fraction(node.text)


def _extent(number: Number) -> tuple[int, ...] | None:
    """The shape of nested lists; None when they are ragged."""
    if isinstance(number, Fraction):
        return ()
    inner = {_extent(n) for n in number}
    if len(inner) != 1:
        return None
    first = inner.pop()
    return None if first is None else (len(number), *first)


def _fits(var: Var, extent: tuple[int, ...], sizes: dict[str, tuple[int, str]], span: Span, report: Report) -> bool:
    shape: Shape = (*(i.size for i in var.at if isinstance(i, Idx)), *var.shape_)
    text = shape_text(shape)
    if len(extent) != len(shape):
        lists = ("a number", "a list of numbers", "a list of rows, each a list of numbers")[min(len(shape), 2)]
        report.error("bad-numbers", f"`{var.name}` is {text}", span, f"write {lists}")
        return False
    for given, size in zip(extent, shape, strict=True):
        symbol = str(size) if len(size.terms) == 1 and size.terms[0][1] == 1 and size.symbols == {str(size)} else ""
        known = size.constant if size.constant is not None else sizes.get(symbol, (None, ""))[0]
        if known is not None and known != given:
            because = f", and {symbol} is {known} by `{sizes[symbol][1]}`" if symbol else ""
            report.error(
                "bad-numbers", f"`{var.name}` is {text}{because}; {given} numbers are given", span, f"give {known}"
            )
            return False
        if symbol:
            sizes.setdefault(symbol, (given, var.name))
    return True


def _in_kind(var: Var, number: Number, span: Span, report: Report) -> None:
    """Reports values that the declared kind excludes."""
    flat = _flat(number)
    allowed = {
        Kind.POSITIVE: all(v > 0 for v in flat),
        Kind.UNIT: all(0 <= v <= 1 for v in flat),
        Kind.BINARY: all(v in (0, 1) for v in flat),
        Kind.SIGNS: all(v in (-1, 1) for v in flat),
        Kind.ONEHOT: all(v in (0, 1) for v in flat) and (len(var.shape_) > 1 or sum(flat) == 1),
        Kind.SIMPLEX: all(v >= 0 for v in flat) and (len(var.shape_) > 1 or sum(flat) == 1),
        Kind.LABEL: all(v >= 0 and v.denominator == 1 for v in flat),
    }
    if not allowed.get(var.kind, True):
        report.error(
            "bad-numbers",
            f"`{var.name}` is declared {var.kind.value}, which excludes these values",
            span,
            "mend the values or the kind",
        )


def _flat(number: Number) -> list[Fraction]:
    return [number] if isinstance(number, Fraction) else [v for n in number for v in _flat(n)]
