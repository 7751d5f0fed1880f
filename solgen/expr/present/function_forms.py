"""Functions: a name before brackets, bars around an argument, an indicator, a function that the file names."""

from __future__ import annotations

from dataclasses import replace

from solgen.expr.applied import log
from solgen.expr.arith import is_negation, is_sum, strip_sign
from solgen.expr.nodes import Apply, rank, shape
from solgen.expr.ops import TABLE, Trait, having
from solgen.expr.ops.presentation import Around, Composed, Directed, Indicator, Infix, NamedFunction
from solgen.expr.ops.row import Callee
from solgen.expr.present.grouping import unspread
from solgen.expr.present.letters import (
    APPLIED,
    APPLIED_BARE,
    LISTED,
    ONE,
    PREFIX_MINUS,
    PRIME,
    function_name,
    join_row,
)
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import FUNC, HAD, POST, PROD, Piece, at_least, fence, negate_piece, times
from solgen.expr.present.signs import CROSS_ENTROPY
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import Fence, Identifier, Node, Number, Operator, Row, Script

INDICATOR = Identifier("1", "double-struck")
NABLA = Identifier("∇")
ZERO = Number("0")
ALONG_AXIS = having(Trait.ALONG_AXIS)


def application_form(name: Node, body: Piece) -> Piece:
    """`name(body)`."""
    return Piece(Row((name, APPLIED, fence(body.node, body.height))), FUNC, body.height)


def _enlarge_level(node: Node, level: int, height: int) -> Piece:
    """What has brackets of its own, so that brackets around it must be larger."""
    return Piece(node, level, min(height + 1, 3))


# ---------------------------------------------------------------- from what a row says


def function(m: Maker, e: Apply, sign: NamedFunction, power: Node | None = None) -> Piece:
    """`name(a, b)`, with the argument that is a subscript beneath the name."""
    pieces = [m.piece(a) for a in e.args]
    height = max(piece.height for piece in pieces)
    listed = join_row(tuple(piece.node for k, piece in enumerate(pieces) if k != sign.subscript), LISTED)
    below: Node | None = Number(str(sign.index)) if sign.index is not None else _along(e)
    if sign.subscript is not None:
        below = pieces[sign.subscript].node
    above = Row((PREFIX_MINUS, ONE)) if sign.inverse else power
    return _enlarge_level(
        Row((_add_limits(spelling(m, sign), below, above), APPLIED, fence(listed, height))), FUNC, height
    )


def _along(e: Apply) -> Node | None:
    """Whether a function of a matrix works on its rows or on its columns, where it works along one of its axes."""
    if e.op not in ALONG_AXIS or not e.params or rank(e.args[0]) != 2:
        return None
    return Identifier("rows" if e.params == (1,) else "cols", "upright")


def spelling(m: Maker, sign: NamedFunction | Composed) -> str:
    """What the function is called: by its row's second spelling where the first is a name of the file."""
    return sign.otherwise if sign.otherwise and sign.name in m.taken else sign.name


def _add_limits(name: str, below: Node | None, above: Node | None) -> Node:
    base = function_name(name)
    return Script(base, below, above) if below is not None or above is not None else base


def powered_function(m: Maker, e: Apply, exponent: Node) -> Piece | None:
    """`tanh²(x)`, where the function is one that is written so."""
    match TABLE[e.op].presentation:
        case NamedFunction(powers=True) as sign:
            return function(m, e, sign, exponent)
        case _:
            return None


def composition_form(m: Maker, e: Apply, names: Composed) -> Piece:
    """`name(inner(a), b)`."""
    first, *rest = (m.piece(a) for a in e.args)
    height = max(piece.height for piece in (first, *rest))
    name = _directed_name(names.inner, e) if rank(e.args[0]) == 2 else function_name(names.inner)
    inner = Row((name, APPLIED, fence(first.node, height)))
    listed = join_row((inner, *(piece.node for piece in rest)), LISTED)
    return _enlarge_level(Row((function_name(spelling(m, names)), APPLIED, fence(listed, height))), FUNC, height)


def infix_sign(m: Maker, e: Apply, infix: Infix) -> Piece:
    """`a ⊗ b`."""
    left, right = (at_least(m.piece(a), POST) for a in e.args)
    node = Row((left.node, Operator(infix.sign), right.node))
    return Piece(node, HAD if infix.loose else PROD, max(left.height, right.height))


def around(m: Maker, e: Apply, bars: Around) -> Piece:
    """`|x|`, `‖x‖`, with the number that says which norm, or a square."""
    body = m.piece(e.args[0])
    node: Node = fence(body.node, body.height, bars.kind)
    below, above = (Number(str(n)) if n is not None else None for n in (bars.below, bars.above))
    return _enlarge_level(Script(node, below, above) if below or above else node, POST, body.height)


