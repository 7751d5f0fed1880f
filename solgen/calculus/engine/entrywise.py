"""Formulas entry by entry: pushing an entry inside an expression, and differentiating a scalar in index form.

(A x)_i becomes Σ_k A_ik x_k, (φ(z))_i becomes φ(z_i); and ∂/∂x_j of such a scalar follows from the sum, product,
quotient and chain rules with ∂x_i/∂x_j = δ_ij.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solgen.calculus.engine.partials import definition
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.engine.user_functions import derive_callee
from solgen.calculus.textbook.simplify import simplify
from solgen.errors import Refused
from solgen.expr.arith import (
    ONE,
    ZERO,
    add,
    delta,
    div,
    entry,
    fn,
    is_negation,
    is_quotient,
    is_sum,
    mul,
    neg,
    num,
    power,
    product,
    total,
)
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, Kind, Num, Position, Sum, Var, rank, shape
from solgen.expr.ops import ENTRYWISE, TABLE, Called, Callee, Elementwise, Multilinear, Trait, having
from solgen.expr.size import Size
from solgen.expr.walk import children, free_indices, nodes, rebuild, reindex, transform, variables

TIMES = having(Trait.TIMES)


class Letters:
    """Index letters that clash with no name of the model: i, j, k, …"""

    ALPHABET = ("i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v")

    def __init__(self, taken: frozenset[str]) -> None:
        self.taken = set(taken)

    def take(self, wish: str = "") -> str:
        """The wished letter where it is free, else the first that is."""
        numbered = (f"i{n}" for n in range(1, 10_000))
        candidates = (wish, *self.ALPHABET) if wish else self.ALPHABET
        name = next((c for c in candidates if c not in self.taken), None) or next(
            c for c in numbered if c not in self.taken
        )
        self.taken.add(name)
        return name


def push_entry(e: Expr, at: tuple[Index, ...], letters: Letters) -> Expr:
    """e[at] with the entry pushed down to names: a scalar in index form; sums take fresh letters.

    What has no index definition stays an entry of itself, [e]_at.
    """
    match e:
        case Var() | Adj() | Num():
            return Entry(e, at) if at else e
        case Sum(index=i, body=body) if rank(e):
            return absorb_deltas(i, push_entry(body, at, letters))
        case Apply(op="fill", args=(s,)):
            return push_entry(s, (), letters)
        case Apply(op="call"):
            return Apply(e.op, (push_entry(e.args[0], at, letters),), e.params, ())
        case Apply(op="pick", args=(Var() as v, k)) if (unit := _index(k)) is not None:
            return Entry(v, (unit,))
        case Apply(op="pick_row", args=(Var() as m, k)) if (unit := _index(k)) is not None:
            return Entry(m, (unit, *at))
        case Apply(op="pick_col", args=(Var() as m, k)) if (unit := _index(k)) is not None:
            return Entry(m, (*at, unit))
        case Apply(op="norm1", args=(a,)):
            inner = tuple(Idx(letters.take(), n) for n in shape(a))
            spelled = fn("abs", push_entry(a, inner, letters))
            for index in reversed(inner):
                spelled = total(index, spelled)
            return spelled
        case Apply(op="basis", args=(k,)) if (unit := _index(k)) is not None:  # (e_k)_i = δ_ik
            return delta(at[0], unit)
        case Apply():
            return _entry_of_row(e, at, letters)
        case _:
            return e


def _index(position: Expr) -> Index | None:
    """A position as an index, where it is one."""
    match position:
        case Position(index=i):
            return i
        case Var(kind=Kind.LABEL):
            return position
        case Num(value=v) if v.denominator == 1:
            return Size.of(int(v))
        case _:
            return None


def _entry_of_row(e: Apply, at: tuple[Index, ...], letters: Letters) -> Expr:
    match TABLE[e.op]:
        case Elementwise():
            args = tuple(push_entry(a, at if rank(a) else (), letters) for a in e.args)
            return Apply(e.op, args, e.params, ())
        case Multilinear() if not e.args:
            return delta(at[0], at[1])
        case _:
            defined = definition(e, at)
            return _push_entries(defined, letters) if defined is not None else (Entry(e, at) if at else e)


def _push_entries(defined: Expr, letters: Letters) -> Expr:
    """A definition with its sums over fresh letters and its entries pushed further down."""
    match defined:
        case Sum(index=i, body=body):
            fresh = Idx(letters.take(i.name), i.size)
            return absorb_deltas(fresh, _push_entries(reindex(body, {i: fresh}), letters))
        case Entry(array=a, indices=ix):
            return push_entry(a, ix, letters)
        case Apply() if any(map(rank, defined.args)):
            return push_entry(defined, (), letters)
        case Apply():
            return rebuild(defined, tuple(_push_entries(a, letters) for a in defined.args))
        case _:
            return defined


# ---------------------------------------------------------------- differentiation


def differentiate(e: Expr, x: Var, at: tuple[Index, ...]) -> Expr:
    """∂e/∂x[at] of a scalar in index form, unsimplified but for zeros and ones, with the δ's that sums absorb gone."""
    match e:
        case Entry(array=a, indices=ix) if a == x:
            return product(tuple(delta(p, q) for p, q in zip(ix, at, strict=True)))
        case _ if e == x:
            return ONE
        case _ if not any(v.name == x.name for v in variables(e)):
            return ZERO
        case Sum(index=i, body=body):
            return absorb_deltas(i, differentiate(body, x, at))
        case Apply():
            return _chain(e, x, at)
        case _:
            raise Refused(f"an entry of `{type(e).__name__}` cannot be differentiated in index form")


