"""Arithmetic on expressions, as the rows of the table and the calculus write it; no simplification.

Scalars mix with arrays: a scalar summand is spread over the shape (`fill`), a scalar factor scales.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from solgen.expr.nodes import Apply, Delta, Entry, Expr, Idx, Index, Num, Shape, Sum, rank, shape, shape_text


def num(value: int | Fraction) -> Num:
    """The number as an expression."""
    return Num(value if isinstance(value, Fraction) else Fraction(value))


ZERO, ONE = num(0), num(1)


def fill(e: Expr, to: Shape) -> Expr:
    """The scalar e in every entry of an array of shape `to`."""
    return Apply("fill", (e,), to, to) if to else e


def add(*args: Expr) -> Expr:
    """The sum; scalars are spread over the shape of the arrays."""
    to = _common(args)
    return Apply("add", tuple(fill(a, to) if rank(a) == 0 else a for a in args), (), to)


def neg(e: Expr) -> Expr:
    """−e."""
    return Apply("neg", (e,), (), shape(e))


def sub(left: Expr, right: Expr) -> Expr:
    """left − right."""
    return add(left, neg(right))


def mul(left: Expr, right: Expr) -> Expr:
    """The entrywise product; a scalar scales an array."""
    if rank(left) == rank(right):
        return Apply("mul", (left, right), (), _common((left, right)))
    if rank(right) == 0:
        left, right = right, left
    return Apply("scale", (left, right), (), _common((left, right)))


def div(left: Expr, right: Expr) -> Expr:
    """The quotient, entry by entry; a scalar goes with any array."""
    return Apply("div", (left, right), (), _common((left, right)))


def power(base: Expr, exponent: Expr | int | Fraction) -> Expr:
    """Entrywise power."""
    exponent = exponent if isinstance(exponent, Expr) else num(exponent)
    return Apply("pow", (base, exponent), (), _common((base, exponent)))


def fn(name: str, *args: Expr, params: tuple[object, ...] = ()) -> Expr:
    """An elementwise function of the table."""
    return Apply(name, args, params, _common(args))


def entry(array: Expr, indices: tuple[Index, ...]) -> Expr:
    """array[indices]; a scalar has no entries but itself."""
    return Entry(array, indices) if indices else array


def delta(left: Index, right: Index) -> Expr:
    """Kronecker's δ."""
    return Delta(left, right)


def total(index: Idx, body: Expr) -> Expr:
    """The sum over all values of an index."""
    return Sum(index, body)


def product(factors: tuple[Expr, ...]) -> Expr:
    """The product of scalars, from the left; 1 for none."""
    result: Expr | None = None
    for factor in factors:
        result = factor if result is None else mul(result, factor)
    return ONE if result is None else result


# ---------------------------------------------------------------- the same, read


def is_sum(e: Expr) -> TypeGuard[Apply]:
    """Whether e is a sum of terms."""
    return isinstance(e, Apply) and e.op == "add"


def is_negation(e: Expr) -> TypeGuard[Apply]:
    """Whether e is −x."""
    return isinstance(e, Apply) and e.op == "neg"


def is_quotient(e: Expr) -> TypeGuard[Apply]:
    """Whether e is a / b."""
    return isinstance(e, Apply) and e.op == "div"


def is_filled(e: Expr) -> TypeGuard[Apply]:
    """Whether e is a number in every entry of an array."""
    return isinstance(e, Apply) and e.op == "fill"


def terms_of(e: Expr) -> tuple[Expr, ...]:
    """The terms of a sum; anything else is its own only term."""
    return e.args if is_sum(e) else (e,)


def strip_sign(e: Expr) -> Expr:
    """The x of −x; anything else is what it is."""
    return e.args[0] if is_negation(e) else e


def _common(args: tuple[Expr, ...]) -> Shape:
    shapes = [s for s in map(shape, args) if s]
    if len(shapes) > 1 and any(s != shapes[0] for s in shapes):
        raise ValueError(f"shapes differ: {', '.join(map(shape_text, shapes))}")
    return shapes[0] if shapes else ()
