"""What a row of the table of operations says; everything else about an operation follows from its row.

Three families: *elementwise* rows state a scalar function and its partial derivatives, *multilinear* rows
state their index definition (from which shape rule, value and derivative follow), and *special* rows
state definition and partial derivative in index form.  `value` is written once against a field `K`
of scalar functions and evaluated over float64, exact rationals, balls and sympy; `code` is its source text in each
language that is exported, by the name of the target, `{0}` the first argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from typing import Any, Literal

from solgen.expr.nodes import Expr, Index, Shape, shape_text
from solgen.expr.size import ONE, Size


class ShapeError(ValueError):
    """Arguments whose shapes do not conform; the reader adds the place."""


@dataclass(frozen=True, slots=True)
class Tex:
    """How an operation is typeset: `{0}` is the first argument; `level` is the precedence of the whole.

    `tight` gives, for each argument, the least precedence that needs no parentheses.
    """

    template: str
    level: int = 90
    tight: tuple[int, ...] = ()


SUM, NEG, PROD, FUNC, POST, ATOM = 10, 15, 20, 30, 80, 90  # precedences, loosest first

Partial = Callable[..., Expr]


@dataclass(frozen=True, slots=True, eq=False)
class Elementwise:
    """A scalar function applied entry by entry; arguments have one shape, or are scalars.

    `value(K, *xs)` is the function over any field, `partials[k](*args, out)` its k-th partial
    derivative in its textbook form, where `out` is the function's own value (σ′ = σ(1 − σ)).
    `arity` 0 stands for any number of arguments.
    """

    name: str
    arity: int
    _: KW_ONLY
    value: Callable[..., Any]
    partials: tuple[Partial, ...]
    tex: Tex
    code: Mapping[str, str]
    doc: str
    domain: Literal["all", "positive", "nonzero", "unit", "power"] = "all"
    convention: str = ""
    public: bool = True
    rule: str = "elementwise function"

    def shape(self, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> Shape:
        """The common shape of the arguments that are not scalars."""
        arrays = [s for s in shapes if s]
        for other in arrays[1:]:
            if other != arrays[0]:
                raise ShapeError(_differ(arrays[0], other))
        return arrays[0] if arrays else ()


@dataclass(frozen=True, slots=True, eq=False)
class Multilinear:
    """A product of entries, summed over the indices that the result lacks: `ik <- ij, jk`.

    A digit 1 is an axis of size 1; `.` is a scalar argument; `*` stands for all indices of an array of any
    rank; a repeated index in the result (`ii <- i`) is 0 off the diagonal.  Indices of the result that no
    argument bears take their sizes from the parameters, in order.
    """

    name: str
    index: str
    _: KW_ONLY
    tex: Tex
    code: Mapping[str, str]
    doc: str
    rule: str
    public: bool = False
    phrase: str = ""
    source: str = ""

    def letters(self, ranks: tuple[int, ...], params: tuple[object, ...] = ()) -> tuple[str, tuple[str, ...]]:
        """The index letters of the result and of each argument, `*` spelled out for these ranks."""
        left, sides = _sides(self.index)
        if len(sides) != len(ranks):
            raise ShapeError(f"{self.name} takes {len(sides)} arguments, not {len(ranks)}")
        star = next((r for s, r in zip(sides, ranks, strict=True) if s == "*"), len(params))
        letters = "ij"[:star]
        return left.replace("*", letters), tuple(s.replace("*", letters).replace(".", "") for s in sides)

    def shape(self, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> Shape:
        """The sizes of the result's indices; raises ShapeError where an index has two sizes."""
        out, sides = self.letters(tuple(map(len, shapes)), params)
        sizes: dict[str, Size] = {"1": ONE}
        for side, found in zip(sides, shapes, strict=True):
            if len(side) != len(found):
                raise ShapeError(f"{self.name} takes rank {len(side)} here, not {len(found)}")
            for letter, size in zip(side, found, strict=True):
                if sizes.setdefault(letter, size) != size:
                    raise ShapeError(_index_clash(letter in out, sizes[letter], size))
        fresh = iter(params)
        for letter in dict.fromkeys(out):
            if letter not in sizes:
                size_param = next(fresh)
                assert isinstance(size_param, Size)
                sizes[letter] = size_param
        return tuple(sizes[letter] for letter in out)


@cache
def _sides(index: str) -> tuple[str, tuple[str, ...]]:
    """The result's and the arguments' letters of an index definition, as written."""
    left, right = (part.strip() for part in index.split("<-"))
    return left, tuple(p.strip() for p in right.split(",")) if right else ()


@dataclass(frozen=True, slots=True, eq=False)
class Special:
    """An operation that is neither: its definition and its partial derivative, both in index form.

    `partials[k](args, out, o, i, params)` is ∂out[o]/∂args[k][i] as a scalar in index form; `definition(args, o,
    params)` is out[o] (absent where it has none, and `proof` says why the partial holds).
    `proof` is plain text in which `$…$` is mathematics; `source` names a book's equation, `MC 57` one of
    Petersen and Pedersen, The Matrix Cookbook (2012).
    """

    name: str
    arity: int
    _: KW_ONLY
    shape_rule: Callable[[tuple[Shape, ...], tuple[object, ...]], Shape]
    value: Callable[..., Any]
    partials: tuple[Callable[..., Expr], ...]
    definition: Callable[..., Expr] | None = None
    tex: Tex
    code: Mapping[str, str]
    doc: str
    rule: str
    proof: str = ""
    convention: str = ""
    public: bool = True
    source: str = ""

    def shape(self, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> Shape:
        return self.shape_rule(shapes, params)


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """An operation that is linear in each of its arguments and comes with its adjoints.

    `adjoints[k](args, upstream, params)` is the map f* with ⟨Ȳ, f(A)⟩ = ⟨f*(Ȳ), A⟩, which is the vector-Jacobian
    product itself; None for an argument that is a position.  `proof` says in a sentence why the pair is adjoint.
    """

    name: str
    arity: int
    _: KW_ONLY
    shape_rule: Callable[[tuple[Shape, ...], Any], Shape]
    value: Callable[..., Any]
    adjoints: tuple[Callable[..., Expr] | None, ...]
    tex: Tex
    code: Mapping[str, str]
    doc: str
    rule: str
    proof: str
    public: bool = True

    def shape(self, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> Shape:
        return self.shape_rule(shapes, params)


@dataclass(frozen=True, slots=True)
class Callee:
    """A function that the file names: an unspecified φ (no body), or its own one-argument function.

    `order` counts derivatives taken; `body` is the function of `parameter` at that order.
    """

    name: str
    order: int = 0
    parameter: Expr | None = None
    body: Expr | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """The application of a function that the file names; its parameter is a `Callee`.

    `call` applies a scalar function entry by entry, `loss` maps an array to a scalar, and `loss_grad` is
    the gradient of such a loss, in the shape of its argument.
    """

    name: str
    scalar: bool
    _: KW_ONLY
    doc: str
    rule: str
    code: Mapping[str, str] = field(default_factory=dict)
    public: bool = False

    def shape(self, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> Shape:
        if len(shapes) != 1:
            raise ShapeError(f"takes 1 argument, not {len(shapes)}")
        return () if self.scalar else shapes[0]


Row = Elementwise | Multilinear | Special | Paired | Called
Indices = tuple[Index, ...]


def _differ(left: Shape, right: Shape) -> str:
    return f"shapes {shape_text(left)} and {shape_text(right)} differ"


def _index_clash(kept: bool, left: Size, right: Size) -> str:
    return f"{'sizes' if kept else 'inner sizes'} {left} and {right} differ"
