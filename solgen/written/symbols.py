"""A letter with its scripts: which of them are its name, and which an index or an operation.

`W^{(1)\\top}` is the name W with (1), transposed; `h_{1,i}` the sample i of h₁; `x_i` an entry.  Every way of dividing
the scripts is tried; names and shapes leave those that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from solgen.expr.nodes import Adj, Apply, Delta, Entry, Idx, Index, Num, Pi, Position, Shape, SizeNum, Var, shape
from solgen.expr.size import ONE, Size
from solgen.written.names import Appearance, Function
from solgen.written.positions import LetterIndex, Place, Range, position_value, read_places, take_part
from solgen.written.powers import raise_all
from solgen.written.ranges import UNKNOWN
from solgen.written.reads import Bound, Readings, Reads, unite
from solgen.written.sizes import read_axes
from solgen.written.spelling import PRIME, atom_text, plain_letter
from solgen.written.syntax import Accent, Fence, Items, Letter, Node, Phrase, Scripted, Sign, Style, Word
from solgen.written.typed import TypedValue
from solgen.written.vocabulary import letter_rows, raised_rows


@dataclass(frozen=True, slots=True)
class SplitName:
    """A name taken apart: letter, marks over it, its style, and the scripts as they stand."""

    letter: str
    marks: tuple[str, ...]
    style: Style
    sub: Items
    sup: Items
    at: int


def taken_apart(node: Node) -> SplitName | None:
    """The letter of a node with all that stands around it; None of what is no letter or word."""
    match node:
        case Letter(text, style, at) | Word(text, style, at):
            return SplitName(plain_letter(text), (), style, (), (), at)
        case Phrase(text, at):
            return SplitName(text, (), "", (), (), at)
        case Accent(mark, (body,), at):
            inner = taken_apart(body)
            return replace(inner, marks=(*inner.marks, mark), at=at) if inner else None
        case Accent(mark, body, at) if len(body) > 1 and all(isinstance(item, Letter) for item in body):
            return SplitName("".join(item.text for item in body if isinstance(item, Letter)), (mark,), "", (), (), at)
        case Scripted(base, sub, sup, primes, at):
            inner = taken_apart(base)
            ticks = (Sign(PRIME, at),) * primes
            return replace(inner, sub=(*inner.sub, *sub), sup=(*inner.sup, *ticks, *sup)) if inner else None
        case _:
            return None


def read_symbol(r: Reads, node: Node, bound: Bound) -> Readings:
    """All readings of a name with its scripts."""
    mark = taken_apart(node)
    if mark is None:
        r.blame(node.at, "this is no name")
        return ()
    whole = _whole_name(r, mark, bound)
    found = unite((whole, *_gradients(r, mark, bound))) if whole else unite(_readings(r, mark, bound))
    if not found:
        r.blame(mark.at, f"`{mark.letter}` with these scripts is nothing that is known here")
    return found if len(found) < 2 else _by_style(r, mark, found)


def _whole_name(r: Reads, mark: SplitName, bound: Bound) -> Readings:
    """The value whose name has these very scripts: b₁ is the name b₁ where there is one, and no entry of b."""
    if not mark.sub or (mark.letter in bound and not mark.marks):
        return ()
    found = []
    for look in r.names.at(mark.letter, mark.marks):
        divided = divide(look, mark)
        if isinstance(look.thing, Var) and look.sub and divided is not None and not divided[0]:
            found.append(raise_all(r, read_placed(r, look.thing, (), bound), divided[1], bound))
    return unite(found)


def _by_style(r: Reads, mark: SplitName, found: Readings) -> Readings:
    """Entries stand in italics: a bold letter is no entry, where arrays are bold, one in italics is no array."""
    values = tuple(
        t for t in found if not isinstance(t.e, Position)
    )  # an index is a number where nothing else is meant
    if 0 < len(values) < len(found):
        return _by_style(r, mark, values)
    if mark.style.startswith("bold"):
        kept = tuple(t for t in found if not isinstance(t.e, Entry | SizeNum))
        kept = tuple(t for t in kept if t.rank) or kept  # an array, where a number has this letter too
    elif r.bold:
        kept = tuple(t for t in found if not t.rank)
    else:
        return found
    return kept or found


def _readings(r: Reads, mark: SplitName, bound: Bound) -> Iterator[Readings]:
    if mark.letter in bound and not mark.marks:
        return
    for look in r.names.at(mark.letter, mark.marks):
        yield from _read_named(r, look, mark, bound)
    yield from _gradients(r, mark, bound)
    if not _is_taken(r, mark):
        yield from _special(r, mark, bound)


def names_sign(r: Reads, node: Node) -> bool:
    """Whether the file has a name that is written like this sign of ours."""
    mark = taken_apart(node)
    return mark is not None and _is_taken(r, mark)


def _is_taken(r: Reads, mark: SplitName) -> bool:
    """Whether a name of the file is this very letter, to which signs of ours give way."""
    for look in r.names.at(mark.letter, mark.marks):
        if isinstance(look.thing, Function | Idx) or (divided := divide(look, mark)) is None:
            continue
        if look.sub and not divided[0]:
            return True
        if not look.sub and mark.style != "bold upright":
            return True
    return False


# ---------------------------------------------------------------- names


def _read_named(r: Reads, look: Appearance, mark: SplitName, bound: Bound) -> Iterator[Readings]:
    divided = divide(look, mark)
    if divided is None:
        return
    sub, sup = divided
    match look.thing:
        case Var() as v:
            yield raise_all(r, read_placed(r, v, sub, bound), sup, bound)
            if v.at and sup and (member := _raised_member(sup[0])) is not None:
                yield raise_all(r, read_placed(r, v, (*member, *_apart(sub)), bound), sup[1:], bound)
        case Size() as n if not sub:
            yield raise_all(r, (TypedValue(SizeNum(n)),), sup, bound)
        case Idx() as i if not sub:
            yield raise_all(r, (TypedValue(Position(i)),), sup, bound)
        case _:
            return


def _raised_member(node: Node) -> Items | None:
    """The i of x^{(i)}, the sample i of a family."""
    match node:
        case Fence("round" | "square", body) if body:
            return body
        case _:
            return None


def _apart(sub: Items) -> Items:
    """Positions behind others, with a comma between."""
    return (Sign(",", sub[0].at), *sub) if sub else ()


def divide(look: Appearance, mark: SplitName) -> tuple[Items, Items] | None:
    """What of the scripts is left when the name has taken its own."""
    sub, sup = _drop_own(look.sub, mark.sub), _drop_own(look.sup, mark.sup)
    return None if sub is None or sup is None else (sub, sup)


def _drop_own(own: tuple[str, ...], items: Items) -> Items | None:
    """The items behind those that are the name's; commas between are the name's too."""
    wanted, k = "".join(own), 0
    while wanted and k < len(items):
        text = atom_text(items[k]) or ""
        if text != "," and (not text or not wanted.startswith(text)):
            return None
        wanted = wanted.removeprefix(text) if text != "," else wanted
        k += 1
    if wanted:
        return None
    if own and k < len(items) and atom_text(items[k]) == ",":
        k += 1
    return items[k:]


def read_placed(r: Reads, v: Var, sub: Items, bound: Bound) -> Readings:
    """A value, the member of a family, or an entry, by what is left beneath it."""
    if not sub:
        return (TypedValue(v),) if not v.at or not v.samples else ()
    found = []
    for places in read_places(r, sub, bound):
        count = len(v.at)
        own = _member(v, places[:count])
        if own is None:
            continue
        if len(places) == count:
            found.append((TypedValue(own),))
        elif (entry := take_part(TypedValue(own), places[count:])) is not None:
            found.append((entry,))
    return unite(found)


def _member(v: Var, places: tuple[Place, ...]) -> Var | None:
    """The member of a family at places; the value itself where there is no family."""
    if len(places) != len(v.at):
        return None
    at: list[Index] = []
    for place, known in zip(places, v.at, strict=True):
        match place:
            case LetterIndex(name) if isinstance(known, Idx):
                at.append(Idx(name, known.size))
            case LetterIndex() | Range():
                return None
            case _:
                at.append(place)
    return replace(v, at=tuple(at)) if v.at else v


# ---------------------------------------------------------------- gradients as marks and letters


def _gradients(r: Reads, mark: SplitName, bound: Bound) -> Iterator[Readings]:
    if mark.marks[-1:] == ("bar",) and (loss := r.names.loss_in("bar")) is not None:
        below = replace(mark, marks=mark.marks[:-1])
        for look in r.names.at(below.letter, below.marks):
            divided = divide(look, below)
            if divided is not None and isinstance(look.thing, Var):
                sub, sup = divided
                yield raise_all(r, of_loss(loss, read_placed(r, look.thing, sub, bound)), sup, bound)
    if mark.marks or not mark.sub or not r.names.is_gradient_letter(mark.letter):
        return
    if (loss := r.names.loss_in("delta")) is not None:
        for wrt in _names_beneath(r, mark.sub, bound):
            yield raise_all(r, of_loss(loss, (wrt,)), mark.sup, bound)


def _names_beneath(r: Reads, sub: Items, bound: Bound) -> Readings:
    if len(sub) != 1:
        return ()
    return tuple(t for t in r.symbol(sub[0], bound) if isinstance(t.e, Var))


def of_loss(loss: Var, wrt: Readings) -> Readings:
    """The gradients of the loss by values, or entries of them."""
    found = []
    for t in wrt:
        match t.e:
            case Var() as v:
                found.append(TypedValue(Adj(loss, v)))
            case Entry(array=Var() as v, indices=indices):
                found.append(TypedValue(Entry(Adj(loss, v), indices), deep=2))
            case _:
                pass
    return tuple(found)


# ---------------------------------------------------------------- letters with a meaning of their own


def _special(r: Reads, mark: SplitName, bound: Bound) -> Iterator[Readings]:
    """π, I, e_k, 𝟏 and 𝟎 with their sizes, Kronecker's δ, e to a power."""
    if mark.marks:
        return
    match mark.letter:
        case "π" | "pi" if not mark.sub:
            yield raise_all(r, (TypedValue(Pi()),), mark.sup, bound)
        case "δ" if mark.sub:
            yield raise_all(r, read_kronecker(r, mark.sub, bound), mark.sup, bound)
        case "1" | "0" if r.names.is_constant_style(mark.style):
            yield raise_all(r, unite(read_constant(mark.letter, axes) for axes in _sizes(r, mark)), mark.sup, bound)
        case letter if letter in raised_rows() and mark.sup and not mark.sub:
            yield _exponential(r, raised_rows()[letter].name, mark.sup, bound)
        case letter if letter in letter_rows():
            yield raise_all(r, _LETTERED[letter_rows()[letter].name](r, mark, bound), mark.sup, bound)
        case _:
            return


