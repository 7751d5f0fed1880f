r"""What a presentation tree is made of: a closed set of frozen nodes, as in MathML Core, and a shape beneath a factor.

A presentation tree says how a formula looks, in no format: where a fraction stands, what is raised, which brackets
there are and how large, where a line may break.  Whatever a format must know to write a node is a field of it, so that
no format looks into strings, and a format is one `match` over `Node`.  Characters are Unicode: `σ`, `⊙`, `−`; that TeX
calls them `\sigma`, `\odot` and `-` is known where TeX is written.

A node can say which expression it `shows`, or which datum (a shape, numbers); two trees are equal when they look the
same, whatever they show.

After MathML Core (W3C, 2025), whose elements are named beside ours.  What differs: the brackets of a `Fence` are a node
with their contents, as in MathML 3, so that no reader must look for the closing one; a product without a sign and the
application of a function are operators of their own (U+2062, U+2061); `Authored` holds LaTeX that a person wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational
from operator import is_not
from typing import Literal, assert_never

from solgen.expr.nodes import Expr

Variant = Literal["italic", "bold italic", "upright", "bold", "double-struck", "function"]
Spacing = Literal["none", "thin", "binary", "relation", "comma", "newline"]
Width = Literal["negative", "thin", "thick", "quad"]
AccentMark = Literal[
    "hat", "bar", "tilde", "overline", "vec", "dot", "ddot", "widehat", "widetilde", "underline", "check", "breve"
]
FractionSize = Literal["normal", "small", "large", "slash"]
FenceKind = Literal["round", "square", "curly", "bars", "norm", "angle"]
FenceSize = Literal["plain", "big", "bigger", "biggest", "stretchy"]
Direction = Literal["low", "between", "across", "down", "diagonal"]

TIMES = "\N{INVISIBLE TIMES}"
APPLY = "\N{FUNCTION APPLICATION}"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Datum:
    """What a tree can say that is no formula: a shape, a space, numbers; each kind is read back as data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows:
    """What all nodes have in common: what a reader sees here, where it is a formula or a datum."""

    shows: Expr | Datum | None = field(default=None, compare=False, repr=False)


# ---------------------------------------------------------------- leaves


@dataclass(frozen=True, slots=True)
class Identifier(Shows):
    """A letter or a word that stands for something: x, σ, loss, softmax, the 1 of a vector of ones (mi).

    `letters` are without accents and scripts; the variant `function` is the upright name of a function, with its space.
    """

    letters: str
    variant: Variant = "italic"


@dataclass(frozen=True, slots=True)
class Number(Shows):
    """A number without its sign, as it is written: 12, 0.25 (mn)."""

    digits: str

    @property
    def value(self) -> Rational:
        return Rational(self.digits)


@dataclass(frozen=True, slots=True)
class Operator(Shows):
    """A sign between or before what it joins: +, ⊙, =, the comma, an unwritten product (mo).

    `spacing` is the room around it: `thin` a thin space in place of a sign, `none` nothing, as after a minus in front;
    `newline` begins a line of its own, where a figure has two.
    `depth` is None where a line must not break before the sign, else how many brackets are open there: the outermost
    break is the best.
    """

    sign: str
    spacing: Spacing = "binary"
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Text(Shows):
    """Words within a formula: `if`, `otherwise` (mtext)."""

    words: str


@dataclass(frozen=True, slots=True)
class Space(Shows):
    """Room that no sign makes (mspace)."""

    width: Width = "thin"


@dataclass(frozen=True, slots=True)
class Dots(Shows):
    """The dots of what is left out: in a list, `between` two of a row; in a matrix `across`, `down`, `diagonal`."""

    direction: Direction = "low"


@dataclass(frozen=True, slots=True)
class Authored(Shows):
    """LaTeX that the author of a problem declared for a name, as written; `bold` where the name is an array's."""

    tex: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class CrossReference(Shows):
    """The number of an equation or a rule, which leads to it: (3), R2."""

    kind: Literal["equation", "rule"]
    number: str


@dataclass(frozen=True, slots=True)
class RouteMark(Shows):
    """The number of a route in a disc, as in its figure; of colour 0 where no line of the figure is its own."""

    number: int
    colour: int


# ---------------------------------------------------------------- what holds other nodes


@dataclass(frozen=True, slots=True)
class Row(Shows):
    """Nodes side by side (mrow); a row in a row is grouped for what it shows, not for the eye."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fraction(Shows):
    """One thing above another (mfrac): `small` in a line, `large` in a matrix, `slash` a/b in running text."""

    top: Node
    bottom: Node
    size: FractionSize = "normal"


@dataclass(frozen=True, slots=True)
class Root(Shows):
    """A square root (msqrt)."""

    body: Node


@dataclass(frozen=True, slots=True)
class Script(Shows):
    """Something with a subscript, a superscript, or both (msub, msup, msubsup)."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True, slots=True)
