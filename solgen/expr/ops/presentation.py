"""How an operation is written on paper, as its row in the table says it: a sign before brackets, between, around.

Most operations are a sign and their arguments: a function, an infix sign, bars.  What a lecturer writes for the others
depends on the arguments (`a + (-b)` is `a - b`, a vector times a matrix is a row), and has a `Textbook` form by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal


@dataclass(frozen=True, slots=True)
class NamedFunction:
    """`name(a, b)`; a name of one letter is set in italics.

    subscript: the number of the argument that is a subscript of the name; index: a number as subscript; inverse: the
    name has the exponent −1; powers: a small power stands between name and argument, tanh²(x); otherwise: what it is
    called where the file has a name that is written like `name` (empty: the model language reserves the name).
    """

    name: str
    subscript: int | None = None
    index: int | None = None
    inverse: bool = False
    powers: bool = False
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """`name(inner(a), b)`: a function of a function of the first argument; `otherwise` as above."""

    name: str
    inner: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Infix:
    """`a ⊗ b`, each argument in brackets unless it is one thing; `loose` where it wants brackets in other products."""

    sign: str
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """`|a|`, `‖a‖₁`, `‖a‖²`: bars around the argument, with a number beneath or above."""

    kind: Literal["bars", "norm"]
    below: int | None = None
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """`1[a > b]` for the difference a − b, `1[x < 0]` for −x: the sign, and the sign read from the other side."""

    sign: Literal[">", "≥"]
    turned: Literal["<", "≤"]


@dataclass(frozen=True, slots=True)
class Directed:
    """`softmax(z)`, and `softmax_rows(Z)` of a matrix: a function with the direction that it runs along."""

    names: tuple[str, ...]


class Textbook(Enum):
    """Forms that depend on the arguments, each made by a function of `solgen.expr.present`."""

    SUM = auto()
    NEGATION = auto()
    QUOTIENT = auto()
    POWER = auto()
    SQUARE = auto()
    INVERSE = auto()
    MATRIX_POWER = auto()
    ROOT = auto()
    EXPONENTIAL = auto()
    LOGARITHM = auto()
    LOG_DETERMINANT = auto()
    MAXIMAL = auto()
    CROSS_ENTROPY = auto()
    CALL = auto()
    CALL_GRADIENT = auto()
    MATRIX_PRODUCT = auto()
    ROW_TIMES_MATRIX = auto()
    INNER_PRODUCT = auto()
    OUTER_PRODUCT = auto()
    ENTRYWISE_PRODUCT = auto()
    SCALAR_MULTIPLE = auto()
    TRANSPOSE = auto()
    UNCHANGED = auto()
    AS_ROW = auto()
    ROW_AS_VECTOR = auto()
    TOTAL = auto()
    TOTAL_OF_ROWS = auto()
    TOTAL_OF_COLUMNS = auto()
    SPREAD = auto()
    SAME_ROWS = auto()
    SAME_COLUMNS = auto()
    IDENTITY = auto()
    ENTRY = auto()
    ONE_ROW = auto()
    ONE_COLUMN = auto()
    BASIS = auto()
    SLICE = auto()
    JOINED = auto()
    PADDED = auto()


Presentation = NamedFunction | Composed | Infix | Around | Indicator | Directed | Textbook
