"""What the names of a document are: values with their shapes, functions, indices, sizes, and how gradients are written.

A reader looks names up by how they look on paper; one look may belong to two names, and both are readings then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from solgen.expr.nodes import Adj, Apply, Delta, Entry, Expr, Idx, Position, Shape, SizeNum, Stack, Sum, Var, shape
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import Called, Callee
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.written.spelling import glyphs_of
from solgen.written.syntax import Style

Gradient = Literal["partial", "nabla", "bar", "delta"]
EVERY: frozenset[Gradient] = frozenset(("partial", "nabla", "bar", "delta"))
SAID: frozenset[Gradient] = frozenset(("partial", "nabla"))  # which say what is differentiated


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the file names: scalar and entry by entry, or a loss of an array."""

    name: str
    scalar: bool = True


Thing = Var | Function | Idx | Size


@dataclass(frozen=True, slots=True)
class Appearance:
    """One way in which a thing stands on paper, after its letter and marks."""

    sub: tuple[str, ...]
    sup: tuple[str, ...]
    thing: Thing


@dataclass(frozen=True, slots=True)
class Names:
    """The names that stand in a scope; `latex` says how the file writes some of them.

    gradients: the notations in which a gradient may stand; loss: whose gradients a bar or δ means, where it is known;
    bold: whether arrays stand in bold, so that b₁ in italics is an entry of b and in bold the vector b₁.
    letters: what a gradient is called in the notation of δ, the variable as its subscript.
    indicator: how the 1 of an indicator stands, double-struck or bold, where a document writes it in one way: then no
    other spelling is one, and a vector of ones is bold.
    typed: whether a person writes, who may leave out what the reader knows (`solgen.written.chained`), say a condition
    behind a formula, or a shape as a program does.
    """

    values: tuple[Var, ...] = ()
    functions: tuple[Function, ...] = ()
    sizes: frozenset[str] = frozenset()
    indices: tuple[Idx, ...] = ()
    latex: Mapping[str, str] = field(default_factory=dict)
    gradients: frozenset[Gradient] = EVERY
    loss: Var | None = None
    bold: bool = False
    letters: frozenset[str] = frozenset("δ")
    indicator: Style = ""
    typed: bool = False
    looks: Mapping[tuple[str, tuple[str, ...]], tuple[Appearance, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, tuple[str, ...]], list[Appearance]] = {}
        for name, thing in self._things():
            ways = dict.fromkeys((self.latex.get(name, ""), *([""] if self.typed else [])))
            for glyph in (one for way in ways for one in glyphs_of(name, way)):
                looks = found.setdefault((glyph.letter, glyph.marks), [])
                look = Appearance(glyph.sub, glyph.sup, thing)
                if look not in looks:
                    looks.append(look)
        object.__setattr__(self, "looks", MappingProxyType({key: tuple(looks) for key, looks in found.items()}))

    def _things(self) -> Iterator[tuple[str, Thing]]:
        yield from ((v.name, v) for v in self.values)
        yield from ((f.name, f) for f in self.functions)
        yield from ((n, Size.of(n)) for n in sorted(self.sizes))
        yield from ((i.name, i) for i in self.indices)

    def is_typed(self) -> bool:
        return self.typed

    def at(self, letter: str, marks: tuple[str, ...]) -> tuple[Appearance, ...]:
        """The looks that begin with this letter and these marks."""
        return self.looks.get((letter, marks), ())

    def words_from(self, letter: str) -> tuple[str, ...]:
        """The names of values that are words and begin with a letter, the longest first."""
        words = {word for word, marks in self.looks if len(word) > 1 and word[0] == letter and not marks}
        return tuple(sorted((word for word in words if self._is_value(word)), key=len, reverse=True))

    def _is_value(self, word: str) -> bool:
        return any(isinstance(look.thing, Var) and not look.sub for look in self.at(word, ()))

    def indices_called(self, name: str) -> tuple[Idx, ...]:
        """The indices of this name, each of another size."""
        return tuple(i for i in self.indices if i.name == name)

    def is_size(self, name: str) -> bool:
        return name in self.sizes

    def axes(self) -> tuple[Size, ...]:
        """The sizes of the axes of all values."""
        return tuple(dict.fromkeys(n for v in self.values for n in v.shape_))

    def all_sizes(self) -> tuple[Size, ...]:
        """The sizes that are named."""
        return tuple(map(Size.of, sorted(self.sizes)))

    def loss_in(self, gradient: Gradient) -> Var | None:
        """What gradients in this notation are gradients of; None where none stand in it."""
        return self.loss if gradient in self.gradients else None

    def is_indicator_style(self, style: Style) -> bool:
        """Whether a 1 in this style may be an indicator."""
        return not self.indicator or style.startswith(self.indicator)

    def is_constant_style(self, style: Style) -> bool:
        """Whether a 1 or 0 in this style may be a vector of them."""
        return not self.indicator or style.startswith("bold")

    def with_loss(self, name: str | None) -> Names:
        """The same names, where bars and δ are gradients of this value."""
        loss = next((v for v in self.values if v.name == name), None)
        return self if loss == self.loss else replace(self, loss=loss)

    def is_gradient_letter(self, letter: str) -> bool:
        return letter in self.letters


