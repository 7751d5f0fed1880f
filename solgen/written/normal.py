"""Formulas as trees up to what a reader does not see: order and grouping of + and of scalar factors, spread numbers.

A formula is a sum of terms; a term is a number, scalar factors with their exponents, and a chain of matrices and
vectors in order, each as it stands or turned.  What paper does not show (a vector of one entry and its number, the row
that a vector is) is not there.  Nothing is expanded, and nothing is known of a function.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from solgen.expr.nodes import (
    Adj,
    Apply,
    Delta,
    Entry,
    Expr,
    Idx,
    Index,
    Num,
    Pi,
    Position,
    SizeNum,
    Stack,
    Sum,
    Var,
    rank,
    shape,
)
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import Callee, Elementwise
from solgen.expr.size import Size
from solgen.expr.walk import KEPT

Link = tuple[Hashable, bool]  # a matrix, or a column, and whether it is turned
Chain = tuple[Link, ...]
Factors = frozenset[tuple[Hashable, int]]
Terms = dict[tuple[Factors, Chain], Fraction]
Normal = frozenset[tuple[tuple[Factors, Chain], Fraction]]
NOTHING: Factors = frozenset()


@dataclass(slots=True)
class NormalTerm:
    """One term: a number, scalar factors with exponents, a chain."""

    number: Fraction = Fraction(1)
    factors: dict[Hashable, int] = field(default_factory=dict)
    chain: Chain = ()

    def times(self, other: NormalTerm, chain: Chain) -> NormalTerm:
        factors = dict(self.factors)
        for factor, k in other.factors.items():
            factors[factor] = factors.get(factor, 0) + k
        return NormalTerm(self.number * other.number, {f: k for f, k in factors.items() if k}, chain)


def _alone(chain: Chain) -> Normal:
    """A chain that is all there is."""
    return frozenset({((NOTHING, chain), Fraction(1))})


def transpose_chain(chain: Chain) -> Chain:
    """The transpose of a product: its factors from the last to the first, each turned."""
    return tuple((link, not flag) for link, flag in reversed(chain))


@lru_cache(maxsize=KEPT)
def normal(e: Expr) -> Normal:
    """The normal form; two formulas with one say the same."""
    return frozenset(_Form({}).terms(e).items())


class _Form:
    """The normal forms of formulas under sums that bind these indices."""

    def __init__(self, bound: Mapping[Idx, int]) -> None:
        self.bound = bound

    def terms(self, e: Expr) -> Terms:
        """e as a sum."""
        match e:
            case Apply(op="add", args=args):
                total: Terms = {}
                for a in args:
                    for key, number in self.terms(a).items():
                        total[key] = total.get(key, Fraction(0)) + number
                return {key: number for key, number in total.items() if number}
            case Apply(op="neg", args=(x,)):
                return {key: -number for key, number in self.terms(x).items()}
            case Apply(op="as_row" | "item" | "unitem" | "col" | "uncol", args=(x,)):
                return self.terms(x)
            case Entry(array=a, indices=at) if (inside := entry_inside(a, at)) is not None:
                return self.terms(inside)
            case _:
                t = self.term(e)
                return {(frozenset(t.factors.items()), t.chain): t.number} if t.number else {}

    def whole(self, e: Expr) -> Normal:
        return frozenset(self.terms(e).items())

    def term(self, e: Expr) -> NormalTerm:
        """e as one term; a sum is one thing in it."""
        match e:
            case Num(value=value):
                return NormalTerm(value)
            case Sum() | Entry() | Var() | Adj() | Stack() | Pi() | SizeNum() | Position() | Delta():
                return self._leaf(e)
            case Apply():
                return self._apply(e)
            case _:
                raise AssertionError(e)

    # ---------------------------------------------------------------- leaves

    def _leaf(self, e: Expr) -> NormalTerm:
        match e:
            case Entry(array=a, indices=indices):
                return self._entry(a, indices)
            case Sum(index=i, body=body):
                inner = _Form({**self.bound, i: len(self.bound)})
                return self._thing(e, ("Σ", i.size, inner.whole(body)))
            case Stack(index=i, body=body, columns=columns):
                inner = _Form({**self.bound, i: len(self.bound)})
                return self._thing(e, ("stack", i.size, columns, inner.whole(body)))
            case Delta(left=i, right=j):
                return self._thing(e, ("δ", frozenset((self._place(i), self._place(j)))))
            case Position(index=i):
                return self._thing(e, ("position", self._place(i)))
            case Var(name=name, at=at):
                return self._thing(e, ("name", name, self._places(at)))
            case Adj(of=of, wrt=wrt, twice=twice):
                key = ("gradient", of.name, self._places(of.at), wrt.name, self._places(wrt.at), twice)
                return self._thing(e, key)
            case _:
                return self._thing(e, e)

    def _thing(self, e: Expr, key: Hashable) -> NormalTerm:
        """One thing: a scalar factor, or the only link of a chain."""
        return NormalTerm(factors={key: 1}) if _is_number(e) else NormalTerm(chain=((key, False),))

    def _place(self, i: Index) -> Hashable:
        match i:
            case Idx():
                return self.bound.get(i, i)
            case Var(name=name, at=at):
                return ("label", name, self._places(at))
            case Size():
                return i

    def _places(self, indices: tuple[Index, ...]) -> tuple[Hashable, ...]:
        return tuple(self._place(i) for i in indices)

    def _entry(self, a: Expr, at: tuple[Index, ...]) -> NormalTerm:
        """An entry; of an entrywise formula the formula of entries."""
        inside = entry_inside(a, at)
        if inside is not None:
            return self._single(inside)
        return NormalTerm(factors={("entry", self.whole(a), self._places(at)): 1})

    def _single(self, e: Expr) -> NormalTerm:
        """A number as one term, even where it is a sum."""
        found = self.terms(e)
        if len(found) == 1:
            ((factors, chain), number) = next(iter(found.items()))
            return NormalTerm(number, dict(factors), chain)
        if not found:
            return NormalTerm(Fraction(0))
        return NormalTerm(factors={("sum", frozenset(found.items())): 1})

    # ---------------------------------------------------------------- operations

    def _apply(self, e: Apply) -> NormalTerm:
        match e.op, e.args:
            case (("add" | "neg" | "item" | "unitem"), _):
                return self._join(e)
            case (("as_row" | "col" | "uncol"), (x,)):
                return self.link(x)
            case (("transpose" | "row" | "unrow"), (x,)):
                inner = self.link(x)
                return NormalTerm(inner.number, inner.factors, transpose_chain(inner.chain))
            case "fill", (x,):
                ones = tuple((("1", n), bool(k)) for k, n in enumerate(shape(e)))
                return self._single(x).times(NormalTerm(), ones)
            case "mul", (a, b) if not shape(e):
                return self._product(self._single(a), self._single(b))
            case "scale", (a, b):
                left, right = self._single(a), self.link(b)
                return left.times(right, right.chain)
            case "div", (a, b) if not shape(b):
                above = self.link(a) if shape(a) else self._single(a)
                return above.times(self._inverse(self._single(b)), above.chain)
            case _:
                found = self._matrix(e)
                return self._number(found) if found.chain and _is_number(e) else found

    def _product(self, a: NormalTerm, b: NormalTerm) -> NormalTerm:
        return a.times(b, a.chain + b.chain)

    def _inverse(self, t: NormalTerm) -> NormalTerm:
        if not t.number or t.chain:
            return NormalTerm(factors={("over", t.number, frozenset(t.factors.items()), t.chain): 1})
        return NormalTerm(1 / t.number, {f: -k for f, k in t.factors.items()})

    def _join(self, e: Expr) -> NormalTerm:
        """A sum as one thing."""
        t = self._single(e)
        if _is_number(e) or t.chain or not t.factors:
            return t
        (key,) = t.factors
        return NormalTerm(t.number, {}, ((key, False),)) if len(t.factors) == 1 and _is_sum(key) else t

    def link(self, e: Expr) -> NormalTerm:
        """An array as a factor of a product: a number spread over it is one with 𝟏."""
        match e:
            case Apply(op="add"):
                return self._join(e)
            case Apply(op="neg", args=(x,)):
                inner = self.link(x)
                return NormalTerm(-inner.number, inner.factors, inner.chain)
            case _:
                return self.term(e)

    def _matrix(self, e: Apply) -> NormalTerm:
        match e.op, e.args:
            case (("matmul" | "matvec"), (a, b)):
                return self._product(self.link(a), self.link(b))
            case "vecmat", (x, a):
                return self._turned_product(self.link(a), self.link(x))
            case "outer", (x, y):
                left, right = self.link(x), self.link(y)
                return left.times(right, left.chain + transpose_chain(right.chain))
            case "dot", (x, y) if rank(x) == 1:
                return self._turned_product(self.link(x), self.link(y))
            case "sum_rows", (x,):
                return self._turned_product(self.link(x), self._ones(shape(x)[0]))
            case "sum_cols", (x,):
                return self._product(self.link(x), self._ones(shape(x)[1]))
            case "rows", (x,):
                inner = self.link(x)
                return inner.times(NormalTerm(), (self._ones(shape(e)[0]).chain + transpose_chain(inner.chain)))
            case "cols", (x,):
                inner = self.link(x)
                return inner.times(NormalTerm(), inner.chain + transpose_chain(self._ones(shape(e)[1]).chain))
            case "sum", (x,) if rank(x) == 1:
                return self._total(x)
            case _:
                return self._function(e)

    def _turned_product(self, a: NormalTerm, b: NormalTerm) -> NormalTerm:
        return a.times(b, transpose_chain(a.chain) + b.chain)

    def _ones(self, n: Size) -> NormalTerm:
        return NormalTerm(chain=((("1", n), False),))

    def _number(self, t: NormalTerm) -> NormalTerm:
        """A product of matrices that is 1 × 1 as a scalar factor."""
        match t.chain:
            case ((("1", n), True), (link, False)) | ((link, True), (("1", n), False)):
                entry = ("entry", _alone(((link, False),)), (len(self.bound),))
                factor: Hashable = ("Σ", n, frozenset({((frozenset({(entry, 1)}), ()), Fraction(1))}))
            case chain:
                factor = ("chain", chain)
        return NormalTerm(t.number, {**t.factors, factor: 1})

    def _total(self, x: Expr) -> NormalTerm:
        """Σ of entries where these have a formula, 𝟏ᵀx where not."""
        index = Idx("", shape(x)[0])
        inner = _Form({**self.bound, index: len(self.bound)})
        return NormalTerm(factors={("Σ", index.size, inner.whole(Entry(x, (index,)))): 1})

    def _function(self, e: Apply) -> NormalTerm:
        match e.op, e.args:
            case "mul", (a, b):
                return self._entrywise(a, b)
            case "square", (x,):
                return self._power(e, x, Num(Fraction(2)))
            case "pow", (x, k):
                return self._power(e, x, k)
            case "softmax_cross_entropy", (z, t):
                return self.term(
                    Apply("cross_entropy", (Apply("softmax", (z,), e.params, shape(z)), t), e.params, e.shape_)
                )
            case "cross_entropy", (p, t) if rank(p) == 1:
                log = Apply("log", (p,), (), shape(p))
                inner = self._number(self._turned_product(self.link(t), self.link(log)))
                return NormalTerm(-inner.number, inner.factors, inner.chain)
            case "pick", (x, k) if (place := _as_index(k)) is not None:
                return self._entry(x, (place,))
            case _:
                return self._thing(e, (self._name(e), tuple(self.whole(a) for a in e.args)))

    def _name(self, e: Apply) -> Hashable:
        match e.params:
            case (Callee(name=name, order=order),):
                return (name, ()) if not order and name in TABLE else (e.op, name, order)
            case params:
                return (e.op, params)

    def _entrywise(self, a: Expr, b: Expr) -> NormalTerm:
        """a ⊙ b, in any order and grouping, numbers in front."""
        parts = [self._single(_spread(x)) if _is_spread(x) else self.link(x) for x in (a, b)]
        t = parts[0].times(parts[1], ())
        inside = [link for p in parts for link in _parts(p.chain)]
        return (
            NormalTerm(t.number, t.factors, ((("⊙", frozenset(_count_links(inside).items())), False),)) if inside else t
        )

    def _power(self, e: Apply, x: Expr, k: Expr) -> NormalTerm:
        if not shape(e) and isinstance(k, Num) and k.value.denominator == 1 and abs(k.value) < 100:
            inner, exponent = self._single(x), int(k.value)
            if not inner.chain and (inner.number or exponent > 0):
                return NormalTerm(inner.number**exponent, {f: n * exponent for f, n in inner.factors.items()})
        if k == Num(Fraction(1, 2)):
            return self._thing(e, (("sqrt", ()), (self.whole(x),)))
        return self._thing(e, ("pow", self.whole(x), self.whole(k)))


def entry_inside(a: Expr, at: tuple[Index, ...]) -> Expr | None:
    """An entry of an entrywise formula, or of a transpose, as a formula of entries; None of anything else."""
    match a:
        case Apply(op="fill", args=(x,)):
            return x
        case Apply(op="transpose", args=(x,)):
            return Entry(x, at[::-1])
        case Apply(op="as_row" | "col" | "uncol", args=(x,)) if rank(x) == len(at):
            return Entry(x, at)
        case Apply(op=op, args=args, params=params) if _is_entrywise(op):
            inside = tuple(Entry(x, at) if shape(x) else x for x in args)
            return Apply("mul" if op == "scale" else op, inside, params, ())
        case _:
            return None


def _is_entrywise(op: str) -> bool:
    return op in ("mul", "scale", "call") or isinstance(TABLE[op], Elementwise)


def _is_sum(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == "sum"


def _is_number(e: Expr) -> bool:
    """Whether e is 1 × 1, in whatever form."""
    return all(n.is_one for n in shape(e))


def _is_spread(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op == "fill"


def _spread(e: Expr) -> Expr:
    assert isinstance(e, Apply)
    return e.args[0]


def _parts(chain: Chain) -> Chain:
    """The factors of an entrywise product within another."""
    match chain:
        case (((("⊙", frozenset() as inside)), False),):
            return tuple(link for link, n in inside for _ in range(n))
        case ():
            return ()
        case _:
            return ((chain, False),)


def _count_links(links: list[Link]) -> dict[Link, int]:
    found: dict[Link, int] = {}
    for link in links:
        found[link] = found.get(link, 0) + 1
    return found


def _as_index(k: Expr) -> Index | None:
    match k:
        case Position(index=i):
            return i
        case Num(value=value) if value.denominator == 1:
            return Size.of(int(value))
        case SizeNum(size=n):
            return n
        case Var():
            return k
        case _:
            return None
