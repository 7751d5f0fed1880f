"""Long axes made short: a derivation over R[784] is tried as one over R[14], where only equality of lengths matters.

Nothing but the literal lengths of axes changes, and different lengths stay different and in their order.  An operation
that cuts, joins or counts positions keeps its lengths, and so does a derivation that fails when it is short: then the
true lengths have the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from math import prod
from typing import Any

from solgen.expr.nodes import Apply, Entry, Var
from solgen.expr.ops import TABLE, Paired
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.derivation import Count, Derivation
from solgen.model.noun_walk import rebuilt
from solgen.model.problem import Model
from solgen.numeric.points.test_sizes import entries

LONG = 12  # axes up to this length stay as they are
MANY = 5_000  # so many entries of all inputs are no trouble


def shorten_axes(derivation: Derivation) -> tuple[Derivation, dict[int, int]] | None:
    """The derivation over short axes, and how long each long one has become; None where nothing need or can be done."""
    models = (derivation.problem.model, *(p.part.model for p in derivation.parts if p.part.model))
    lengths = sorted({n for model in models for n in _lengths(model)})
    if not lengths or max(map(_entries, models)) <= MANY or not all(map(_compares_lengths, models)):
        return None
    if derivation.problem.numbers or _asks_for_positions(derivation):
        return None
    short = {length: LONG + 1 + k for k, length in enumerate(lengths)}
    made = _Shortening(short).of(derivation)
    assert isinstance(made, Derivation)
    return made, short


def _axes(model: Model) -> Iterator[Size]:
    """Every axis of an input, samples included."""
    for declared in model.declarations:
        yield from declared.var.axes


def _lengths(model: Model) -> Iterator[int]:
    return (n for size in _axes(model) if (n := size.constant) is not None and n > LONG)


def _entries(model: Model) -> int:
    """How many entries the inputs have, axes of no literal length left out."""
    return sum(prod(size.constant or 1 for size in d.var.shape_) for d in model.declarations)


def _compares_lengths(model: Model) -> bool:
    """Whether the forward pass asks of lengths only which are equal."""
    for equation in model.equations:
        for node in nodes(equation.body):
            if isinstance(node, Apply) and isinstance(TABLE[node.op], Paired):
                return False
            if isinstance(node, Entry) and any(isinstance(i, Size) for i in node.indices):
                return False
    return all(size.constant is not None or not _is_mixed(size) for size in _axes(model))


def _is_mixed(size: Size) -> bool:
    """Whether a long number stands beside symbols: n + 784."""
    return any(not monomial and abs(k) > LONG for monomial, k in size.terms)


def _asks_for_positions(derivation: Derivation) -> bool:
    names = (name for part in derivation.problem.parts for ask in part.asks for name in ask.names)
    return any(isinstance(i, int | tuple) for name in names for i in name.indices)


@dataclass(frozen=True, slots=True)
class _Shortening:
    """The same nouns with other lengths; what is shared stays shared."""

    short: Mapping[int, int]
    done: dict[int, Any] = field(default_factory=dict)

    def of(self, thing: Any) -> Any:
        """A noun, or whatever it is made of, with every long axis short."""
        match thing:
            case Size():
                return Size.of(self.short.get(thing.constant, thing)) if thing.constant is not None else thing
            case tuple() | Mapping():
                return rebuilt(thing, self.of)
            case _ if is_dataclass(thing) and not isinstance(thing, type):
                if id(thing) not in self.done:
                    self.done[id(thing)] = self._noun(thing)
                return self.done[id(thing)]
            case _:
                return thing

    def _noun(self, thing: Any) -> Any:
        made = rebuilt(thing, self.of)
        if isinstance(thing, Count):
            rows = tuple((self.of(v), self._count(v, n)) for v, n in thing.rows)
            right = thing.total == _sum(n for _, n in thing.rows)
            return replace(made, rows=rows, total=_sum(n for _, n in rows) if right else thing.total)
        return made

    def _count(self, v: Var, claimed: Size) -> Size:
        """The number of entries of a shorter array, where the claim about the long one is right."""
        return entries(self.of(v)) if claimed == entries(v) else claimed


def _sum(sizes: Iterable[Size]) -> Size:
    return sum(sizes, Size.of(0))
