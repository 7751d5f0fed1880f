"""Rows of the operations that are neither elementwise nor multilinear: definition and derivative in index form.

The parameter of softmax and its kin is the axis that is normalised: () for a vector, (0,) for each column of a
matrix, (1,) for each row.  `o` and `i` are the index tuples of the result and of the argument.
Source of the derivatives: Petersen & Pedersen, The Matrix Cookbook (2012), sections 2 and 8; each is proved
from the definition where it has one.
"""

from __future__ import annotations

from functools import reduce
from typing import Any, TypeVar

import numpy as np

from solgen.expr.arith import ZERO, delta, div, entry, fn, mul, neg, num, power, product, sub, total
from solgen.expr.nodes import SCALAR, Apply, Expr, Idx, Kind, Shape, shape
from solgen.expr.ops.convention import Kink
from solgen.expr.ops.example import on
from solgen.expr.ops.presentation import Around, Composed, Directed, NamedFunction, Textbook
from solgen.expr.ops.row import Indices, ShapeError, Special
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Barred, Compared, Form, Named

Params = tuple[object, ...]
_T = TypeVar("_T")
POSITIVE = (Kind.POSITIVE, Kind.POSITIVE)
BOUND = "srtuvwxyz"  # indices that a definition sums over
SOFTMAX = "softmax keeps the shape"


def _same_shape(shapes: tuple[Shape, ...], params: Params) -> Shape:
    _check_axis(shapes, params)
    return shapes[0]


def _to_scalar(shapes: tuple[Shape, ...], params: Params) -> Shape:
    return SCALAR


def _reduce_axis(shapes: tuple[Shape, ...], params: Params) -> Shape:
    """A vector becomes a scalar, a matrix the vector that is left when the normalised axis is gone."""
    _check_axis(shapes, params)
    return _drop_axis(shapes[0], _axis(params))


def _check_axis(shapes: tuple[Shape, ...], params: Params) -> None:
    if any(s != shapes[0] for s in shapes):
        raise ShapeError("shapes differ")
    if len(shapes[0]) >= 2 and not params:
        raise ShapeError("a matrix needs axis=0 or axis=1 here")
    if len(shapes[0]) == 0:
        raise ShapeError("a scalar has no entries to normalise")
    if params and not 0 <= _axis(params) < len(shapes[0]):
        raise ShapeError(f"there is no axis {_axis(params)}")


def _axis(params: Params) -> int:
    axis = params[0] if params else 0
    assert isinstance(axis, int)
    return axis


def _drop_axis(items: tuple[_T, ...], axis: int) -> tuple[_T, ...]:
    return (*items[:axis], *items[axis + 1 :])


def _keep(reduced: Any, axis: int, x: Any) -> Any:
    """The reduced array with its axis put back, so that it broadcasts against x."""
    return reduced if x.ndim == 1 else np.expand_dims(reduced, axis)


def _softmax_value(K: Any, params: Params, x: Any) -> Any:
    e = K.exp(x)
    return e / _keep(e.sum(axis=_axis(params)), _axis(params), x)


def _logsumexp_value(K: Any, params: Params, x: Any) -> Any:
    return K.log(K.exp(x).sum(axis=_axis(params)))


def _log_softmax_value(K: Any, params: Params, x: Any) -> Any:
    return x - _keep(_logsumexp_value(K, params, x), _axis(params), x)


def _cross_entropy_value(K: Any, params: Params, p: Any, y: Any) -> Any:
    return -(y * K.log(p)).sum(axis=_axis(params))


def _outer_delta(o: Indices, i: Indices, params: Params) -> tuple[Expr, ...]:
    """δ of every axis that is not normalised; of a vector there is none."""
    return _deltas(_drop_axis(o, _axis(params)), _drop_axis(i, _axis(params)))


def _deltas(left: Indices, right: Indices) -> tuple[Expr, ...]:
    return tuple(delta(a, b) for a, b in zip(left, right, strict=True))


def _softmax_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    """∂p_a/∂x_c = p_a (δ_ac − p_c), and for a matrix only within one row (or column)."""
    axis = _axis(params)
    mixed = tuple(i[k] if k == axis else o[k] for k in range(len(i)))
    inner = mul(entry(y, o), sub(delta(o[axis], i[axis]), entry(y, mixed)))
    return product((*_outer_delta(o, i, params), inner))


