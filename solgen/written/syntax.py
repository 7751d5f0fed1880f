"""What the grammar makes of a text: small nodes in flat lists, as they stand on the line, before any meaning.

`a + b c` is five nodes side by side; which belong together is decided afterwards, with names and shapes.
A group that only TeX sees, `{…}`, leaves no node: its contents stand in the list around it, as ink shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["", "bold", "upright", "bold upright", "double-struck"]
Brackets = Literal["round", "square", "curly", "bars", "norm", "angle", "open"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, x or σ, or the digit of 𝟏; `at` is its place in the text."""

    text: str
    style: Style = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """Several letters that are one name: loss, softmax, log."""

    text: str
    style: Style = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Digits:
    """A number without its sign: 12, 0.25."""

    text: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator, a relation, a comma: +, ⊙, =, ∂, ∑, …"""

    text: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words among formulas: `if`, `otherwise`."""

    text: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over what stands beneath it: x̂, a bar over a word."""

    mark: str
    body: Items
    at: int = 0


@dataclass(frozen=True, slots=True)
class Fence:
    """Something in brackets or bars."""

    kind: Brackets
    body: Items
    at: int = 0


@dataclass(frozen=True, slots=True)
class Fraction:
    """One thing above another."""

    top: Items
    bottom: Items
    at: int = 0


@dataclass(frozen=True, slots=True)
class Root:
    """A root; of degree 2 where none is written."""

    body: Items
    degree: Items = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class Scripted:
    """Something with what stands lower, higher, and the primes behind it."""

    base: Node
    sub: Items = ()
    sup: Items = ()
    primes: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class Shaped:
    """A factor with a shape, or a remark, beneath it."""

    body: Items
    beneath: Items
    at: int = 0


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Rows of cells; `kind` is the environment's name, `lines` of none for the lines of a display."""

    kind: str
    rows: tuple[tuple[Items, ...], ...]
    at: int = 0


Node = Letter | Word | Digits | Sign | Phrase | Accent | Fence | Fraction | Root | Scripted | Shaped | CellGrid
Items = tuple[Node, ...]
Lines = tuple[tuple[Items, ...], ...]
