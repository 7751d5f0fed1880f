"""What is known of the values that the forward pass computes: K = S⁻¹ is symmetric, the entries of a softmax sum to 1.

A fact follows from the equation that defines a value, and from facts of the values in it.  Facts simplify derivatives,
after differentiation; the forward pass is never rewritten by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from solgen.calculus.matrix_rules import symmetric
from solgen.calculus.patterns import is_ones
from solgen.calculus.simplify import simplify
from solgen.expr import applied
from solgen.expr.arith import ONE, ZERO, add, is_sum
from solgen.expr.nodes import Apply, Expr, Kind, Var, rank, shape
from solgen.expr.walk import substitute
from solgen.model import Equation


class Facts:
    """The facts of a forward pass, and simplification with their help."""

    def __init__(self, equations: Iterable[Equation]) -> None:
        self.kinds: dict[Expr, Expr] = {}
        self.back: dict[Expr, Expr] = {}
        self.zeros: dict[Expr, Expr] = {}
        bodies: dict[Expr, Expr] = {}
        for q in equations:
            if rank(q.var) and q.var.kind is Kind.REAL and isinstance(q.body, Apply):
                self._learn(q.var, q.body, bodies)
            if not rank(q.var):
                bodies[q.var] = q.body

    def _learn(self, var: Var, body: Expr, bodies: dict[Expr, Expr]) -> None:
        known = substitute(body, self.kinds)
        kind = _kind(known)
        if kind is not Kind.REAL:
            self.kinds[var] = replace(var, kind=kind)
            self.back[self.kinds[var]] = var
        elif rank(var) == 1 and simplify(substitute(_total(known, applied.sum), bodies)) == ZERO:  # x − x̄
            self.zeros[applied.sum(var)] = ZERO

    def simplify(self, e: Expr) -> Expr:
        """e in textbook form, with what is known of the values in it."""
        plain = simplify(e)
        if not self.kinds and not self.zeros:
            return plain
        found = substitute(substitute(plain, self.kinds), self.zeros)
        return plain if found == plain else substitute(substitute(simplify(found), self.zeros), self.back)


def _kind(body: Expr) -> Kind:
    """What the definition of a value promises of it."""
    if rank(body) == 2 and (symmetric(body) or simplify(applied.transpose(body)) == simplify(body)):
        return Kind.SYM
    if rank(body) == 1 and simplify(_total(body, applied.sum)) == ONE:
        return Kind.SIMPLEX
    if rank(body) == 2 and is_ones(simplify(_total(body, applied.sum_cols))):
        return Kind.SIMPLEX
    if rank(body) == 2 and is_ones(simplify(_total(body, applied.sum_rows))):
        return Kind.SIMPLEX_COLUMNS
    return Kind.REAL


def _total(e: Expr, over: Callable[[Expr], Expr]) -> Expr:
    """The sum of the entries, of each row or of each column, term by term."""
    if is_sum(e) and all(shape(t) == shape(e) for t in e.args):
        return add(*(_total(t, over) for t in e.args))
    return over(e)
