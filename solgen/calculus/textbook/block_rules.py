"""Textbook rewrites of matrices of blocks side by side (rows of the identity, products, sums), and of diagonals."""

from __future__ import annotations

from solgen.calculus.textbook import monomial
from solgen.calculus.textbook.patterns import args_of, is_op, is_zero, rule_for
from solgen.expr import applied
from solgen.expr.arith import ZERO, add, fill
from solgen.expr.nodes import Apply, Expr, rank, shape
from solgen.expr.ops.structure import bounds
from solgen.expr.size import Size

NOTHING = Size.of(0)


@rule_for("slice")
def _rows_of_identity(e: Apply) -> Expr | None:
    """Rows a to b of I are [0 I 0]."""
    if not is_op(e.args[0], "eye"):
        return None
    (start, stop), (first, last) = bounds(e)
    if (first, last) != (NOTHING, shape(e.args[0])[1]):
        return None
    return _beside([(start, True), (stop - start, False), (last - stop, True)], stop - start)


def _beside(blocks: list[tuple[Size, bool]], height: Size) -> Expr | None:
    """Blocks of zeros and the identity side by side, in one row; those of no width left out."""
    wide = [(size, zero) for size, zero in blocks if size != NOTHING]
    if len(wide) < 2:
        return None
    found = (fill(ZERO, (height, size)) if zero else applied.eye(height) for size, zero in wide)
    return _join_blocks(tuple(found))


def _join_blocks(blocks: tuple[Expr, ...]) -> Expr:
    return applied.concat(blocks, 1)


@rule_for("matmul")
def _product(e: Apply) -> Expr | None:
    """A [0 B] = [0 AB]: one block beside zeros, or blocks of the identity."""
    a, b = e.args
    if not _is_row(b):
        return None
    some = [x for x in args_of(b) if not is_zero(x)]
    if len(some) > 1 and not all(is_op(x, "eye") for x in some):
        return None
    return _join_blocks(tuple(applied.matmul(a, x) for x in args_of(b)))


@rule_for("add")
def _sum(e: Apply) -> Expr | None:
    """[A B] + [C D] = [A + C, B + D], for blocks of the same widths."""
    if rank(e) != 2 or not all(map(_is_row, e.args)):
        return None
    rows = [args_of(a) for a in e.args]
    if len({tuple(map(shape, row)) for row in rows}) > 1:
        return None
    return _join_blocks(tuple(add(*column) for column in zip(*rows, strict=True)))


@rule_for("add")
def _diagonals(e: Apply) -> Expr | None:
    """diag(a) − diag(b) + C = diag(a − b) + C."""
    found = [(n, v) for n, a in enumerate(e.args) if (v := _diagonal(a)) is not None]
    if len(found) < 2:
        return None
    first, joined = found[0][0], applied.diag(add(*(v for _, v in found)))
    gone = {n for n, _ in found}
    kept = [joined if n == first else a for n, a in enumerate(e.args) if n == first or n not in gone]
    return kept[0] if len(kept) == 1 else add(*kept)


def _diagonal(e: Expr) -> Expr | None:
    """v of diag(v), a factor before it included."""
    part = monomial.split_factors(e)
    match part.arrays:
        case ((Apply(op="diag", args=(v,)), k),) if k == 1:
            return monomial.scale_by_parts([monomial.Monomial(part.coefficient, part.scalars)], v)
        case _:
            return None


def _is_row(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op == "concat" and rank(e) == 2 and e.params == (1,)


RULES = (_rows_of_identity, _product, _sum, _diagonals)
