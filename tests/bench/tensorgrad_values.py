"""The numbers behind tensorgrad's tensors, in numpy.

Its own evaluator needs the named tensors that newer versions of torch have dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorgrad
from tensorgrad.tensor import Delta, Rename

ENTRYWISE: Mapping[str, Callable[[Any], Any]] = {
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "sign": np.sign, "abs": np.abs, "gt0": lambda x: (x > 0) * 1.0
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """An array and the edge that each of its axes is."""

    array: Any
    edges: tuple[str, ...]

    def along(self, edges: tuple[str, ...]) -> Any:
        """The array with its axes in this order."""
        return np.transpose(self.array, [self.edges.index(e) for e in edges])


def value(t: Any, given: Mapping[str, Any], sizes: Mapping[Any, int]) -> Named:
    """A tensor's array; `given` are the variables' values by name.

    Raises NotImplementedError for a node not listed here.
    """
    match t:
        case tensorgrad.Variable():
            return Named(given[t.name], tuple(t.edges))
        case Rename():
            inner = value(t.tensor, given, sizes)
            return Named(inner.array, tuple(t.mapping.get(e, e) for e in inner.edges))
        case Delta():
            return Named(_diagonal(sizes[t.size], len(t.edges)), tuple(t.edges))
        case tensorgrad.Zero():
            return Named(np.zeros([sizes[s] for s in t.shape.values()]), tuple(t.edges))
        case tensorgrad.Product():
            return _product(t, [value(f, given, sizes) for f in t.factors])
        case tensorgrad.Sum():
            edges = tuple(t.edges)
            parts = [float(w) * value(a, given, sizes).along(edges) for w, a in zip(t.weights, t.terms, strict=True)]
            return Named(sum(parts[1:], parts[0]), edges)
        case tensorgrad.Function() if len(t.inputs) == 1:
            return _function(t.signature, value(t.inputs[0], given, sizes))
        case _:
            raise NotImplementedError(f"{type(t).__name__} left as it was")


def _diagonal(size: int, order: int) -> Any:
    """1 where all indices are equal; of no indices, the size."""
    if not order:
        return np.asarray(float(size))
    array = np.zeros([size] * order)
    array[(np.arange(size),) * order] = 1
    return array


def _product(t: Any, factors: list[Named]) -> Named:
    """Factors contracted over the edges that two of them share."""
    labels = {e: n for n, e in enumerate(dict.fromkeys(e for f in factors for e in f.edges))}
    operands = [item for f in factors for item in (f.array, [labels[e] for e in f.edges])]
    out = tuple(t.edges)
    array = np.einsum(*operands, [labels[e] for e in out], optimize=True) if factors else np.asarray(1.0)
    return Named(array, out)


def _function(signature: Any, x: Named) -> Named:
    match type(signature).__name__:
        case "_ScaleFunction":
            inner = _function(signature.inner, x)
            return Named(float(signature.alpha) * inner.array, inner.edges)
        case "_PowerFunction":
            return Named(x.array ** float(signature.k), x.edges)
        case "_MatrixInverseFunction" if len(x.edges) == 2:
            return Named(np.linalg.inv(x.array).T, x.edges)  # edges of one name cancel: X^{-T}
        case "_DeterminantFunction" if len(x.edges) == 2:
            return Named(np.asarray(np.linalg.det(x.array)), ())
        case "_SimpleFunction" | "_LogFunction" if signature.name in ENTRYWISE:
            return Named(ENTRYWISE[signature.name](x.array), x.edges)
        case name:
            raise NotImplementedError(f"{name} {signature.name} left as it was")