def indicator(m: Maker, e: Apply, signs: Indicator) -> Piece:
    """The indicator, read as a comparison: 1[a > b] for step(a − b), 1[x < 0] for step(−x); ≥ where a tie counts."""
    match e.args[0]:
        case Apply(args=(x,)) as minus if is_negation(minus):
            return _comparison_form(m.piece(x), signs.turned, Piece(ZERO))
        case Apply(args=(a, b)) as difference if is_sum(difference) and is_negation(b):
            return _comparison_form(m.piece(unspread(a)), signs.sign, m.piece(unspread(strip_sign(b))))
        case x:
            return _comparison_form(m.piece(x), signs.sign, Piece(ZERO))


def _comparison_form(left: Piece, sign: str, right: Piece) -> Piece:
    return _indicator_form(Row((left.node, Operator(sign, "relation"), right.node)), max(left.height, right.height))


def _indicator_form(condition: Node, height: int) -> Piece:
    return Piece(Row((INDICATOR, APPLIED, fence(condition, height, "square"))), FUNC, height)


def directed_form(m: Maker, e: Apply, names: Directed) -> Piece:
    """softmax, and of a matrix with the direction that sums to 1."""
    *before, last = names.names
    name = _directed_name(last, e) if rank(e.args[0]) == 2 else function_name(last)
    return application_form(join_row((*map(function_name, before), name), APPLIED), m.piece(e.args[0]))


def _directed_name(name: str, e: Apply) -> Node:
    """A function's name with the direction that its parameter says."""
    return _add_limits(name, _along(e), None)


# ---------------------------------------------------------------- textbook forms


def log_determinant(m: Maker, e: Apply) -> Piece:
    """log |det X|."""
    body = at_least(m.piece(e.args[0]), POST)
    determinant = Row((function_name("det"), APPLIED_BARE, body.node))
    node = Row((function_name("log"), APPLIED, fence(determinant, body.height, "bars")))
    return _enlarge_level(node, FUNC, body.height)


def maximal(m: Maker, e: Apply) -> Piece:
    """1[x = max x]; of a matrix along an axis, 1[X = max_rows X]."""
    body = at_least(m.piece(e.args[0]), POST)
    largest = Row((_add_limits("max", _along(e), None), APPLIED_BARE, body.node))
    condition = Row((body.node, Operator("=", "relation"), largest))
    return replace(_indicator_form(condition, body.height), height=min(body.height + 1, 3))


def cross_entropy(m: Maker, e: Apply) -> Piece:
    """−yᵀ log p of vectors; CE(P, Y) of matrices, by samples."""
    q, y = e.args
    if rank(q) == 1:
        return negate_piece(times(m.row(y), m.piece(log(q))))
    listed = join_row((m.piece(q).node, m.piece(y).node), LISTED)
    return Piece(Row((CROSS_ENTROPY.beside(m.taken), APPLIED, Fence(listed))), FUNC)


def call_form(m: Maker, e: Apply) -> Piece:
    """`φ(x)`, of a function that the file names."""
    return application_form(_callee(m, e), m.piece(e.args[0]))


def call_gradient(m: Maker, e: Apply) -> Piece:
    """`∇ℓ(x)`; of a loss of one number it is `ℓ′(x)`."""
    if not shape(e):
        return application_form(_callee(m, e, 1), m.piece(e.args[0]))
    return application_form(Row((NABLA, APPLIED_BARE, _callee(m, e))), m.piece(e.args[0]))


def _callee(m: Maker, e: Apply, more: int = 0) -> Node:
    """φ, φ′, φ″, φ⁽³⁾; a name of several letters is set upright, a function of the table by its own sign: σ′."""
    callee = e.params[0]
    assert isinstance(callee, Callee)
    order = callee.order + more
    name = _own_sign(m, callee.name)
    if order == 0:
        return name.node()
    marks = (PRIME,) * order if order < 3 else (Fence(Number(str(order))),)
    return name.with_superscript(*marks).node()


def _own_sign(m: Maker, name: str) -> WrittenName:
    match TABLE[name].presentation if name in TABLE else None:
        case NamedFunction() as sign:
            return WrittenName(function_name(spelling(m, sign)))
        case _:
            symbol = m.name(name)
    match symbol.letter:
        case Identifier(letters, "italic") if symbol.wide:
            return replace(symbol, letter=Identifier(letters, "function"))
        case _:
            return symbol
