"""From tokens to flat lists of nodes: lark's LALR parser with the grammar beside this file, linear in the tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer, UnexpectedInput
from lark.lexer import Lexer

from solgen.written.signs import ENVIRONMENTS, RELATIONS
from solgen.written.syntax import (
    Accent,
    Brackets,
    CellGrid,
    Digits,
    Fence,
    Fraction,
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
from solgen.written.token import Token
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


class Builder(Transformer[Token, Any]):
    """The nodes that the grammar's rules make, each of the parts of its rule."""

    def start(self, parts: list[Any]) -> Lines:
        lines: Lines = parts[0]
        return lines

    def lines(self, parts: list[Any]) -> Lines:
        return tuple([part for part in parts if type(part) is tuple])

    def line(self, parts: list[Any]) -> tuple[Items, ...]:
        return tuple([part for part in parts if type(part) is tuple])

    def cell(self, parts: list[Any]) -> Items:
        if not any(type(part) is Group for part in parts):
            return tuple(parts)
        return tuple([item for part in parts for item in _items(part)])

    def letter(self, parts: list[Any]) -> Node:
        return Letter(parts[0].value, at=parts[0].start_pos)

    def word(self, parts: list[Any]) -> Node:
        return Word(parts[0].value, at=parts[0].start_pos)

    def digits(self, parts: list[Any]) -> Node:
        return Digits(parts[0].value, at=parts[0].start_pos)

    def phrase(self, parts: list[Any]) -> Node:
        return Phrase(parts[0].value, at=parts[0].start_pos)

    def sign(self, parts: list[Any]) -> Node:
        return Sign(parts[0].value, at=parts[0].start_pos)

    def group(self, parts: list[Any]) -> Group:
        return Group(parts[1])

    def fence(self, parts: list[Any]) -> Node:
        kind: Brackets = parts[0].value
        match parts[1]:
            case (CellGrid(kind=("open" | "matrix" | "array"), rows=rows),):
                return CellGrid(kind, rows, parts[0].start_pos)
            case cell:
                return Fence(kind, cell, parts[0].start_pos)

    def lower(self, parts: list[Any]) -> tuple[str, Items]:
        return "sub", _items(parts[1])

    def upper(self, parts: list[Any]) -> tuple[str, Items]:
        return "sup", _items(parts[1])

    def prime(self, parts: list[Any]) -> tuple[str, Items]:
        return "primes", ()

    def scripted(self, parts: list[Any]) -> Part:
        base, *scripts = parts
        before = _items(base)
        if not before:
            return Group(())
        node = before[-1]
        for place, items in scripts:
            node = _with_script(node, place, items)
        return Group((*before[:-1], node)) if len(before) > 1 else node

    def fraction(self, parts: list[Any]) -> Node:
        return Fraction(_items(parts[1]), _items(parts[2]), parts[0].start_pos)

    def root(self, parts: list[Any]) -> Node:
        return Root(_items(parts[1]), at=parts[0].start_pos)

    def root_of(self, parts: list[Any]) -> Node:
        return Root(_items(parts[2]), _items(parts[1]), parts[0].start_pos)

    def accent(self, parts: list[Any]) -> Node:
        return Accent(parts[0].value, _items(parts[1]), parts[0].start_pos)

    def styled(self, parts: list[Any]) -> Part:
        style: Style = parts[0].value
        items = tuple(_set_style(item, style) for item in _items(parts[1]))
        return items[0] if len(items) == 1 else Group(items)

    def shaped(self, parts: list[Any]) -> Node:
        return Shaped(_items(parts[1]), _items(parts[2]), parts[0].start_pos)

    def underset(self, parts: list[Any]) -> Node:
        beneath = _items(parts[1])
        match _items(parts[2]):
            case (Sign(sign) as relation,) if sign in RELATIONS:
                return relation
            case (Word() | Sign() as operator,) if not _is_shape(beneath):
                return _with_script(operator, "sub", beneath)
            case items:
                return Shaped(items, beneath, parts[0].start_pos)

    def overset(self, parts: list[Any]) -> Part:
        body: Part = parts[2]
        return body

    def braced(self, parts: list[Any]) -> Node:
        return Shaped(_items(parts[1]), (), parts[0].start_pos)

    def grid(self, parts: list[Any]) -> Node:
        name, lines = parts[0].value, parts[1]
        kept = lines if len(lines) < 2 or lines[-1] != ((),) else lines[:-1]
        return CellGrid(ENVIRONMENTS.get(name, "cases" if name == "cases" else "lines"), kept, parts[0].start_pos)


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


def _set_style(node: Node, style: Style) -> Node:
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
            return replace(node, base=_set_style(base, style))
        case Accent(body=body):
            return replace(node, body=tuple(_set_style(item, style) for item in body))
        case _:
            return node


@cache
def _parser() -> Lark:
    make: Callable[..., Lark] = Lark
    return make(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer=Given, transformer=Builder())