def read_kronecker(r: Reads, sub: Items, bound: Bound) -> Readings:
    """δ with two indices beneath it."""
    found = []
    for places in read_places(r, sub, bound):
        if len(places) == 2 and not any(isinstance(place, Range) for place in places):
            left, right = (Idx(p.name, UNKNOWN) if isinstance(p, LetterIndex) else p for p in places)
            assert not isinstance(left, Range) and not isinstance(right, Range)
            found.append(TypedValue(Delta(left, right)))
    return tuple(found)


def _size(r: Reads, name: str, default: Size) -> Size:
    return next((i.size for i in r.names.indices_called(name)), default)


def read_identity(axes: Shape) -> Readings:
    """I of a size, or of a square shape."""
    if len(axes) == 1:
        axes = (axes[0], axes[0])
    return (TypedValue(Apply("eye", (), (axes[0],), axes)),) if len(axes) == 2 and axes[0] == axes[1] else ()


def read_constant(digit: str, axes: Shape) -> Readings:
    """𝟏 or 𝟎 of a shape; of one column it is a vector."""
    if len(axes) == 2 and axes[1] == ONE:
        axes = axes[:1]
    return (TypedValue(Apply("fill", (Num(Fraction(digit)),), axes, axes), deep=2),) if axes else ()


def _identity(r: Reads, mark: SplitName, bound: Bound) -> Readings:
    """I of every size that it may have."""
    return unite(map(read_identity, _sizes(r, mark)))