def _chain(e: Apply, x: Var, at: tuple[Index, ...]) -> Expr:
    inner = [differentiate(a, x, at) for a in e.args]
    match e:
        case Apply() if is_sum(e):
            return add_nonzero(*inner)
        case Apply() if is_negation(e):
            return negate_entry(inner[0])
        case Apply(op=op, args=(a, b)) if op in TIMES:
            return add_nonzero(multiply_nonzero(inner[0], b), multiply_nonzero(a, inner[1]))
        case Apply(args=(g, h)) if is_quotient(e):
            return quotient_rule(g, h, inner[0], inner[1])
        case _:
            return add_nonzero(
                *(multiply_nonzero(local, d) for local, d in zip(_locals(e), inner, strict=True) if d != ZERO)
            )


def quotient_rule(g: Expr, h: Expr, dg: Expr, dh: Expr) -> Expr:
    """(g′ h − g h′) / h²; g′ / h where h is constant."""
    if dh == ZERO:
        return div(dg, h) if dg != ZERO else ZERO
    return div(add_nonzero(multiply_nonzero(dg, h), negate_entry(multiply_nonzero(g, dh))), power(h, 2))


def _locals(e: Apply) -> Iterator[Expr]:
    row = TABLE[e.op]
    for k in range(len(e.args)):
        if isinstance(row, Elementwise):
            yield row.partials[min(k, len(row.partials) - 1)](*e.args, e)
        elif isinstance(row, Called) and e.op in ENTRYWISE and isinstance(e.params[0], Callee):
            yield Apply(e.op, e.args, (derive_callee(e.params[0]),), ())
        else:
            raise Refused(f"`{e.op}` cannot be differentiated in index form")


def absorb_deltas(i: Idx, body: Expr) -> Expr:
    """Σ_i of a product with δ_ij in it: the sum falls away (Σ_i δ_ij f(i) = f(j)), also inside other sums."""
    match body:
        case _ if body == ZERO:
            return ZERO
        case Apply(args=(a,)) if is_negation(body):
            return negate_entry(absorb_deltas(i, a))
        case Apply(args=args) if is_sum(body):
            return add_nonzero(*(absorb_deltas(i, a) for a in args))
        case Apply(args=(a, b)) if is_quotient(body) and i not in free_indices(b):
            return div(absorb_deltas(i, a), b)
    factors, negated = list(_factors(body)), _sign(body)
    for n, f in enumerate(factors):
        if isinstance(f, Delta) and i in (f.left, f.right):
            other = f.right if f.left == i else f.left
            left = reindex(product(tuple(factors[:n] + factors[n + 1 :])), {i: other})
            return negate_entry(left) if negated else left
    return total(i, body)


def _factors(e: Expr) -> Iterator[Expr]:
    """The factors of a product without its signs; δ's that a sum does not bind stand before it."""
    match e:
        case Apply(op="mul", args=args):
            for a in args:
                yield from _factors(a)
        case Apply(args=(a,)) if is_negation(e):
            yield from _factors(a)
        case Apply(args=(a, b)) if is_quotient(e) and any(isinstance(n, Delta) for n in nodes(a)):
            yield from _factors(a)
            yield div(ONE, b)
        case Sum(index=i, body=body):
            inner = tuple(_factors(body))
            free = tuple(f for f in inner if isinstance(f, Delta) and i not in (f.left, f.right))
            yield from free
            rest = product(tuple(f for f in inner if f not in free))
            yield (Sum(i, neg(rest)) if _sign(body) else Sum(i, rest)) if free else e
        case _:
            yield e


