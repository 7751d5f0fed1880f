"""Checked construction of applications: the one way from a name and arguments to a node.

Shapes are checked against the row of the table, scalars written as arrays of size 1 are adapted, and
vector operands choose between the matrix products.  Nothing is simplified.
"""

from __future__ import annotations

from string import ascii_lowercase

from solgen.expr.arith import add, fill, is_negation, neg
from solgen.expr.nodes import Apply, Expr, Shape, Var, rank, shape, shape_text
from solgen.expr.ops import TABLE, Row, ShapeError, Trait, having
from solgen.expr.ops.example import Example

AS_ROW = having(Trait.AS_ROW)


def apply(op: str, *args: Expr, params: tuple[object, ...] = ()) -> Expr:
    """`op` applied to `args`; raises ShapeError where they do not conform."""
    try:
        return Apply(op, args, params, TABLE[op].shape(tuple(map(shape, args)), params))
    except ShapeError as error:
        error.op = error.op or op
        raise


def apply_example(row: Row, example: Example) -> Apply:
    """The row applied to variables a, b, c … as its example has them."""
    shapes = enumerate(example.shapes)
    args = tuple(Var(c, s, example.kind(k)) for c, (k, s) in zip(ascii_lowercase, shapes, strict=False))
    return Apply(row.name, args, example.params, row.shape(example.shapes, example.params))


def matmul(left: Expr, right: Expr) -> Expr:
    """The matrix product of matrices and vectors; two vectors give a scalar, vector @ matrix a vector."""
    match rank(left), rank(right):
        case 2, 2:
            return apply("matmul", left, right)
        case 2, 1:
            return apply("matvec", left, strip_row(right))
        case 1, 2:
            return apply("vecmat", strip_row(left), right)
        case 1, 1:
            if _is_row(right) and not _is_row(left):
                raise ShapeError("a column times a row is an outer product, not an inner one")
            return apply("dot", strip_row(left), strip_row(right))
        case _:
            raise ShapeError(f"@ needs vectors or matrices, not {shape_text(shape(left))} @ {shape_text(shape(right))}")


def transpose(e: Expr) -> Expr:
    """The transpose; a vector keeps its value and is written as a row."""
    match e:
        case Apply(op="as_row", args=(inner,)):
            return inner
        case _ if rank(e) == 2:
            return apply("transpose", e)
        case _ if rank(e) == 1:
            return apply("as_row", e)
        case _:
            return e


def strip_row(e: Expr) -> Expr:
    """The vector behind `v.T`."""
    return e.args[0] if isinstance(e, Apply) and e.op == "as_row" else e


def scalar(e: Expr) -> Expr:
    """An array of size 1 (R[1] or R[1, 1]) as a scalar; anything else unchanged."""
    if not shape(e) or not all(s.is_one for s in shape(e)):
        return e
    vector = apply("unrow", e) if rank(e) == 2 else e
    return apply("item", vector)


def broadcast(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Arguments of an entrywise operation brought to one shape; scalars are left as they are.

    A 1 × k or k × 1 matrix spreads as in numpy; a bare vector spreads along the axis of a matrix that
    bears its dimension's name.  Raises ShapeError where that is ambiguous or impossible.
    """
    shapes = {shape(a) for a in args}
    if len(shapes) <= 1:
        return args
    args = tuple(scalar(a) for a in args)
    target = _target(tuple(shape(a) for a in args))
    return tuple(a if rank(a) == 0 else _spread(a, target) for a in args)


def entrywise(op: str, *args: Expr, params: tuple[object, ...] = ()) -> Expr:
    """An elementwise operation of the table after broadcasting."""
    return apply(op, *broadcast(args), params=params)


def plus(left: Expr, right: Expr) -> Expr:
    """`+`: the sum after broadcasting."""
    left, right = broadcast((left, right))
    return add(left, right)


def times(left: Expr, right: Expr) -> Expr:
    """`*`: the Hadamard product, or a scalar multiple."""
    left, right = broadcast((left, right))
    if rank(left) == rank(right):
        return apply("mul", left, right)
    if rank(right) == 0:
        left, right = right, left
    return apply("scale", left, right)


def spread(e: Expr, to: Shape) -> Expr:
    """e broadcast to the shape `to`."""
    return fill(e, to) if rank(e) == 0 else _spread(e, to)


def _is_row(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op in AS_ROW


def _target(shapes: tuple[Shape, ...]) -> Shape:
    """The shape that all the arguments take: the sizes of the widest, 1 giving way to any other."""
    widest = max(map(len, shapes))
    full = [s for s in shapes if len(s) == widest]
    if widest < 2:
        return full[0]
    axes = ([s[k] for s in full if not s[k].is_one] or [full[0][k]] for k in range(widest))
    return tuple(sizes[0] for sizes in axes)


def _spread(e: Expr, to: Shape) -> Expr:
    found = shape(e)
    if found == to:
        return e
    if is_negation(e):  # X − row(μ) is X − 1 μᵀ
        return neg(_spread(e.args[0], to))
    if len(found) == 2 and len(to) == 2:
        return _spread_matrix(e, found, to)
    if len(found) == 1 and len(to) == 2:
        return _spread_vector(e, found, to)
    raise ShapeError(f"shapes {shape_text(found)} and {shape_text(to)} differ")


def _spread_matrix(e: Expr, found: Shape, to: Shape) -> Expr:
    if found[0].is_one and found[1] == to[1]:
        return apply("rows", _vector("row", e), params=(to[0],))
    if found[1].is_one and found[0] == to[0]:
        return apply("cols", _vector("col", e), params=(to[1],))
    raise ShapeError(f"shapes {shape_text(found)} and {shape_text(to)} differ")


def _vector(op: str, e: Expr) -> Expr:
    """The vector behind row(v) or col(v), or behind any other matrix with one row or column."""
    return e.args[0] if isinstance(e, Apply) and e.op == op else apply(f"un{op}", e)


def _spread_vector(e: Expr, found: Shape, to: Shape) -> Expr:
    fits = tuple(size == found[0] for size in to)
    match fits:
        case (True, False):
            return apply("cols", strip_row(e), params=(to[1],))
        case (False, True):
            return apply("rows", strip_row(e), params=(to[0],))
        case (True, True):
            raise ShapeError(f"a vector of size {found[0]} fits both axes of {shape_text(to)}: write row(…) or col(…)")
        case _:
            raise ShapeError(
                f"a vector of size {found[0]} fits neither axis of {shape_text(to)}: write row(…) or col(…)"
            )
