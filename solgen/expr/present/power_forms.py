"""Powers, roots, exponentials and logarithms."""

from __future__ import annotations

from fractions import Fraction as Rational

from solgen.expr.nodes import Apply, Num, Sum, shape
from solgen.expr.present.function_forms import application_form, powered_function
from solgen.expr.present.letters import APPLIED_BARE, function_name
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import NEG, POST, TAIL, Piece, attach_power
from solgen.expr.present.product_forms import SIGNS
from solgen.expr.present.signs import EXPONENTIAL
from solgen.expr.present.tree import Node, Number, Operator, Root, Row, Script

WHOLE = (Num(Rational(2)), Num(Rational(3)))  # exponents that stand between a function and its argument


def power_form(m: Maker, e: Apply) -> Piece:
    """A power; of a circular or hyperbolic function, tanh²(x)."""
    base, exponent = e.args
    if exponent in WHOLE and isinstance(base, Apply) and (found := powered_function(m, base, m.piece(exponent).node)):
        return found
    body = m.plain.piece(base) if not shape(e) else m.piece(base)
    if exponent == Num(Rational(1)):  # as a rule for powers leaves it
        return body
    if exponent == Num(Rational(1, 2)):
        return Piece(Root(body.node), POST, body.height)
    return attach_power(body, *_entrywise(m, e), m.plain.piece(exponent).node)


def square(m: Maker, e: Apply) -> Piece:
    """x², of an array entry by entry."""
    return attach_power(m.piece(e.args[0]), *_entrywise(m, e), Number("2"))


def _entrywise(m: Maker, e: Apply) -> tuple[Node, ...]:
    """The sign before the exponent of an array's entries."""
    return (Operator(SIGNS[m.notation.hadamard], "none"),) if shape(e) else ()


def root(m: Maker, e: Apply) -> Piece:
    """A square root."""
    body = m.piece(e.args[0])
    return Piece(Root(body.node), POST, body.height)


def exponential(m: Maker, e: Apply) -> Piece:
    """eˣ for a short scalar, exp(…) otherwise, and wherever e is a name."""
    body = m.piece(e.args[0])
    free = EXPONENTIAL.letter.letters not in m.taken
    if free and not shape(e) and body.height == 0 and body.level >= NEG:
        return Piece(Script(EXPONENTIAL.letter, sup=m.plain.piece(e.args[0]).node), POST)
    return application_form(EXPONENTIAL.word, body)


def logarithm(m: Maker, e: Apply) -> Piece:
    """log p of a symbol needs no parentheses; it is a prefix form then."""
    body = m.piece(e.args[0])
    if body.level >= POST or isinstance(e.args[0], Sum):
        return Piece(Row((function_name("log"), APPLIED_BARE, body.node)), TAIL, body.height)
    return application_form(function_name("log"), body)
