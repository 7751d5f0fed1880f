"""A reading with its form on paper: a value, and whether a vector stands as a row; products and sums of such.

What stands on paper is a matrix of some rows and columns; a vector is a column, its transpose a row, a number 1 × 1.
Where forms do not fit there is no reading: each function here gives None then, and that is how shapes exclude forks.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from solgen.expr.nodes import Apply, Expr, Num, Shape, shape
from solgen.expr.size import ONE, Size

DEEPEST = 600  # of a formula's tree, so that what walks it needs no stack without bounds


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value as it stands on paper; `deep` bounds the depth of its tree."""

    e: Expr
    row: bool = False
    deep: int = 1

    @property
    def rank(self) -> int:
        return len(shape(self.e))

    @property
    def form(self) -> tuple[Size, Size] | None:
        """Rows and columns; None of what has more axes."""
        s = shape(self.e)
        match len(s):
            case 0:
                return ONE, ONE
            case 1:
                return (ONE, s[0]) if self.row else (s[0], ONE)
            case 2:
                return s[0], s[1]
            case _:
                return None

    @property
    def is_number(self) -> bool:
        """Whether it is 1 × 1, in whatever form."""
        return self.form == (ONE, ONE)


def number(value: int | Fraction) -> TypedValue:
    """The number as a reading."""
    return TypedValue(Num(Fraction(value)))


def apply_operation(
    op: str, to: Shape, *args: TypedValue, params: tuple[object, ...] = (), row: bool = False
) -> TypedValue:
    """An operation on readings, whose shape is known."""
    deep = 1 + max((a.deep for a in args), default=0)
    return TypedValue(Apply(op, tuple(a.e for a in args), params, to), row, deep)


# ---------------------------------------------------------------- the same on paper in another form


def as_number(t: TypedValue) -> TypedValue | None:
    """What is 1 × 1 as a number."""
    if not t.is_number:
        return None
    match t.rank:
        case 0:
            return t
        case 1:
            return apply_operation("item", (), t)
        case _:
            return apply_operation("item", (), apply_operation("uncol", (ONE,), t))


def vector(t: TypedValue) -> TypedValue | None:
    """What is one row or one column as a vector."""
    if t.rank == 1:
        return t
    if t.rank == 0:
        return apply_operation("unitem", (ONE,), t)
    form = t.form
    if form is None or ONE not in form:
        return None
    if form[1] == ONE:
        return apply_operation("uncol", (form[0],), t)
    return apply_operation("unrow", (form[1],), t, row=True)


def matrix(t: TypedValue) -> TypedValue | None:
    """It as a matrix, of one row or column where it is a vector."""
    form = t.form
    if form is None or t.rank == 2:
        return t if form else None
    inner = vector(t)
    assert inner is not None
    n = shape(inner.e)[0]
    return apply_operation("row", (ONE, n), inner) if inner.row else apply_operation("col", (n, ONE), inner)


def of_rank(t: TypedValue, rank: int) -> TypedValue | None:
    """It in the form of a number, a vector or a matrix."""
    match rank:
        case 0:
            return as_number(t)
        case 1:
            return vector(t)
        case 2:
            return matrix(t)
        case _:
            return t if t.rank == rank else None


def transpose_typed(t: TypedValue) -> TypedValue | None:
    """The transpose; a vector stands as a row then, or as a column again."""
    match t.rank:
        case 0:
            return t
        case 1:
            return TypedValue(t.e, not t.row, t.deep)
        case 2:
            m, n = shape(t.e)
            return apply_operation("transpose", (n, m), t)
        case _:
            return None


def spread_typed(t: TypedValue, to: Shape, row: bool = False) -> TypedValue:
    """A number in every entry of an array."""
    return apply_operation("fill", to, t, params=to, row=row) if to else t


# ---------------------------------------------------------------- products


