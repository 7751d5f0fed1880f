"""Products: what stands side by side or with a sign between, and how far a quotient and a function reach.

Juxtaposition binds closer than ⊙; where that matters both are read.  After `a/b` on one line, and after a function
without brackets, one factor or all that follow may be meant: both are read, and shapes and values decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from solgen.expr.ops.row import Elementwise, Multilinear
from solgen.written.calls import (
    Head,
    apply_heads,
    arguments,
    head_of,
    heads,
    inside_bars,
    is_bracket,
    joined_words,
    loss_gradient,
    made_of,
)
from solgen.written.derivatives import is_nabla, read_derivative, read_nabla
from solgen.written.factors import divided, inner
from solgen.written.indicators import is_indicator, read_indicator
from solgen.written.names import Function
from solgen.written.powers import raise_all
from solgen.written.reads import Bound, Readings, Reads, combine, united
from solgen.written.sums import is_big_sum, read_big_sum
from solgen.written.symbols import taken_apart
from solgen.written.syntax import Digits, Fence, Items, Node, Scripted, Sign
from solgen.written.typed import Typed, entrywise, multiple, negated, product, scalar
from solgen.written.unreadable import Unreadable
from solgen.written.vocabulary import between
from solgen.written.words import spelled_words

TIMES = frozenset("·×")
INFIX = frozenset("⊙∘⊘⊗⋆∗")
SLASHES = frozenset("/÷")
LONGEST = 150  # factors of one product


@dataclass(frozen=True, slots=True)
class Part:
    """A factor with the sign before it, empty where there is none; `head` where it is a function without argument."""

    sign: str
    read: Readings
    at: int
    head: tuple[Head, ...] = ()
    numeral: bool = False


Parts = tuple[Part, ...]


def read_term(r: Reads, items: Items, bound: Bound) -> Readings:
    """A product."""
    if not items:
        r.blame(0, "a factor is missing")
        return ()
    parts = _parts(r, spelled_words(items), bound)
    if len(parts) > LONGEST:
        raise Unreadable(f"a product of more than {LONGEST} factors is not read", parts[LONGEST].at)
    return _grouped(r, parts)


# ---------------------------------------------------------------- from nodes to factors


def _parts(r: Reads, items: Items, bound: Bound) -> Parts:
    found: list[Part] = []
    sign, minus, k = "", False, 0
    while k < len(items):
        node = items[k]
        if isinstance(node, Sign) and node.text in TIMES | INFIX | SLASHES:
            if sign or not found:
                raise Unreadable(f"`{node.text}` stands where it has no meaning", node.at, expected="a factor")
            sign, k = node.text, k + 1
            continue
        if isinstance(node, Sign) and node.text in "+−":
            minus, k = minus != (node.text == "−"), k + 1
            continue
        part, k = _part(r, items, k, sign, bound)
        found.append(Part(sign, tuple(map(negated, part.read)), part.at) if minus else part)
        sign, minus = "", False
    if sign or minus:
        raise Unreadable("a factor is missing", items[-1].at, expected="a factor")
    return tuple(found)


def _part(r: Reads, items: Items, k: int, sign: str, bound: Bound) -> tuple[Part, int]:
    """The factor that begins at a node, and where the next one begins."""
    node, after = items[k], items[k + 1] if k + 1 < len(items) else None
    if is_big_sum(node):
        return Part(sign, read_big_sum(r, node, items[k + 1 :], bound), node.at), len(items)
    if is_nabla(node) and after is not None:
        return _nabla(r, items, k, sign, bound)
    if (slashed := _slashed_derivative(items, k)) is not None:
        top, bottom, end = slashed
        if end < len(items) and not isinstance(items[end], Sign):
            r.remark(node.at, "a derivative on one line before a factor")
        return Part(sign, read_derivative(r, top, bottom, bound), node.at), end
    if is_indicator(node, after):
        read, used = read_indicator(r, node, after, bound)
        return Part(sign, read, node.at), k + used
    return _applied(r, items, k, sign, bound)


def _slashed_derivative(items: Items, k: int) -> tuple[Items, Items, int] | None:
    """∂L/∂x or ∂²L/∂x∂y on one line: what is above, below, and where it ends."""
    match items[k : k + 5]:
        case (top, y, Sign("/"), bottom, _) if _is_partial(top) and _is_partial(bottom):
            end = k + 5
            while end + 1 < len(items) and _is_partial(items[end]) and _is_second(top):
                end += 2
            return (top, y), items[k + 3 : end], end
        case _:
            return None


def _is_second(node: Node) -> bool:
    return isinstance(node, Scripted)


def _is_partial(node: Node) -> bool:
    match node:
        case Sign("∂") | Scripted(Sign("∂"), (), (Digits(),)):
            return True
        case _:
            return False


def _nabla(r: Reads, items: Items, k: int, sign: str, bound: Bound) -> tuple[Part, int]:
    """∇ℓ(x) of a function, or ∇_x L, which ends with the name of what is differentiated."""
    node, after = items[k], items[k + 1]
    found = [h for h in heads(r, after) if isinstance(h.of, Function) and not h.of.scalar and not h.order]
    if not isinstance(node, Scripted) and found and k + 2 < len(items) and is_bracket(items[k + 2]):
        (x,) = arguments(r, _bracket(items[k + 2]), bound)[:1]
        name = found[0].of.name if isinstance(found[0].of, Function) else ""
        read = raise_all(r, tuple(loss_gradient(name, t) for t in x), _behind(items[k + 2]), bound)
        return Part(sign, read, node.at), k + 3
    rest = items[k + 2 :]
    if rest and not isinstance(rest[0], Sign):
        r.remark(node.at, "a ∇ before several factors")
    return Part(sign, read_nabla(r, node, after, bound), node.at), k + 2


def _applied(r: Reads, items: Items, k: int, sign: str, bound: Bound) -> tuple[Part, int]:
    """A function with its brackets, or without; else a value."""
    node, after = items[k], items[k + 1] if k + 1 < len(items) else None
    if (joined := joined_words(node, after)) is not None and after is not None:
        return _called(r, (head_of(joined, after),), (), items, k + 2, node, sign, bound)
    if (barred := inside_bars(node, after)) is not None:
        found, body = barred
        return Part(sign, apply_heads(r, (head_of(found),), [r.sum(body, bound)], node.at, bound), node.at), k + 2
    functions = heads(r, node)
    if not functions:
        return Part(sign, r.factor(node, bound), node.at, numeral=isinstance(node, Digits)), k + 1
    values = _values_too(r, node, bound)
    return _called(r, functions, values, items, k + 1, node, sign, bound)


def _values_too(r: Reads, node: Node, bound: Bound) -> Readings:
    """What a name is as a value, where it is a function as well."""
    mark = taken_apart(node)
    looks = r.names.at(mark.letter, mark.marks) if mark else ()
    return r.symbol(node, bound) if any(not isinstance(look.thing, Function) for look in looks) else ()


def _called(
    r: Reads, found: tuple[Head, ...], values: Readings, items: Items, k: int, node: Node, sign: str, bound: Bound
) -> tuple[Part, int]:
    after = items[k] if k < len(items) else None
    if after is None or not is_bracket(after):
        return Part(sign, values, node.at, found if not values else ()), k
    fence = _bracket(after)
    called = apply_heads(r, found, arguments(r, fence, bound), node.at, bound)
    called = _scripted_call(r, called, after, bound)
    if values:
        whole = combine(r, (values, r.factor(after, bound)), product, node.at, "")
        called = united((called, whole))
    return Part(sign, called, node.at), k + 1


def _scripted_call(r: Reads, called: Readings, after: Node, bound: Bound) -> Readings:
    return raise_all(r, called, _behind(after), bound)


def _bracket(node: Node) -> Fence:
    inside = node.base if isinstance(node, Scripted) else node
    assert isinstance(inside, Fence)
    return inside


def _behind(node: Node) -> Items:
    """What stands higher behind a bracket."""
    return (*(Sign("′", node.at),) * node.primes, *node.sup) if isinstance(node, Scripted) else ()


# ---------------------------------------------------------------- groups


def _grouped(r: Reads, parts: Parts) -> Readings:
    slash = next((k for k in range(len(parts) - 1, -1, -1) if parts[k].sign in SLASHES), 0)
    if slash:
        return _slashed(r, parts, slash)
    head = next((k for k, part in enumerate(parts) if part.head), None)
    if head is not None:
        return _prefixed(r, parts, head)
    if any(part.sign in INFIX for part in parts):
        return _infixed(r, parts)
    return _chained(r, parts)


def _first(parts: Parts) -> Parts:
    """The same, the first without a sign before it."""
    head, *rest = parts
    return (Part("", head.read, head.at, head.head, head.numeral), *rest)


def _run(parts: Parts) -> int:
    """How many factors stand side by side without a sign of another kind."""
    return next((k for k, part in enumerate(parts) if k and part.sign in INFIX | SLASHES), len(parts))


def _slashed(r: Reads, parts: Parts, slash: int) -> Readings:
    """a/b c: (a/b) c, or a/(b c); a/b/c: (a/b)/c, or a/(b/c)."""
    first = next(k for k, part in enumerate(parts) if part.sign in SLASHES)
    if first < slash:
        sides = (_grouped(r, parts[:first]), _grouped(r, _first(parts[first:])))
        other = combine(r, sides, divided, parts[first].at, "this cannot be divided by that")
        return united((_divided_last(r, parts, slash), other))
    return _divided_last(r, parts, slash)


def _divided_last(r: Reads, parts: Parts, slash: int) -> Readings:
    """What stands before the last slash over what follows it: one factor, or all."""
    above, rest = _grouped(r, parts[:slash]), _first(parts[slash:])
    found, end = [], _run(rest)
    for stop in {_reach(rest), end}:
        below = _grouped(r, rest[:stop])
        read = combine(r, (above, below), divided, rest[0].at, "this cannot be divided by that")
        whole = (Part("", read, parts[0].at), *rest[stop:])
        found.append(_grouped(r, whole) if read else ())
    return united(found)


def _reach(rest: Parts) -> int:
    """The one factor after a slash, with the argument of a function."""
    stop = 1
    while rest[stop - 1].head and stop < len(rest):
        stop += 1
    return stop


def _prefixed(r: Reads, parts: Parts, head: int) -> Readings:
    """log a b: of the next factor, or of all; a number before a letter belongs to the argument, sin 2x."""
    rest = parts[head + 1 :]
    if not rest or rest[0].sign not in ("", *TIMES):
        r.blame(parts[head].at, "this function has no argument")
        return ()
    found, end = [], _run(_first(rest))
    start = min(end, 2) if rest[0].numeral else _reach(rest)
    for stop in {start, end}:
        argument = _grouped(r, _first(rest[:stop]))
        read = apply_heads(r, parts[head].head, [argument], parts[head].at, frozenset()) if argument else ()
        whole = (*parts[:head], Part(parts[head].sign, read, parts[head].at), *rest[stop:])
        found.append(_grouped(r, whole) if read else ())
    return united(found)


def _infixed(r: Reads, parts: Parts) -> Readings:
    """a ⊙ b c: the products first, or ⊙ first, or from the left, where that makes a difference."""
    runs = _runs(parts)
    loose = [_chained(r, _first(run)) for run in runs]
    signs = [run[0].sign for run in runs[1:]]
    found = [_from_left(r, loose, signs, parts[0].at), *_from_right(r, loose, signs, parts[0].at)]
    if any(len(run) > 1 for run in runs):
        found.append(_tight(r, parts))
        found.append(_from_left(r, [p.read for p in parts], [p.sign for p in parts[1:]], parts[0].at))
    return united(found)


def _runs(parts: Parts) -> list[Parts]:
    """The stretches between infix signs."""
    starts = [0, *(k for k, part in enumerate(parts) if k and part.sign in INFIX), len(parts)]
    return [parts[a:b] for a, b in pairwise(starts)]


def _from_left(r: Reads, operands: list[Readings], signs: list[str], at: int) -> Readings:
    read = operands[0]
    for sign, operand in zip(signs, operands[1:], strict=True):
        read = combine(
            r, (read, operand), lambda a, b, s=sign: _joined(s, a, b), at, f"the shapes beside `{sign}` differ"
        )
    return read


def _from_right(r: Reads, operands: list[Readings], signs: list[str], at: int) -> list[Readings]:
    """The other way round, where different signs stand in a row."""
    if len(set(signs)) < 2 and "⊘" not in signs:
        return []
    read = operands[-1]
    for sign, operand in zip(reversed(signs), reversed(operands[:-1]), strict=True):
        read = combine(r, (operand, read), lambda a, b, s=sign: _joined(s, a, b), at, "")
    return [read]


def _tight(r: Reads, parts: Parts) -> Readings:
    """Each ⊙ first, then the products."""
    joined: list[Part] = []
    for part in parts:
        if part.sign in INFIX:
            before = joined.pop()
            read = combine(r, (before.read, part.read), lambda a, b, s=part.sign: _joined(s, a, b), part.at, "")
            joined.append(Part(before.sign, read, before.at))
        else:
            joined.append(part)
    return _chained(r, tuple(joined))


def _joined(sign: str, a: Typed, b: Typed) -> Typed | None:
    """a ⊙ b by the rows that the sign stands for; nothing or · between a number and anything is a multiple."""
    if sign in TIMES or not sign:
        return _times(sign, a, b)
    for row, _ in between().get(sign, ()):
        if isinstance(row, Elementwise) or (isinstance(row, Multilinear) and row.index == "* <- *, *"):
            made = entrywise(row.name, a, b)
        else:
            made = made_of(row, (a, b), ()) if not a.row and not b.row else None
        if made is not None:
            return made
    factor = scalar(a) or scalar(b) if sign == "∗" else None
    return multiple(factor, b if a.is_number else a) if factor else None


def _times(sign: str, a: Typed, b: Typed) -> Typed | None:
    """a b, a · b: of two columns with a dot the inner product."""
    made = product(a, b)
    if made is None and sign == "·" and a.rank == b.rank == 1 and a.row == b.row:
        return inner(a, b)
    return made


def _chained(r: Reads, parts: Parts) -> Readings:
    """Factors side by side; which neighbours are multiplied first does not matter where both ways fit."""
    if len(parts) == 1:
        return parts[0].read
    signs = [part.sign for part in parts]
    reason = "the shapes of these factors do not fit"
    return combine(r, [p.read for p in parts], lambda *chosen: _folded(signs, chosen), parts[0].at, reason)


def _folded(signs: list[str], chosen: tuple[Typed, ...]) -> Typed | None:
    """The product of neighbours, from the left as far as they fit."""
    stack: list[tuple[str, Typed]] = []
    for sign, t in zip(signs, chosen, strict=True):
        stack.append((sign, t))
        while len(stack) > 1 and (made := _times(stack[-1][0], stack[-2][1], stack[-1][1])) is not None:
            stack[-2:] = [(stack[-2][0], made)]
    return stack[0][1] if len(stack) == 1 else None
