r"""Sums over entries, and broadcasting: what is printed with Σ, and what with vectors of ones.

`sum(x ⊙ u)` reads best as `\sum_i x_i u_i`; `sum(W x)` as `\mathbf{1}^{\top} W x`, since its entries are no
simple formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, Num, Position, Stack, Sum, Var, rank, shape
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import ATOM, POST, Elementwise
from solgen.expr.piece import Piece, negated, times
from solgen.expr.size import Size
from solgen.expr.walk import nodes

if TYPE_CHECKING:
    from solgen.expr.latex import Printer

Form = Callable[["Printer", Apply], Piece]
LETTERS = "ijklstpqruv"  # indices that the printer adds


def _sum(p: Printer, e: Apply) -> Piece:
    """Σᵢ of an entrywise vector, 1ᵀx and 1ᵀX1 of anything else."""
    x = e.args[0]
    free = _free_letter(p, x) if rank(x) == 1 else None
    body = entrywise(x, (free,)) if free else None
    if free and body is not None:
        return p.plain.piece(Sum(free, body))
    if rank(x) == 1:
        return times(_ones(p, shape(x)[0], row=True), p.piece(x))
    if rank(x) == 2:
        return times(times(_ones(p, shape(x)[0], row=True), p.piece(x)), _ones(p, shape(x)[1]))
    return p.piece(x)


def _free_letter(p: Printer, x: Expr) -> Idx:
    """An index for the entries of x, in a letter that neither x nor the sums around it use: Σ_j (y_i)_j."""
    taken = p.bound | {name for n in nodes(x) for name in _letters(n)} | {s for n in shape(x) for s in n.symbols}
    return Idx(next(c for c in (*LETTERS, *(f"i{k}" for k in range(1, 10_000))) if c not in taken), shape(x)[0])


def _letters(n: Expr) -> tuple[str, ...]:
    """The names that one node takes: of a value, of its sample, of an index."""
    match n:
        case Var(name=name, at=at):
            return (name, *_names(at))
        case Adj(of=of, wrt=wrt):
            return (of.name, wrt.name, *_names(of.at), *_names(wrt.at))
        case Entry(indices=indices):
            return _names(indices)
        case Delta(left=i, right=j):
            return _names((i, j))
        case Sum(index=i) | Stack(index=i) | Position(index=i):
            return (i.name,)
        case _:
            return ()


def _names(indices: tuple[Index, ...]) -> tuple[str, ...]:
    return tuple(i.name for i in indices if isinstance(i, Idx | Var))


def entrywise(e: Expr, at: tuple[Index, ...]) -> Expr | None:
    """The entry of e at `at`, written through entries of its leaves; None where that reads no better."""
    match e:
        case Var() | Adj():
            return Entry(e, at) if shape(e) else e
        case Apply(op="fill", args=(inner,)):
            return inner
        case Apply(op=op, args=args, params=params):
            if op not in ("mul", "scale") and not isinstance(TABLE[op], Elementwise) and op != "call":
                return None if shape(e) else e
            inside = [entrywise(a, at) for a in args]
            kept = tuple(i for i in inside if i is not None)
            return Apply("mul" if op == "scale" else op, kept, params, ()) if len(kept) == len(args) else None
        case _:
            return None if shape(e) else e


def turned(e: Expr) -> Expr:
    """The transpose of a matrix as it is printed: (Wᵀ)ᵀ is W."""
    match e:
        case Apply(op="transpose", args=(inner,)):
            return inner
        case _:
            return Apply("transpose", (e,), (), (shape(e)[1], shape(e)[0]))


def _ones(p: Printer, size: Size, row: bool = False) -> Piece:
    """A vector of ones, with its size or, among shapes, its shape."""
    mark = r"^{\top}" if row else ""
    if p.shapes:
        return Piece(rf"\sh{{\mathbf{{1}}{mark}}}{{{p.shape((size,), as_row=row)}}}")
    return Piece(rf"\mathbf{{1}}_{{{size.latex()}}}{mark}", POST)


def _sum_rows(p: Printer, e: Apply) -> Piece:
    return times(p.piece(turned(e.args[0])), _ones(p, shape(e.args[0])[0]))


def _sum_cols(p: Printer, e: Apply) -> Piece:
    return times(p.piece(e.args[0]), _ones(p, shape(e.args[0])[1]))


def _fill(p: Printer, e: Apply) -> Piece:
    if e.args[0] == Num(Fraction(0)):
        return Piece(rf"\mathbf{{0}}_{{{p.shape(shape(e)) if rank(e) == 2 else p.size(shape(e)[0])}}}", ATOM)
    ones = _ones(p, shape(e)[0])
    if rank(e) == 2:
        ones = times(ones, _ones(p, shape(e)[1], row=True))
    match e.args[0]:
        case Num(value=Fraction(numerator=1 | -1 as sign, denominator=1)):
            return ones if sign == 1 else negated(ones)
        case value:
            return times(p.piece(value), ones)


def _rows(p: Printer, e: Apply) -> Piece:
    return times(_ones(p, shape(e)[0]), p.row(e.args[0]))


def _cols(p: Printer, e: Apply) -> Piece:
    return times(p.piece(e.args[0]), _ones(p, shape(e)[1], row=True))


ONES_FORMS: Mapping[str, Form] = MappingProxyType({
    "sum": _sum, "sum_rows": _sum_rows, "sum_cols": _sum_cols, "fill": _fill, "rows": _rows, "cols": _cols,
})  # fmt: skip
