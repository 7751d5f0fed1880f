"""Gradients, Jacobians and Hessians as symbols: ∂L/∂W, ∂yᵢ/∂xⱼ, ∂²L/∂x∂xᵀ, ∇_W L."""

from __future__ import annotations

from solgen.expr.nodes import Adj, Entry, Index, Var
from solgen.written.positions import position_value
from solgen.written.reads import Bound, Readings, Reads, combine
from solgen.written.syntax import Digits, Items, Letter, Node, Scripted, Sign
from solgen.written.typed import TypedValue, apply_operation

Differentials = list[tuple[int, Items]]  # of a row of ∂'s: the order of each, and what follows it


def is_derivative(top: Items, bottom: Items) -> bool:
    """Whether a fraction is one of differentials: both begin with ∂ or with d."""
    return bool(top and bottom) and _sign(top[0]) != "" and _sign(top[0]) == _sign(bottom[0])


def _sign(node: Node) -> str:
    """∂ or d, without its power; empty for anything else."""
    match node:
        case Scripted(base, (), (Digits(),)):
            return _sign(base)
        case Sign("∂"):
            return "∂"
        case Letter("d", "" | "upright"):
            return "d"
        case _:
            return ""


def read_derivative(r: Reads, top: Items, bottom: Items, bound: Bound) -> Readings:
    """∂y/∂x as a symbol, of entries where both are."""
    above, below = _differentials(top), _differentials(bottom)
    if len(above) != 1 or not above[0][1]:
        r.blame(top[0].at, "a derivative of one thing is read, and nothing stands behind the ∂")
        return ()
    of = _values(r, above[0][1], bound)
    order = above[0][0]
    if order == 1 and len(below) == 1:
        make = _of_entry if r.names.is_typed() else _first
        return combine(r, (of, _values(r, below[0][1], bound)), make, top[0].at, "no derivative of this by that")
    if order == 2:
        return _hessians(r, of, below, bound)
    r.blame(top[0].at, "a derivative of this order is not read")
    return ()


def _differentials(items: Items) -> Differentials:
    found: list[tuple[int, list[Node]]] = []
    mark = _sign(items[0])
    for item in items:
        if _sign(item) == mark:
            order = int(item.sup[0].text) if isinstance(item, Scripted) and isinstance(item.sup[0], Digits) else 1
            found.append((order, []))
        else:
            found[-1][1].append(item)
    return [(order, tuple(rest)) for order, rest in found]


def _values(r: Reads, items: Items, bound: Bound) -> Readings:
    """A name, or an entry of one."""
    if len(items) != 1:
        return ()
    return tuple(t for t in r.factor(items[0], bound) if _is_value(t))


def _is_value(t: TypedValue) -> bool:
    return isinstance(t.e, Var) or (isinstance(t.e, Entry) and isinstance(t.e.array, Var))


def _base(t: TypedValue) -> tuple[Var, tuple[Index, ...]]:
    match t.e:
        case Entry(array=Var() as v, indices=indices):
            return v, indices
        case Var() as v:
            return v, ()
        case _:
            raise AssertionError(t.e)


def _first(of: TypedValue, wrt: TypedValue) -> TypedValue | None:
    (y, above), (x, below) = _base(of), _base(wrt)
    at = (*above, *below)
    if not at:
        return TypedValue(Adj(y, x))
    return TypedValue(Entry(Adj(y, x), at), deep=2) if len(at) == len(y.shape_) + len(x.shape_) else None


def _of_entry(of: TypedValue, wrt: TypedValue) -> TypedValue | None:
    """∂yᵢ/∂x: also of one entry by a whole vector, which is a row of the Jacobian, written as a column."""
    (y, above), (x, below) = _base(of), _base(wrt)
    if len(above) == len(y.shape_) == len(x.shape_) == 1 and not below:
        return apply_operation("pick_row", x.shape_, TypedValue(Adj(y, x)), TypedValue(position_value(above[0])))
    return _first(of, wrt)


def _hessians(r: Reads, of: Readings, below: Differentials, bound: Bound) -> Readings:
    """∂²L/∂x², ∂²L/∂x∂xᵀ, ∂²L/∂xᵢ∂xⱼ."""
    if len(below) == 1:
        match below[0][1]:
            case (Scripted(base, sub, (Digits("2"),), 0, at),):
                once = (Scripted(base, sub, at=at) if sub else base,)
                wrt = _values(r, once, bound)
                return combine(r, (of, wrt, wrt), _second, at, "no second derivative of this by that")
            case _:
                r.blame(0, "the square of a differential is missing")
                return ()
    if len(below) != 2:
        r.blame(0, "a second derivative has two differentials below")
        return ()
    sides = [_values(r, _strip_transpose(items), bound) for _, items in below]
    return combine(r, (of, *sides), _second, below[0][1][0].at if below[0][1] else 0, "no second derivative of this")


def _strip_transpose(items: Items) -> Items:
    """x of xᵀ: the second differential of a Hessian stands as a row."""
    match items:
        case (Scripted(base, sub, (*sup, Sign("⊤") | Letter("T")), primes, at),):
            return (Scripted(base, sub, tuple(sup), primes, at) if sub or sup or primes else base,)
        case _:
            return items


def _second(of: TypedValue, first: TypedValue, second: TypedValue) -> TypedValue | None:
    (y, above), (x, left), (z, right) = _base(of), _base(first), _base(second)
    if x != z or above or y.shape_:
        return None
    hessian = Adj(y, x, twice=True)
    at = (*left, *right)
    if not at:
        return TypedValue(hessian)
    return TypedValue(Entry(hessian, at), deep=2) if len(at) == 2 * len(x.shape_) else None


# ---------------------------------------------------------------- ∇


def is_nabla(node: Node) -> bool:
    """Whether a node is ∇, with or without what it is taken by."""
    match node:
        case Sign("∇") | Scripted(Sign("∇")):
            return True
        case _:
            return False


def read_nabla(r: Reads, sign: Node, of: Node, bound: Bound) -> Readings:
    """∇_x L, ∇²_x L."""
    if not isinstance(sign, Scripted) or not sign.sub:
        r.blame(sign.at, "by what this gradient is taken is not said")
        return ()
    wrt, outputs = _values(r, sign.sub, bound), _values(r, (of,), bound)
    match sign.sup:
        case ():
            return combine(r, (outputs, wrt), _gradient, sign.at, "no gradient of this by that")
        case (Digits("2"),):
            return combine(r, (outputs, wrt, wrt), _second, sign.at, "no Hessian of this by that")
        case _:
            r.blame(sign.at, "a gradient of this order is not read")
            return ()


def _gradient(of: TypedValue, wrt: TypedValue) -> TypedValue | None:
    return None if of.rank else _first(of, wrt)
