"""What stands higher: a transpose, an inverse, a power; of an array entry by entry where ⊙ says so.

A power of a square matrix is the matrix power (Horn and Johnson, Matrix Analysis, section 0.2.3).
"""

from __future__ import annotations

from fractions import Fraction

from solgen.expr.nodes import Apply, Expr, Num, shape
from solgen.written.reads import Bound, Readings, Reads, combine, united
from solgen.written.syntax import Digits, Items, Letter, Node, Sign
from solgen.written.typed import Typed, applied, number, product, scalar, transposed

ENTRYWISE = frozenset("⊙∘")


def raise_all(r: Reads, read: Readings, sup: Items, bound: Bound) -> Readings:
    """Readings with what stands higher: one thing after another, or one exponent."""
    if not sup or not read:
        return read
    match sup:
        case (Sign("⊤"), *rest):
            return raise_all(r, _turned(r, read, sup[0]), tuple(rest), bound)
        case (Sign("′"), *rest):  # X′X, as statisticians write a transpose; a number has none
            arrays = tuple(t for t in read if t.rank)
            return raise_all(r, _turned(r, arrays, sup[0]), tuple(rest), bound)
        case (Sign("−"), Sign("⊤")) | (Sign("−"), Letter("T")):
            return _turned(r, _inverted(r, read, sup[0]), sup[0])
        case (Letter("T") as letter, *rest):
            turned = raise_all(r, _turned(r, read, letter), tuple(rest), bound)
            if letter.style or not r.names.at("T", ()):
                return turned
            return united((turned, _powers(r, read, sup, bound)))
        case (Sign(sign), *rest) if sign in ENTRYWISE and rest:
            return _entry_by_entry(r, read, tuple(rest), bound)
        case (Digits() as digits, *rest) if rest and _turns(rest[0]):
            return raise_all(r, _powers(r, read, (digits,), bound), tuple(rest), bound)
        case _:
            return _powers(r, read, sup, bound)


def _turns(node: Node) -> bool:
    return isinstance(node, Sign) and node.text == "⊤"


def _turned(r: Reads, read: Readings, at: Node) -> Readings:
    return combine(r, (read,), transposed, at.at, "this cannot be transposed")


def _inverted(r: Reads, read: Readings, at: Node) -> Readings:
    return combine(r, (read,), inverse, at.at, "this has no inverse")


def inverse(t: Typed) -> Typed | None:
    """A⁻¹ of a square matrix, 1/a of a number."""
    if t.rank == 2 and len(set(shape(t.e))) == 1 and not t.is_number:
        return applied("inv", shape(t.e), t)
    single = scalar(t)
    return applied("pow", (), single, number(-1)) if single else None


def _powers(r: Reads, read: Readings, sup: Items, bound: Bound) -> Readings:
    exponents = r.sum(sup, bound)
    return united(_power(r, t, k, sup[0]) for t in read for k in exponents)


def _power(r: Reads, t: Typed, exponent: Typed, at: Node) -> Readings:
    k = _whole(exponent.e)
    single = scalar(t)
    if single is not None:
        below = scalar(exponent)
        return (applied("pow", (), single, below),) if below else ()
    if k is None:
        r.blame(at.at, "an array has no such power")
        return ()
    if t.rank == 1:
        return _square(t) if k == 2 else ()
    return _matrix_power(r, t, k, at)


def _square(t: Typed) -> Readings:
    """v² is the sum of squares to some and the squares to others."""
    turned = transposed(t)
    dot = product(turned, t) if turned and not t.row else None
    squares = applied("pow", shape(t.e), t, number(2), row=t.row)
    return (squares, dot) if dot else (squares,)


def _matrix_power(r: Reads, t: Typed, k: int, at: Node) -> Readings:
    if len(set(shape(t.e))) != 1:
        r.blame(at.at, "a power of a matrix that is not square")
        return ()
    if k == -1:
        return _inverted(r, (t,), at)
    return (applied("matpow", shape(t.e), t, params=(k,)),) if 0 < k < 100 else ()


def raise_entries(r: Reads, read: Readings, sup: Items, bound: Bound) -> Readings:
    """tanh²(x): a power between a function and its argument is one of each value."""
    if not sup or not read:
        return read
    return _entry_by_entry(r, read, sup, bound)


def _entry_by_entry(r: Reads, read: Readings, exponent: Items, bound: Bound) -> Readings:
    """x^{⊙2}: the power of each entry; x^{⊙t} of each with an exponent of its own."""
    exponents = r.sum(exponent, bound)

    def powered(t: Typed, k: Typed) -> Typed | None:
        each = k if shape(k.e) == shape(t.e) and k.row == t.row else scalar(k)
        return applied("pow", shape(t.e), t, each, row=t.row) if each else None

    return combine(r, (read, exponents), powered, exponent[0].at, "no exponent of entries")


def _whole(e: Expr) -> int | None:
    """The whole number that an exponent is, with its sign."""
    match e:
        case Num(value=Fraction(denominator=1) as value):
            return int(value)
        case Apply(op="neg", args=(Num(value=Fraction(denominator=1) as value),)):
            return -int(value)
        case _:
            return None
