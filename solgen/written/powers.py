"""What stands higher: a transpose, an inverse, a power; of an array entry by entry where ⊙ says so.

A power of a square matrix is the matrix power (Horn and Johnson, Matrix Analysis, section 0.2.3).
"""

from __future__ import annotations

from fractions import Fraction

from solgen.expr.nodes import Apply, Expr, Num, shape
from solgen.written.reads import Bound, Readings, Reads, combine, unite
from solgen.written.syntax import Digits, Items, Letter, Node, Sign
from solgen.written.typed import TypedValue, apply_operation, as_number, multiply_typed, number, transpose_typed

ENTRYWISE = frozenset("⊙∘")


def raise_all(r: Reads, read: Readings, sup: Items, bound: Bound) -> Readings:
    """Readings with what stands higher: one thing after another, or one exponent."""
    if not sup or not read:
        return read
    match sup:
        case (Sign("⊤"), *rest):
            return raise_all(r, _transpose(r, read, sup[0]), tuple(rest), bound)
        case (Sign("′"), *rest):  # X′X, as statisticians write a transpose; a number has none
            arrays = tuple(t for t in read if t.rank)
            return raise_all(r, _transpose(r, arrays, sup[0]), tuple(rest), bound)
        case (Sign("−"), Sign("⊤")) | (Sign("−"), Letter("T")):
            return _transpose(r, _invert(r, read, sup[0]), sup[0])
        case (Letter("T") as letter, *rest):
            turned = raise_all(r, _transpose(r, read, letter), tuple(rest), bound)
            if letter.style or not r.names.at("T", ()):
                return turned
            return unite((turned, _powers(r, read, sup, bound)))
        case (Sign(sign), *rest) if sign in ENTRYWISE and rest:
            return _entry_by_entry(r, read, tuple(rest), bound)
        case (Digits() as digits, *rest) if rest and _turns(rest[0]):
            return raise_all(r, _powers(r, read, (digits,), bound), tuple(rest), bound)
        case _:
            return _powers(r, read, sup, bound)


def _turns(node: Node) -> bool:
    return isinstance(node, Sign) and node.text == "⊤"


def _transpose(r: Reads, read: Readings, at: Node) -> Readings:
    return combine(r, (read,), transpose_typed, at.at, "this cannot be transposed")


def _invert(r: Reads, read: Readings, at: Node) -> Readings:
    return combine(r, (read,), invert, at.at, "this has no inverse")


def invert(t: TypedValue) -> TypedValue | None:
    """A⁻¹ of a square matrix, 1/a of a number."""
    if t.rank == 2 and len(set(shape(t.e))) == 1 and not t.is_number:
        return apply_operation("inv", shape(t.e), t)
    single = as_number(t)
    return apply_operation("pow", (), single, number(-1)) if single else None


def _powers(r: Reads, read: Readings, sup: Items, bound: Bound) -> Readings:
    exponents = r.sum(sup, bound)
    return unite(_power(r, t, k, sup[0]) for t in read for k in exponents)


def _power(r: Reads, t: TypedValue, exponent: TypedValue, at: Node) -> Readings:
    k = _whole(exponent.e)
    single = as_number(t)
    if single is not None:
        below = as_number(exponent)
        return (apply_operation("pow", (), single, below),) if below else ()
    if k is None:
        r.blame(at.at, "an array has no such power")
        return ()
    if t.rank == 1:
        return _square(t) if k == 2 else ()
    return _matrix_power(r, t, k, at)


def _square(t: TypedValue) -> Readings:
    """v² is the sum of squares to some and the squares to others."""
    turned = transpose_typed(t)
    dot = multiply_typed(turned, t) if turned and not t.row else None
    squares = apply_operation("pow", shape(t.e), t, number(2), row=t.row)
    return (squares, dot) if dot else (squares,)


def _matrix_power(r: Reads, t: TypedValue, k: int, at: Node) -> Readings:
    if len(set(shape(t.e))) != 1:
        r.blame(at.at, "a power of a matrix that is not square")
        return ()
    if k == -1:
        return _invert(r, (t,), at)
    return (apply_operation("matpow", shape(t.e), t, params=(k,)),) if 0 < k < 100 else ()


def raise_entries(r: Reads, read: Readings, sup: Items, bound: Bound) -> Readings:
    """tanh²(x): a power between a function and its argument is one of each value."""
    if not sup or not read:
        return read
    return _entry_by_entry(r, read, sup, bound)


def _entry_by_entry(r: Reads, read: Readings, exponent: Items, bound: Bound) -> Readings:
    """x^{⊙2}: the power of each entry; x^{⊙t} of each with an exponent of its own."""
    exponents = r.sum(exponent, bound)

    def raise_entries(t: TypedValue, k: TypedValue) -> TypedValue | None:
        each = k if shape(k.e) == shape(t.e) and k.row == t.row else as_number(k)
        return apply_operation("pow", shape(t.e), t, each, row=t.row) if each else None

    return combine(r, (read, exponents), raise_entries, exponent[0].at, "no exponent of entries")


def _whole(e: Expr) -> int | None:
    """The whole number that an exponent is, with its sign."""
    match e:
        case Num(value=Fraction(denominator=1) as value):
            return int(value)
        case Apply(op="neg", args=(Num(value=Fraction(denominator=1) as value),)):
            return -int(value)
        case _:
            return None