def _sign(e: Expr) -> bool:
    """Whether the signs that `_factors` leaves out are a minus together."""
    match e:
        case Apply(op="mul", args=(a, b)):
            return _sign(a) != _sign(b)
        case Apply(args=(a,)) if is_negation(e):
            return not _sign(a)
        case Apply(args=(a, _)) if is_quotient(e) and any(isinstance(n, Delta) for n in nodes(a)):
            return _sign(a)
        case _:
            return False


def add_nonzero(*terms: Expr) -> Expr:
    """The sum without its zeros."""
    kept = [t for t in terms if t != ZERO]
    return add(*kept) if len(kept) > 1 else kept[0] if kept else ZERO


def multiply_nonzero(a: Expr, b: Expr) -> Expr:
    """The product, 0 and 1 taken care of."""
    if ZERO in (a, b):
        return ZERO
    return b if a == ONE else a if b == ONE else mul(a, b)


def negate_entry(e: Expr) -> Expr:
    """−e, and 0 for 0."""
    return ZERO if e == ZERO else neg(e)


def decide_deltas(e: Expr, equal: Mapping[frozenset[Index], bool]) -> Expr:
    """e with δ's replaced by 1 or 0 where the case says so, and zeros and ones cleared."""

    def step(node: Expr) -> Expr:
        match node:
            case Delta(left=a, right=b):
                known = True if a == b else equal.get(frozenset((a, b)))
                return node if known is None else num(int(known))
            case Apply(op="mul", args=(a, b)):
                return multiply_nonzero(a, b)
            case Apply(args=args) if is_sum(node) and not rank(node):
                return add_nonzero(*args)
            case Apply(args=(a,)) if is_negation(node) and a == ZERO:
                return ZERO
            case Sum(body=body) if body == ZERO:
                return ZERO
            case _:
                return node

    return transform(e, step)


def split_sums(e: Expr) -> Expr:
    """Σ_s t_s (δ_sk − p) = t_k − p Σ_s t_s: a sum is split where a δ of its index stands inside a bracket."""

    def step(node: Expr) -> Expr:
        if not isinstance(node, Sum) or rank(node):
            return node
        factors = list(_factors(node.body))
        for n, f in enumerate(factors):
            if is_sum(f) and any(_binds(d, node.index) for d in nodes(f)):
                rest = tuple(factors[:n] + factors[n + 1 :])
                terms = (neg(product((*rest, a))) if _sign(node.body) else product((*rest, a)) for a in f.args)
                return add_nonzero(*(step(absorb_deltas(node.index, simplify(term))) for term in terms))
        return node

    return simplify(transform(e, step))


def _binds(e: Expr, i: Idx) -> bool:
    return isinstance(e, Delta) and i in (e.left, e.right)


def named_entries(prepared: Prepared, e: Expr, indices: tuple[Index, ...]) -> Expr:
    """e with the entries of forward values called by their names: e^{z_k} / Σ_r e^{z_r} = p_k."""
    known: dict[Expr, Expr] = {}
    for q in prepared.shown:
        if isinstance(q.body, Apply) and not q.var.at and rank(q.var) <= 1:
            for at in ((i,) for i in indices) if rank(q.var) else ((),):
                if not at or _fits(at[0], q.var):
                    known[_canonical(simplify(push_entry(q.body, at, Letters(frozenset()))))] = entry(q.var, at)

    def step(node: Expr) -> Expr:
        return known.get(_canonical(node), node) if isinstance(node, Apply) else node

    return simplify(transform(e, step))


def _fits(i: Index, var: Var) -> bool:
    return not isinstance(i, Idx) or i.size == var.shape_[0]


def _canonical(e: Expr) -> Expr:
    """e with bound indices named by their depth, so that formulas that differ in them alone are equal."""

    def visit(node: Expr, level: int) -> Expr:
        if isinstance(node, Sum):
            fresh = Idx(f"·{level}", node.index.size)
            return Sum(fresh, visit(reindex(node.body, {node.index: fresh}), level + 1))
        return rebuild(node, tuple(visit(c, level) for c in children(node)))

    return visit(e, 0)
