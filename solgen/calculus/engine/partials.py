"""The partial derivative of one application in index form, ∂out[o]/∂arg[i], from its row of the table.

Multilinear rows differentiate by the product rule on their index definition (∂C_ik/∂A_pq = δ_ip B_qk), elementwise
rows by their scalar derivative (∂y_i/∂x_p = f′(x_i) δ_ip), special rows state it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from solgen.calculus.engine.user_functions import derive_callee
from solgen.errors import AtWork, Refused
from solgen.expr import applied
from solgen.expr.arith import ONE, delta, entry, product, total
from solgen.expr.nodes import Apply, Expr, Idx, Index, Shape, rank, shape
from solgen.expr.ops import ENTRYWISE, TABLE, Called, Callee, Elementwise, Multilinear, Paired, Special
from solgen.expr.ops.row import LETTERS, OTHERS
from solgen.expr.size import Size

Out = tuple[Index, ...]


def frames(app: Apply, k: int) -> tuple[Out, Out]:
    """Index symbols for the result and for argument k: the row's own letters for the one, p and q for the other."""
    match TABLE[app.op]:
        case Multilinear() as row:
            left, sides = row.letters(tuple(map(rank, app.args)), app.params)
            distinct = "".join(c if left.index(c) == n else LETTERS[3 + n] for n, c in enumerate(left))
            return _symbols(distinct, app.shape_), _symbols(
                ["1" if c == "1" else OTHERS[n] for n, c in enumerate(sides[k])], shape(app.args[k])
            )
        case Elementwise() | Special() | Paired() | Called():
            return _symbols(LETTERS, app.shape_), _symbols(OTHERS, shape(app.args[k]))
        case other:
            assert_never(other)


def _symbols(letters: Sequence[str], of: Shape) -> Out:
    """An index symbol for each axis; the only position where the row's definition says 1."""
    return tuple(Size.of(0) if letter == "1" else Idx(letter, size) for letter, size in zip(letters, of, strict=False))


def definition(app: Apply, o: Out) -> Expr | None:
    """out[o] in index form, where the row has one; whatever the row raises is told with its name."""
    match TABLE[app.op]:
        case Multilinear() as row:
            terms, bound = _entries(row, app, o)
            return _sum(bound, product(terms))
        case Special(definition=define) if define is not None:
            with AtWork(app.op):
                return define(app.args, o, app.params)
        case Elementwise():
            return Apply(app.op, tuple(entry(a, o) if rank(a) else a for a in app.args), app.params, ())
        case Special() | Paired() | Called():
            return None
        case other:
            assert_never(other)


def partial(app: Apply, k: int, o: Out, i: Out, out: Expr) -> Expr:
    """∂out[o]/∂args[k][i]; `out` stands for the application's own value.

    Raises Refused where the row gives no derivative; whatever else the row raises is told with its name.
    """
    with AtWork(app.op):
        return _partial(app, k, o, i, out)


def _partial(app: Apply, k: int, o: Out, i: Out, out: Expr) -> Expr:
    match TABLE[app.op]:
        case Elementwise() as row:
            inner = row.partials[min(k, len(row.partials) - 1)](*app.args, out)
            return _entrywise(inner, app.args[k], o, i)
        case Called(scalar=True):
            return entry(applied.loss_grad(_callee(app), app.args[0]), i)
        case Called():
            return _entrywise(_derivative_call(app), app.args[0], o, i)
        case Special() as row:
            return row.partials[k](app.args, out, o, i, app.params)
        case Multilinear() as row:
            return _product_rule(row, app, k, o, i)
        case Paired() as row:
            raise Refused(f"`{row.name}` moves entries about and has no partial derivative in index form")
        case other:
            assert_never(other)


def _entrywise(inner: Expr, argument: Expr, o: Out, i: Out) -> Expr:
    """f′(x)[o] δ_oi; a scalar argument has no index to match."""
    value = entry(inner, o) if rank(inner) else inner
    if rank(argument) == 0:
        return value
    return product((*(() if value == ONE else (value,)), *(delta(a, b) for a, b in zip(o, i, strict=True))))


def _derivative_call(app: Apply) -> Expr:
    callee = _callee(app)
    if app.op not in ENTRYWISE:
        raise Refused(f"the second derivative of the unspecified loss `{callee.name}` has no symbol")
    return Apply(app.op, app.args, (derive_callee(callee),), app.shape_)


def _callee(app: Apply) -> Callee:
    callee = app.params[0]
    assert isinstance(callee, Callee)
    return callee


def _product_rule(row: Multilinear, app: Apply, k: int, o: Out, i: Out) -> Expr:
    """The k-th factor replaced by δ's that pin its indices to i."""
    terms, bound = _entries(row, app, o, skip=k)
    _, sides = row.letters(tuple(map(rank, app.args)), app.params)
    own = _letters(row, app, o)
    pins = tuple(delta(own[letter], at) for letter, at in zip(sides[k], i, strict=True) if letter != "1")
    return _sum(bound, product((*pins, *terms)))


def _entries(row: Multilinear, app: Apply, o: Out, skip: int | None = None) -> tuple[tuple[Expr, ...], tuple[Idx, ...]]:
    """The factors of the index definition at out[o], and the indices summed over."""
    left, sides = row.letters(tuple(map(rank, app.args)), app.params)
    own = _letters(row, app, o)
    repeated = tuple(
        delta(own[letter], at) for letter, at in zip(left, o, strict=True) if letter != "1" and own[letter] != at
    )
    factors = tuple(
        entry(arg, tuple(own[letter] for letter in side))
        for n, (side, arg) in enumerate(zip(sides, app.args, strict=True))
        if n != skip
    )
    bound = tuple(i for letter, i in own.items() if letter not in left and isinstance(i, Idx))
    return (*repeated, *factors), bound


def _letters(row: Multilinear, app: Apply, o: Out) -> dict[str, Index]:
    """The index that each letter of the row stands for: the result's own, or one summed over."""
    left, sides = row.letters(tuple(map(rank, app.args)), app.params)
    own: dict[str, Index] = {"1": Size.of(0)}
    for letter, at in zip(left, o, strict=True):
        own.setdefault(letter, at)
    for side, arg in zip(sides, app.args, strict=True):
        for letter, size in zip(side, shape(arg), strict=True):
            if letter not in own:
                own[letter] = Idx(_fresh(letter, o), size)
    return own


def _fresh(letter: str, o: Out) -> str:
    taken = {i.name for i in o if isinstance(i, Idx)}
    return next(c for c in (letter, "s", "t", "u", "v") if c not in taken)


def _sum(bound: tuple[Idx, ...], body: Expr) -> Expr:
    for index in reversed(bound):
        body = total(index, body)
    return body