def multiply_typed(a: TypedValue, b: TypedValue) -> TypedValue | None:
    """a b: a multiple, or the matrix product of what stands on paper."""
    if a.is_number and (number_ := as_number(a)) is not None:
        return multiple(number_, b)
    if b.is_number and (number_ := as_number(b)) is not None:
        return multiple(number_, a)
    if a.form is None or b.form is None or a.form[1] != b.form[0]:
        return None
    return _matrix_product(a, b)


def multiple(factor: TypedValue, t: TypedValue) -> TypedValue:
    """A number times anything."""
    if t.is_number:
        other = as_number(t)
        assert other is not None
        return apply_operation("mul", (), factor, other)
    return apply_operation("scale", shape(t.e), factor, t, row=t.row)


def _matrix_product(a: TypedValue, b: TypedValue) -> TypedValue | None:
    match a.rank, b.rank:
        case 2, 2:
            return apply_operation("matmul", (shape(a.e)[0], shape(b.e)[1]), a, b)
        case 2, 1 if not b.row:
            return apply_operation("matvec", (shape(a.e)[0],), a, b)
        case 1, 2 if a.row:
            return apply_operation("vecmat", (shape(b.e)[1],), a, b, row=True)
        case 1, 1 if a.row:
            return apply_operation("dot", (), a, b)
        case _:
            left, right = vector(a), vector(b)
            if left is None or right is None:
                return None
            return apply_operation("outer", (shape(left.e)[0], shape(right.e)[0]), left, right)


def combine_entries(op: str, a: TypedValue, b: TypedValue) -> TypedValue | None:
    """a ⊙ b or a ⊘ b of one form; a number beside an array stands in every entry."""
    if a.is_number and b.is_number:
        left, right = as_number(a), as_number(b)
        assert left is not None and right is not None
        return apply_operation(op, (), left, right)
    if a.is_number or b.is_number:
        return _spread_beside(op, a, b)
    if a.form != b.form or a.form is None:
        return None
    if a.rank != b.rank:
        left, right = matrix(a), matrix(b)
        assert left is not None and right is not None
        return apply_operation(op, shape(left.e), left, right)
    return apply_operation(op, shape(a.e), a, b, row=a.row)


def _spread_beside(op: str, a: TypedValue, b: TypedValue) -> TypedValue | None:
    whole = b if a.is_number else a
    to, row = shape(whole.e), whole.row
    sides = []
    for t in (a, b):
        single = as_number(t)
        sides.append(spread_typed(single, to, row) if single is not None else t)
    return apply_operation(op, to, *sides, row=row)


def divide_by_number(a: TypedValue, b: TypedValue) -> TypedValue | None:
    """a/b, b a number."""
    below = as_number(b)
    if below is None:
        return None
    above = as_number(a) if a.is_number else a
    assert above is not None
    return apply_operation("div", shape(above.e), above, below, row=above.row)


# ---------------------------------------------------------------- sums


def negate_typed(t: TypedValue) -> TypedValue:
    """−t."""
    return apply_operation("neg", shape(t.e), t, row=t.row)


def add_terms(terms: tuple[TypedValue, ...]) -> TypedValue | None:
    """a + b + …; a number beside arrays stands in every entry."""
    if len(terms) == 1:
        return terms[0]
    arrays = [t for t in terms if not t.is_number]
    if not arrays:
        numbers = [as_number(t) for t in terms]
        return apply_operation("add", (), *(t for t in numbers if t is not None))
    form = arrays[0].form
    if form is None or any(t.form != form for t in arrays):
        return None
    mixed = any(t.rank != arrays[0].rank for t in arrays)
    whole = matrix(arrays[0]) if mixed else arrays[0]
    assert whole is not None
    to, row = shape(whole.e), whole.row
    return apply_operation("add", to, *(_as_term(t, to, row) for t in terms), row=row)


def _as_term(t: TypedValue, to: Shape, row: bool) -> TypedValue:
    single = as_number(t)
    if single is not None:
        return spread_typed(single, to, row)
    found = of_rank(t, len(to))
    assert found is not None
    return found