def names_of(
    formulas: Iterable[Expr],
    latex: Mapping[str, str] | None = None,
    gradients: Iterable[Gradient] = EVERY,
    loss: str | None = None,
    bold: bool = False,
    functions: Iterable[Function] = (),
    letters: Iterable[str] = "δ",
) -> Names:
    """The names that occur in formulas, with the shapes that they have there, and further functions."""
    values: dict[tuple[str, Shape], Var] = {}
    known_functions: dict[Function, None] = dict.fromkeys(functions)
    indices: dict[Idx, None] = {}
    sizes: set[str] = set()
    for node in nodes(*formulas):
        for v in _values(node):
            known = values.get((v.name, v.shape_))
            if known is None or len(v.samples) > len(known.samples):
                values[(v.name, v.shape_)] = v
            indices.update(dict.fromkeys(v.samples))
            sizes |= {s for n in v.axes for s in n.symbols}
        known_functions.update(dict.fromkeys(_functions(node)))
        indices.update(dict.fromkeys(_indices(node)))
        sizes |= {s for n in (*_shape(node), *((node.size,) if isinstance(node, SizeNum) else ())) for s in n.symbols}
    sizes |= {s for i in indices for s in i.size.symbols}
    found = Names(
        tuple(values.values()), tuple(known_functions), frozenset(sizes), tuple(indices), dict(latex or {}),
        frozenset(gradients), None, bold, frozenset(letters),
    )  # fmt: skip
    return found.with_loss(loss)


def _shape(node: Expr) -> Shape:
    return shape(node) if isinstance(node, Apply | Var | Adj | Stack) else ()


def _values(node: Expr) -> Iterator[Var]:
    match node:
        case Var():
            yield node
        case Adj(of=of, wrt=wrt):
            yield from (of, wrt)
        case Entry(indices=indices):
            yield from (i for i in indices if isinstance(i, Var))
        case Delta(left=left, right=right):
            yield from (i for i in (left, right) if isinstance(i, Var))
        case _:
            return


def _functions(node: Expr) -> Iterator[Function]:
    match node:
        case Apply(op=op, params=(Callee(name=name), *_)) if name not in TABLE:
            row = TABLE[op]
            yield Function(name, scalar=not (isinstance(row, Called) and (row.scalar or op == "loss_grad")))
        case _:
            return


def _indices(node: Expr) -> Iterator[Idx]:
    match node:
        case Sum(index=i) | Stack(index=i) | Position(index=i):
            yield i
        case Entry(indices=indices):
            yield from (i for i in indices if isinstance(i, Idx))
        case Delta(left=left, right=right):
            yield from (i for i in (left, right) if isinstance(i, Idx))
        case _:
            return
