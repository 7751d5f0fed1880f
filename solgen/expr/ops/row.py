"""What a row of the table of operations says; everything else about an operation follows from its row.

Three families: *elementwise* rows state a scalar function and its partial derivatives, *multilinear* rows
state their index definition (from which shape rule, value and derivative follow), and *special* rows
state definition and partial derivative in index form.  `value` is written once against a field `K`
of scalar functions and evaluated over float64, exact rationals, balls and sympy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from string import ascii_uppercase
from typing import Any, Literal

from solgen.expr.nodes import Expr, Index, Kind, Shape, shape_text
from solgen.expr.ops.convention import Convention
from solgen.expr.ops.example import GENERIC, RowExample, generic
from solgen.expr.ops.presentation import Presentation
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Written
from solgen.expr.size import ONE, Size


class ShapeError(ValueError):
    """Arguments whose shapes do not conform; `op` is the operation that refuses them, the reader adds the place."""

    op: str = ""


Partial = Callable[..., Expr]
Shapes = tuple[Shape, ...]
Domain = Literal["all", "positive", "nonzero", "unit", "power", "invertible"]
Assumed = Literal["", "invertible", "nonzero", "alone"]

KINDS: Mapping[Domain, Kind] = {
    "positive": Kind.POSITIVE, "power": Kind.POSITIVE, "unit": Kind.UNIT, "invertible": Kind.INVERTIBLE,
}  # fmt: skip
ASSUMED: Mapping[Assumed, str] = {
    "invertible": "the matrix is invertible",
    "nonzero": "the {rule} is not differentiable at 0",
    "alone": "the largest entry is taken to be alone",
}
ENTRYWISE = "an entrywise operation keeps the shape"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stated:
    """What a row of any family states.

    - `presentation`: how we write it on paper; `written`: how people do, which is all that a reader knows of it.
    - `doc`: one line for the reference; `rule`: what a solution calls its rule (`scalar_rule` between numbers).
    - `code`: its source text in each language that is exported, by the name of the target, `{0}` the first argument;
      `text`: the same in the model language, where it is not written as a call.
    - `means`: what a page says that its sign is, where no formula says it better: "diag(v) is " and these words.
    - `traits`: what it is, where other rooms ask; `across`: the operation that does the same along the other axis;
      `undoes`: the change of form that it takes back; `picks`: the axis along which its second argument is a position.
    - `arguments`, `result`: what a rule calls them, in small letters; a matrix takes the capital.
    - `sign`: what stands in its node of a graph, as mathtext; `spoken`: what is read aloud before "of", `reads`:
      how it is read where that is no such phrase, `{0}` the first operand; `english`: its name in a sentence, where
      that is not its own.
    - `domain`: where it has a value; `assumes`: what its derivative takes for granted of its arguments beyond that;
      `conventions`: what holds at its kinks.
    - `shape_reason`: why its result has the shape it has.
    """

    presentation: Presentation
    written: tuple[Written, ...]
    doc: str
    rule: str = "elementwise function"
    scalar_rule: str = ""
    public: bool = True
    code: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    means: str = ""
    traits: Trait = Trait.NONE
    across: str = ""
    undoes: str = ""
    picks: int | None = None
    arguments: tuple[str, ...] = ()
    result: str = ""
    sign: str = ""
    spoken: str = ""
    reads: str = ""
    english: str = ""
    domain: Domain = "all"
    assumes: Assumed = ""
    conventions: tuple[Convention, ...] = ()
    proof: str = ""
    source: str = ""
    shape_reason: str = ENTRYWISE

    @property
    def convention(self) -> str:
        """What holds at a kink, or is taken for granted by the derivative, in words; nothing where neither is."""
        kinks = ", ".join(map(str, self.conventions))
        return kinks or ASSUMED.get(self.assumes, "").format(rule=self.rule)

    @property
    def note(self) -> str:
        """What stands below a rule: why its lines hold, or the convention; a sentence, or a formula as it is."""
        if self.proof or (self.conventions and self.conventions[0].is_formula):
            return self.proof or self.convention
        return self.convention[:1].upper() + self.convention[1:]

    @property
    def kind(self) -> Kind:
        """A kind of values for which the operation and its derivative are defined."""
        return KINDS.get("invertible" if self.assumes == "invertible" else self.domain, Kind.REAL)


@dataclass(frozen=True, slots=True, eq=False)
class Elementwise(Stated):
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

    def shape(self, shapes: Shapes, params: tuple[object, ...]) -> Shape:
        """The common shape of the arguments that are not scalars."""
        if self.arity and len(shapes) != self.arity:
            raise ShapeError(f"`{self.name}` takes {_count_arguments(self.arity)}, not {len(shapes)}")
        arrays = [s for s in shapes if s]
        for other in arrays[1:]:
            if other != arrays[0]:
                raise ShapeError(_differ(arrays[0], other))
        return arrays[0] if arrays else ()

    @property
    def examples(self) -> tuple[RowExample, ...]:
        """Vectors first, for the reference; and scalars, alone and beside a vector."""
        count = self.arity or 2
        ranks = [(1,) * count, *((1,) * k + (0,) * (count - k) for k in range(count)), (0,) * (count - 1) + (1,)]
        kinds = (self.kind,) * count
        return tuple(RowExample(tuple(map(generic, r)), kinds=kinds) for r in dict.fromkeys(ranks))

    def placeholders(self, shapes: Shapes, params: tuple[object, ...]) -> RowExample:
        """Generic arguments of the same ranks."""
        return RowExample(tuple(generic(len(s)) for s in shapes), params, (self.kind,) * len(shapes))


@dataclass(frozen=True, slots=True, eq=False)
class Multilinear(Stated):
    """A product of entries, summed over the indices that the result lacks: `ik <- ij, jk`.

    A digit 1 is an axis of size 1; `.` is a scalar argument; `*` stands for all indices of an array of any
    rank; a repeated index in the result (`ii <- i`) is 0 off the diagonal.  Indices of the result that no
    argument bears take their sizes from the parameters, in order.
    """

    name: str
    index: str
    _: KW_ONLY
    rule: str
    public: bool = False
    shape_reason: str = ""

    @property
    def sides(self) -> tuple[str, ...]:
        """The letters of each argument, as the definition writes them."""
        return _sides(self.index)[1]

    def letters(self, ranks: tuple[int, ...], params: tuple[object, ...] = ()) -> tuple[str, tuple[str, ...]]:
        """The index letters of the result and of each argument, `*` spelled out for these ranks."""
        left, sides = _sides(self.index)
        if len(sides) != len(ranks):
            raise ShapeError(f"`{self.name}` takes {_count_arguments(len(sides))}, not {len(ranks)}")
        star = next((r for s, r in zip(sides, ranks, strict=True) if s == "*"), len(params))
        letters = LETTERS[:star]
        return left.replace("*", letters), tuple(s.replace("*", letters).replace(".", "") for s in sides)

    def fresh(self, ranks: tuple[int, ...], params: tuple[object, ...]) -> str:
        """The letters of the result that no argument bears: their sizes are parameters."""
        left, sides = self.letters(ranks, params)
        return "".join(c for c in dict.fromkeys(left) if c != "1" and not any(c in s for s in sides))

    def shape(self, shapes: Shapes, params: tuple[object, ...]) -> Shape:
        """The sizes of the result's indices; raises ShapeError where an index has two sizes."""
        out, sides = self.letters(tuple(map(len, shapes)), params)
        sizes: dict[str, Size] = {"1": ONE}
        for side, found in zip(sides, shapes, strict=True):
            if len(side) != len(found):
                raise ShapeError(f"{self.name} takes rank {len(side)} here, not {len(found)}")
            for letter, size in zip(side, found, strict=True):
                if sizes.setdefault(letter, size) != size:
                    raise ShapeError(_index_clash(letter in out, sizes[letter], size))
        given = iter(params)
        for letter in dict.fromkeys(out):
            if letter not in sizes:
                size_param = next(given)
                assert isinstance(size_param, Size)
                sizes[letter] = size_param
        return tuple(sizes[letter] for letter in out)

    @property
    def examples(self) -> tuple[RowExample, ...]:
        """The definition's own sizes; a `*` as a vector, a matrix, an array of three axes and a number."""
        if "*" not in self.index:
            return (self._on(tuple(len(s.replace(".", "")) for s in self.sides)),)
        ranks = (1, 2, 3, 0) if "*" in self.sides else (1, 2, 3)
        return tuple(self._on(tuple(r if s == "*" else 0 for s in self.sides), r) for r in ranks)

    def placeholders(self, shapes: Shapes, params: tuple[object, ...]) -> RowExample:
        """Arguments with the sizes of the definition."""
        return self._on(tuple(map(len, shapes)), len(params))

    def _on(self, ranks: tuple[int, ...], count: int = 0) -> RowExample:
        params = (None,) * count
        generic = GENERIC if self.sides else GENERIC[1:]  # what has sizes alone is named by n: eye(n)
        sizes = {"1": ONE} | dict(zip(LETTERS, generic, strict=False))
        _, sides = self.letters(ranks, params)
        return RowExample(
            tuple(tuple(sizes[c] for c in side) for side in sides),
            tuple(sizes[c] for c in self.fresh(ranks, params)),
        )


