"""The formulas of the identities in tensorgrad's language of tensors with named edges, and its derivatives as numbers.

Every use of a variable gets edges of its own, so that only what a formula contracts shares a name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
import tensorgrad
from sympy import Symbol
from tensorgrad import functions

from tests.bench.tensorgrad_values import value

Row = dict[str, Any]
ENTRYWISE: dict[str, Callable[[Any], Any]] = {
    name: getattr(functions, name) for name in ("exp", "log", "tanh", "sigmoid", "sqrt")
}


@dataclass(frozen=True, slots=True)
class Edged:
    """A tensor and its edges in order: rows, then columns."""

    tensor: Any
    axes: tuple[str, ...]


class Speller:
    """Syntax trees to tensors; raises NotImplementedError for a function that tensorgrad lacks."""

    def __init__(self, variables: dict[str, Edged]) -> None:
        self.variables = variables
        self.names: Iterator[str] = (f"e{n}" for n in count())

    def spell(self, node: ast.AST) -> Edged:
        match node:
            case ast.Constant(value=number):
                return Edged(Fraction(str(number)), ())
            case ast.Name(id=name):
                return self.fresh(self.variables[name])
            case ast.UnaryOp(op=ast.USub(), operand=a):
                inner = self.spell(a)
                return Edged(-inner.tensor, inner.axes)
            case ast.Attribute(value=a, attr="T"):
                inner = self.spell(a)
                return Edged(inner.tensor, inner.axes[::-1])
            case ast.BinOp(left=a, op=op, right=b):
                return self.operation(op, self.spell(a), self.spell(b))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, args)
        raise NotImplementedError(ast.dump(node))

    def fresh(self, a: Edged) -> Edged:
        """The same tensor with new names on its edges."""
        axes = tuple(next(self.names) for _ in a.axes)
        return Edged(a.tensor.rename(**dict(zip(a.axes, axes, strict=True))), axes) if axes else a

    def aligned(self, a: Edged, axes: tuple[str, ...]) -> Any:
        """a's tensor with these edges; a scalar has none."""
        return a.tensor.rename(**dict(zip(a.axes, axes, strict=True))) if a.axes else a.tensor

    def operation(self, op: ast.operator, a: Edged, b: Edged) -> Edged:
        axes = a.axes or b.axes
        match op:
            case ast.MatMult():
                return self.product(a, b)
            case ast.Add():
                return Edged(self.aligned(a, axes) + self.aligned(b, axes), axes)
            case ast.Sub():
                return Edged(self.aligned(a, axes) - self.aligned(b, axes), axes)
            case ast.Mult():
                return Edged(self.times(self.aligned(a, axes), self.aligned(b, axes)), axes)
            case ast.Div() if isinstance(a.tensor, Fraction) and isinstance(b.tensor, Fraction):
                return Edged(a.tensor / b.tensor, ())
            case ast.Div():
                return Edged(self.aligned(a, axes) / self.aligned(b, axes), axes)
            case ast.Pow():
                return Edged(functions.pow(a.tensor, b.tensor), a.axes)
        raise NotImplementedError(ast.dump(op))

    def times(self, a: Any, b: Any) -> Any:
        return b * a if isinstance(a, Fraction) else a * b

    def product(self, a: Edged, b: Edged) -> Edged:
        """The last edge of a met by the first of b."""
        a, b = self.fresh(a), self.fresh(b)
        met = b.tensor.rename(**{b.axes[0]: a.axes[-1]})
        return Edged(a.tensor @ met, (*a.axes[:-1], *b.axes[1:]))

    def call(self, name: str, nodes: list[ast.expr]) -> Edged:
        if name == "ones":
            axis = next(self.names)
            assert isinstance(nodes[0], ast.Name)
            return Edged(tensorgrad.Ones(**{axis: Symbol(nodes[0].id)}), (axis,))
        args = [self.spell(node) for node in nodes]
        a = args[0]
        match name:
            case "tr":
                return Edged(functions.trace(a.tensor), ())
            case "det":
                return Edged(functions.det(a.tensor), ())
            case "logdet":
                return Edged(functions.log(functions.det(a.tensor)), ())
            case "inv":
                return Edged(functions.inverse(a.tensor), a.axes[::-1])  # edges of one name cancel: it is X^{-T}
            case "matpow":
                return self.matrix_power(a, int(args[1].tensor))
            case "outer":
                return Edged(a.tensor @ args[1].tensor, a.axes + args[1].axes)
            case "sum":
                return Edged(functions.sum(a.tensor), ())
            case "norm1":
                return Edged(functions.sum(functions.abs(a.tensor)), ())
            case "norm2sq":
                return Edged(functions.sum(functions.pow(a.tensor, 2)), ())
            case "norm2":
                return Edged(functions.sqrt(functions.sum(functions.pow(a.tensor, 2))), ())
            case "softmax" | "softmax_rows":
                return Edged(functions.softmax(a.tensor, dim=a.axes[-1]), a.axes)
            case _ if name in ENTRYWISE:
                return Edged(ENTRYWISE[name](a.tensor), a.axes)
        raise NotImplementedError(name)

    def matrix_power(self, a: Edged, k: int) -> Edged:
        result = a
        for _ in range(k - 1):
            result = self.product(result, a)
        return result


def derivative(row: Row) -> Callable[[dict[str, Any], dict[str, int]], Any]:
    """tensorgrad's derivative of a row, simplified once, as a function of values and sizes."""
    variables = {name: _variable(name, shape) for name, shape in row["vars"].items()}
    speller = Speller(variables)
    formula = speller.spell(ast.parse(row["f"], mode="eval").body)
    variable = variables[row["wrt"]]
    tensor, axes = formula.tensor, formula.axes
    for _ in range(2 if row["kind"] == "hessian" else 1):
        new = {edge: next(speller.names) for edge in variable.axes}
        tensor, axes = tensor.grad(variable.tensor, new), (*axes, *new.values())
    tensor = tensor.full_simplify()

    def found(values: dict[str, Any], sizes: dict[str, int]) -> Any:
        given = {name: np.asarray(x) for name, x in values.items()}
        return value(tensor, given, {Symbol(s): n for s, n in sizes.items()}).along(axes)

    return found


def _variable(name: str, shape: list[str]) -> Edged:
    edges = {f"{name}_{k}": Symbol(size) for k, size in enumerate(shape)}
    return Edged(tensorgrad.Variable(name, **edges), tuple(edges))
