r"""A typeset fragment with what its surroundings must know: precedence, height, and whether it is a symbol.

Places where a long line may break are marked while a formula is put together (`BREAK` before an operator,
`LAST` before a juxtaposed factor); `finish` turns the marks into penalties by their depth in parentheses, or
removes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from solgen.expr.ops.row import ATOM, FUNC, NEG, POST, PROD
from solgen.expr.symbols import Symbol

TAIL = PROD - 1  # a prefix form (Σ, ∇, log p): needs no parentheses as the last factor of a product
HAD = PROD - 4  # an entrywise product among matrix products needs parentheses, and they in it
FRAC = POST - 5  # a fraction: a factor as it stands, parenthesised under a superscript

BREAK, LAST = "\x01", "\x02"
_SIZES = ("", "big", "Big", "bigg")


@dataclass(frozen=True, slots=True)
class Piece:
    """TeX of a subformula; `height` counts the sizes of parentheses it needs (0 plain, 2 a fraction)."""

    text: str
    level: int = ATOM
    height: int = 0
    symbol: Symbol | None = None

    @property
    def negative(self) -> bool:
        return self.level == NEG and self.text.startswith("-")

    @property
    def numeral(self) -> bool:
        return self.text[:1].isdigit() or self.text.startswith((r"\tfrac", r"\frac{1}{"))


def atom(symbol: Symbol) -> Piece:
    """A symbol, to which scripts can still be added."""
    return Piece(symbol.text(), ATOM, 0, symbol)


def fence(inner: str, height: int, left: str = "(", right: str = ")") -> str:
    r"""A delimited formula, delimiters of a fixed size: unlike \left … \right they let a line break inside."""
    size = _SIZES[min(height, 3)]
    return rf"\{size}l{left}{inner}\{size}r{right}" if size else f"{left}{inner}{right}"


def parens(piece: Piece) -> Piece:
    """The piece in parentheses; what is nested in it makes them larger."""
    return Piece(fence(piece.text, piece.height), ATOM, min(piece.height + 1, 3) if piece.height else 1)


def at_least(piece: Piece, level: int) -> Piece:
    """The piece in parentheses unless it binds at least as tightly as `level`."""
    return piece if piece.level >= level else parens(piece)


def powered(piece: Piece, exponent: str) -> Piece:
    """A power: unlike ⊤, an exponent does not join a superscript that is there already."""
    return raised(parens(piece) if piece.symbol and piece.symbol.sup else piece, exponent)


def raised(piece: Piece, superscript: str) -> Piece:
    """The piece with a superscript, which joins the superscript that a symbol may have."""
    if piece.symbol is not None:
        return replace(atom(piece.symbol.raised(superscript)), level=POST, symbol=None)
    body = piece if piece.level == ATOM or (piece.level == FUNC and piece.text.endswith(")")) else parens(piece)
    return Piece(f"{body.text}^{{{superscript}}}", POST, body.height)


def times(left: Piece, right: Piece, between: str = r"\,") -> Piece:
    """The juxtaposed product; a leading minus goes through, and two numerals are kept apart."""
    if left.negative:
        inner = times(replace(left, text=left.text[1:].lstrip(), level=PROD), right, between)
        return replace(inner, text=f"-{inner.text}", level=NEG)
    left, right = at_least(left, PROD), at_least(right, TAIL)
    if right.text[:1].isdigit() or right.text.startswith(r"\tfrac"):
        between = r" \cdot "
    if between == r"\," and _fenced(right.text):
        between = LAST  # W(Wᵀx − x): a parenthesis needs no space
    mark = LAST if between == r"\," else ""
    return Piece(left.text + between + mark + right.text, min(right.level, PROD), max(left.height, right.height))


def _fenced(text: str) -> bool:
    return text.startswith(("(", *(rf"\{size}l(" for size in _SIZES if size)))


def negated(piece: Piece) -> Piece:
    """−x, with −(−x) in parentheses."""
    body = at_least(piece, HAD)
    return Piece(f"-{body.text}", NEG, body.height)


def finish(text: str, breaks: bool) -> str:
    r"""The marks as penalties: `\brk` at the outer level, `\brkin` inside parentheses, none within braces."""
    if not breaks:
        return text.replace(BREAK, "").replace(LAST, "")
    out: list[str] = []
    braces = depth = 0
    for k, character in enumerate(text):
        escaped = k > 0 and text[k - 1] == "\\"
        if character in "{}" and not escaped:
            braces += 1 if character == "{" else -1
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        if character not in (BREAK, LAST):
            out.append(character)
        elif braces == 0:
            out.append(r"\brkp " if character == LAST else r"\brkin " if depth else r"\brk ")
    return "".join(out)
