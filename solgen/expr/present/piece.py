"""A tree that is being put together, with what its surroundings must know: precedence, height, whether it is a symbol.

What stands around it decides on brackets (`at_least`), on what is raised (`attach_superscript`, `attach_power`) and on
how factors stand beside each other (`times`); all of it from what the trees are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from solgen.expr.present.letters import CLOSE, PREFIX_MINUS
from solgen.expr.present.symbols import WrittenName
from solgen.expr.present.tree import (
    MINUS,
    TIMES,
    Fence,
    FenceKind,
    FenceSize,
    Fraction,
    FractionSize,
    Node,
    Number,
    Operator,
    Row,
    Script,
)

SUM, NEG, PROD, FUNC, POST, ATOM = 10, 15, 20, 30, 80, 90  # precedences, loosest first
TAIL = PROD - 1  # a prefix form (Σ, ∇, log p): needs no parentheses as the last factor of a product
HAD = PROD - 4  # an entrywise product among matrix products needs parentheses, and they in it
FRAC = POST - 5  # a fraction: a factor as it stands, parenthesised under a superscript

THIN = Operator(TIMES, "thin", 0)  # a b: a thin space, where a line may break
UNSPACED = Operator(TIMES, "none", 0)  # W(Wᵀx − x): a parenthesis needs no space
DOT = Operator("·")
PLUS, LESS = Operator("+", "binary", 0), Operator(MINUS, "binary", 0)
SIZES: tuple[FenceSize, ...] = ("plain", "big", "bigger", "biggest")


@dataclass(frozen=True, slots=True)
class Piece:
    """The tree of a subformula; `height` counts the sizes of parentheses it needs (0 plain, 2 a fraction)."""

    node: Node
    level: int = ATOM
    height: int = 0
    symbol: WrittenName | None = None

    @property
    def negative(self) -> bool:
        return self.level == NEG

    @property
    def unsigned(self) -> Node:
        """What stands behind the minus of a negative piece."""
        match self.node:
            case Row((Operator(sign="\N{MINUS SIGN}"), body)):
                return body
            case _:
                raise AssertionError(f"no minus in front of {self.node}")

    @property
    def numeral(self) -> bool:
        """Whether it begins with a number, which stands close to what it multiplies."""
        match leading(self.node):
            case Number() | Fraction(size="small") | Fraction(top=Number("1"), size="normal"):
                return True
            case _:
                return False


def leading(node: Node) -> Node:
    """What a reader sees first in a row."""
    match node:
        case Row((first, *_)) | Script(base=first):
            return leading(first)
        case _:
            return node


def without_minus(node: Node) -> Node | None:
    """The row without the minus that it begins with; None where it begins with none."""
    match node:
        case Row((Operator(sign="\N{MINUS SIGN}", spacing="none"), *rest)):
            return rest[0] if len(rest) == 1 else replace(node, items=tuple(rest))
        case Row((first, *rest)):
            inner = without_minus(first)
            return None if inner is None else replace(node, items=(inner, *rest))
        case _:
            return None


def _ends_in_parenthesis(node: Node) -> bool:
    match node:
        case Row((*_, last)):
            return _ends_in_parenthesis(last)
        case Fence(kind="round"):
            return True
        case _:
            return False


def atom(symbol: WrittenName) -> Piece:
    """A symbol, to which scripts can still be added."""
    return Piece(symbol.node(), ATOM, 0, symbol)


def fence(body: Node, height: int, kind: FenceKind = "round") -> Fence:
    """Something in brackets of a fixed size: unlike brackets that stretch, they let a line break inside."""
    return Fence(body, kind, SIZES[min(height, 3)])


def parens(piece: Piece) -> Piece:
    """The piece in parentheses; what is nested in it makes them larger."""
    return Piece(fence(piece.node, piece.height), ATOM, min(piece.height + 1, 3) if piece.height else 1)


def at_least(piece: Piece, level: int) -> Piece:
    """The piece in parentheses unless it binds at least as tightly as `level`."""
    return piece if piece.level >= level else parens(piece)


def fraction(top: Node, bottom: Node, size: FractionSize = "normal") -> Piece:
    """One thing above another; a small one is as high as a line."""
    return Piece(Fraction(top, bottom, size), FRAC, 1 if size == "small" else 2)


def attach_power(piece: Piece, *exponent: Node) -> Piece:
    """A power: unlike ⊤, an exponent does not join a superscript that is there already."""
    return attach_superscript(parens(piece) if piece.symbol and piece.symbol.sup else piece, *exponent)


def attach_superscript(piece: Piece, *superscript: Node) -> Piece:
    """The piece with a superscript, which joins the superscript that a symbol may have."""
    if piece.symbol is not None:
        return Piece(piece.symbol.with_superscript(*superscript).node(), POST)
    stays = piece.level == ATOM or (piece.level == FUNC and _ends_in_parenthesis(piece.node))
    body = piece if stays else parens(piece)
    above = superscript[0] if len(superscript) == 1 else Row(superscript)
    return Piece(Script(body.node, sup=above), POST, body.height)


def prefix_minus(body: Node, height: int) -> Piece:
    """−body, in front of a whole term."""
    return Piece(Row((PREFIX_MINUS, body)), NEG, height)


def negate_piece(piece: Piece) -> Piece:
    """−x, with −(−x) in parentheses."""
    body = at_least(piece, HAD)
    return prefix_minus(body.node, body.height)


def times(left: Piece, right: Piece, between: Operator = THIN) -> Piece:
    """The juxtaposed product; a leading minus goes through, and two numerals are kept apart."""
    if left.negative:
        inner = times(Piece(left.unsigned, PROD, left.height), right, between)
        return prefix_minus(inner.node, inner.height)
    left, right = at_least(left, PROD), at_least(right, TAIL)
    match leading(right.node):
        case Number() | Fraction(size="small"):
            between = DOT
        case Fence(kind="round") if between == THIN:
            between = UNSPACED
        case _:
            pass
    node = Row((left.node, between, right.node))
    return Piece(node, min(right.level, PROD), max(left.height, right.height))


def gap(left: Piece) -> Operator:
    """What stands between a factor and an array: nothing after a number, else a thin space."""
    whole = left.negative and isinstance(left.unsigned, Number) and left.unsigned.value.denominator == 1
    return CLOSE if left.numeral or whole else THIN


def infix(left: Piece, sign: str, right: Piece, level: int) -> Piece:
    """Both with a sign between them, before which a line may break."""
    node = Row((left.node, Operator(sign, "binary", 0), right.node))
    return Piece(node, level, max(left.height, right.height))


def sum_of(pieces: list[Piece]) -> Piece:
    """`a + b - c`; several terms in one row."""
    first, *rest = pieces
    items = [first.node]
    for piece in rest:
        items += [LESS, piece.unsigned] if piece.negative else [PLUS, piece.node]
    return Piece(Row(tuple(items)), SUM, max(piece.height for piece in pieces))
