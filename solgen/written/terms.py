"""Products: the factors that stand side by side or with a sign between, each with its readings."""

from __future__ import annotations

from solgen.written.calls import (
    Head,
    apply_heads,
    head_of,
    heads,
    inside_bars,
    is_bracket,
    loss_gradient,
    read_arguments,
    read_joined_words,
)
from solgen.written.derivatives import is_nabla, read_derivative, read_nabla
from solgen.written.groups import INFIX, SLASHES, TIMES, Parts, SignedFactor, group_factors
from solgen.written.indicators import is_indicator, read_indicator
from solgen.written.names import Function
from solgen.written.positions import read_places, take_part
from solgen.written.powers import raise_all
from solgen.written.reads import Bound, Readings, Reads, combine, unite
from solgen.written.sums import is_big_sum, read_big_sum
from solgen.written.symbols import taken_apart
from solgen.written.syntax import Digits, Fence, Items, Node, Scripted, Sign
from solgen.written.typed import multiply_typed, negate_typed
from solgen.written.unreadable import Unreadable
from solgen.written.words import named_words, spelled_words

LONGEST = 150  # factors of one product


def read_term(r: Reads, items: Items, bound: Bound) -> Readings:
    """A product."""
    if not items:
        r.blame(0, "a factor is missing")
        return ()
    parts = _parts(r, named_words(r, spelled_words(items)), bound)
    if len(parts) > LONGEST:
        raise Unreadable(f"a product of more than {LONGEST} factors is not read", parts[LONGEST].at)
    return group_factors(r, parts)


# ---------------------------------------------------------------- from nodes to factors


def _parts(r: Reads, items: Items, bound: Bound) -> Parts:
    found: list[SignedFactor] = []
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
        one, k = _part(r, items, k, sign, bound)
        found.append(SignedFactor(sign, tuple(map(negate_typed, one.read)), one.at) if minus else one)
        sign, minus = "", False
    if sign or minus:
        raise Unreadable("a factor is missing", items[-1].at, expected="a factor")
    return tuple(found)


def _part(r: Reads, items: Items, k: int, sign: str, bound: Bound) -> tuple[SignedFactor, int]:
    """The factor that begins at a node, and where the next one begins."""
    node, after = items[k], items[k + 1] if k + 1 < len(items) else None
    if is_big_sum(node):
        return SignedFactor(sign, read_big_sum(r, node, items[k + 1 :], bound), node.at), len(items)
    if is_nabla(node) and after is not None:
        return _nabla(r, items, k, sign, bound)
    if (slashed := _slashed_derivative(items, k)) is not None:
        top, bottom, end = slashed
        if end < len(items) and not isinstance(items[end], Sign):
            r.remark(node.at, "a derivative on one line before a factor")
        return SignedFactor(sign, read_derivative(r, top, bottom, bound), node.at), end
    if is_indicator(node, after):
        read, used = read_indicator(r, node, after, bound)
        return SignedFactor(sign, read, node.at), k + used
    return _read_application(r, items, k, sign, bound)


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


def _nabla(r: Reads, items: Items, k: int, sign: str, bound: Bound) -> tuple[SignedFactor, int]:
    """∇ℓ(x) of a function, or ∇_x L, which ends with the name of what is differentiated."""
    node, after = items[k], items[k + 1]
    found = [h for h in heads(r, after) if isinstance(h.of, Function) and not h.of.scalar and not h.order]
    if not isinstance(node, Scripted) and found and k + 2 < len(items) and is_bracket(items[k + 2]):
        (x,) = read_arguments(r, _bracket(items[k + 2]), bound)[:1]
        name = found[0].of.name if isinstance(found[0].of, Function) else ""
        read = raise_all(r, tuple(loss_gradient(name, t) for t in x), _behind(items[k + 2]), bound)
        return SignedFactor(sign, read, node.at), k + 3
    rest = items[k + 2 :]
    if rest and not isinstance(rest[0], Sign):
        r.remark(node.at, "a ∇ before several factors")
    return SignedFactor(sign, read_nabla(r, node, after, bound), node.at), k + 2


def _read_application(r: Reads, items: Items, k: int, sign: str, bound: Bound) -> tuple[SignedFactor, int]:
    """A function with its brackets, or without; else a value."""
    node, after = items[k], items[k + 1] if k + 1 < len(items) else None
    if (joined := read_joined_words(node, after)) is not None and after is not None:
        return _read_call(r, (head_of(joined, after),), (), items, k + 2, node, sign, bound)
    if (barred := inside_bars(node, after)) is not None:
        found, body = barred
        return SignedFactor(
            sign, apply_heads(r, (head_of(found),), [r.sum(body, bound)], node.at, bound), node.at
        ), k + 2
    functions = heads(r, node)
    if not functions:
        return SignedFactor(sign, r.factor(node, bound), node.at, numeral=isinstance(node, Digits)), k + 1
    values = _values_too(r, node, bound)
    return _read_call(r, functions, values, items, k + 1, node, sign, bound)


def _values_too(r: Reads, node: Node, bound: Bound) -> Readings:
    """What a name is as a value, where it is a function as well."""
    mark = taken_apart(node)
    looks = r.names.at(mark.letter, mark.marks) if mark else ()
    return r.symbol(node, bound) if any(not isinstance(look.thing, Function) for look in looks) else ()


def _read_call(
    r: Reads, found: tuple[Head, ...], values: Readings, items: Items, k: int, node: Node, sign: str, bound: Bound
) -> tuple[SignedFactor, int]:
    after = items[k] if k < len(items) else None
    if after is None or not (is_bracket(after) or _has_places(after)):
        return SignedFactor(sign, values, node.at, found if not values else ()), k
    fence = _bracket(after)
    called = apply_heads(r, found, read_arguments(r, fence, bound), node.at, bound)
    if _has_places(after):
        called = _entries(r, called, after, bound)
    called = _scripted_call(r, called, after, bound)
    if values:
        whole = combine(r, (values, r.factor(after, bound)), multiply_typed, node.at, "")
        called = unite((called, whole))
    return SignedFactor(sign, called, node.at), k + 1


def _has_places(node: Node) -> bool:
    """Whether a bracket has places beneath it: softmax(z)_k is an entry of the value."""
    match node:
        case Scripted(Fence("round" | "square"), (_, *_)):
            return True
        case _:
            return False


def _entries(r: Reads, called: Readings, after: Node, bound: Bound) -> Readings:
    """The entries of a function's values at the places beneath its brackets."""
    assert isinstance(after, Scripted)
    found = (take_part(t, places) for t in called for places in read_places(r, after.sub, bound))
    return tuple(t for t in found if t is not None)


def _scripted_call(r: Reads, called: Readings, after: Node, bound: Bound) -> Readings:
    return raise_all(r, called, _behind(after), bound)


def _bracket(node: Node) -> Fence:
    inside = node.base if isinstance(node, Scripted) else node
    assert isinstance(inside, Fence)
    return inside


def _behind(node: Node) -> Items:
    """What stands higher behind a bracket."""
    return (*(Sign("′", node.at),) * node.primes, *node.sup) if isinstance(node, Scripted) else ()
