"""From tokens to flat lists of nodes: lark's LALR parser with the grammar beside this file, linear in the tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.lexer import Lexer

from solgen.written.signs import ENVIRONMENTS, RELATIONS
from solgen.written.syntax import (
    Accent,
    Brackets,
    Digits,
    Fence,
    Fraction,
    Grid,
    Items,
    Letter,
    Lines,
    Node,
    Phrase,
    Root,
    Scripted,
    Shaped,
    Sign,
    Style,
    Word,
)
from solgen.written.tokens import tokenize
from solgen.written.unreadable import Unreadable

GRAMMAR = Path(__file__).with_name("grammar.lark")
EXPECTED = {
    "SUB": "a subscript", "SUP": "a superscript", "LETTER": "a letter", "DIGITS": "a number",
    "CLOSE": "a closing bracket",    "RBRACE": "`}`", "END": "the end of an environment", "$END": "the end",
}  # fmt: skip


@cache
def parse_latex(text: str) -> Lines:
    """The lines of a LaTeX text, each a list of cells; raises Unreadable."""
    try:
        return parse_tokens(tokenize(text), len(text))
    except Unreadable as wrong:
        raise wrong.within(text) from None


def parse_tokens(tokens: Sequence[Token], end: int) -> Lines:
    """The lines that tokens make, whatever alphabet they were written in; raises Unreadable."""
    try:
        lines: Lines = _parser().parse(tokens)  # type: ignore[assignment]
    except UnexpectedInput as wrong:
        token = getattr(wrong, "token", None)
        place = token.start_pos if token is not None and token.type != "$END" else end
        found = f"`{token}`" if token is not None and token.type != "$END" else "the end"
        wanted = sorted(EXPECTED[t] for t in getattr(wrong, "expected", ()) if t in EXPECTED)
        raise Unreadable(f"{found} stands where it has no meaning", place, expected=" or ".join(wanted)) from None
    return lines


class Given(Lexer):
    """The lexer of tokens that are there already."""

    def __init__(self, conf: Any) -> None: ...

    def lex(self, data: Sequence[Token]) -> Iterator[Token]:  # type: ignore[override]
        return iter(data)


class Group:
    """What stood in braces: on its way into the list around it."""

    __slots__ = ("items",)

    def __init__(self, items: Items) -> None:
        self.items = items


Part = Node | Group


def _items(part: Part) -> Items:
    return part.items if isinstance(part, Group) else (part,)


@v_args(inline=True)
class Builder(Transformer[Token, Any]):
    """The nodes that the grammar's rules make."""

    def start(self, lines: Lines) -> Lines:
        return lines

    def lines(self, *rest: Any) -> Lines:
        return tuple(part for part in rest if not isinstance(part, Token))

    def line(self, *rest: Any) -> tuple[Items, ...]:
        return tuple(part for part in rest if not isinstance(part, Token))

    def cell(self, *parts: Part) -> Items:
        if not any(type(part) is Group for part in parts):
            return parts  # type: ignore[return-value]
        return tuple(item for part in parts for item in _items(part))

    def item(self, part: Part) -> Part:
        return part

    def argument(self, part: Part) -> Part:
        return part

    def letter(self, token: Token) -> Node:
        return Letter(str(token), at=token.start_pos or 0)

    def word(self, token: Token) -> Node:
        return Word(str(token), at=token.start_pos or 0)

    def digits(self, token: Token) -> Node:
        return Digits(str(token), at=token.start_pos or 0)

    def phrase(self, token: Token) -> Node:
        return Phrase(str(token), at=token.start_pos or 0)

    def sign(self, token: Token) -> Node:
        return Sign(str(token), at=token.start_pos or 0)

    def group(self, _: Token, cell: Items, __: Token) -> Group:
        return Group(cell)

    def fence(self, opening: Token, cell: Items, _: Token) -> Node:
        kind: Brackets = str(opening)  # type: ignore[assignment]
        match cell:
            case (Grid(kind=("open" | "matrix" | "array"), rows=rows),):
                return Grid(kind, rows, opening.start_pos or 0)
            case _:
                return Fence(kind, cell, opening.start_pos or 0)

    def lower(self, _: Token, part: Part) -> tuple[str, Items]:
        return "sub", _items(part)

    def upper(self, _: Token, part: Part) -> tuple[str, Items]:
        return "sup", _items(part)

    def prime(self, _: Token) -> tuple[str, Items]:
        return "primes", ()

    def scripted(self, base: Part, *scripts: tuple[str, Items]) -> Part:
        before = _items(base)
        if not before:
            return base
        node = before[-1]
        for place, items in scripts:
            node = _with_script(node, place, items)
        return Group((*before[:-1], node)) if len(before) > 1 else node

    def fraction(self, token: Token, top: Part, bottom: Part) -> Node:
        return Fraction(_items(top), _items(bottom), token.start_pos or 0)

    def root(self, token: Token, body: Part) -> Node:
        return Root(_items(body), at=token.start_pos or 0)

    def root_of(self, token: Token, degree: Part, body: Part) -> Node:
        return Root(_items(body), _items(degree), token.start_pos or 0)

    def accent(self, token: Token, body: Part) -> Node:
        return Accent(str(token), _items(body), token.start_pos or 0)

    def styled(self, token: Token, body: Part) -> Part:
        style: Style = str(token)  # type: ignore[assignment]
        items = tuple(_styled(item, style) for item in _items(body))
        return items[0] if len(items) == 1 else Group(items)

    def shaped(self, token: Token, body: Part, beneath: Part) -> Node:
        return Shaped(_items(body), _items(beneath), token.start_pos or 0)

    def underset(self, token: Token, beneath: Part, body: Part) -> Node:
        match _items(body):
            case (Sign(sign) as relation,) if sign in RELATIONS:
                return relation
            case (Word() | Sign() as operator,) if not _is_shape(_items(beneath)):
                return _with_script(operator, "sub", _items(beneath))
            case items:
                return Shaped(items, _items(beneath), token.start_pos or 0)

    def overset(self, token: Token, above: Part, body: Part) -> Part:
        return body

    def braced(self, token: Token, body: Part) -> Node:
        return Shaped(_items(body), (), token.start_pos or 0)

    def grid(self, begin: Token, lines: Lines, _: Token) -> Node:
        name = str(begin)
        kept = lines if len(lines) < 2 or lines[-1] != ((),) else lines[:-1]
        return Grid(ENVIRONMENTS.get(name, "cases" if name == "cases" else "lines"), kept, begin.start_pos or 0)


