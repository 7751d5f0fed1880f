"""`derivative`: the derivative of a scalar function, rule by rule, then through the function's own value.

The function is written out (swish(k) = k / (1 + e⁻ᵏ)), the rule at its root is applied and named (quotient, product,
chain), the result is simplified, brought to the form of the table (σ(1 − σ)), and stated at the place where it is
used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from solgen.calculus.engine.bound_indices import part_names, taken_names
from solgen.calculus.engine.entrywise import differentiate, quotient_rule
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.engine.user_functions import differentiate_scalar
from solgen.calculus.question import Question
from solgen.calculus.textbook.simplify import simplify, tidy
from solgen.calculus.verbs import Verb
from solgen.errors import Refused, Span
from solgen.expr import applied
from solgen.expr.arith import add, div, fn, is_quotient, is_sum, mul, neg, num
from solgen.expr.nodes import Apply, Expr, Pi, Var, rank, shape
from solgen.expr.ops import TABLE, Callee, Elementwise, Trait, having
from solgen.expr.walk import substitute
from solgen.model.derivation import Line, NamedPart, Passage, Worked
from solgen.model.problem import Equation
from solgen.model.step import StepId, Symbol

TIMES = having(Trait.TIMES)

NOWHERE = Span("", 0, 0, 0)
PARAMETERS = ("k", "x", "u", "s")  # the argument's letter: the first that the model does not use


@dataclass(frozen=True, slots=True)
class TracedFormula:
    """A formula under construction by a row's `value`: Python's arithmetic, written down."""

    e: Expr

    def __add__(self, other: Any) -> TracedFormula:
        return TracedFormula(add(self.e, _expr(other)))

    def __radd__(self, other: Any) -> TracedFormula:
        return TracedFormula(add(_expr(other), self.e))

    def __sub__(self, other: Any) -> TracedFormula:
        return TracedFormula(add(self.e, neg(_expr(other))))

    def __mul__(self, other: Any) -> TracedFormula:
        return TracedFormula(mul(self.e, _expr(other)))

    def __rmul__(self, other: Any) -> TracedFormula:
        return TracedFormula(mul(_expr(other), self.e))

    def __truediv__(self, other: Any) -> TracedFormula:
        return TracedFormula(div(self.e, _expr(other)))

    def __rtruediv__(self, other: Any) -> TracedFormula:
        return TracedFormula(div(_expr(other), self.e))

    def __neg__(self) -> TracedFormula:
        return TracedFormula(neg(self.e))


class Symbols:
    """The field over which a row's value is its formula."""

    @property
    def pi(self) -> TracedFormula:
        return TracedFormula(Pi())

    def __getattr__(self, name: str) -> Any:
        return lambda *xs: TracedFormula(fn(name, *map(_expr, xs)))


def _expr(x: Any) -> Expr:
    return x.e if isinstance(x, TracedFormula) else num(Fraction(x))


def spell_out(name: str, x: Var) -> Expr:
    """The function of the table as a formula in simpler ones: σ(x) = 1 / (1 + e⁻ˣ)."""
    row = TABLE.get(name)
    if not isinstance(row, Elementwise) or row.arity != 1:
        raise Refused(f"`{name}` is not a function of one number")
    if name == "tanh":
        up, down = applied.exp(x), applied.exp(neg(x))
        return div(add(up, neg(down)), add(up, down))
    value: Expr = row.value(Symbols(), TracedFormula(x)).e
    return value


def scalar_derivative(prepared: Prepared, callee: Callee, at: Var | None, value: Var | None, where: StepId) -> Worked:
    """f′ by the rule at its root, simplified, through its own value, and at `at`.

    Raises Refused for an unspecified f.
    """
    x = callee.parameter if isinstance(callee.parameter, Var) else _parameter(prepared)
    body = callee.body if callee.body is not None else spell_out(callee.name, x)
    if callee.body is None and callee.name not in TABLE:
        raise Refused(f"`{callee.name}` is any differentiable function, so its derivative stays `{callee.name}'`")
    label = where.step("slope", Symbol(callee.name))
    function = applied.call(Callee(callee.name, 0, x, body), x)
    slope = applied.call(Callee(callee.name, 1, x, differentiate_scalar(body, x)), x)
    rule, names, first = _root(body, x, part_names({*taken_names(prepared), callee.name, x.name}))
    steps = tuple(dict.fromkeys((first, tidy(first), simplify(first))))
    passages = [
        Passage("definition", (Line(replace(label, path="definition"), (function, body)),)),
        Passage(rule, (Line(replace(label, path=rule), (slope, *steps)),), names=names),
    ]
    nice = _nice(callee, x, body, function, steps[-1])
    if nice != steps[-1]:
        passages.append(Passage("value", (Line(replace(label, path="value"), (slope, nice)),)))
    results = [Line(replace(label, path="result"), (slope, nice))]
    if at is not None:
        passages.append(Passage("place", (_place_derivative(callee, body, nice, x, function, at, value, label),)))
        results.append(passages[-1].lines[0])
    return Worked("derivative", slope, (Equation(Var(callee.name), body, NOWHERE),), tuple(passages), tuple(results))


