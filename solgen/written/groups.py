"""Factors in a row: how far a quotient and a function reach, and which signs bind first.

Juxtaposition binds closer than ⊙; where that matters both are read.  After `a/b` on one line, and after a function
without brackets, one factor or all that follow may be meant: both are read, and shapes and values decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from solgen.expr.ops.row import Elementwise, Multilinear
from solgen.written.calls import Head, apply_heads, made_of
from solgen.written.chained import chain_gradient
from solgen.written.factors import angle_product, divide
from solgen.written.reads import Readings, Reads, combine, unite
from solgen.written.typed import TypedValue, as_number, combine_entries, matrix, multiple, multiply_typed
from solgen.written.vocabulary import infix_rows

TIMES = frozenset("·×")
INFIX = frozenset("⊙∘⊘⊗⋆∗")
SLASHES = frozenset("/÷")


@dataclass(frozen=True, slots=True)
class SignedFactor:
    """A factor with the sign before it, empty where there is none; `head` where it is a function without argument."""

    sign: str
    read: Readings
    at: int
    head: tuple[Head, ...] = ()
    numeral: bool = False


Parts = tuple[SignedFactor, ...]


def group_factors(r: Reads, parts: Parts) -> Readings:
    """All readings of factors in a row: what a slash and a function reach over, and which signs bind first."""
    slash = next((k for k in range(len(parts) - 1, -1, -1) if parts[k].sign in SLASHES), 0)
    if slash:
        return _read_slash(r, parts, slash)
    head = next((k for k, part in enumerate(parts) if part.head), None)
    if head is not None:
        return _read_prefix(r, parts, head)
    if any(part.sign in INFIX for part in parts):
        return _read_infix(r, parts)
    return _chain(r, parts)


def _first(parts: Parts) -> Parts:
    """The same, the first without a sign before it."""
    head, *rest = parts
    return (SignedFactor("", head.read, head.at, head.head, head.numeral), *rest)


def _run(parts: Parts) -> int:
    """How many factors stand side by side without a sign of another kind."""
    return next((k for k, part in enumerate(parts) if k and part.sign in INFIX | SLASHES), len(parts))


def _read_slash(r: Reads, parts: Parts, slash: int) -> Readings:
    """a/b c: (a/b) c, or a/(b c); a/b/c: (a/b)/c, or a/(b/c)."""
    r.spend(len(parts))
    first = next(k for k, part in enumerate(parts) if part.sign in SLASHES)
    if first < slash:
        sides = (group_factors(r, parts[:first]), group_factors(r, _first(parts[first:])))
        other = combine(r, sides, divide, parts[first].at, "this cannot be divided by that")
        return unite((_divided_last(r, parts, slash), other))
    return _divided_last(r, parts, slash)


def _divided_last(r: Reads, parts: Parts, slash: int) -> Readings:
    """What stands before the last slash over what follows it: one factor, or all."""
    above, rest = group_factors(r, parts[:slash]), _first(parts[slash:])
    found, end = [], _run(rest)
    for stop in {_reach(rest), end}:
        below = group_factors(r, rest[:stop])
        read = combine(r, (above, below), divide, rest[0].at, "this cannot be divided by that")
        whole = (SignedFactor("", read, parts[0].at), *rest[stop:])
        found.append(group_factors(r, whole) if read else ())
    return unite(found)


def _reach(rest: Parts) -> int:
    """The one factor after a slash, with the argument of a function."""
    stop = 1
    while rest[stop - 1].head and stop < len(rest):
        stop += 1
    return stop


def _read_prefix(r: Reads, parts: Parts, head: int) -> Readings:
    """log a b: of the next factor, or of all; a number before a letter belongs to the argument, sin 2x."""
    rest = parts[head + 1 :]
    if not rest or rest[0].sign not in ("", *TIMES):
        r.blame(parts[head].at, "this function has no argument")
        return ()
    r.spend(len(parts))
    found, end = [], _run(_first(rest))
    start = min(end, 2) if rest[0].numeral else _reach(rest)
    for stop in {start, end}:
        argument = group_factors(r, _first(rest[:stop]))
        read = apply_heads(r, parts[head].head, [argument], parts[head].at, frozenset()) if argument else ()
        whole = (*parts[:head], SignedFactor(parts[head].sign, read, parts[head].at), *rest[stop:])
        found.append(group_factors(r, whole) if read else ())
    return unite(found)


def _read_infix(r: Reads, parts: Parts) -> Readings:
    """a ⊙ b c: the products first, or ⊙ first, or from the left, where that makes a difference."""
    runs = _runs(parts)
    loose = [_chain(r, _first(run)) for run in runs]
    signs = [run[0].sign for run in runs[1:]]
    found = [_from_left(r, loose, signs, parts[0].at), *_from_right(r, loose, signs, parts[0].at)]
    if any(len(run) > 1 for run in runs):
        found.append(_tight(r, parts))
        found.append(_from_left(r, [p.read for p in parts], [p.sign for p in parts[1:]], parts[0].at))
    return unite(found)


def _runs(parts: Parts) -> list[Parts]:
    """The stretches between infix signs."""
    starts = [0, *(k for k, part in enumerate(parts) if k and part.sign in INFIX), len(parts)]
    return [parts[a:b] for a, b in pairwise(starts)]


def _from_left(r: Reads, operands: list[Readings], signs: list[str], at: int) -> Readings:
    read = operands[0]
    for sign, operand in zip(signs, operands[1:], strict=True):
        read = combine(
            r, (read, operand), lambda a, b, s=sign: _join(r, s, a, b), at, f"the shapes beside `{sign}` differ"
        )
    return read


def _from_right(r: Reads, operands: list[Readings], signs: list[str], at: int) -> list[Readings]:
    """The other way round, where different signs stand in a row."""
    if len(set(signs)) < 2 and "⊘" not in signs:
        return []
    read = operands[-1]
    for sign, operand in zip(reversed(signs), reversed(operands[:-1]), strict=True):
        read = combine(r, (operand, read), lambda a, b, s=sign: _join(r, s, a, b), at, "")
    return [read]


def _tight(r: Reads, parts: Parts) -> Readings:
    """Each ⊙ first, then the products."""
    joined: list[SignedFactor] = []
    for part in parts:
        if part.sign in INFIX:
            before = joined.pop()
            read = combine(r, (before.read, part.read), lambda a, b, s=part.sign: _join(r, s, a, b), part.at, "")
            joined.append(SignedFactor(before.sign, read, before.at))
        else:
            joined.append(part)
    return _chain(r, tuple(joined))


def _join(r: Reads, sign: str, a: TypedValue, b: TypedValue) -> TypedValue | None:
    """a ⊙ b by the rows that the sign stands for; nothing or · between a number and anything is a multiple."""
    if sign in TIMES or not sign:
        return _times(r, sign, a, b)
    for row, _ in infix_rows().get(sign, ()):
        if isinstance(row, Elementwise) or (isinstance(row, Multilinear) and row.index == "* <- *, *"):
            made = combine_entries(row.name, a, b)
        else:
            lifted = (matrix(a), matrix(b)) if a.is_number or b.is_number else ()  # 1 × 1 beside ⊗
            sides = tuple(t for t in lifted if t is not None) or (a, b)
            made = made_of(row, sides, ()) if not a.row and not b.row else None
        if made is not None:
            return made
    factor = as_number(a) or as_number(b) if sign == "∗" else None
    return multiple(factor, b if a.is_number else a) if factor else None


def _times(r: Reads, sign: str, a: TypedValue, b: TypedValue) -> TypedValue | None:
    """a b, a · b: of two columns with a dot the inner product."""
    made = multiply_typed(a, b) or (chain_gradient(a, b) if r.names.is_typed() else None)
    if made is None and sign == "·" and a.rank == b.rank == 1 and a.row == b.row:
        return angle_product(a, b)
    return made


def _chain(r: Reads, parts: Parts) -> Readings:
    """Factors side by side; which neighbours are multiplied first does not matter where both ways fit."""
    if len(parts) == 1:
        return parts[0].read
    signs = [part.sign for part in parts]
    reason = "the shapes of these factors do not fit"
    return combine(r, [p.read for p in parts], lambda *chosen: _multiply_out(r, signs, chosen), parts[0].at, reason)


def _multiply_out(r: Reads, signs: list[str], chosen: tuple[TypedValue, ...]) -> TypedValue | None:
    """The product of neighbours, from the left as far as they fit."""
    stack: list[tuple[str, TypedValue]] = []
    for sign, t in zip(signs, chosen, strict=True):
        stack.append((sign, t))
        while len(stack) > 1 and (made := _times(r, stack[-1][0], stack[-2][1], stack[-1][1])) is not None:
            stack[-2:] = [(stack[-2][0], made)]
    return stack[0][1] if len(stack) == 1 else None
