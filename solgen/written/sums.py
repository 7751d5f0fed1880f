"""Sums and differences, and Σ over an index: where a term ends, and how far a Σ reaches.

A Σ reaches to the next + or − beside it (Graham, Knuth, Patashnik, Concrete Mathematics, section 2.1), unless what
follows there needs its index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from solgen.expr.nodes import Expr, Idx, Index, Sum, Var
from solgen.expr.size import ONE, Size
from solgen.expr.walk import free_indices, reindex
from solgen.written.positions import read_places, read_size
from solgen.written.ranges import UNKNOWN, give_range
from solgen.written.reads import Bound, Readings, Reads, combine, split_at_signs, unite
from solgen.written.series import member, read_series
from solgen.written.signs import DOTS
from solgen.written.spelling import atom_text
from solgen.written.syntax import Digits, Fence, Items, Node, Scripted, Sign
from solgen.written.typed import TypedValue, add_terms, negate_typed
from solgen.written.unreadable import Unreadable

OPERATORS = frozenset("· × ⊙ ∘ ⊗ ⋆ ∗ ⊘ ÷ /".split())
COMMA = frozenset(",")
LIMITED = frozenset("=≠")  # between the letters of a Σ and what it says of them
WIDEST = 8  # sums of one formula that could reach further than to the next sign

Term = tuple[str, Items]  # its sign, + or −, and what stands there


def read_sum(r: Reads, items: Items, bound: Bound) -> Readings:
    """a + b − c."""
    terms = _terms(items)
    if not terms:
        r.blame(items[0].at if items else 0, "nothing stands here")
        return ()
    readings = []
    if not _leaves_unbound(r, terms, bound):
        readings.append(_add(r, terms, bound))
    readings += [_add(r, wide, bound) for wide in _wider(terms)]
    return unite(readings)


def _terms(items: Items) -> list[Term]:
    found: list[Term] = []
    sign, start = "+", 0
    for k, item in enumerate(items):
        if not isinstance(item, Sign) or item.text not in ("+", "−"):
            continue
        if k > start and _is_operator(items[k - 1]):
            continue  # a · −b
        if k > start:
            found.append((sign, items[start:k]))
        elif k:  # − − a
            return []
        sign, start = item.text, k + 1
    return [*found, (sign, items[start:])] if start < len(items) else []


def _is_operator(node: Node) -> bool:
    return isinstance(node, Sign) and node.text in OPERATORS


def _add(r: Reads, terms: list[Term], bound: Bound) -> Readings:
    if (dots := next((k for k, (_, items) in enumerate(terms) if is_dots(items)), 0)) and dots + 1 < len(terms):
        return _added_with_dots(r, terms, dots, bound)
    parts = [_apply_sign(r, term, bound) for term in terms]
    at = terms[0][1][0].at
    if len(parts) == 1:
        return parts[0]
    return combine(r, parts, lambda *chosen: add_terms(chosen), at, "the shapes of these terms differ")


def _apply_sign(r: Reads, term: Term, bound: Bound) -> Readings:
    sign, items = term
    read = r.term(items, bound)
    return tuple(map(negate_typed, read)) if sign == "−" else read


def _added_with_dots(r: Reads, terms: list[Term], dots: int, bound: Bound) -> Readings:
    """a₁ + … + aₙ, or a₁ + a₂ + … + aₙ, with further terms before and after."""
    last = r.term(terms[dots + 1][1], bound)
    for start in (dots - 2, dots - 1):
        if start < 0 or terms[start][0] != terms[dots + 1][0]:
            continue
        second = r.term(terms[dots - 1][1], bound) if start == dots - 2 else ()
        read = combine(r, (r.term(terms[start][1], bound), last), _total, terms[start][1][0].at, "")
        read = tuple(t for t in read if not second or _follows(t, second))
        if not read:
            continue
        parts = [read if terms[start][0] == "+" else tuple(map(negate_typed, read))]
        parts += [_apply_sign(r, term, bound) for term in (*terms[:start], *terms[dots + 2 :])]
        return combine(r, parts, lambda *chosen: add_terms(chosen), terms[start][1][0].at, "the shapes differ")
    r.blame(terms[dots][1][0].at, "what the dots stand for is not known")
    return ()


def _total(first: TypedValue, last: TypedValue) -> TypedValue | None:
    e = read_series(first.e, last.e)
    return TypedValue(e, first.row, first.deep + 1) if e else None


def _follows(t: TypedValue, second: Readings) -> bool:
    assert isinstance(t.e, Sum)
    return any(s.e == member(t.e.index, t.e.body, 1) for s in second)


def is_dots(items: Items) -> bool:
    """Whether a term is dots alone."""
    match items:
        case (Sign(sign),):
            return sign in DOTS
        case _:
            return False


# ---------------------------------------------------------------- Σ


def is_big_sum(node: Node) -> bool:
    """Whether a node is Σ, with or without limits."""
    match node:
        case Sign("∑") | Scripted(Sign("∑")):
            return True
        case _:
            return False


def read_big_sum(r: Reads, sign: Node, body: Items, bound: Bound) -> Readings:
    """Σ with its limits, over all that follows in its term."""
    letters, upper = _limits(r, sign, body, bound)
    if not body:
        r.blame(sign.at, "nothing follows the Σ")
        return ()
    if bound & frozenset(letters):
        r.remark(sign.at, "a letter is bound twice")
    inner = r.term(body, bound | frozenset(letters))
    left_out = _left_out(r, sign, bound)

    def sum_over(t: TypedValue) -> TypedValue | None:
        e: Expr = t.e
        for letter in reversed(letters):
            index = _index(r, letter, e, upper)
            if index is None:
                return None
            e = Sum(index, give_range(e, letter, index.size))
        whole = replace(t, e=e, deep=t.deep + len(letters))
        return whole if left_out is None else _leave_out(whole, left_out)

    return combine(r, (inner,), sum_over, sign.at, "the range of this sum is not known")


def _leave_out(whole: TypedValue, place: Index) -> TypedValue | None:
    """A sum without its term at one place: Σ_{j ≠ k}."""
    assert isinstance(whole.e, Sum)
    left_out = replace(whole, e=reindex(whole.e.body, {whole.e.index: place}))
    return add_terms((whole, negate_typed(left_out)))


def _left_out(r: Reads, sign: Node, bound: Bound) -> Index | None:
    """The place that a Σ leaves out, behind a ≠; None where it leaves out none."""
    sides = split_at_signs(sign.sub, LIMITED) if isinstance(sign, Scripted) else []
    if not any(relation == "≠" for relation, _ in sides):
        return None
    places = read_places(r, sides[1][1], bound) if len(sides) == 2 else []
    if len(places) == 1 and len(places[0]) == 1 and isinstance(place := places[0][0], Var | Size):
        return place
    raise Unreadable("what this sum leaves out is not read", sign.at, expected="one place")


def _index(r: Reads, letter: str, body: Expr, upper: Size | None) -> Idx | None:
    """The index with its size: the limit, or what it runs over in the body, or in the document."""
    found = {i.size for i in free_indices(body) if i.name == letter} - {UNKNOWN}
    if upper is not None:
        return Idx(letter, upper) if found <= {upper} else None
    found = found or {i.size for i in r.names.indices_called(letter)}
    return Idx(letter, found.pop()) if len(found) == 1 else None


def _limits(r: Reads, sign: Node, body: Items, bound: Bound) -> tuple[tuple[str, ...], Size | None]:
    """The letters that a Σ binds, and where they end, if it says; without any, the one index that follows."""
    if not isinstance(sign, Scripted):
        free = _indices_used(r, body) - bound
        if len(free) == 1:
            return tuple(free), None
    if not isinstance(sign, Scripted) or not sign.sub:
        raise Unreadable("a Σ without an index", sign.at, expected="a subscript")
    sides = split_at_signs(sign.sub, LIMITED)
    letters = tuple(_letter(part, sign) for _, part in split_at_signs(sides[0][1], COMMA))
    if (
        len(letters) == 1
        and len(sides[0][1]) > 1
        and COMMA.isdisjoint(s.text for s in sides[0][1] if isinstance(s, Sign))
    ):
        letters = tuple(_letter((item,), sign) for item in sides[0][1])
    first = _first(sides, sign)
    if not sign.sup:
        return letters, None
    last = read_size(r.names, sign.sup)
    if last is None:
        raise Unreadable("where this sum ends is not known", sign.sup[0].at, expected="a size")
    return letters, last - first + ONE


def _first(sides: list[tuple[str, Items]], sign: Node) -> Size:
    match [items for relation, items in sides[1:] if relation == "="]:
        case []:
            return ONE
        case [(Digits("0" | "1" as text),)]:
            return Size.of(int(text))
        case _:
            raise Unreadable("a sum begins at 1 (or 0)", sign.at)


def _letter(items: Items, sign: Node) -> str:
    text = index_name(items[0]) if len(items) == 1 else None
    if text is None:
        text = "".join(filter(None, (index_name(item) for item in items))) if len(items) > 1 else None
    if not text:
        raise Unreadable("what this sum runs over is not read", sign.at, expected="an index")
    return text


def index_name(node: Node) -> str | None:
    """The name of an index, with its primes."""
    match node:
        case Scripted(base, (), (), primes):
            inner = atom_text(base)
            return None if inner is None else inner + "'" * primes
        case _:
            return atom_text(node)


# ---------------------------------------------------------------- how far a Σ reaches


def _bound_here(items: Items) -> frozenset[str]:
    """The letters that the Σ's of a term bind."""
    found: set[str] = set()
    for item in items:
        if isinstance(item, Scripted) and is_big_sum(item):
            named = [index_name(part) for part in split_at_signs(item.sub, LIMITED)[0][1]]
            found |= {name for name in named if name and name != ","}
    return frozenset(found)