def _unit(r: Reads, mark: SplitName, bound: Bound) -> Readings:
    """e with its position, of every size that the names have: the surroundings leave the one that fits."""
    found = []
    for places in read_places(r, mark.sub, bound) if mark.sub else ():
        if len(places) != 1 or isinstance(places[0], Range):
            continue
        for size in _lengths(r):
            index = (
                Idx(places[0].name, _size(r, places[0].name, size)) if isinstance(places[0], LetterIndex) else places[0]
            )
            found.append(TypedValue(Apply("basis", (position_value(index),), (size,), (size,)), deep=2))
    return tuple(found)


def _sizes(r: Reads, mark: SplitName) -> tuple[Shape, ...]:
    """The shape beneath a sign; where there is none, every size that the surroundings may need."""
    return (read_axes(r.names, mark.sub),) if mark.sub else tuple((n,) for n in _lengths(r))


def _lengths(r: Reads) -> tuple[Size, ...]:
    """The sizes of the axes of all names; where there are no names, all sizes."""
    return r.names.axes() or r.names.all_sizes()


def _exponential(r: Reads, op: str, sup: Items, bound: Bound) -> Readings:
    exponents = r.sum(sup, bound)
    return tuple(TypedValue(Apply(op, (t.e,), (), shape(t.e)), t.row, t.deep + 1) for t in exponents)


_LETTERED: Mapping[str, Callable[[Reads, SplitName, Bound], Readings]] = MappingProxyType(
    {"basis": _unit, "eye": _identity}
)  # what a letter with its script is a value of: a row without an entry here fails where the table is read
