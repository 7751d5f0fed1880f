"""Class labels as one-hot vectors: what stands at the place k of an axis is a sum over it, weighed by δ.

    p[k] = Σ_j δ_kj p_j

So a formula in which labels are places becomes one that can be evaluated where a label is a symbol.
"""

from __future__ import annotations

from solgen.expr.arith import entry, mul, total
from solgen.expr.build import matmul, transpose
from solgen.expr.nodes import Apply, Delta, Entry, Expr, Idx, Index, Kind, Var, shape
from solgen.expr.ops import TABLE
from solgen.expr.size import Size
from solgen.expr.walk import transform
from solgen.model.problem import Model


def one_hot_of(label: Var, classes: Size) -> Var:
    """The one-hot vector of a label, a value of its own; no name of a file has a blank in it."""
    return Var(f"{label.name} one-hot", (classes,), at=label.at)


def without_labels(e: Expr, model: Model) -> Expr:
    """The formula with every label, wherever it is a place, as its one-hot vector."""
    classes = {d.var.name: d.classes for d in model.declarations if d.classes is not None}
    return transform(e, lambda node: _remove_labels(node, classes)) if classes else e


def _remove_labels(e: Expr, classes: dict[str, Size]) -> Expr:
    match e:
        case Apply(op=op, args=(x, Var(kind=Kind.LABEL) as k)) if (axis := TABLE[op].picks) is not None:
            if len(shape(x)) == 1:
                return _sum_labels(x, (k,), classes)
            return matmul(x if axis else transpose(x), _hot(k, classes))
        case Apply(op="basis", args=(Var(kind=Kind.LABEL) as k,)):
            return _hot(k, classes)
        case Entry(array=array, indices=indices):
            return _sum_labels(array, indices, classes)
        case Delta(left=Var() as k, right=Var() as other):
            i = Idx("one-hot", classes[k.name])
            return total(i, mul(entry(_hot(k, classes), (i,)), entry(_hot(other, classes), (i,))))
        case Delta(left=Var() as k, right=(Idx() | Size()) as i) | Delta(left=(Idx() | Size()) as i, right=Var() as k):
            return entry(_hot(k, classes), (i,))
        case _:
            return e


def _hot(k: Var, classes: dict[str, Size]) -> Var:
    return one_hot_of(k, classes[k.name])


def _sum_labels(array: Expr, indices: tuple[Index, ...], classes: dict[str, Size]) -> Expr:
    """array[indices], each label among them a sum over its axis."""
    places = list(indices)
    labels: list[tuple[Idx, Var]] = []
    for axis, k in enumerate(indices):
        if isinstance(k, Var):
            places[axis] = i = Idx(f"one-hot {axis}", shape(array)[axis])
            labels.append((i, k))
    result = entry(array, tuple(places))
    for i, k in labels:
        result = total(i, mul(entry(_hot(k, classes), (i,)), result))
    return result
