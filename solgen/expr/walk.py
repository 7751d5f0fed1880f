"""Walking formulas: children, rebuilding, substitution, free indices, size; each linear in the nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from operator import is_
from typing import assert_never

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
)
from solgen.expr.size import Size

KEPT = 65536  # formulas whose measures are remembered
_NONE: frozenset[Idx] = frozenset()


def children(e: Expr) -> tuple[Expr, ...]:
    """The formulas directly inside e (labels used as indices are values too)."""
    match e:
        case Apply(args=args):
            return args
        case Entry(array=a, indices=ix):
            return (a, *(i for i in ix if isinstance(i, Var)))
        case Sum(body=b) | Stack(body=b):
            return (b,)
        case Delta(left=i, right=j):
            return tuple(k for k in (i, j) if isinstance(k, Var))
        case Num() | Pi() | SizeNum() | Position() | Var() | Adj():
            return ()
        case _:
            assert_never(e)  # type: ignore[arg-type]


def rebuild(e: Expr, parts: tuple[Expr, ...]) -> Expr:
    """e with its array-valued children replaced; indices are kept."""
    match e:
        case Apply():
            return e if all(map(is_, e.args, parts)) else Apply(e.op, parts, e.params, e.shape_)
        case Entry():
            return e if parts[0] is e.array else Entry(parts[0], e.indices)
        case Sum():
            return e if parts[0] is e.body else Sum(e.index, parts[0])
        case Stack():
            return e if parts[0] is e.body else Stack(e.index, parts[0], e.columns)
        case Num() | Pi() | SizeNum() | Position() | Var() | Adj() | Delta():
            return e
        case _:
            assert_never(e)  # type: ignore[arg-type]


def transform(e: Expr, step: Callable[[Expr], Expr]) -> Expr:
    """`step` applied to every node from the leaves up, each shared node once."""
    memo: dict[Expr, Expr] = {}

    def visit(node: Expr) -> Expr:
        if node not in memo:
            memo[node] = step(rebuild(node, tuple(visit(c) for c in children(node))))
        return memo[node]

    return visit(e)


def substitute(e: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """e with whole subformulas replaced; a replaced formula is not searched again."""
    memo: dict[Expr, Expr] = {}

    def visit(node: Expr) -> Expr:
        if node in values:
            return values[node]
        if node not in memo:
            memo[node] = rebuild(node, tuple(visit(c) for c in children(node)))
        return memo[node]

    return visit(e)


def reindex(e: Expr, to: Mapping[Index, Index]) -> Expr:
    """e with free indices renamed, also those of sample families.

    A sum keeps its own index, renamed where it would capture.
    """
    memo: dict[Expr, Expr] = {}

    def index(i: Index) -> Index:
        return to.get(i, i)

    def visit(node: Expr) -> Expr:
        if node not in memo:
            memo[node] = _reindexed_sum(node, to) if isinstance(node, Sum) else step(node)
        return memo[node]

    def step(node: Expr) -> Expr:
        node = rebuild(node, tuple(visit(c) for c in children(node)))
        match node:
            case Entry(array=a, indices=ix):
                return Entry(a, tuple(map(index, ix)))
            case Delta(left=i, right=j):
                return Delta(index(i), index(j))
            case Position(index=i):
                return position(index(i))
            case Var() if node.at:
                return replace(node, at=tuple(map(index, node.at)))
            case Adj(of=of, wrt=wrt) if of.at or wrt.at:
                moved = replace(wrt, at=tuple(map(index, wrt.at)))
                return Adj(replace(of, at=tuple(map(index, of.at))), moved, node.twice)
            case _:
                return node

    return visit(e) if to else e


def _reindexed_sum(e: Sum, to: Mapping[Index, Index]) -> Expr:
    """Σ_i a_ij with j renamed to i is Σ_i′ a_i′i."""
    inner = {old: new for old, new in to.items() if old != e.index}
    free = free_indices(e.body)
    bound, body = e.index, e.body
    if any(new == bound and old in free for old, new in inner.items()):
        taken = {i.name for i in free} | {i.name for i in to.values() if isinstance(i, Idx)}
        while bound.name in taken:
            bound = Idx(bound.name + "'", bound.size)
        body = reindex(body, {e.index: bound})
    return Sum(bound, reindex(body, inner))


def position(i: Index) -> Expr:
    """An index as the position of an entry: a symbol, a number or a label."""
    match i:
        case Idx():
            return Position(i)
        case Size():
            return SizeNum(i) if i.constant is None else Num(Fraction(i.constant))
        case Var():
            return i
        case _:
            assert_never(i)


def nodes(*formulas: Expr) -> Iterator[Expr]:
    """Every distinct node of one formula or several, children before parents."""
    seen: set[Expr] = set()
    stack: list[tuple[Expr, bool]] = [(e, False) for e in reversed(formulas)]
    while stack:
        node, done = stack.pop()
        if done:
            yield node
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((c, False) for c in reversed(children(node)))


@lru_cache(maxsize=KEPT)
def variables(e: Expr) -> tuple[Var, ...]:
    """The named values in e, in reading order, each once."""
    return tuple(n for n in nodes(e) if isinstance(n, Var))


@lru_cache(maxsize=KEPT)
def free_indices(e: Expr) -> frozenset[Idx]:
    """The index symbols that no enclosing sum binds."""
    match e:
        case Apply(args=args):
            return _NONE.union(*map(free_indices, args))
        case Var(at=at):
            return _symbols(at) if at else _NONE
        case Adj(of=Var(at=at), wrt=Var(at=below)):
            return _symbols(at + below) if at or below else _NONE
        case Num() | Pi() | SizeNum():
            return _NONE
        case Entry(indices=ix):
            return _symbols(ix).union(*map(free_indices, children(e)))
        case Delta(left=i, right=j):
            return _symbols((i, j)).union(*map(free_indices, children(e)))
        case Sum(index=i, body=b) | Stack(index=i, body=b):
            return free_indices(b) - {i}
        case Position(index=i):
            return frozenset({i})
        case _:
            assert_never(e)  # type: ignore[arg-type]


@lru_cache(maxsize=KEPT)
def leaves(e: Expr) -> int:
    """How many symbols a reader sees: leaves counted with repetition (the length of a formula)."""
    return sum(map(leaves, children(e))) or 1


def _symbols(indices: tuple[Index, ...]) -> frozenset[Idx]:
    return frozenset(i for i in indices if isinstance(i, Idx))