def _is_shape(items: Items) -> bool:
    """Whether m × n stands there."""
    return any(isinstance(item, Sign) and item.text == "×" for item in items)


def _with_script(node: Node, place: str, items: Items) -> Node:
    """The node with one more script; a remark beneath an underbrace is what it labels."""
    match node, place:
        case Shaped(body, (), at), "sub" | "sup":
            return Shaped(body, items, at)
        case Scripted(base, sub, sup, primes, at), "sub":
            return Scripted(base, (*sub, *items), sup, primes, at)
        case Scripted(base, sub, sup, primes, at), "sup":
            return Scripted(base, sub, (*sup, *items), primes, at)
        case Scripted(base, sub, sup, primes, at), _:
            return Scripted(base, sub, sup, primes + 1, at)
        case _, "sub":
            return Scripted(node, sub=items, at=node.at)
        case _, "sup":
            return Scripted(node, sup=items, at=node.at)
        case _:
            return Scripted(node, primes=1, at=node.at)


def _styled(node: Node, style: Style) -> Node:
    """The node with its letters in a style; a digit in one is a letter, 𝟏."""
    match node:
        case Letter(text, old, at):
            both: Style = "bold upright" if {"bold", "upright"} <= {style, old} else style
            return Letter(text, both, at)
        case Word(text, _, at):
            return Word(text, style, at)
        case Digits(text, at) if len(text) == 1 and style:
            return Letter(text, style, at)
        case Scripted(base=base):
            return replace(node, base=_styled(base, style))
        case Accent(body=body):
            return replace(node, body=tuple(_styled(item, style) for item in body))
        case _:
            return node


@cache
def _parser() -> Lark:
    make: Callable[..., Lark] = Lark
    return make(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer=Given, transformer=Builder())