def _parameter(prepared: Prepared) -> Var:
    taken = prepared.variables
    return Var(next(c for c in (*PARAMETERS, *(f"x{n}" for n in range(1, 99))) if c not in taken))


def _root(body: Expr, x: Var, called: tuple[str, str]) -> tuple[str, tuple[NamedPart, ...], Expr]:
    """The rule at the root of a formula, its parts by name, and the rule applied; two parts are `called` so."""
    one, two = called
    match body:
        case Apply(args=(g, h)) if is_quotient(body):
            dg, dh = (tidy(differentiate(part, x, ())) for part in (g, h))
            names = (NamedPart(one, g), NamedPart(two, h), NamedPart(one, dg, 1), NamedPart(two, dh, 1))
            return "quotient", names, quotient_rule(g, h, dg, dh)
        case Apply(op="mul", args=(g, h)):
            dg, dh = (tidy(differentiate(part, x, ())) for part in (g, h))
            names = (NamedPart(one, g), NamedPart(two, h), NamedPart(one, dg, 1), NamedPart(two, dh, 1))
            return "product", names, add(mul(dg, h), mul(g, dh))
        case Apply() if is_sum(body):
            return "sum", (), differentiate(body, x, ())
        case Apply(args=(inner,)) if inner != x:
            slope = tidy(differentiate(inner, x, ()))
            return "chain", (NamedPart(one, inner), NamedPart(one, slope, 1)), differentiate(body, x, ())
        case _:
            return "rule", (), differentiate(body, x, ())


def _nice(callee: Callee, x: Var, body: Expr, function: Expr, plain: Expr) -> Expr:
    """The derivative through the function's own value: the table's form, or own values put in where they stand."""
    row = TABLE.get(callee.name)
    if callee.body is None and isinstance(row, Elementwise):
        return row.partials[0](x, function)
    return substitute(plain, {simplify(body): function})


def _place_derivative(
    callee: Callee, body: Expr, nice: Expr, x: Var, function: Expr, at: Var, value: Var | None, label: StepId
) -> Line:
    """f′(z) for an array z, entry by entry, with f(z) called by its name."""
    slope = applied.call(Callee(callee.name, 1, x, differentiate_scalar(body, x)), at)
    called = applied.call(Callee(callee.name, 0, x, body), at)
    spread = lift_to_arrays(substitute(nice, {function: Var(" value")}), {x: at, Var(" value"): value or called})
    return Line(replace(label, path=f"at {at.name}"), (slope, spread))


def lift_to_arrays(e: Expr, values: dict[Expr, Expr]) -> Expr:
    """A formula of scalars with arrays in place of some: every operation entry by entry."""
    if e in values:
        return values[e]
    if not isinstance(e, Apply):
        return e
    args = [lift_to_arrays(a, values) for a in e.args]
    if is_sum(e):
        return add(*args)
    if e.op in TIMES:
        return mul(args[0], args[1])
    return Apply(e.op, tuple(args), e.params, next((shape(a) for a in args if rank(a)), ()))


# ---------------------------------------------------------------- the verb


def derive_derivative(q: Question) -> Worked:
    """Of a function by name, or of a value of the model whose right side is one function of one name."""
    of, callee = q.ask.of, q.ask.extra.get("callee")
    assert of is not None
    if callee is None and of.name in q.model.variables:
        raise Refused(f"`{of.name}` is a value, not a function", "ask for `gradients` or `jacobian`")
    function = callee if isinstance(callee, Callee) else Callee(of.name)
    return scalar_derivative(q.prepared, function, q.variable("at"), q.variable("value"), q.where)


ROW = Verb(derive_derivative)
