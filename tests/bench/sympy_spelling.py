"""The formulas of the identities in sympy's matrix language, node by node; nothing reaches sympy as text.

sympy knows scalars made of matrices in two spellings: as 1 × 1 products (aᵀ X b), and as traces of them.  Neither is
differentiated everywhere, so both are tried and sympy is judged by the better one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

U = sp.Dummy("u", real=True)
SCALAR: Mapping[str, Callable[[Any], Any]] = {
    "exp": sp.exp, "log": sp.log, "sin": sp.sin, "cos": sp.cos, "tanh": sp.tanh, "sqrt": sp.sqrt, "norm1": sp.Abs,
    "sigmoid": lambda u: 1 / (1 + sp.exp(-u)), "square": lambda u: u**2, "reciprocal": lambda u: 1 / u,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelt:
    """An expression and its rank; one of rank 0 is a number to sympy, or a 1 × 1 matrix."""

    e: Any
    rank: int

    @property
    def is_matrix(self) -> bool:
        return bool(getattr(self.e, "is_Matrix", False))


class Speller:
    """One spelling of scalars: `traces` makes every scalar a number to sympy, else products stay 1 × 1."""

    def __init__(self, symbols: Mapping[str, Spelt], traces: bool) -> None:
        self.symbols = symbols
        self.traces = traces

    def spell(self, node: ast.AST) -> Spelt:
        """The formula of a syntax tree; raises NotImplementedError for what is not on the list."""
        match node:
            case ast.Constant(value=number):
                return Spelt(sp.Rational(str(number)), 0)
            case ast.Name(id=name):
                return self.symbols[name]
            case ast.UnaryOp(op=ast.USub(), operand=a):
                inner = self.spell(a)
                return Spelt(-inner.e, inner.rank)
            case ast.Attribute(value=a, attr="T"):
                inner = self.spell(a)
                return Spelt(inner.e if inner.rank == 1 else inner.e.T, inner.rank)
            case ast.BinOp(left=a, op=op, right=b):
                return self.operation(op, self.spell(a), self.spell(b))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, [self.spell(a) for a in args])
        raise NotImplementedError(ast.dump(node))

    def operation(self, op: ast.operator, a: Spelt, b: Spelt) -> Spelt:
        match op:
            case ast.MatMult():
                return self.product(a, b)
            case ast.Add():
                return self.sum(a, b)
            case ast.Sub():
                return self.sum(a, Spelt(-b.e, b.rank))
            case ast.Mult():
                return self.times(a, b)
            case ast.Div():
                return self.times(a, self.power(b, sp.Integer(-1)))
            case ast.Pow():
                return self.power(a, b.e)
        raise NotImplementedError(ast.dump(op))

    def product(self, a: Spelt, b: Spelt) -> Spelt:
        """`@`; a vector on the left is a row."""
        left = a.e.T if a.rank == 1 else a.e
        match a.rank, b.rank:
            case 1, 1:
                return self.scalar(left * b.e)
            case 1, 2:
                return Spelt((left * b.e).T, 1)
            case _:
                return Spelt(left * b.e, b.rank)

    def scalar(self, e: Any) -> Spelt:
        """A 1 × 1 matrix in this spelling."""
        return Spelt(sp.Trace(e) if self.traces else e, 0)

    def number(self, a: Spelt) -> Any:
        """A scalar as what may scale a matrix."""
        return sp.Trace(a.e) if a.is_matrix else a.e

    def sum(self, a: Spelt, b: Spelt) -> Spelt:
        if a.rank == b.rank:
            if a.is_matrix == b.is_matrix:
                return Spelt(a.e + b.e, a.rank)
            return Spelt(self.number(a) + self.number(b), 0)
        wide, narrow = (a, b) if a.rank > b.rank else (b, a)
        return Spelt(wide.e + self.number(narrow) * sp.OneMatrix(*wide.e.shape), wide.rank)

    def times(self, a: Spelt, b: Spelt) -> Spelt:
        if a.rank == b.rank and a.rank:
            return Spelt(sp.HadamardProduct(a.e, b.e), a.rank)
        if a.rank == b.rank:
            return Spelt(a.e * b.e, 0)
        wide, narrow = (a, b) if a.rank > b.rank else (b, a)
        if wide.rank == 1 and narrow.is_matrix:  # n × 1 times 1 × 1
            return Spelt(wide.e * narrow.e, 1)
        return Spelt(self.number(narrow) * wide.e, wide.rank)

    def power(self, a: Spelt, k: Any) -> Spelt:
        return Spelt(sp.HadamardPower(a.e, k) if a.is_matrix else a.e**k, a.rank)

    def mapped(self, name: str, a: Spelt) -> Spelt:
        """A scalar function, entry by entry."""
        function = SCALAR[name]
        return Spelt(a.e.applyfunc(sp.Lambda(U, function(U))) if a.is_matrix else function(a.e), a.rank)

    def total(self, a: Spelt) -> Spelt:
        """1ᵀ A 1."""
        rows, columns = a.e.shape
        e = sp.OneMatrix(1, rows) * a.e
        return self.scalar(e * sp.OneMatrix(columns, 1) if a.rank == 2 else e)

    def call(self, name: str, args: list[Spelt]) -> Spelt:
        a = args[0]
        match name:
            case "tr":
                return Spelt(sp.Trace(a.e), 0)
            case "det":
                return Spelt(sp.Determinant(a.e), 0)
            case "logdet":
                return Spelt(sp.log(sp.Determinant(a.e)), 0)
            case "inv":
                return Spelt(a.e.I, 2)
            case "matpow":
                return Spelt(a.e ** args[1].e, 2)
            case "ones":
                return Spelt(sp.OneMatrix(a.e, 1), 1)
            case "outer":
                return Spelt(a.e * args[1].e.T, 2)
            case "sum":
                return self.total(a)
            case "norm1":
                return self.total(self.mapped("norm1", a))
            case "norm2sq":
                return self.product(a, a) if a.rank == 1 else Spelt(sp.Trace(a.e * a.e.T), 0)
            case "norm2":
                return self.power(self.call("norm2sq", args), sp.Rational(1, 2))
            case "softmax" | "softmax_rows":
                return self.softmax(a)
            case _ if name in SCALAR:
                return self.mapped(name, a)
        raise NotImplementedError(name)

    def softmax(self, a: Spelt) -> Spelt:
        """eᵃ over its sum; of a matrix, in each row."""
        grown = self.mapped("exp", a)
        if a.rank == 1:
            return self.times(grown, self.power(self.total(grown), sp.Integer(-1)))
        columns = a.e.shape[1]
        sums = grown.e * sp.OneMatrix(columns, columns)
        return Spelt(sp.HadamardProduct(grown.e, sp.HadamardPower(sums, -1)), 2)