LETTERS = "ijklmnoabcdefgh" + ascii_uppercase[:15]  # indices of a result of any rank; those of an argument are OTHERS
OTHERS = "pqrstuvwxyz" + ascii_uppercase[15:]


@cache
def _sides(index: str) -> tuple[str, tuple[str, ...]]:
    """The result's and the arguments' letters of an index definition, as written."""
    left, right = (part.strip() for part in index.split("<-"))
    return left, tuple(p.strip() for p in right.split(",")) if right else ()


@dataclass(frozen=True, slots=True, eq=False)
class Special(Stated):
    """An operation that is neither: its definition and its partial derivative, both in index form.

    `partials[k](args, out, o, i, params)` is ∂out[o]/∂args[k][i] as a scalar in index form; `definition(args, o,
    params)` is out[o] (absent where it has none, and `proof` says why the partial holds).
    `proof` is plain text in which `$…$` is mathematics; `source` names a book's equation, `MC 57` one of
    Petersen and Pedersen, The Matrix Cookbook (2012).
    """

    name: str
    arity: int
    _: KW_ONLY
    shape_rule: Callable[[Shapes, tuple[object, ...]], Shape]
    value: Callable[..., Any]
    partials: tuple[Callable[..., Expr], ...]
    definition: Callable[..., Expr] | None = None
    rule: str
    examples: tuple[RowExample, ...]

    def shape(self, shapes: Shapes, params: tuple[object, ...]) -> Shape:
        return _apply_shape_rule(self, shapes, params)

    def placeholders(self, shapes: Shapes, params: tuple[object, ...]) -> RowExample:
        """The example of these ranks."""
        return _alike(self, shapes, params)


