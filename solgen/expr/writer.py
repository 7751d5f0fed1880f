"""Formulas as source text: precedence read off each template, so that parentheses stand where Python needs them.

Two dialects build on this: numpy (`code`), which a reader can run, and the model language (`text`), for
messages. Each distinct node is written once, children before parents, without recursion.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, assert_never

from solgen.expr.arith import is_negation, is_sum
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, Num, Pi, Position, SizeNum, Stack, Sum, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.expr.walk import nodes

ANY, SUM, PROD, NEG, POW, ATOM = range(6)  # how tightly a text holds together


@dataclass(frozen=True, slots=True)
class SourceText:
    """Source text and the precedence of its outermost operator."""

    text: str
    level: int = ATOM

    def within(self, need: int) -> str:
        """The text where at least precedence `need` must stand."""
        return self.text if self.level >= need else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Slots:
    """What a template asks of its arguments, and the precedence of the whole."""

    level: int
    needs: tuple[int, ...]


class Writer(ABC):
    """One dialect: the parts that differ are abstract."""

    def write(self, e: Expr) -> str:
        return self.text(e).text

    def text(self, e: Expr) -> SourceText:
        memo: dict[Expr, SourceText] = {}
        for node in nodes(e):
            memo[node] = self._node(node, memo)
        return memo[e]

    @abstractmethod
    def number(self, value: Fraction) -> SourceText: ...

    @abstractmethod
    def symbol(self, e: Var | Adj | Pi) -> SourceText: ...

    @abstractmethod
    def size(self, size: Size) -> str: ...

    @abstractmethod
    def template(self, e: Apply) -> str: ...

    @abstractmethod
    def name_call(self, callee: Callee, op: str) -> str: ...

    @abstractmethod
    def write_sum(self, index: Idx, body: SourceText) -> SourceText: ...

    @abstractmethod
    def write_stack(self, index: Idx, body: SourceText, columns: bool) -> SourceText: ...

    @abstractmethod
    def kronecker(self, left: str, right: str) -> SourceText: ...

    def bounds(self, params: tuple[object, ...]) -> str:
        """The bounds of a slice, `a:b, c:d`, or those of a padding as a tuple of slices."""
        pairs: Any = params
        if params and isinstance(params[0], tuple) and isinstance(params[0][0], tuple):
            pairs = params[0]
            return f"({', '.join(f'slice({self.size(a)}, {self.size(b)})' for a, b in pairs)},)"
        return ", ".join(f"{self.size(a)}:{self.size(b)}" for a, b in pairs)

    def index(self, i: Index) -> str:
        match i:
            case Idx(name=name):
                return name
            case Size():
                return self.size(i)
            case Var():
                return self.symbol(i).text
            case _:
                assert_never(i)

    def _node(self, e: Expr, memo: dict[Expr, SourceText]) -> SourceText:
        match e:
            case Num(value=q):
                return self.number(q)
            case Position(index=i):
                return SourceText(self.index(i))
            case SizeNum(size=s):
                return SourceText(self.size(s), level(self.size(s)))
            case Pi() | Var() | Adj():
                return self.symbol(e)
            case Apply():
                return self._apply(e, tuple(memo[a] for a in e.args))
            case Entry(array=a, indices=ix):
                return SourceText(f"{memo[a].within(ATOM)}[{', '.join(map(self.index, ix))}]")
            case Delta(left=i, right=j):
                return self.kronecker(self.index(i), self.index(j))
            case Sum(index=i, body=body):
                return self.write_sum(i, memo[body])
            case Stack(index=i, body=body, columns=columns):
                return self.write_stack(i, memo[body], columns)
            case _:
                assert_never(e)  # type: ignore[arg-type]

    def _apply(self, e: Apply, args: tuple[SourceText, ...]) -> SourceText:
        if is_sum(e):
            return SourceText(_join_terms(e.args, args), SUM) if len(args) > 1 else args[0]
        if isinstance(e.params[:1] and e.params[0], Callee):
            callee = e.params[0]
            assert isinstance(callee, Callee)
            return SourceText(f"{self.name_call(callee, e.op)}({args[0].text})")
        template = self.template(e)
        if not args:
            return SourceText(template, level(template))
        if template == "{0}":
            return args[0]
        slots = analyse_template(template, len(args))
        filled = (a.within(need) for a, need in zip(args, slots.needs, strict=True))
        return SourceText(template.format(*filled), slots.level)


def _join_terms(args: tuple[Expr, ...], texts: tuple[SourceText, ...]) -> str:
    """a + b - c."""
    line = texts[0].within(SUM)
    for arg, text in zip(args[1:], texts[1:], strict=True):
        if is_negation(arg) and text.text.startswith("-"):
            line += f" - {text.text[1:]}"
        else:
            line += f" + {text.within(PROD)}"
    return line


def level(text: str) -> int:
    """The precedence of the outermost operator of Python source."""
    tree = ast.parse(text, mode="eval").body
    return ATOM if tree.col_offset else _level(tree)


@cache
def analyse_template(template: str, count: int) -> Slots:
    """How tightly each argument of a template must hold together; the tightest of its places decides."""
    names = [f"_{k}_" for k in range(count)]
    source = template.format(*names)
    tree = ast.parse(source, mode="eval")
    needs = [ANY] * count
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.Name) and child.id in names and not _is_wrapped(source, child):
                k = names.index(child.id)
                needs[k] = max(needs[k], _required_level(parent, child))
    return Slots(level(source), tuple(needs))


def _is_wrapped(source: str, node: ast.Name) -> bool:
    return source[: node.col_offset].endswith("(") and source[node.end_col_offset or 0 :].startswith(")")


def _level(node: ast.expr) -> int:
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return SUM
        case ast.BinOp(op=ast.Pow()):
            return POW
        case ast.BinOp():
            return PROD
        case ast.UnaryOp():
            return NEG
        case ast.Compare() | ast.Lambda() | ast.IfExp() | ast.GeneratorExp():
            return ANY
        case _:
            return ATOM


def _required_level(parent: ast.AST, child: ast.AST) -> int:
    match parent:
        case ast.BinOp(op=ast.Pow()):
            return ATOM if parent.left is child else NEG
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return SUM if parent.left is child else PROD
        case ast.BinOp():
            return PROD if parent.left is child else NEG
        case ast.UnaryOp():
            return POW
        case ast.Compare():
            return SUM
        case ast.Call():
            return ANY if child in parent.args else ATOM
        case ast.Tuple() | ast.keyword() | ast.Expression():
            return ANY
        case _:
            return ATOM
