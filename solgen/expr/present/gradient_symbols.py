"""Gradients, Jacobians and Hessians as symbols: ∂L/∂W, ∇_W L, a bar over W, δ with subscript W, and their entries."""

from __future__ import annotations

from typing import assert_never

from solgen.expr.nodes import Adj, Index, Var
from solgen.expr.present.letters import APART, APPLIED_BARE, TOP
from solgen.expr.present.maker import Maker
from solgen.expr.present.notation import AccentSymbol, LetterSymbol, OperatorSymbol, QuotientSymbol
from solgen.expr.present.piece import TAIL, Piece, atom, attach_power, attach_superscript, fraction
from solgen.expr.present.subscripts import bracket_entry, present_entry
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import Identifier, Node, Number, Row, Script, Space

PARTIAL = Identifier("∂")
TWO = Number("2")


def adjoint(m: Maker, e: Adj, at: tuple[Index, ...]) -> Piece:
    """∂of/∂wrt, or its entry `at`, in the notation of the document; a Jacobian is always a fraction."""
    if e.twice:
        return _second(m, e, at)
    own = m.loss is None or e.of.name == m.loss or m.gradient.shows_output
    if e.of.shape_ or not own:
        return _quotient(m, e, at)
    match m.gradient.symbol:
        case QuotientSymbol():
            return _quotient(m, e, at)
        case OperatorSymbol(sign):
            piece = Piece(_before(m, Identifier(sign), e), TAIL)
        case AccentSymbol(mark, wide):
            plain = m.name(e.wrt.name)
            if at and not plain.sub and not e.wrt.at:
                return atom(plain.with_accent(mark, wide).with_subscript(m.indices(at)))
            piece = atom(m.var(e.wrt).with_accent(mark, wide))
        case LetterSymbol(letter):
            own_letter = WrittenName(Identifier(letter))
            piece = atom((own_letter.in_bold() if e.wrt.shape_ else own_letter).with_subscript(m.var(e.wrt).node()))
        case unknown:
            assert_never(unknown)
    return bracket_entry(m, piece, at) if at else piece


def _before(m: Maker, sign: Node, e: Adj) -> Node:
    """An operator with what is differentiated by close beneath it, then what is differentiated."""
    return Row((Script(sign, Row((Space("negative"), m.var(e.wrt).node()))), APPLIED_BARE, m.var(e.of).node()))


def _quotient(m: Maker, e: Adj, at: tuple[Index, ...]) -> Piece:
    """∂of/∂wrt as a fraction, of an entry of the output by one of the variable where `at` says which."""
    cut = len(e.of.shape_)
    return fraction(_differential(m, e.of, at[:cut]), _differential(m, e.wrt, at[cut:]))


def _second(m: Maker, e: Adj, at: tuple[Index, ...]) -> Piece:
    """The Hessian ∂²L/∂x∂xᵀ, or ∂²L/∂x_i∂x_j."""
    symbol = m.gradient.symbol
    if isinstance(symbol, OperatorSymbol) and not at:
        return Piece(_before(m, Script(Identifier(symbol.sign), sup=TWO), e), TAIL)
    cut = len(e.wrt.shape_)
    wrt = atom(m.var(e.wrt))
    if at:
        below = _twice(present_entry(m, e.wrt, at[:cut]).node, present_entry(m, e.wrt, at[cut:]).node)
    elif e.wrt.shape_:
        below = _twice(wrt.node, attach_superscript(wrt, TOP).node)
    else:
        below = _of(PARTIAL, attach_power(wrt, TWO).node)
    return fraction(_of(Script(PARTIAL, sup=TWO), m.var(e.of).node()), below)


def _twice(first: Node, second: Node) -> Node:
    return Row((_of(PARTIAL, first), APART, _of(PARTIAL, second)))


def _of(sign: Node, v: Node) -> Node:
    """∂ or ∂² of what follows it."""
    return Row((sign, APPLIED_BARE, v))


def _differential(m: Maker, v: Var, at: tuple[Index, ...]) -> Node:
    """∂W, or ∂ of an entry."""
    return _of(PARTIAL, present_entry(m, v, at).node if at else m.var(v).node())
