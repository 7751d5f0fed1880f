"""Functions of what stands behind them: `tanh(z)`, `log p`, `φ′(z)`, `softmax_rows(Z)`, indicators.

What a name stands for is a function of the file, or every operation whose row has that name; how many arguments there
are and their shapes decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from solgen.expr.nodes import Shape, shape
from solgen.expr.ops.row import Callee, Elementwise, Row, ShapeError
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Named
from solgen.expr.size import ONE, Size
from solgen.written.names import Function
from solgen.written.powers import raise_entries
from solgen.written.reads import Bound, Readings, Reads, combine, split_at_signs, unite
from solgen.written.spelling import PRIME, atom_text
from solgen.written.symbols import SplitName, divide, taken_apart
from solgen.written.syntax import Digits, Fence, Items, Letter, Node, Phrase, Scripted
from solgen.written.typed import TypedValue, apply_operation, as_number, matrix, vector
from solgen.written.vocabulary import named_rows

COMMA = frozenset(",")
DIRECTIONS = {"rows": 1, "row": 1, "cols": 0, "columns": 0, "col": 0, "column": 0}


@dataclass(frozen=True, slots=True)
class Head:
    """A function before its argument: what it is, how often it is differentiated, a power of its value."""

    of: Function | tuple[Row, Named]
    order: int = 0
    below: Items = ()
    power: Items = ()


def heads(r: Reads, node: Node) -> tuple[Head, ...]:
    """The functions that a node can name; none where it is a value alone."""
    mark = taken_apart(node)
    if mark is None or isinstance(node, Phrase):
        return ()
    own = tuple(_own(r, mark))
    return own or tuple(_of_the_table(mark))


def _own(r: Reads, mark: SplitName) -> Iterator[Head]:
    for look in r.names.at(mark.letter, mark.marks):
        divided = divide(look, mark) if isinstance(look.thing, Function) else None
        if divided is not None and isinstance(look.thing, Function):
            order, power = _order(divided[1])
            yield Head(look.thing, order, divided[0], power)


def _of_the_table(mark: SplitName) -> Iterator[Head]:
    if mark.marks:
        return
    order, power = _order(mark.sup)
    inverse = [atom_text(item) for item in power] == ["−", "1"]
    for row, name in named_rows().get(mark.letter, ()):
        if name.inverse:
            if inverse:
                yield Head((row, name), order, mark.sub)
        elif not inverse:
            yield Head((row, name), order, mark.sub, power)


def _order(sup: Items) -> tuple[int, Items]:
    """How many primes there are, or the number in brackets; and what stands higher behind them."""
    count = 0
    while count < len(sup) and atom_text(sup[count]) == PRIME:
        count += 1
    match sup[count:]:
        case (Fence("round", (Digits(text),)), *rest) if not count and text.isdigit():
            return int(text), tuple(rest)
        case rest:
            return count, rest


# ---------------------------------------------------------------- application


def read_arguments(r: Reads, fence: Fence, bound: Bound) -> list[Readings]:
    """The readings of each argument in brackets."""
    return [r.sum(part, bound) if part else () for _, part in split_at_signs(fence.body, COMMA)]


def apply_heads(r: Reads, found: tuple[Head, ...], args: list[Readings], at: int, bound: Bound) -> Readings:
    """Each function of each choice of arguments that it takes."""
    united_readings = []
    for head in found:
        read = combine(r, args, lambda *chosen, h=head: _call_own(h, chosen), at, "") if _is_own(head) else ()
        if not _is_own(head):
            read = unite(_call_row(r, head, choice) for choice in product(*args))
        united_readings.append(raise_entries(r, read, head.power, bound))
    result = unite(united_readings)
    if not result:
        r.blame(at, "this function does not take these arguments")
    return result


def _is_own(head: Head) -> bool:
    return isinstance(head.of, Function) or head.order > 0


def _call_own(head: Head, chosen: tuple[TypedValue, ...]) -> TypedValue | None:
    """φ(x), φ′(x); of a loss the number ℓ(x), and ℓ′(x) of a number."""
    if len(chosen) != 1 or head.below:
        return None
    (x,) = chosen
    match head.of:
        case Function(name, scalar=False):
            if head.order > 1 or (head.order and not x.is_number):
                return None
            op = "loss_grad" if head.order else "loss"
            return apply_operation(op, (), x, params=(Callee(name),))
        case Function(name):
            return apply_operation("call", shape(x.e), x, params=(Callee(name, head.order),), row=x.row)
        case (row, _):
            return apply_operation("call", shape(x.e), x, params=(Callee(row.name, head.order),), row=x.row)


def loss_gradient(name: str, x: TypedValue) -> TypedValue:
    """∇ℓ(x)."""
    return apply_operation("loss_grad", shape(x.e), x, params=(Callee(name),), row=x.row)


def _call_row(r: Reads, head: Head, args: tuple[TypedValue, ...]) -> Readings:
    """An operation of the table, along every axis that it may run along."""
    assert not isinstance(head.of, Function)
    row, name = head.of
    r.spend()
    if name.index is not None:
        called = [atom_text(item) for item in head.below] == [str(name.index)]
        sides = tuple(t for a in args if (t := matrix(a)) is not None)
        return tuple(made for p in _blocks(r, sides) if called and (made := made_of(row, sides, p)) is not None)
    if name.below is not None:
        return _with_subscript(r, head, row, args)
    params = _matrices(r, args) if row.name == "unvec" else _directions(head, row, args)
    return tuple(made for p in params if (made := made_of(row, args, p)) is not None)


def _axes(r: Reads) -> tuple[Size, ...]:
    """The axes that something may have: those of names, and the sizes that are named."""
    return tuple(dict.fromkeys((ONE, *r.names.axes(), *r.names.all_sizes())))


def _matrices(r: Reads, args: tuple[TypedValue, ...]) -> list[tuple[object, ...]]:
    """The shapes of matrices with as many entries as a vector has, from the axes of what the document names."""
    axes = _axes(r)
    vectors = [t for t in args if t.rank == 1]
    return [(a, b) for a in axes for b in axes if vectors and a * b == shape(vectors[0].e)[0]]


def _blocks(r: Reads, args: tuple[TypedValue, ...]) -> list[tuple[object, ...]]:
    """The shapes A of which Y is a Kronecker product with B, of Y and B: from the axes that the document names."""
    match [shape(a.e) for a in args]:
        case [(rows, columns), (p, q)]:
            axes = _axes(r)
            return [(a, b) for a in axes for b in axes if a * p == rows and b * q == columns]
        case _:
            return []


def _with_subscript(r: Reads, head: Head, row: Row, args: tuple[TypedValue, ...]) -> Readings:
    """LeakyReLU with its slope as a subscript."""
    if not head.below:
        return ()
    below = r.sum(head.below, frozenset())
    return tuple(made for b in below if (made := made_of(row, (*args, b), ())) is not None)


def _directions(head: Head, row: Row, args: tuple[TypedValue, ...]) -> list[tuple[object, ...]]:
    """The axes along which an operation may run, where it does not say which."""
    if not row.traits & Trait.ALONG_AXIS:
        return [()] if not head.below else []
    if head.below:
        axis = DIRECTIONS.get(atom_text(head.below[0]) or "") if len(head.below) == 1 else None
        return [(axis,)] if axis is not None else []
    return [()] if not args or args[0].rank < 2 else [(), (0,), (1,)]


def made_of(row: Row, args: tuple[TypedValue, ...], params: tuple[object, ...]) -> TypedValue | None:
    """The operation on arguments; None where it does not take their shapes."""
    if isinstance(row, Elementwise):
        return _entry_by_entry(row, args)
    shapes = tuple(shape(a.e) for a in args)
    try:
        to: Shape = row.shape(shapes, params)
    except (ShapeError, ValueError, IndexError):
        return _as_vectors(row, args, params)
    row_like = len(to) == 1 and len(args) == 1 and args[0].row and to == shapes[0]
    return apply_operation(row.name, to, *args, params=params, row=row_like)


def _as_vectors(row: Row, args: tuple[TypedValue, ...], params: tuple[object, ...]) -> TypedValue | None:
    """A matrix of one row or column taken as a vector."""
    if not any(a.rank == 2 and a.form and any(n.is_one for n in a.form) for a in args):
        return None
    flat = tuple(v if (v := vector(a)) is not None else a for a in args)
    return None if any(a.rank == 2 for a in flat) else made_of(row, flat, params)


def _entry_by_entry(row: Elementwise, args: tuple[TypedValue, ...]) -> TypedValue | None:
    if row.arity and len(args) != row.arity:
        return None
    arrays = [a for a in args if not a.is_number]
    if not arrays:
        numbers = [as_number(a) for a in args]
        return apply_operation(row.name, (), *(a for a in numbers if a is not None))
    whole = arrays[0]
    if any(a.rank != whole.rank or a.form != whole.form for a in arrays):
        return None
    sides = [s if (s := as_number(a)) is not None else a for a in args]
    return apply_operation(row.name, shape(whole.e), *sides, row=whole.row)


# ---------------------------------------------------------------- two words, one function


def read_joined_words(node: Node, after: Node | None) -> tuple[Row, Named] | None:
    """`log` before `softmax` or `det`, where a row bears both as its name."""
    first, second = taken_apart(node), taken_apart(after) if after is not None else None
    if first is None or second is None or first.sub or first.sup or second.sup or isinstance(after, Letter):
        return None
    return next(iter(named_rows().get(f"{first.letter} {second.letter}", ())), None)


def inside_bars(node: Node, after: Node | None) -> tuple[tuple[Row, Named], Items] | None:
    """log |det X| as log det, and the X."""
    match after:
        case Fence("bars", (word, *rest)) if rest and (found := read_joined_words(node, word)):
            return found, tuple(rest)
        case _:
            return None


def head_of(found: tuple[Row, Named], below: Node | None = None) -> Head:
    """A function of the table, with what stands beneath its second word."""
    sub = below.sub if isinstance(below, Scripted) else ()
    return Head(found, below=sub)


def is_bracket(node: Node) -> bool:
    """Whether a node is in brackets, perhaps to a power; with a subscript it is an entry, not an argument."""
    match node:
        case Fence("round" | "square" | "curly") | Scripted(Fence("round" | "square" | "curly"), ()):
            return True
        case _:
            return False
