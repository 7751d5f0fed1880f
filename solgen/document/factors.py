"""The constant factor with which a name enters a sum: ½ for a in L = a/2, −3 in y = b − 3a.

It needs no rule of the calculus, only a reason that a reader can follow.
"""

from __future__ import annotations

from solgen.expr.arith import ONE, div, is_filled, is_negation, is_quotient, is_sum, mul, neg, num, terms_of
from solgen.expr.nodes import Apply, Expr, Num, Var, rank
from solgen.expr.ops import Trait, having
from solgen.expr.walk import variables

TIMES = having(Trait.TIMES)


def constant_factor(body: Expr, name: Var) -> Expr | None:
    """The c of a term c·name of the body; None where the name is a bare term, or no such term of it is alone."""
    found = [f for term in _terms(body) if name in variables(term) and (f := _factor(term, name)) is not None]
    return found[0] if len(found) == 1 and found[0] != ONE else None


def _terms(e: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, of sums within it too."""
    return tuple(t for a in terms_of(e) for t in _terms(a)) if is_sum(e) else (e,)


def _factor(e: Expr, name: Var) -> Expr | None:
    """c where e is c·name with signs, products and quotients of constant numbers around the name."""
    match e:
        case Var():
            return ONE if e == name else None
        case Apply(args=(a,)) if is_negation(e):
            inner = _factor(a, name)
            return None if inner is None else _negative(inner)
        case Apply(args=(a, c)) if is_quotient(e) and (divisor := _constant(c)) is not None:
            inner = _factor(a, name)
            return None if inner is None else _quotient(inner, divisor)
        case Apply(op=op, args=(a, b)) if op in TIMES:
            left, right = _constant(a), _constant(b)
            inner = _factor(a if left is None else b, name)
            constant = right if left is None else left
            return None if inner is None or constant is None else _product(constant, inner)
        case _:
            return None


def _constant(e: Expr) -> Expr | None:
    """A number that holds no name, also where it is spread over an array."""
    if is_filled(e):
        return _constant(e.args[0])
    return e if not variables(e) and rank(e) == 0 else None


def _negative(c: Expr) -> Expr:
    return num(-c.value) if isinstance(c, Num) else neg(c)


def _product(a: Expr, b: Expr) -> Expr:
    if isinstance(a, Num) and isinstance(b, Num):
        return num(a.value * b.value)
    return a if b == ONE else mul(a, b)


def _quotient(a: Expr, b: Expr) -> Expr:
    return num(a.value / b.value) if isinstance(a, Num) and isinstance(b, Num) else div(a, b)