def _letters_in(items: Items) -> frozenset[str]:
    """What stands in the subscripts at this level and within its brackets, and no Σ here binds."""
    found: set[str] = set()
    own: frozenset[str] = frozenset()
    for item in items:
        match item:
            case Scripted() if is_big_sum(item):
                own |= _bound_here((item,))
            case Scripted(base, sub):
                found |= {text for s in sub if (text := atom_text(s)) is not None} | _letters_in((base,))
                found -= own
            case Fence(body=body):
                found |= _letters_in(body) - own
            case _:
                pass
    return frozenset(found)


def _indices_used(r: Reads, body: Items) -> frozenset[str]:
    """The letters beneath names here that are indices and nothing else."""
    letters = (text for text in _letters_in(body) if len(text) == 1 and text.isalpha())
    return frozenset(text for text in letters if all(isinstance(k.thing, Idx) for k in r.names.at(text, ())))


def _reaches(terms: list[Term]) -> Iterator[tuple[int, frozenset[str], int]]:
    """For each term with a Σ whose index later terms use: its place, those letters, the last such term."""
    if not any(is_big_sum(item) for _, items in terms[:-1] for item in items):
        return iter(())
    last: dict[str, int] = {}
    found: list[tuple[int, frozenset[str], int]] = []
    for k in range(len(terms) - 1, -1, -1):
        letters = frozenset(letter for letter in _bound_here(terms[k][1]) if letter in last)
        if letters:
            found.append((k, letters, max(last[letter] for letter in letters)))
        for letter in _letters_in(terms[k][1]):
            last.setdefault(letter, k)
    return iter(found[::-1])


def _leaves_unbound(r: Reads, terms: list[Term], bound: Bound) -> bool:
    """Whether a later term uses an index that a Σ binds before it, and nothing else gives it a meaning."""
    letters = {letter for _, used, _ in _reaches(terms) for letter in used - bound}
    return any(not r.names.indices_called(letter) for letter in sorted(letters))


def _wider(terms: list[Term]) -> list[list[Term]]:
    """The same terms with a Σ that reaches over the later ones that use its index."""
    found: list[list[Term]] = []
    for k, _, last in _reaches(terms):
        if len(found) == WIDEST:
            raise Unreadable("too many sums here could reach further", terms[k][1][0].at, expected="brackets")
        sign, items = terms[k]
        start = next(n for n, item in enumerate(items) if is_big_sum(item)) + 1
        body = list(items[start:])
        for more, later in terms[k + 1 : last + 1]:
            body += [Sign(more, later[0].at), *later]
        whole = (*items[:start], Fence("round", tuple(body), items[start - 1].at))
        found.append([*terms[:k], (sign, whole), *terms[last + 1 :]])
    return found
