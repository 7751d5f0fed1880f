"""How people write an operation, as its row in the table says it: the only words that the reader of formulas knows.

Neither this field nor `presentation` is derived from the other, so that a wrong one is noticed where what was printed
is read back.  Names and signs are Unicode: σ, ⊙; how LaTeX spells them is known where LaTeX is read.  What is written
with no sign of its own (a product, a transpose, an entry) has a `Form`, which the grammar of `solgen.written` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal


@dataclass(frozen=True, slots=True)
class Named:
    """`name(a, b)` or `name a`, under any of the names; a name with a space is one function of another, `log softmax`.

    below: the argument that is written as a subscript of the name; index: a number that is one; inverse: the name has
    the exponent −1; raised: the letter of which the argument is written as the exponent, eˣ.
    """

    names: tuple[str, ...]
    below: int | None = None
    index: int | None = None
    inverse: bool = False
    raised: str = ""


@dataclass(frozen=True, slots=True)
class Between:
    """`a ⊗ b`, with any of the signs."""

    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Barred:
    """`|a|`, `‖a‖₁`, `‖a‖²`: bars, with one of the marks beneath (none is a mark too) and a number above."""

    bars: Literal["single", "double"]
    below: tuple[str, ...] = ("",)
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """`1[a > b]`: an indicator of a comparison; of `= max`, the indicator of the largest entry."""

    sign: Literal[">", "≥", "= max"]


@dataclass(frozen=True, slots=True)
class Lettered:
    """`I`, `e_k`: a letter or a word that is a value by itself, with a size or a position beneath it."""

    names: tuple[str, ...]


class Form(Enum):
    """What is written without a name or sign of the operation's own."""

    SUM = auto()  # a + b
    MINUS = auto()  # −a
    QUOTIENT = auto()  # a above b, a/b
    POWER = auto()  # aᵏ
    PRODUCT = auto()  # a b
    TRANSPOSE = auto()  # Aᵀ
    TOTAL = auto()  # Σ of the entries, 1ᵀx, X1
    SPREAD = auto()  # a number as an array, 1xᵀ, x1ᵀ
    UNSEEN = auto()  # the same on paper: a row of numbers and its vector, a vector of one entry and its number
    INVERSE = auto()  # A⁻¹
    PART = auto()  # v with positions beneath
    JOINED = auto()  # [a; b]
    CALL = auto()  # φ(x), ∇ℓ(x)
    COMPOSED = auto()  # as the operations that it joins


Written = Named | Between | Barred | Compared | Lettered | Form
