"""The forward sweep: Jacobians ∂y/∂x, one named value at a time, in index form.

For each equation z = f(u, v), ∂z[o]/∂x[i] = Σ_a ∂f[o]/∂u[a] · ∂u[a]/∂x[i] + …; the terms are contracted as in a
vector-Jacobian product, and read back as a matrix where o and i are one index each.  A value whose Jacobian is an
array of more than two indices (a vector by a matrix) stays in index form.

Source: Griewank & Walther, Evaluating Derivatives (2nd ed., 2008), section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from solgen.calculus.engine.block_jacobians import differentiate_block
from solgen.calculus.engine.network import Factor, Term, contract, expand, index_sum, multiply_terms
from solgen.calculus.engine.partials import Out, frames, partial
from solgen.calculus.engine.readback import readback
from solgen.errors import Refused
from solgen.expr.arith import ZERO, add, fill
from solgen.expr.nodes import Adj, Apply, Expr, Idx, Index, Sum, Var, shape
from solgen.expr.ops import TABLE, Paired
from solgen.expr.size import Size
from solgen.expr.walk import free_indices, nodes, reindex, transform, variables
from solgen.model.problem import Equation


@dataclass(frozen=True, slots=True)
class Local:
    """∂z/∂x of one named value: its index form over `o` and `i`, and the matrix where there is one."""

    symbol: Adj
    o: Out
    i: Out
    terms: tuple[Term, ...]
    matrix: Expr | None
    reason: str = ""

    @property
    def entries(self) -> Expr:
        """The index form, as a scalar expression in the indices."""
        return index_sum(self.terms)


def jacobians(equations: Iterable[Equation], of: Var, wrt: Var) -> tuple[Local, ...]:
    """Jacobians of the values between `wrt` and `of`, in order; the last is that of `of`.

    Of a value by itself it is the identity, and 0 where nothing leads from `wrt` to `of`.
    Raises Refused where an operation has no derivative in index form.
    """
    sweep = _Forward(wrt)
    for q in _equations_between(tuple(equations), of, wrt):
        sweep.equation(q)
    if of.name not in sweep.found:
        return (sweep.local(of, Adj(of, wrt), of),)
    return tuple(sweep.found.values())


def differential(e: Expr, wrt: Var, known: Mapping[str, Local] | None = None) -> Local:
    """∂e/∂x of an unnamed expression, e of any rank."""
    sweep = _Forward(wrt, dict(known or {}))
    return sweep.local(e, Adj(Var(" e", shape(e)), wrt))


def _equations_between(equations: tuple[Equation, ...], of: Var, wrt: Var) -> list[Equation]:
    """The equations on a path from wrt to of."""
    reach, needed = {wrt.name}, {of.name}
    for q in equations:
        if q.var.name != wrt.name and any(v.name in reach for v in variables(q.body)):
            reach.add(q.var.name)
    for q in reversed(equations):
        if q.var.name in needed:
            needed |= {v.name for v in variables(q.body)}
    return [q for q in equations if q.var.name in reach & needed and q.var.name != wrt.name]


@dataclass(slots=True)
class _Forward:
    wrt: Var
    found: dict[str, Local] = field(default_factory=dict)
    fresh: count[int] = field(default_factory=count)
    mixed: set[str] = field(default_factory=set)  # families in which a sample depends on the variable at others
    samples: dict[Index, Idx] = field(default_factory=dict)  # what stands for the index of a sum, and that index

    def equation(self, q: Equation) -> None:
        own = set(q.var.at) & set(self.wrt.at)
        if own and any(self.meets_others(n, own) for n in nodes(q.body)):
            self.mixed.add(q.var.name)
        self.found[q.var.name] = self.local(q.body, Adj(q.var, self.wrt), q.var)

    def meets_others(self, n: Expr, own: set[Index]) -> bool:
        """Whether a part of a sample's value depends on the variable at other samples."""
        if isinstance(n, Sum):
            return n.index in own and self.depends(n)
        return isinstance(n, Var) and (n.name in self.mixed or (n.name in self.found and not own & set(n.at)))

    def local(self, e: Expr, symbol: Adj, out: Var | None = None) -> Local:
        o, i = self.indices(shape(e), "o"), self.indices(self.wrt.shape_, "i")
        terms = tuple(self.derivative(e, o, i, out if out is not None else e))
        matrix, reason = _as_matrix(terms, o, i)
        matrix = None if matrix is None else transform(matrix, self.restore_letter)
        return Local(symbol, o, i, terms, matrix, reason)

    def shift_index(self, index: Idx) -> Idx:
        """An index of its own for a sum, so that sums within sums are told apart."""
        inner = Idx(f"s{next(self.fresh)}", index.size)
        self.samples[inner] = self.samples.get(index, index)
        return inner

    def restore_letter(self, e: Expr) -> Expr:
        """A sum over such an index with the letter that the file gives it."""
        if not isinstance(e, Sum) or (own := self.samples.get(e.index)) is None or own in free_indices(e.body):
            return e
        return Sum(own, reindex(e.body, {e.index: own}))

    def indices(self, sizes: tuple[Size, ...], letter: str) -> Out:
        return tuple(Idx(f"{letter}{next(self.fresh)}", n) for n in sizes)

    def derivative(self, e: Expr, o: Out, i: Out, out: Expr) -> list[Term]:
        """∂e[o]/∂x[i] as contracted terms; none for what does not depend on x."""
        match e:
            case Adj():
                raise Refused("a gradient symbol has no derivative here")
            case _ if not self.depends(e):
                return []
            case Var(name=name, at=at) if name == self.wrt.name:
                samples = (pair for pair in zip(at, self.wrt.at, strict=True) if pair[0] != pair[1])
                return [Term(deltas=(*zip(o, i, strict=True), *samples))]
            case Var(name=name, at=at):
                return self.jacobian_of_name(self.found[name], o, i, at)
            case Sum(index=index, body=body) if index not in self.wrt.at and (each := self.array(body)) is not None:
                return [self.whole(Sum(index, each), o + i)]
            case Sum(index=index, body=body):
                inner = self.shift_index(index)
                shifted = reindex(body, {index: inner})
                return [contract(_bound(t, (inner,))) for t in self.derivative(shifted, o, i, shifted)]
            case Apply() if isinstance(TABLE[e.op], Paired) and self.depends(e):
                return [self.whole(differentiate_block(e, self.wrt.shape_, self.array), o + i)]
            case Apply():
                return [
                    t for k, arg in enumerate(e.args) if self.depends(arg) for t in self.through(e, k, arg, o, i, out)
                ]
            case _:
                raise Refused(f"a {type(e).__name__.lower()} has no derivative here")

    def array(self, e: Expr) -> Expr | None:
        """The Jacobian of a part of an expression as one array; None where it has no such form, or is 0."""
        return self.local(e, Adj(Var(" e", shape(e)), self.wrt)).matrix if self.depends(e) else None

    def whole(self, array: Expr, at: Out) -> Term:
        """An array of Jacobians as the one factor of a term."""
        return Term(factors=(Factor(array, at),)) if at else Term(scalars=(array,))

    def jacobian_of_name(self, local: Local, o: Out, i: Out, at: tuple[Index, ...]) -> list[Term]:
        """The Jacobian of a named value, of a family at the sample `at`: its symbol where it is a matrix, else its
        terms.  Of h_i = f(x_i) at another sample, ∂h_s/∂x_i = δ_si ∂h_i/∂x_i; raises Refused where that is not all.
        """
        pairs = tuple(zip(local.symbol.of.at, at, strict=True))
        samples: dict[Index, Index] = {own: new for own, new in pairs if own not in self.wrt.at}
        deltas = tuple((new, own) for own, new in pairs if own in self.wrt.at and own != new)
        if deltas and local.symbol.of.name in self.mixed:
            raise Refused(f"`{local.symbol.of.name}` of one sample depends on `{self.wrt.name}` of others")
        if local.matrix is not None and len(o) + len(i) <= 2:
            found = [self.whole(reindex(local.symbol, samples), o + i)]
        else:
            swap: dict[Index, Index] = samples | dict(zip(local.o + local.i, o + i, strict=True))
            found = [self.rename_indices(t, swap) for t in local.terms]
        return [replace(t, deltas=t.deltas + deltas) for t in found]

    def through(self, e: Apply, k: int, arg: Expr, o: Out, i: Out, out: Expr) -> list[Term]:
        """The chain rule through argument k: Σ_a ∂e[o]/∂arg[a] · ∂arg[a]/∂x[i]."""
        own, inner = frames(e, k)
        a = tuple(Idx(f"a{next(self.fresh)}", n.size) if isinstance(n, Idx) else n for n in inner)
        local = [
            self.swap_indices(t, dict(zip(own + inner, o + a, strict=True)))
            for t in expand(partial(e, k, own, inner, out))
        ]
        bound = tuple(n for n in a if isinstance(n, Idx))
        return [contract(_bound(multiply_terms(t, d), bound)) for d in self.derivative(arg, a, i, arg) for t in local]

    def swap_indices(self, term: Term, swap: Mapping[Index, Index]) -> Term:
        return self.rename_indices(term, dict(swap))

    def rename_indices(self, term: Term, swap: dict[Index, Index]) -> Term:
        """The term with its free indices swapped and its own sums over fresh symbols."""
        fresh: dict[Index, Index] = {b: self.shift_index(b) for b in term.bound}
        to: dict[Index, Index] = {**swap, **fresh}

        def one(x: Index) -> Index:
            return to.get(x, x)

        return Term(
            tuple(Factor(reindex(f.array, to), tuple(map(one, f.indices))) for f in term.factors),
            tuple(reindex(s, to) for s in term.scalars),
            tuple((one(a), one(b)) for a, b in term.deltas),
            tuple(b for b in fresh.values() if isinstance(b, Idx)),
            term.negative,
        )

    def depends(self, e: Expr) -> bool:
        return any(isinstance(n, Var) and (n.name == self.wrt.name or n.name in self.found) for n in nodes(e))


def _bound(term: Term, more: tuple[Idx, ...]) -> Term:
    return Term(term.factors, term.scalars, term.deltas, more + term.bound, term.negative)


def _as_matrix(terms: tuple[Term, ...], o: Out, i: Out) -> tuple[Expr | None, str]:
    """The terms as one array over o and i, or the reason why there is none; no terms are 0."""
    if len(o) + len(i) > 2:
        return None, "an array of more than two indices"
    if not terms:
        return fill(ZERO, tuple(n.size for n in o + i if isinstance(n, Idx))), ""
    try:
        found = [readback(t, o + i) for t in terms]
    except Refused as refusal:
        return None, refusal.reason
    return (found[0] if len(found) == 1 else add(*found)), ""
