"""`sizes:` of a problem or a set: inequalities `m < n` and numbers `{C: 7}`."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from solgen.errors import Span
from solgen.expr.size import Size
from solgen.reader.language.size_text import BadSize, polynomial
from solgen.reader.language.syntax import Parsed, parse_statement
from solgen.reader.source import Defects, nearest_or_all
from solgen.reader.value_kinds import read_whole
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, Seq, TextPiece

HINT = "write `m < n`, or {C: 7}"


@dataclass(slots=True)
class Sizes:
    """Order and numbers of sizes, with the place at which each symbol is first named."""

    order: list[tuple[Size, Size]] = field(default_factory=list)
    fixed: dict[str, int] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)


def read_sizes(node: Node | None, report: Defects) -> Sizes:
    """What the key says; what is wrong is reported."""
    found = Sizes()
    for item in node.items if isinstance(node, Seq) else (node,):
        if isinstance(item, Map):
            for name, value in item.pairs:
                number = read_whole(value)
                found.places[name.text] = name.span
                if number is not None:
                    found.fixed[name.text] = number
        elif isinstance(item, Scalar):
            for piece in TextPiece.of(item).split(","):
                _inequality(piece, found, report)
    return found


def check_used(sizes: Sizes, used: set[str], report: Defects) -> None:
    """Reports symbols that the model does not use, and numbers that break the order."""
    for name, place in sizes.places.items():
        if name not in used:
            hint = nearest_or_all(name, sorted(used), "dimensions of the model")
            report.error("unknown-name", f"`{name}` is not a dimension of the model", place, hint)
    for small, large in sizes.order:
        if small.symbols | large.symbols <= sizes.fixed.keys() and small.value(sizes.fixed) >= large.value(sizes.fixed):
            place = sizes.places[next(iter(small.symbols | large.symbols))]
            report.error("size", f"{small} < {large} does not hold for the given numbers", place, "mend one of them")


def _inequality(piece: TextPiece, found: Sizes, report: Defects) -> None:
    parsed = parse_statement(piece, report)
    if parsed is None:
        return
    tree = parsed.tree
    if isinstance(tree, ast.Assign) and len(tree.targets) == 1:
        _number(tree, parsed, found, report)
        return
    compare = tree.value if isinstance(tree, ast.Expr) else None
    if not isinstance(compare, ast.Compare):
        report.error("size", f"`{piece.text[:40]}` is no order of sizes", piece.span, HINT)
        return
    sides = [compare.left, *compare.comparators]
    try:
        values = [polynomial(side) for side in sides]
    except BadSize as bad:
        report.error("size", bad.message, parsed.where(bad.node), bad.hint)
        return
    for side, value in zip(sides, values, strict=True):
        for symbol in value.symbols:
            found.places.setdefault(symbol, parsed.where(side))
    for left, op, right in zip(values, compare.ops, values[1:], strict=False):
        _relation(left, op, right, piece, found, report)


def _relation(left: Size, op: ast.cmpop, right: Size, piece: TextPiece, found: Sizes, report: Defects) -> None:
    """m < n as (m, n); m <= n is m < n + 1, since sizes are whole."""
    match op:
        case ast.Lt():
            found.order.append((left, right))
        case ast.Gt():
            found.order.append((right, left))
        case ast.LtE():
            found.order.append((left, right + 1))
        case ast.GtE():
            found.order.append((right, left + 1))
        case ast.Eq() if right.constant is not None and len(left.symbols) == 1 and left == Size.of(*left.symbols):
            found.fixed[str(left)] = right.constant
        case _:
            report.error("size", "sizes are ordered by <", piece.span, HINT)


def _number(tree: ast.Assign, parsed: Parsed, found: Sizes, report: Defects) -> None:
    match tree.targets[0], tree.value:
        case ast.Name(id=name) as target, ast.Constant(value=int() as number) if number >= 1:
            found.fixed[name] = number
            found.places.setdefault(name, parsed.where(target))
        case _:
            report.error("size", f"`{parsed.piece.text[:40]}` gives no size a number", parsed.piece.span, HINT)
