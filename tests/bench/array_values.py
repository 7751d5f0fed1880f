"""The numbers behind sympy's matrix and array expressions, so that its derivatives can be judged.

Tensor products, contractions and diagonals are gathered into one network and summed by `einsum`: taken one by one they
would not fit into memory.  Vectors are n × 1 matrices, as sympy has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import count
from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions import array_expressions as arrays

Values = Mapping[Any, Any]  # a symbol's array, number, or size


class Unreadable(Exception):
    """What has no numbers: a failure, or a derivative that was left as it was."""


def value(e: Any, at: Values) -> Any:
    """The array of an expression; raises Unreadable for an exception, and for a node that is not known here."""
    if isinstance(e, Exception):
        raise Unreadable(f"{type(e).__name__}: {e}"[:70])
    if isinstance(e, (arrays.ArrayTensorProduct, arrays.ArrayContraction, arrays.ArrayDiagonal, arrays.PermuteDims)):
        return _network(e, at, count()).array()
    array = isinstance(e, (arrays._ArrayExpr, arrays._CodegenArrayAbstract))
    return _array(e, at) if array else _matrix(e, at)


def _array(e: Any, at: Values) -> Any:
    match e:
        case arrays.ArrayAdd():
            terms = [value(a, at) for a in e.args]
            if len({t.shape for t in terms}) > 1:
                raise Unreadable("a sum of arrays of different shapes")
            return sum(terms[1:], terms[0])
        case arrays.ArrayElementwiseApplyFunc():
            return _mapped(e.function, value(e.expr, at))
        case arrays.ZeroArray():
            return np.zeros([_size(s, at) for s in e.shape])
        case arrays.Reshape():
            return value(e.expr, at).reshape([_size(s, at) for s in e.shape])
        case _:
            raise Unreadable(f"{type(e).__name__} left as it was")


def _matrix(e: Any, at: Values) -> Any:
    match e:
        case sp.MatrixSymbol() | sp.Symbol():
            return at[e]
        case sp.Identity():
            return np.eye(_size(e.rows, at))
        case sp.ZeroMatrix() | sp.OneMatrix():
            return np.full([_size(s, at) for s in e.shape], float(isinstance(e, sp.OneMatrix)))
        case sp.Transpose():
            return value(e.arg, at).T
        case sp.Inverse():
            return np.linalg.inv(value(e.arg, at))
        case sp.MatPow() if e.exp.is_Integer:
            return np.linalg.matrix_power(value(e.base, at), int(e.exp))
        case sp.MatPow() if e.shape == (1, 1):
            return value(e.base, at) ** value(e.exp, at)
        case sp.Trace():
            return np.trace(value(e.arg, at))
        case sp.Determinant():
            return np.linalg.det(value(e.arg, at))
        case sp.HadamardPower():
            return value(e.base, at) ** value(e.exp, at)
        case DiagMatrix() | DiagonalMatrix():
            inner = value(e.args[0], at)
            return np.diag(inner[:, 0]) if inner.shape[1] == 1 else np.diag(np.diag(inner))
        case DiagonalOf():
            return np.diag(value(e.args[0], at))[:, None]
        case ElementwiseApplyFunction():
            return _mapped(e.function, value(e.expr, at))
        case MatrixElement():
            return value(e.parent, at)[_size(e.i, at), _size(e.j, at)]
        case sp.MatMul() | sp.Mul() | sp.HadamardProduct() | sp.MatAdd() | sp.Add():
            return _joined(e, [value(a, at) for a in e.args])
        case sp.Pow():
            return value(e.base, at) ** value(e.exp, at)
        case _:
            return _scalar(e, at)


def _joined(e: Any, parts: list[Any]) -> Any:
    """A sum or a product of any kind; numbers scale."""
    if isinstance(e, sp.MatMul | sp.Mul):
        return reduce(lambda a, b: a @ b if np.ndim(a) == np.ndim(b) == 2 else a * b, parts)
    if isinstance(e, sp.HadamardProduct):
        return reduce(np.multiply, parts)
    if len({np.shape(p) for p in parts}) > 1:
        raise Unreadable("a sum of different shapes")
    return sum(parts[1:], parts[0])


def _scalar(e: Any, at: Values) -> Any:
    if isinstance(e, sp.Number | sp.NumberSymbol):
        return float(e)
    if isinstance(e, sp.Function) and len(e.args) == 1:
        u = sp.Dummy()
        return _mapped(sp.Lambda(u, e.func(u)), value(e.args[0], at))
    raise Unreadable(f"{type(e).__name__} left as it was")


def _mapped(function: Any, array: Any) -> Any:
    """A scalar function entry by entry; a constant one too."""
    if isinstance(function, sp.FunctionClass):
        u = sp.Dummy()
        function = sp.Lambda(u, function(u))
    if function.expr.has(sp.Derivative, sp.Subs):
        raise Unreadable("the derivative of a scalar function left as it was")
    found = sp.lambdify(function.variables, function.expr, "numpy")(array)
    return np.broadcast_to(found, np.shape(array)) * 1.0


def _size(e: Any, at: Values) -> int:
    return int(sp.sympify(e).subs({s: n for s, n in at.items() if isinstance(n, int)}))


# ---------------------------------------------------------------- networks


@dataclass(frozen=True, slots=True)
class Network:
    """Arrays with a label for each axis; equal labels run together, and those not in `out` are summed over."""

    parts: tuple[tuple[Any, tuple[int, ...]], ...]
    out: tuple[int, ...]

    def array(self) -> Any:
        """The sum over all labels that the result does not bear."""
        names = {label: n for n, label in enumerate(dict.fromkeys(k for _, axes in self.parts for k in axes))}
        operands = [item for array, axes in self.parts for item in (array, [names[k] for k in axes])]
        return np.einsum(*operands, [names[k] for k in self.out], optimize=True)

    def joined(self, groups: list[tuple[int, ...]]) -> Network:
        """The axes of each group made one, under the label of its first."""
        same = {self.out[k]: self.out[group[0]] for group in groups for k in group}
        parts = tuple((array, tuple(same.get(k, k) for k in axes)) for array, axes in self.parts)
        return Network(parts, tuple(same.get(k, k) for k in self.out))


def _network(e: Any, at: Values, fresh: count[int]) -> Network:
    match e:
        case arrays.ArrayTensorProduct():
            inner = [_network(a, at, fresh) for a in e.args]
            return Network(tuple(p for n in inner for p in n.parts), tuple(k for n in inner for k in n.out))
        case arrays.ArrayContraction():
            groups = list(e.contraction_indices)
            gone = {k for group in groups for k in group}
            joined = _network(e.expr, at, fresh).joined(groups)
            return Network(joined.parts, tuple(label for k, label in enumerate(joined.out) if k not in gone))
        case arrays.ArrayDiagonal():
            groups = list(e.diagonal_indices)
            gone = {k for group in groups for k in group}
            joined = _network(e.expr, at, fresh).joined(groups)
            kept = [label for k, label in enumerate(joined.out) if k not in gone]
            return Network(joined.parts, (*kept, *(joined.out[group[0]] for group in groups)))
        case arrays.PermuteDims():
            inner_ = _network(e.expr, at, fresh)
            return Network(inner_.parts, tuple(inner_.out[k] for k in e.permutation.array_form))
        case _:
            array = np.asarray(value(e, at))
            axes = tuple(next(fresh) for _ in range(array.ndim))
            return Network(((array, axes),), axes)
