"""Products in canonical order: a rational number, then scalars, then arrays multiplied entry by entry.

`split` takes a product apart into powers of factors, so that equal factors meet (x · x = x², u ⊙ 1/u = 1), and `join`
writes it as a lecturer would: the sign in front, one fraction of scalars, then the arrays.  Every identity
holds wherever both sides are defined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from solgen.expr.arith import ONE, add, div, fill, mul, neg, num, power
from solgen.expr.nodes import Apply, Expr, Idx, Num, Pi, Shape, SizeNum, Var, rank, shape
from solgen.expr.walk import free_indices

PRODUCTS = frozenset({"neg", "mul", "scale", "div", "pow"})
Powers = tuple[tuple[Expr, Fraction], ...]  # (factor, exponent), in order of first appearance
NO = Fraction(1)


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

    def without(self, index: Idx) -> Monomial:
        """The number and the scalars that do not depend on `index`."""
        return Monomial(self.coefficient, tuple(p for p in self.scalars if index not in free_indices(p[0])))

    def only(self, index: Idx) -> Monomial:
        """The rest of `without`."""
        return Monomial(NO, tuple(p for p in self.scalars if index in free_indices(p[0])), self.arrays)


def split(e: Expr) -> Monomial:
    """The factors of e; an array that is no product is its own only factor."""
    match e:
        case Num(value=v):
            return Monomial(v)
        case Apply(op="neg", args=(a,)):
            part = split(a)
            return Monomial(-part.coefficient, part.scalars, part.arrays)
        case Apply(op="mul" | "scale", args=(a, b)):
            return _times(split(a), split(b))
        case Apply(op="div", args=(a, b)):
            bottom = split(b)
            return _times(split(a), _raised(bottom, Fraction(-1))) if bottom.coefficient else _atom(e)
        case Apply(op="pow", args=(base, Num(value=k))):
            return _power(e, base, k)
        case Apply(op="square", args=(base,)):
            return _power(e, base, Fraction(2))
        case Apply(op="fill", args=(s,)):
            return split(s)
        case _:
            return _atom(e)


def join(m: Monomial, to: Shape) -> Expr:
    """The product as an expression of shape `to`."""
    sign, size = m.coefficient < 0, abs(m.coefficient)
    if not m.scalars and not m.arrays:
        return fill(num(m.coefficient), to)
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
    return join(split(e), shape(e))


def core(part: Monomial, e: Expr) -> Expr:
    """e without the number and scalars of `part`; a scalar stays as it is."""
    return join(Monomial(NO, (), part.arrays), shape(e)) if rank(e) else join(Monomial(NO, part.scalars), ())


def scaled(parts: Iterable[Monomial], e: Expr) -> Expr:
    """e times the numbers and scalars of the parts."""
    total = split(e)
    for part in parts:
        total = _times(Monomial(part.coefficient, part.scalars), total)
    return join(total, shape(e))


def pulled(e: Expr) -> Expr:
    """A scalar sum with the factors that all its terms share in front: y δ − y p = y (δ − p)."""
    if not isinstance(e, Apply) or e.op != "add" or rank(e):
        return e
    parts = [split(a) for a in e.args]
    shared = tuple((b, min(dict(p.scalars).get(b, Fraction(0)) for p in parts)) for b, k in parts[0].scalars if k > 0)
    shared = tuple((b, k) for b, k in shared if k > 0)
    if not shared:
        return e
    common = Monomial(NO, shared)
    inner = [join(_times(p, _raised(common, Fraction(-1))), ()) for p in parts]
    inner.sort(key=_negative)
    return mul(join(common, ()), add(*inner))


# ---------------------------------------------------------------- powers


def factor(e: Expr, k: int = 1) -> Monomial:
    """e to the power k as one factor."""
    powers = ((e, Fraction(k)),)
    return Monomial(arrays=powers) if rank(e) else Monomial(scalars=powers)


def times(*parts: Monomial) -> Monomial:
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
        total[base] = total.get(base, Fraction(0)) + k
    return tuple((base, k) for base, k in total.items() if k)


def _raised(m: Monomial, k: Fraction) -> Monomial:
    """m to an integer power."""
    return Monomial(
        m.coefficient ** int(k),
        tuple((b, e * k) for b, e in m.scalars),
        tuple((b, e * k) for b, e in m.arrays),
    )


def _power(e: Expr, base: Expr, k: Fraction) -> Monomial:
    """(x y)ᵏ = xᵏ yᵏ for whole k; another power keeps its base together."""
    inner = split(base)
    if k.denominator == 1 and abs(k) < 64 and (inner.coefficient or k > 0):
        return _raised(inner, k)
    if inner.coefficient == 1 and inner.scalars + inner.arrays == ((base, NO),):
        return Monomial(scalars=((base, k),)) if not rank(base) else Monomial(arrays=((base, k),))
    return _atom(e)


# ---------------------------------------------------------------- writing


def flipped(e: Expr) -> Expr | None:
    """−e where e is a product with a difference among its factors: −s (a − b) = s (b − a)."""
    m = split(e)
    for name, powers in (("scalars", m.scalars), ("arrays", m.arrays)):
        for n, (base, k) in enumerate(powers):
            if k == 1 and isinstance(base, Apply) and base.op == "add" and any(map(_negative, base.args)):
                turned = (*powers[:n], (negated(base), k), *powers[n + 1 :])
                scalars, arrays = (turned, m.arrays) if name == "scalars" else (m.scalars, turned)
                return join(Monomial(m.coefficient, scalars, arrays), shape(e))
    return None


def negated(e: Apply) -> Expr:
    """−(a − b + c) as b − a − c, a positive term first."""
    terms = [a.args[0] if isinstance(a, Apply) and a.op == "neg" else canonical(neg(a)) for a in e.args]
    terms.sort(key=_negative)
    return add(*terms)


def _negative(e: Expr) -> bool:
    return split(e).coefficient < 0


def _halves(powers: Powers) -> tuple[list[Expr], list[Expr]]:
    ordered = sorted(powers, key=lambda p: _weight(p[0]))
    top = [_pow(b, k) for b, k in ordered if k > 0]
    bottom = [_pow(b, -k) for b, k in ordered if k < 0]
    return top, bottom


def _weight(e: Expr) -> int:
    """Constants stand before names, names before what is computed; arrays keep their order."""
    match e:
        case Pi() | SizeNum():
            return 0
        case Var() if not rank(e) and not e.at:
            return 1
        case _:
            return 2


def _pow(base: Expr, k: Fraction) -> Expr:
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
