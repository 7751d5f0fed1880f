"""A computational graph in words, for those who cannot see it: roles, every step, shared names, what flows back.

The words are plain ASCII, since they end in the metadata of a PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from solgen.expr.arith import is_negation, is_sum
from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Index, Num, Pi, SizeNum, Sum, Var
from solgen.expr.ops import TABLE, Callee, Trait
from solgen.expr.ops.row import name_in_words
from solgen.expr.size import Size
from solgen.figures.graph.signals import Use
from solgen.figures.graph.signs import UNDRAWN
from solgen.model.derivation import Gradients
from solgen.model.problem import Equation


def describe_graph(
    forward: Sequence[Equation], roles: Mapping[str, str], uses: Mapping[str, Sequence[Use]], backward: Gradients | None
) -> str:
    """The sentences; `roles` are those of the declared names that are used."""
    kinds = (
        _list_names(kind, [n for n, role in roles.items() if role == kind]) for kind in dict.fromkeys(roles.values())
    )
    sentences = ["Computational graph", *kinds]
    sentences += [f"{read_aloud(q.var)} is {read_aloud(q.body)}" for q in forward]
    sentences += [f"{name} is used {_times(len(found))}" for name, found in uses.items() if len(found) > 1]
    if backward is not None:
        back = [b.symbol.wrt.name for b in backward.blocks if b.contributions]
        sentences.append(f"The gradients of {backward.of.name} flow back to {_and(back)}" if back else "")
    return ". ".join(s for s in sentences if s) + "."


def read_aloud(e: Expr) -> str:
    """A formula as it is read aloud."""
    match e:
        case Var(name=name, at=at):
            return " ".join((name, *map(_index, at)))
        case Num(value=value):
            return _number(value)
        case SizeNum(size=size):
            return str(size)
        case Pi():
            return "pi"
        case Sum(index=index, body=body):
            return f"the sum over {index.name} of {_inside(body)}"
        case Entry(array=array, indices=indices):
            return f"entry {' '.join(map(_index, indices))} of {_inside(array)}"
        case Adj(of=of, wrt=wrt):
            return f"the gradient of {of.name} by {wrt.name}"
        case Delta(left=left, right=right):
            return f"1 where {_index(left)} is {_index(right)}"
        case Apply():
            return _read_application(e)
        case _:
            raise TypeError(f"no words for {type(e).__name__}")


def _read_application(e: Apply) -> str:
    if e.op in UNDRAWN and len(e.args) == 1:
        return read_aloud(e.args[0])
    if is_sum(e) and is_negation(e.args[1]):
        return f"{read_aloud(e.args[0])} minus {_inside(e.args[1].args[0])}"
    if is_sum(e):
        return " plus ".join(map(read_aloud, e.args))
    row = TABLE[e.op]
    if row.reads:
        first, *others = e.args
        place = _place if Trait.PART in row.traits else _inside
        return row.reads.format(_inside(first), *map(place, others))
    callee = e.params[0] if e.params and isinstance(e.params[0], Callee) else None
    word = callee.name + " prime" * callee.order if callee else row.spoken or name_in_words(row)
    return f"{word} of {_and([_inside(a) for a in e.args])}" if e.args else word


def _place(at: Expr) -> str:
    """A position, counted from 1."""
    return str(at.value + 1) if isinstance(at, Num) else read_aloud(at)


def _inside(e: Expr) -> str:
    """An operand: in parentheses where it would be read together with what stands beside it."""
    text = read_aloud(e)
    plain = (
        " " not in text
        or text.endswith(" transposed")
        or (isinstance(e, Apply) and len(e.args) == 1 and not is_negation(e))
    )
    return text if plain else f"({text})"


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _index(i: Index) -> str:
    match i:
        case Idx(name=name) | Var(name=name):
            return name
        case Size():
            return str(i + 1)


def _list_names(kind: str, names: Sequence[str]) -> str:
    return f"{kind.capitalize()}{'s' if len(names) > 1 else ''} {_and(names)}"


def use_ordinal(k: int) -> str:
    """The word for the use number k, counted from 0."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    return words[k] if k < len(words) else f"number {k + 1}"


def _times(n: int) -> str:
    return "twice" if n == 2 else f"{n} times"


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
