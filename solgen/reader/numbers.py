"""Values of a worked example (`numbers:`): exact rationals whose shapes fit the model and one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain
from typing import assert_never

from solgen.errors import Span
from solgen.expr.nodes import Kind, Var, shape_text
from solgen.expr.size import Size, solve_sizes
from solgen.model.problem import Declaration, Model
from solgen.model.quantity import Number
from solgen.reader.language.scope import Scope
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, Seq

MOST = 400  # entries of one value: more cannot be followed on a page
BY_COLUMNS = (Kind.ONEHOT_COLUMNS, Kind.SIMPLEX_COLUMNS)


def read_numbers(
    node: Node | None, model: Model, scope: Scope, report: Defects, given: Mapping[str, Number] | None = None
) -> dict[str, Number]:
    """Values by name, with those `given` before that are not given anew.

    Unknown names, ragged lists, shapes that do not fit and values that a declaration excludes are reported.
    """
    pairs = node.pairs if isinstance(node, Map) else ()
    named = {name.text for name, _ in pairs}
    found = {name: number for name, number in (given or {}).items() if name not in named}
    sizes = {symbol: (number, "sizes") for symbol, number in model.fixed.items()}
    for name, number in found.items():
        _note_lengths(scope.variables[name], number, sizes)
    places: dict[str, Span] = {}
    for name_, node_ in pairs:
        var = scope.variables.get(name_.text)
        if var is None:
            if name_.text not in scope.broken and not scope.blind:
                hint = nearest_or_all(name_.text, scope.variables, "the model has")
                report.error("unknown-name", f"`{name_.text}` is not in the model", name_.span, hint)
            continue
        number = _number(node_)
        if _fits(var, number, sizes, node_.span, report):
            places[var.name] = node_.span
            found[var.name] = number
    _agree(found, places, model, scope, report)
    for name in places:
        _in_kind(scope, scope.variables[name], found[name], places[name], report)
    return found


def declared_only(node: Node | None, declarations: tuple[Declaration, ...], scope: Scope, report: Defects) -> None:
    """Reports numbers for what an equation computes."""
    names = {d.var.name for d in declarations}
    for name, _ in node.pairs if isinstance(node, Map) else ():
        if name.text in scope.variables and name.text not in names:
            hint = "its value follows from the declared ones; delete it"
            report.error("bad-numbers", f"`{name.text}` is computed by an equation", name.span, hint)


def lengths(numbers: Mapping[str, Number], variables: Mapping[str, Var]) -> Iterator[tuple[Size, int]]:
    """Each axis of each value with its length."""
    for name, number in numbers.items():
        yield from zip(variables[name].axes, extent(number) or (), strict=False)


def _number(node: Node) -> Number:
    if isinstance(node, Seq):
        return tuple(_number(item) for item in node.items)
    assert isinstance(node, Scalar)
    return Fraction(node.text)


def extent(number: Number) -> tuple[int, ...] | None:
    """The shape of nested lists; None when they are ragged."""
    if isinstance(number, Fraction):
        return ()
    inner = {extent(n) for n in number}
    if len(inner) != 1:
        return None
    first = inner.pop()
    return None if first is None else (len(number), *first)


# ---------------------------------------------------------------- shapes


def _fits(var: Var, number: Number, sizes: dict[str, tuple[int, str]], span: Span, report: Defects) -> bool:
    """Whether a value has the shape of its variable, and the lengths that earlier values fixed; else it is reported."""
    found, shape = extent(number), var.axes
    if found is None:
        message = f"the rows of `{var.name}` differ in length" if shape else f"`{var.name}` is scalar"
        report.error("bad-numbers", message, span, "write rows of one length")
        return False
    if len(found) != len(shape):
        lists = ("a number", "a list of numbers", "a list of rows, each a list of numbers")[min(len(shape), 2)]
        report.error("bad-numbers", f"`{var.name}` is {shape_text(shape)}", span, f"write {lists}")
        return False
    if len(_flat(number)) > MOST:
        hint = f"at most {MOST}; an example is followed by hand"
        report.error("bad-numbers", f"`{var.name}` has {len(_flat(number))} entries", span, hint)
        return False
    for length, size in zip(found, shape, strict=True):
        symbol = _symbol(size)
        known = size.constant if size.constant is not None else sizes.get(symbol, (None, ""))[0]
        if known is not None and known != length:
            because = f", and {symbol} is {known} by `{sizes[symbol][1]}`" if symbol else ""
            message = f"`{var.name}` is {shape_text(shape)}{because}; {length} numbers are given"
            report.error("bad-numbers", message, span, f"give {known}")
            return False
        if symbol:
            sizes.setdefault(symbol, (length, var.name))
    return True


def _note_lengths(var: Var, number: Number, sizes: dict[str, tuple[int, str]]) -> None:
    """Lengths that a value fixes which was given before."""
    for length, size in zip(extent(number) or (), var.axes, strict=False):
        if _symbol(size):
            sizes.setdefault(_symbol(size), (length, var.name))


def _symbol(size: Size) -> str:
    """The symbol that a size is; empty for a number or a polynomial."""
    return str(size) if size.symbols == {str(size)} else ""


def _agree(numbers: dict[str, Number], places: dict[str, Span], model: Model, scope: Scope, report: Defects) -> None:
    """Reports an axis such as `n - k + 1` that contradicts the others, and sizes that break their stated order."""
    known = solve_sizes(lengths(numbers, scope.variables), model.fixed)
    for name, span in places.items():
        for size, length in lengths({name: numbers[name]}, scope.variables):
            if not _symbol(size) and size.symbols <= known.keys() and size.value(known) != length:
                message = (
                    f"an axis of `{name}` is {size}, which is {size.value(known)} here; {length} numbers are given"
                )
                report.error("bad-numbers", message, span, f"give {size.value(known)}")
                return
    for small, large in model.order if places else ():
        if small.symbols | large.symbols <= known.keys() and small.value(known) >= large.value(known):
            told = f"{small} < {large} is stated, but the lengths are {small.value(known)} and {large.value(known)}"
            report.error("bad-numbers", told, next(iter(places.values())), "mend the values or `sizes`")


# ---------------------------------------------------------------- kinds


def _in_kind(scope: Scope, var: Var, number: Number, span: Span, report: Defects) -> None:
    """Reports values that the declared kind excludes, in one sample or another."""
    for one in _samples(number, len(var.samples)):
        if not _is_allowed(var.kind, one):
            message = f"`{var.name}` is declared {var.kind.value}, which excludes these values"
            report.error("bad-numbers", message, span, "mend the values or the kind")
            return
    classes = scope.labels.get(var.name) if var.kind is Kind.LABEL else None
    top = classes.constant if classes is not None else None
    if top is not None and any(v >= top for v in _flat(number)):
        report.error("bad-numbers", f"`{var.name}` counts from 0 to {top - 1}", span, "labels are 0-based")


def _is_allowed(kind: Kind, number: Number) -> bool:
    flat = _flat(number)
    match kind:
        case Kind.POSITIVE:
            return all(v > 0 for v in flat)
        case Kind.UNIT:
            return all(0 <= v <= 1 for v in flat)
        case Kind.BINARY:
            return all(v in (0, 1) for v in flat)
        case Kind.SIGNS:
            return all(v in (-1, 1) for v in flat)
        case Kind.ONEHOT | Kind.ONEHOT_COLUMNS:
            return all(v in (0, 1) for v in flat) and all(sum(d) == 1 for d in _distributions(kind, number))
        case Kind.SIMPLEX | Kind.SIMPLEX_COLUMNS:
            return all(v >= 0 for v in flat) and all(sum(d) == 1 for d in _distributions(kind, number))
        case Kind.LABEL:
            return all(v >= 0 and v.denominator == 1 for v in flat)
        case Kind.SYM:
            return _rows(number) == _transpose(number)
        case Kind.POSDEF:
            return _rows(number) == _transpose(number) and all(pivot > 0 for pivot in _pivots(number, False))
        case Kind.INVERTIBLE:
            return all(_pivots(number, True))
        case Kind.REAL:
            return True
        case _:
            assert_never(kind)


def _distributions(kind: Kind, number: Number) -> list[list[Fraction]]:
    """What sums to 1: the vector, or each row, or each column."""
    rows = _rows(number)
    return _transpose(number) if kind in BY_COLUMNS and len(rows) > 1 else rows


def _rows(number: Number) -> list[list[Fraction]]:
    """The rows of a matrix; a vector is one."""
    assert not isinstance(number, Fraction)
    return [_flat(number)] if all(isinstance(n, Fraction) for n in number) else [_flat(n) for n in number]


def _transpose(number: Number) -> list[list[Fraction]]:
    return [list(column) for column in zip(*_rows(number), strict=True)]


def _pivots(number: Number, swap: bool) -> Iterator[Fraction]:
    """The pivots of Gaussian elimination: all positive where a symmetric matrix is positive definite.

    With `swap` rows are exchanged; a pivot 0 then means that the matrix is singular.
    """
    rows = [list(row) for row in _rows(number)]
    for k in range(len(rows)):
        if swap:
            best = next((r for r in range(k, len(rows)) if rows[r][k]), k)
            rows[k], rows[best] = rows[best], rows[k]
        yield rows[k][k]
        if not rows[k][k]:
            return
        for r in range(k + 1, len(rows)):
            factor = rows[r][k] / rows[k][k]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]


def _samples(number: Number, deep: int) -> Iterator[Number]:
    """The values of single samples, within the first `deep` axes."""
    if deep and not isinstance(number, Fraction):
        yield from chain.from_iterable(_samples(n, deep - 1) for n in number)
    else:
        yield number


def _flat(number: Number) -> list[Fraction]:
    return [number] if isinstance(number, Fraction) else [v for n in number for v in _flat(n)]
