"""Products in canonical order: a rational number, then scalars, then arrays multiplied entry by entry.

`split_factors` takes a product apart into powers of factors, so that equal factors meet (x · x = x², u ⊙ 1/u = 1), and
`join` writes it as a lecturer would: the sign in front, one fraction of scalars, then the arrays.  Every identity
holds wherever both sides are defined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from solgen.expr import applied
from solgen.expr.arith import (
    ONE,
    add,
    div,
    fill,
    fn,
    is_filled,
    is_negation,
    is_quotient,
    is_sum,
    mul,
    neg,
    num,
    power,
    strip_sign,
)
from solgen.expr.nodes import Adj, Apply, Expr, Idx, Kind, Num, Pi, Shape, SizeNum, Var, rank, shape
from solgen.expr.ops import ENTRYWISE, TABLE, Multilinear, Trait, having
from solgen.expr.walk import free_indices

TIMES = having(Trait.TIMES)
FUNCTIONS = ENTRYWISE - having(Trait.FACTOR | Trait.JOINS_TERMS)

FACTORS = having(Trait.FACTOR)
Powers = tuple[tuple[Expr, Fraction], ...]  # (factor, exponent), in order of first appearance
NO = Fraction(1)
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Monomial:
    """coefficient · Π scalarsᵏ · ⊙ arraysᵏ."""

    coefficient: Fraction = NO
    scalars: Powers = ()
    arrays: Powers = ()

    @property
    def is_bare(self) -> bool:
        """No number and no scalar stands in front."""
        return self.coefficient == 1 and not self.scalars

    @property
    def key(self) -> tuple[frozenset[tuple[Expr, Fraction]], frozenset[tuple[Expr, Fraction]]]:
        """What two terms of a sum share when they differ only in their number."""
        return frozenset(self.scalars), frozenset(self.arrays)

    def free_of(self, index: Idx) -> Monomial:
        """The number and the scalars that do not depend on `index`."""
        return Monomial(self.coefficient, tuple(p for p in self.scalars if index not in free_indices(p[0])))

    def only(self, index: Idx) -> Monomial:
        """The rest of `free_of`."""
        return Monomial(NO, tuple(p for p in self.scalars if index in free_indices(p[0])), self.arrays)


@lru_cache(maxsize=65536)
def split_factors(e: Expr) -> Monomial:
    """The factors of e; an array that is no product is its own only factor."""
    match e:
        case Num(value=v):
            return Monomial(v)
        case Apply(args=(a,)) if is_negation(e):
            part = split_factors(a)
            return Monomial(-part.coefficient, part.scalars, part.arrays)
        case Apply(op=op, args=(a, b)) if op in TIMES:
            return _times(split_factors(a), split_factors(b))
        case Apply(args=(a, b)) if is_quotient(e):
            bottom = split_factors(b)
            return _times(split_factors(a), raise_monomial(bottom, Fraction(-1))) if bottom.coefficient else _atom(e)
        case Apply(op="pow", args=(base, Num(value=k))):
            return _power(e, base, k)
        case Apply(op="square", args=(base,)):
            return _power(e, base, Fraction(2))
        case Apply(op="sqrt", args=(base,)):  # √a meets a
            return _power(e, base, HALF)
        case Apply(args=(s,)) if is_filled(e):
            return split_factors(s)
        case Apply(op="norm2sq", args=(a,)):  # ‖a‖² meets ‖a‖
            return Monomial(scalars=((applied.norm(a), Fraction(2)),))
        case _:
            return _atom(e)


def join(m: Monomial, to: Shape) -> Expr:
    """The product as an expression of shape `to`."""
    sign, size = m.coefficient.numerator < 0, abs(m.coefficient)
    if not m.scalars and not m.arrays:
        return fill(num(m.coefficient), to)
    m = Monomial(m.coefficient, m.scalars, _names_first(m.arrays))
    top, bottom = _halves(m.scalars)
    if not to:
        result = _quotient(size, top, bottom)
    elif not m.arrays:
        result = fill(_quotient(size, top, bottom), to)
    else:
        result = _array(size, top, bottom, m.arrays)
    return neg(result) if sign else result


def canonical(e: Expr) -> Expr:
    """A product, quotient or power of products in canonical form."""
    return join(split_factors(e), shape(e))


def core(part: Monomial, e: Expr) -> Expr:
    """e without the number and scalars of `part`; a scalar stays as it is."""
    return join(Monomial(NO, (), part.arrays), shape(e)) if rank(e) else join(Monomial(NO, part.scalars), ())


def scale_by_parts(parts: Iterable[Monomial], e: Expr) -> Expr:
    """e times the numbers and scalars of the parts."""
    total = split_factors(e)
    for part in parts:
        total = _times(Monomial(part.coefficient, part.scalars), total)
    return join(total, shape(e))


def pull_factors(e: Expr) -> Expr:
    """A scalar sum with the factors that its terms share in front, y δ − y p = y (δ − p); so for factors of e."""
    if isinstance(e, Apply) and e.op == "mul" and not rank(e):
        return canonical(mul(*map(pull_factors, e.args)))
    if not is_sum(e) or rank(e):
        return e
    parts = [split_factors(a) for a in e.args]
    shared = tuple((b, min(dict(p.scalars).get(b, Fraction(0)) for p in parts)) for b, k in parts[0].scalars if k > 0)
    shared = tuple((b, k) for b, k in shared if k > 0)
    if not shared:
        return e
    common = Monomial(NO, shared)
    inner = [join(_times(p, raise_monomial(common, Fraction(-1))), ()) for p in parts]
    inner.sort(key=_negative)
    return mul(join(common, ()), add(*inner))


# ---------------------------------------------------------------- powers


def factor(e: Expr, k: int = 1) -> Monomial:
    """e to the power k as one factor."""
    powers = ((e, Fraction(k)),)
    return Monomial(arrays=powers) if rank(e) else Monomial(scalars=powers)


def multiply_monomials(*parts: Monomial) -> Monomial:
    """The product of monomials of one shape."""
    total = parts[0]
    for part in parts[1:]:
        total = _times(total, part)
    return total


def _atom(e: Expr) -> Monomial:
    return factor(e)


def _times(left: Monomial, right: Monomial) -> Monomial:
    return Monomial(
        left.coefficient * right.coefficient,
        _gather(left.scalars + right.scalars),
        _gather(left.arrays + right.arrays),
    )


def _gather(powers: Powers) -> Powers:
    total: dict[Expr, Fraction] = {}
    for base, k in powers:
        total[base] = total[base] + k if base in total else k
    return tuple((base, left) for base, k in total.items() if (left := _reduce_exponent(base, k)))


def _reduce_exponent(base: Expr, k: Fraction) -> Fraction:
    """The exponent that is left of a variable declared to be 0 or 1 (y² = y), or ±1 (y² = 1)."""
    if not isinstance(base, Var) or k.denominator != 1:
        return k
    match base.kind:
        case Kind.BINARY | Kind.ONEHOT if k:
            return NO if k > 0 else -NO
        case Kind.SIGNS:
            return k % 2
        case _:
            return k


def raise_monomial(m: Monomial, k: Fraction | int) -> Monomial:
    """m to an integer power."""
    return Monomial(
        m.coefficient ** int(k),
        _gather(tuple((b, e * k) for b, e in m.scalars)),
        _gather(tuple((b, e * k) for b, e in m.arrays)),
    )


def _power(e: Expr, base: Expr, k: Fraction) -> Monomial:
    """(x y)ᵏ = xᵏ yᵏ for whole k; another power keeps its base together."""
    inner = split_factors(base)
    if k.denominator == 1 and abs(k) < 64 and (inner.coefficient or k > 0):
        return raise_monomial(inner, k)
    if inner.coefficient == 1 and inner.scalars + inner.arrays == ((base, NO),):
        return Monomial(scalars=((base, k),)) if not rank(base) else Monomial(arrays=((base, k),))
    return _atom(e)


# ---------------------------------------------------------------- writing


def flip_difference(e: Expr) -> Expr | None:
    """−e where e is a product with a difference among its factors: −s (a − b) = s (b − a), −(a − b) cᵀ = (b − a) cᵀ."""
    m = split_factors(e)
    for name, powers in (("scalars", m.scalars), ("arrays", m.arrays)):
        for n, (base, k) in enumerate(powers):
            turned = _turn_difference(base) if k == 1 else None
            if turned is not None:
                changed = (*powers[:n], (turned, k), *powers[n + 1 :])
                scalars, arrays = (changed, m.arrays) if name == "scalars" else (m.scalars, changed)
                return join(Monomial(m.coefficient, scalars, arrays), shape(e))
    return None


def _turn_difference(e: Expr) -> Expr | None:
    """−e where e is a difference, or linear in one."""
    if not isinstance(e, Apply):
        return None
    if is_sum(e):
        return negate_difference(e) if any(map(_negative, e.args)) and not _is_complement(e) else None
    if not isinstance(TABLE[e.op], Multilinear) or e.op in FACTORS:
        return None
    for n, arg in enumerate(e.args):
        turned = flip_difference(arg)
        if turned is not None:
            return Apply(e.op, (*e.args[:n], turned, *e.args[n + 1 :]), e.params, e.shape_)
    return None


def _is_complement(e: Apply) -> bool:
    """Whether e is 1 − x², as in the slope 1 − tanh²(z), which stays as it is: the sign before it stands in front."""
    ones = [a for a in e.args if split_factors(a) == Monomial()]
    rest = [strip_sign(a) for a in e.args if is_negation(a)]
    return len(e.args) == 2 and len(ones) == len(rest) == 1 and all(k == 2 for _, k in _powers(rest[0]))


def _powers(e: Expr) -> Powers:
    part = split_factors(e)
    return part.scalars + part.arrays


def negate_difference(e: Apply) -> Expr:
    """−(a − b + c) as b − a − c, a positive term first."""
    terms = [strip_sign(a) if is_negation(a) else canonical(neg(a)) for a in e.args]
    terms.sort(key=_negative)
    return add(*terms)


def _negative(e: Expr) -> bool:
    return split_factors(e).coefficient < 0


def _names_first(powers: Powers) -> Powers:
    """A function of something after the names that follow it: y ⊙ σ(−y ⊙ r), but σ(z) ⊙ (1 − h)."""
    found = list(powers)
    for end in range(1, len(found)):
        for k in range(end, 0, -1):
            if not (isinstance(found[k][0], Var) and _is_function(found[k - 1][0])):
                break
            found[k - 1], found[k] = found[k], found[k - 1]
    return tuple(found)


def _is_function(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op in FUNCTIONS


def _halves(powers: Powers) -> tuple[list[Expr], list[Expr]]:
    ordered = sorted(powers, key=lambda p: _weight(p[0])) if len(powers) > 1 else powers
    top = [_pow(b, k) for b, k in ordered if k.numerator > 0]
    bottom = [_pow(b, -k) for b, k in ordered if k.numerator < 0]
    return top, bottom


def _weight(e: Expr) -> int:
    """Constants stand before names, names before what is computed; arrays keep their order."""
    match e:
        case Pi() | SizeNum():
            return 0
        case Var(at=()) | Adj() | Apply(op="pow") if not rank(e):
            return 1
        case _:
            return 2


def _pow(base: Expr, k: Fraction) -> Expr:
    if k == 2 and isinstance(base, Apply) and base.op == "norm":
        return applied.norm2sq(base.args[0])
    if k == HALF:
        return fn("sqrt", base)
    return base if k == 1 else power(base, k)


def _chain(factors: list[Expr]) -> Expr:
    result = factors[0]
    for factor in factors[1:]:
        result = mul(result, factor)
    return result


def _quotient(size: Fraction, top: list[Expr], bottom: list[Expr]) -> Expr:
    """The scalar size · Π top / Π bottom; a number alone stays one number."""
    if not bottom:
        return _chain([*([num(size)] if size != 1 or not top else []), *top])
    over = _chain([*([num(size.numerator)] if size.numerator != 1 or not top else []), *top])
    under = _chain([*([num(size.denominator)] if size.denominator != 1 else []), *bottom])
    return div(over, under)


def _array(size: Fraction, top: list[Expr], bottom: list[Expr], arrays: Powers) -> Expr:
    """scalar · (⊙ numerators) / (⊙ denominators); a lone denominator takes the scalar numerator on top."""
    above, below = _halves(arrays)
    if above:
        array = div(_chain(above), _chain(below)) if below else _chain(above)
        scalar = _quotient(size, top, bottom)
    else:
        array = div(_quotient(Fraction(size.numerator), top, []), _chain(below))
        scalar = _quotient(Fraction(1, size.denominator), [], bottom)
    return array if scalar == ONE else mul(scalar, array)