def _log_softmax_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    axis = _axis(params)
    p = softmax_of(args[0], params)
    return product((*_outer_delta(o, i, params), sub(delta(o[axis], i[axis]), entry(p, i))))


def _logsumexp_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    return product((*_reduced_delta(o, i, params), entry(softmax_of(args[0], params), i)))


def _ce_partial_p(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    p, t = args
    return product((*_reduced_delta(o, i, params), neg(entry(div(t, p), i))))


def _ce_partial_t(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    return product((*_reduced_delta(o, i, params), neg(entry(fn("log", args[0]), i))))


def _reduced_delta(o: Indices, i: Indices, params: Params) -> tuple[Expr, ...]:
    """δ of every axis that is left; of a vector there is none."""
    return _deltas(o, _drop_axis(i, _axis(params)))


def softmax_of(x: Expr, params: Params) -> Expr:
    """softmax(x) along the axis of the parameters."""
    return Apply("softmax", (x,), params, shape(x))


def _softmax_ce_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    """∂/∂z_c of −Σ_s t_s log softmax(z)_s = (Σ_s t_s) p_c − t_c."""
    z, t = args
    s, at = _over_axis(t, o, params)
    weight = total(s, entry(t, at))
    return product((*_reduced_delta(o, i, params), sub(mul(weight, entry(softmax_of(z, params), i)), entry(t, i))))


def _softmax_ce_partial_t(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    inner = neg(entry(Apply("log_softmax", (args[0],), params, shape(args[0])), i))
    return product((*_reduced_delta(o, i, params), inner))


def _softmax_ce_definition(args: tuple[Expr, ...], o: Indices, params: Params) -> Expr:
    z, t = args
    s, at = _over_axis(z, o, params)
    r = Idx("r", s.size)
    other = tuple(r if k == s else k for k in at)
    return neg(total(s, mul(entry(t, at), sub(entry(z, at), fn("log", total(r, fn("exp", entry(z, other))))))))


def _maximal(shapes: tuple[Shape, ...], params: Params) -> Shape:
    """One number of a whole array; along an axis, one of each vector."""
    if not shapes[0]:
        raise ShapeError("a scalar has no entries to compare")
    return _drop_axis(shapes[0], _axis(params)) if params else SCALAR


def _max_value(K: Any, params: Params, x: Any) -> Any:
    lines = np.moveaxis(x, _axis(params), 0) if params else x.reshape(-1)
    return reduce(K.maximum, [lines[j] for j in range(len(lines))])


def _attains_value(K: Any, params: Params, x: Any) -> Any:
    """1 at the largest entry of each vector; undefined where two are the largest."""
    if x.ndim >= 2 and params:
        moved = np.moveaxis(x, _axis(params), -1)
        vectors = [_attains_value(K, (), v) for v in moved.reshape(-1, moved.shape[-1])]
        return np.moveaxis(np.stack(vectors).reshape(moved.shape), -1, _axis(params))
    return K.attains(x.reshape(-1)).reshape(x.shape)


def _max_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    """∂max x/∂x_c is 1 at the largest entry, and of a matrix only within one row (or column)."""
    mask = entry(Apply("attains", args, params, shape(args[0])), i)
    return product((*(_reduced_delta(o, i, params) if params else ()), mask))


def _sum_index(x: Expr, axis: int) -> Idx:
    return Idx("s", shape(x)[axis])


def _softmax_definition(args: tuple[Expr, ...], o: Indices, params: Params) -> Expr:
    x, axis = args[0], _axis(params)
    s = _sum_index(x, axis)
    at = tuple(s if k == axis else o[k] for k in range(len(o)))
    return div(fn("exp", entry(x, o)), total(s, fn("exp", entry(x, at))))


def _log_softmax_definition(args: tuple[Expr, ...], o: Indices, params: Params) -> Expr:
    x, axis = args[0], _axis(params)
    s = _sum_index(x, axis)
    at = tuple(s if k == axis else o[k] for k in range(len(o)))
    return sub(entry(x, o), fn("log", total(s, fn("exp", entry(x, at)))))


def _over_axis(x: Expr, o: Indices, params: Params) -> tuple[Idx, Indices]:
    axis = _axis(params)
    s = _sum_index(x, axis)
    return s, (*o[:axis], s, *o[axis:])


def _logsumexp_definition(args: tuple[Expr, ...], o: Indices, params: Params) -> Expr:
    s, at = _over_axis(args[0], o, params)
    return fn("log", total(s, fn("exp", entry(args[0], at))))


def _ce_definition(args: tuple[Expr, ...], o: Indices, params: Params) -> Expr:
    p, t = args
    s, at = _over_axis(p, o, params)
    return neg(total(s, mul(entry(t, at), fn("log", entry(p, at)))))


def _total(x: Any) -> Any:
    """The sum of all entries; a scalar of a field is no array."""
    return x.sum() if getattr(x, "ndim", 0) else x


def _over_all(x: Expr, body: Any) -> Expr:
    """The sum of body(entry) over all entries of x."""
    indices = tuple(Idx(BOUND[k], size) for k, size in enumerate(shape(x)))
    result: Expr = body(entry(x, indices))
    for index in reversed(indices):
        result = total(index, result)
    return result


SPECIAL = (
    Special(
        "softmax", 1, shape_rule=_same_shape, value=_softmax_value, partials=(_softmax_partial,),
        definition=_softmax_definition, presentation=Directed(("softmax",)), code={"numpy": "_softmax({0}, {axis})"},
        doc="exp(x_i) / Σ_k exp(x_k); of a matrix, each row (axis=1) or column (axis=0) sums to 1.", rule="softmax",
        traits=Trait.ALONG_AXIS, result="p", examples=(on("n"), on("mn", 0), on("mn", 1)), shape_reason=SOFTMAX,
        written=(Named(("softmax",)),),
    ),
    Special(
        "log_softmax", 1, shape_rule=_same_shape, value=_log_softmax_value, partials=(_log_softmax_partial,),
        definition=_log_softmax_definition, presentation=Directed(("log", "softmax")),
        code={"numpy": "_log_softmax({0}, {axis})"}, doc="x_i − log Σ_k exp(x_k).", rule="log-softmax",
        traits=Trait.ALONG_AXIS, examples=(on("n"), on("mn", 0), on("mn", 1)), shape_reason=SOFTMAX,
        written=(Named(("log softmax", "ln softmax", "logsoftmax")),),
    ),
    Special(
        "logsumexp", 1, shape_rule=_reduce_axis, value=_logsumexp_value, partials=(_logsumexp_partial,),
        definition=_logsumexp_definition, presentation=Directed(("logsumexp",)),
        code={"numpy": "_logsumexp({0}, {axis})"}, doc="log Σ_k exp(x_k).", rule="log-sum-exp", traits=Trait.ALONG_AXIS,
        examples=(on("n"), on("mn", 0), on("mn", 1)), english="log-sum-exp",
        written=(Named(("logsumexp", "LSE")),),
    ),
    Special(
        "cross_entropy", 2, shape_rule=_reduce_axis, value=_cross_entropy_value,
        partials=(_ce_partial_p, _ce_partial_t), definition=_ce_definition, presentation=Textbook.CROSS_ENTROPY,
        code={"numpy": "(-np.sum({1} * np.log({0}), axis={axis}))"},
        doc="−Σ y log p, with probabilities p; of two matrices the vector over samples.", rule="cross-entropy",
        traits=Trait.ALONG_AXIS | Trait.SUMMED, arguments=("p", "t"),
        examples=(on("n, n", kinds=POSITIVE), on("mn, mn", 0, kinds=POSITIVE), on("mn, mn", 1, kinds=POSITIVE)),
        sign=r"\mathrm{cross\ entropy}", spoken="the cross entropy",
        written=(Named(("CE", "crossentropy", "cross entropy")),),
    ),
    Special(
        "softmax_cross_entropy", 2, shape_rule=_reduce_axis,
        value=lambda K, params, z, t: _cross_entropy_value(K, params, _softmax_value(K, params, z), t),
        partials=(_softmax_ce_partial, _softmax_ce_partial_t), definition=_softmax_ce_definition,
        presentation=Composed("CE", "softmax", otherwise="crossentropy"),
        code={"numpy": "(-np.sum({1} * _log_softmax({0}, {axis}), axis={axis}))"},
        text="cross_entropy(softmax({0}), {1})", doc="−Σ t log softmax(z), as one operation of the backward pass.",
        public=False, rule="softmax with cross-entropy", traits=Trait.ALONG_AXIS, arguments=("z", "t"),
        examples=(on("n, n"), on("mn, mn", 0), on("mn, mn", 1)), sign=r"\mathrm{cross\ entropy}",
        written=(Form.COMPOSED,),
    ),
    Special(
        "max", 1, shape_rule=_maximal, value=_max_value, partials=(_max_partial,), presentation=NamedFunction("max"),
        code={"numpy": "np.max({0}, axis={axis})"}, doc="The largest entry: of all, or along an axis.", assumes="alone",
        rule="maximum of entries",
        proof="Where one entry is strictly the largest, it alone changes the maximum, with slope 1.",
        traits=Trait.FAMILIAR | Trait.ALONG_AXIS, examples=(on("n"), on("mn"), on("mn", 0), on("mn", 1)),
        written=(Named(("max",)),),
    ),
    Special(
        "attains", 1, shape_rule=lambda shapes, params: shapes[0], value=_attains_value,
        partials=(lambda a, y, o, i, params: ZERO,), presentation=Textbook.MAXIMAL,
        code={"numpy": "np.where({0} == np.max({0}, axis={axis}, keepdims=True), 1.0, 0.0)"},
        doc="1 at the largest entry, 0 elsewhere; its derivative is taken as 0.", public=False,
        rule="maximum of entries", proof="The largest entry stays the largest under a small change.",
        traits=Trait.ALONG_AXIS, examples=(on("n"), on("mn"), on("mn", 0), on("mn", 1)),
        written=(Compared("= max"),),
    ),
    Special(
        "norm2sq", 1, shape_rule=_to_scalar, value=lambda K, params, x: _total(x * x),
        partials=(lambda a, y, o, i, params: mul(num(2), entry(a[0], i)),),
        definition=lambda a, o, params: _over_all(a[0], lambda e: power(e, 2)), presentation=Around("norm", above=2),
        code={"numpy": "np.sum(({0}) ** 2)"}, doc="The sum of the squares of all entries.", rule="squared norm",
        source="MC 131, 132", traits=Trait.SUMMED, examples=(on("n"), on("mn")), spoken="the squared norm",
        written=(Barred("double", ("", "2", "F"), above=2),),
    ),
    Special(
        "norm", 1, shape_rule=_to_scalar, value=lambda K, params, x: K.sqrt(_total(x * x)),
        partials=(lambda a, y, o, i, params: div(entry(a[0], i), y),),
        definition=lambda a, o, params: fn("sqrt", _over_all(a[0], lambda e: power(e, 2))), presentation=Around("norm"),
        code={"numpy": "np.sqrt(np.sum(({0}) ** 2))"}, doc="The 2-norm of a vector, the Frobenius norm of a matrix.",
        means="the Euclidean norm, of a matrix the Frobenius norm",
        assumes="nonzero", rule="norm", source="MC 129", examples=(on("n"), on("mn")), spoken="the norm",
        written=(Barred("double", ("", "2", "F")),),
    ),
    Special(
        "norm1", 1, shape_rule=_to_scalar, value=lambda K, params, x: _total(K.abs(x)),
        partials=(lambda a, y, o, i, params: entry(fn("sign", a[0]), i),),
        definition=lambda a, o, params: _over_all(a[0], lambda e: fn("abs", e)), presentation=Around("norm", below=1),
        code={"numpy": "np.sum(np.abs({0}))"}, doc="The sum of the absolute values of all entries.",
        conventions=(Kink("abs"),), rule="1-norm", examples=(on("n"), on("mn")), spoken="the 1-norm",
        written=(Barred("double", ("1",)),),
    ),
)  # fmt: skip