@dataclass(frozen=True, slots=True, eq=False)
class Paired(Stated):
    """An operation that is linear in each of its arguments and comes with its adjoints.

    `adjoints[k](args, upstream, params)` is the map f* with ⟨Ȳ, f(A)⟩ = ⟨f*(Ȳ), A⟩, which is the vector-Jacobian
    product itself; None for an argument that is a position.  `proof` says in a sentence why the pair is adjoint.
    """

    name: str
    arity: int
    _: KW_ONLY
    shape_rule: Callable[[Shapes, Any], Shape]
    value: Callable[..., Any]
    adjoints: tuple[Callable[..., Expr] | None, ...]
    rule: str
    proof: str
    examples: tuple[RowExample, ...]

    def shape(self, shapes: Shapes, params: tuple[object, ...]) -> Shape:
        return _apply_shape_rule(self, shapes, params)

    def placeholders(self, shapes: Shapes, params: tuple[object, ...]) -> RowExample:
        """The example of these ranks; where sizes depend on each other, the application's own."""
        return _alike(self, shapes, params)


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
class Called(Stated):
    """The application of a function that the file names; its parameter is a `Callee`.

    `call` applies a scalar function entry by entry, `loss` maps an array to a scalar, and `loss_grad` is
    the gradient of such a loss, in the shape of its argument.
    """

    name: str
    scalar: bool
    _: KW_ONLY
    rule: str
    public: bool = False
    examples: tuple[RowExample, ...]

    def shape(self, shapes: Shapes, params: tuple[object, ...]) -> Shape:
        if len(shapes) != 1:
            raise ShapeError(f"`{self.name}` takes 1 argument, not {len(shapes)}")
        return () if self.scalar else shapes[0]

    def placeholders(self, shapes: Shapes, params: tuple[object, ...]) -> RowExample:
        """A generic argument of the same rank."""
        return RowExample(tuple(generic(len(s)) for s in shapes), params, (self.kind,) * len(shapes))


Row = Elementwise | Multilinear | Special | Paired | Called


def name_in_words(row: Row) -> str:
    """The name as words of a sentence: `leaky relu`."""
    return row.name.replace("_", " ")


Indices = tuple[Index, ...]


def _apply_shape_rule(row: Special | Paired, shapes: Shapes, params: tuple[object, ...]) -> Shape:
    """What the row's shape rule says; an error names the operation."""
    if row.arity and len(shapes) != row.arity:
        raise ShapeError(f"`{row.name}` takes {_count_arguments(row.arity)}, not {len(shapes)}")
    return row.shape_rule(shapes, params)


def _alike(row: Special | Paired, shapes: Shapes, params: tuple[object, ...]) -> RowExample:
    """The row's example for arguments of these ranks, with the parameters of the application."""
    ranks = tuple(map(len, shapes))
    found = next((e for e in row.examples if e.ranks == ranks), None)
    if found is None:
        return RowExample(shapes, params)
    return RowExample(found.shapes if found.generic else shapes, params, found.kinds)


def _count_arguments(n: int) -> str:
    return f"{n} argument{'s' * (n != 1)}"


def _differ(left: Shape, right: Shape) -> str:
    return f"shapes {shape_text(left)} and {shape_text(right)} differ"


def _index_clash(kept: bool, left: Size, right: Size) -> str:
    return f"{'sizes' if kept else 'inner sizes'} {left} and {right} differ"
