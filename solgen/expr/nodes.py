"""What a formula is: a closed set of frozen nodes; every node knows its shape.

Array-valued nodes have any number of axes: none (scalar), one (column vector), two (matrix) or more.  The
same nodes write matrix form (`Apply`) and index form (`Entry`, `Delta`, `Sum`), so that a proof in indices
and the rule that it proves are evaluated, printed and checked by the same code.  Equality is structural;
hashes are cached, so that a graph with shared parts costs what its nodes cost, not its paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import assert_never

from solgen.expr.size import Size

Shape = tuple[Size, ...]


class Kind(Enum):
    """What a declaration promises of a variable's values (docs/format.md, section 3)."""

    REAL = "R"
    POSITIVE = "Positive"
    UNIT = "Unit"
    BINARY = "Binary"
    SIGNS = "Signs"
    ONEHOT = "OneHot"
    SIMPLEX = "Simplex"
    SYM = "Sym"
    POSDEF = "PosDef"
    INVERTIBLE = "Invertible"
    LABEL = "Label"
    ONEHOT_COLUMNS = "OneHot in each column"
    SIMPLEX_COLUMNS = "Simplex in each column"

    @property
    def by_columns(self) -> Kind:
        """The kind of a matrix whose samples are columns."""
        return {Kind.ONEHOT: Kind.ONEHOT_COLUMNS, Kind.SIMPLEX: Kind.SIMPLEX_COLUMNS}.get(self, self)


@dataclass(frozen=True, slots=True)
class Idx:
    """An index symbol that runs over `size` values; 0-based in the code, printed 1-based."""

    name: str
    size: Size


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """Base of all nodes."""

    _hash: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((type(self).__name__, *self._hash_parts())))

    def _hash_parts(self) -> tuple[object, ...]:
        """The part of the key that is hashed: enough to tell nodes apart, without what it already determines."""
        return self._key()

    def _key(self) -> tuple[object, ...]:
        names: tuple[str, ...] = self.__match_args__
        return tuple([getattr(self, name) for name in names])

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Expr) or type(self) is not type(other) or self._hash != other._hash:
            return False
        equal = self._key() == other._key()
        if equal:
            self._share(other)
        return equal

    def _share(self, other: Expr) -> None:
        """Equal nodes come to hold the same parts, so that two shared graphs are compared in their nodes, not paths."""

    def __str__(self) -> str:
        """The formula in the model language, `W.T @ (p - y)`."""
        from solgen.expr.text import write_formula  # it reads the table of operations, whose rows are made of nodes

        return write_formula(self)


@dataclass(frozen=True, slots=True, eq=False)
class Num(Expr):
    """An exact rational number."""

    value: Fraction

    def _hash_parts(self) -> tuple[object, ...]:
        return self.value.numerator, self.value.denominator


@dataclass(frozen=True, slots=True, eq=False)
class Pi(Expr):
    """The constant π."""


@dataclass(frozen=True, slots=True, eq=False)
class SizeNum(Expr):
    """A size used as a number, such as the n of 1/n."""

    size: Size


@dataclass(frozen=True, slots=True, eq=False)
class Position(Expr):
    """An index symbol used as a position, such as the k of `W[k, :]`."""

    index: Idx


@dataclass(frozen=True, slots=True, eq=False)
class Var(Expr):
    """A named value: a declared variable or the left side of an equation.

    `at` holds the sample indices of a family, so that `Var("z", (h,), at=(i,))` is z_i with shape (h,).
    """

    name: str
    shape_: Shape = ()
    kind: Kind = Kind.REAL
    at: tuple[Index, ...] = ()

    @property
    def samples(self) -> tuple[Idx, ...]:
        """The sample indices that run, of a family; none of a single member."""
        return tuple(i for i in self.at if isinstance(i, Idx))

    @property
    def axes(self) -> Shape:
        """The axes of the value as an array: samples first, then its shape."""
        return (*(i.size for i in self.samples), *self.shape_)

    def _key(self) -> tuple[object, ...]:
        return self.name, self.shape_, self.kind, self.at

    def _hash_parts(self) -> tuple[object, ...]:
        return self.name, self.at


@dataclass(frozen=True, slots=True, eq=False)
class Adj(Expr):
    """The symbol ∂of/∂wrt: a gradient in the shape of `wrt` where `of` is a scalar, else of + wrt's shape.

    With `twice` it is the Hessian ∂²of/∂wrt², wrt's shape twice.
    """

    of: Var
    wrt: Var
    twice: bool = False

    def _key(self) -> tuple[object, ...]:
        return self.of, self.wrt, self.twice


@dataclass(frozen=True, slots=True, eq=False)
class Apply(Expr):
    """An operation of the table applied to arguments; `params` are static (an axis, a slice, φ's name)."""

    op: str
    args: tuple[Expr, ...]
    params: tuple[object, ...] = ()
    shape_: Shape = ()

    def _key(self) -> tuple[object, ...]:
        return self.op, self.args, self.params, self.shape_

    def _share(self, other: Expr) -> None:
        assert isinstance(other, Apply)
        object.__setattr__(self, "args", other.args)

    def _hash_parts(self) -> tuple[object, ...]:
        return self.op, self.args, self.params


@dataclass(frozen=True, slots=True, eq=False)
class Entry(Expr):
    """One entry of an array: one index a dimension."""

    array: Expr
    indices: tuple[Index, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Delta(Expr):
    """Kronecker's δ: 1 where both indices are equal, else 0."""

    left: Index
    right: Index


@dataclass(frozen=True, slots=True, eq=False)
class Sum(Expr):
    """The sum of `body` over all values of `index`; the body may be a scalar or an array."""

    index: Idx
    body: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Stack(Expr):
    """The samples of a family side by side: its values as the rows of a matrix, or as its columns.

    Of scalars it is the vector of all samples.
    """

    index: Idx
    body: Expr
    columns: bool = False


Index = Idx | Size | Var  # a bound or free index, a 0-based position, or a Label

SCALAR: Shape = ()


def shape(e: Expr) -> Shape:
    """The shape of a node: (), (n,), (m, n) and so on, the size of each axis."""
    if isinstance(e, (Apply, Var)):
        return e.shape_
    match e:
        case Adj(of=o, wrt=w, twice=twice):
            return o.shape_ + w.shape_ + (w.shape_ if twice else ())
        case Sum(body=b):
            return shape(b)
        case Stack(index=i, body=b, columns=columns):
            return (*shape(b), i.size) if columns else (i.size, *shape(b))
        case Num() | Pi() | SizeNum() | Position() | Entry() | Delta():
            return SCALAR
        case _:
            assert_never(e)  # type: ignore[arg-type]


def rank(e: Expr) -> int:
    """How many dimensions e has."""
    return len(shape(e))


def shape_text(s: Shape) -> str:
    """A shape for messages: `scalar`, `(n,)`, `(m, n)`."""
    return f"({', '.join(map(str, s))}{',' if len(s) == 1 else ''})" if s else "scalar"