class Accent(Shows):
    """A mark over or beneath a letter: x̂, a bar (mover, munder)."""

    body: Node
    mark: AccentMark


@dataclass(frozen=True, slots=True)
class Fence(Shows):
    """Something in brackets, bars or double bars, of the size that what is inside needs."""

    body: Node
    kind: FenceKind = "round"
    size: FenceSize = "plain"


@dataclass(frozen=True, slots=True)
class BigOperator(Shows):
    """The sign of a sum with its limits, ∑ from i = 1 to n (munderover); what is summed follows it in a row."""

    sign: str
    under: Node | None = None
    over: Node | None = None


@dataclass(frozen=True, slots=True)
class Shaped(Shows):
    """A factor with its shape beneath it, small and grey: W over m × n (munder)."""

    body: Node
    shape: Node


@dataclass(frozen=True, slots=True)
class Framed(Shows):
    """An answer in its frame (menclose)."""

    body: Node


@dataclass(frozen=True, slots=True)
class Table(Shows):
    """The cells of a matrix, row by row, with the brackets around them (mtable).

    A line is drawn after each column of `rules` (counted from 1); formulas stand closer to the brackets than numbers.
    """

    cells: tuple[tuple[Node, ...], ...]
    kind: FenceKind = "round"
    rules: tuple[int, ...] = ()
    of: Literal["formulas", "numbers"] = "formulas"


@dataclass(frozen=True, slots=True)
class Fitted(Shows):
    """What is made smaller where it is wider than its page."""

    body: Node


@dataclass(frozen=True, slots=True)
class Cases(Shows):
    """One of several values, each with its condition, behind a brace (mtable)."""

    lines: tuple[tuple[Node, Node], ...]


Leaf = Identifier | Number | Operator | Text | Space | Dots | Authored | CrossReference | RouteMark
Node = (
    Leaf | Row | Fraction | Root | Script | Accent | Fence | BigOperator | Shaped | Framed | Fitted | Table | Cases
)  # fmt: skip


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside a node, in reading order."""
    match node:
        case (
            Identifier()
            | Number()
            | Operator()
            | Text()
            | Space()
            | Dots()
            | Authored()
            | CrossReference()
            | RouteMark()
        ):
            return ()
        case Row(items):
            return items
        case Fraction(top, bottom):
            return top, bottom
        case Root(body) | Accent(body) | Fence(body) | Framed(body) | Fitted(body):
            return (body,)
        case Script(base, sub, sup):
            return tuple(n for n in (base, sub, sup) if n is not None)
        case BigOperator(_, under, over):
            return tuple(n for n in (under, over) if n is not None)
        case Shaped(body, shape):
            return body, shape
        case Table(cells):
            return tuple(cell for row in cells for cell in row)
        case Cases(lines):
            return tuple(side for line in lines for side in line)
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """The node and every node inside it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)


def map_children(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each of its children changed; itself where none of them was."""
    before = children(node)
    if not before:
        return node
    after = tuple([change(child) for child in before])
    changed = any(map(is_not, before, after))
    return _with_children(node, after) if changed else node


def _with_children(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same node with other children, as many as it has."""
    match node:
        case (
            Identifier()
            | Number()
            | Operator()
            | Text()
            | Space()
            | Dots()
            | Authored()
            | CrossReference()
            | RouteMark()
        ):
            return node
        case Row():
            return Row(parts, shows=node.shows)
        case Fraction(size=size):
            return Fraction(parts[0], parts[1], size, shows=node.shows)
        case Fence(_, kind, size):
            return Fence(parts[0], kind, size, shows=node.shows)
        case Root() | Accent() | Framed() | Fitted():
            return replace(node, body=parts[0])
        case Script(_, sub, sup):
            return Script(parts[0], *_fill_places(parts[1:], sub, sup), shows=node.shows)
        case BigOperator(sign, under, over):
            return BigOperator(sign, *_fill_places(parts, under, over), shows=node.shows)
        case Shaped():
            return Shaped(parts[0], parts[1], shows=node.shows)
        case Table(cells):
            rest = iter(parts)
            return replace(node, cells=tuple(tuple(next(rest) for _ in line) for line in cells))
        case Cases():
            return replace(node, lines=tuple(zip(parts[::2], parts[1::2], strict=True)))
        case _:
            assert_never(node)


def _fill_places(parts: tuple[Node, ...], *places: Node | None) -> tuple[Node | None, ...]:
    """The parts one after another in the places that are taken."""
    rest = iter(parts)
    return tuple(None if place is None else next(rest) for place in places)


def showing(node: Node, e: Expr | Datum | None) -> Node:
    """The same node, which says what it shows, or that it shows nothing."""
    fields = [getattr(node, name) for name in node.__match_args__]
    return type(node)(*fields, shows=e)
