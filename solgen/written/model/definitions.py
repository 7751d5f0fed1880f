"""What the statements of a model have defined so far, and what comes from outside."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from solgen.written.model.lengths import LARGEST, ZERO, AxisLength, Lengths, symbol_length, whole_length
from solgen.written.model.statements import Unclear
from solgen.written.model.values import Array, BallArray

OF_LENGTHS: Mapping[type[ast.operator], Callable[[AxisLength, AxisLength], AxisLength]] = MappingProxyType(
    {
        ast.Add: lambda a, b: a + b,
        ast.Sub: lambda a, b: a - b,
        ast.Mult: lambda a, b: a * b,
        ast.Pow: lambda a, b: a**b.count,
    }
)


@dataclass(frozen=True, slots=True)
class Given:
    """What comes from outside at one point.

    values: of the declared names, samples first, and what equations came to, on which later lines then rest.
    functions: what the declared ones are here, on an array; `samples`: rows, columns or nothing.  short: lengths of
    axes that are tried at others.  others: functions that docs/format.md does not list, by name, on arrays and an axis.
    """

    values: Mapping[str, Array]
    functions: Mapping[str, Callable[[Array], Array]]
    sizes: Mapping[str, int]
    samples: str = ""
    short: Mapping[int, int] = field(default_factory=dict)
    others: Mapping[str, Callable[..., Array]] = field(default_factory=dict)


@dataclass(slots=True)
class Definitions:
    """The names that the statements read so far have defined; of a family, how many index letters it takes."""

    given: Given
    values: dict[str, BallArray] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    indices: dict[str, ast.expr] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)  # the kind of each declared function
    own: dict[str, ast.Lambda] = field(default_factory=dict)

    @property
    def columns(self) -> bool:
        """Whether samples stand in columns."""
        return self.given.samples == "columns"

    def enter(self, name: str, at: Sequence[str], found: BallArray) -> None:
        """A name with its value, of a family the samples first."""
        self.values[name] = found
        if at:
            self.families[name] = len(at)

    def index(self, letter: str) -> AxisLength:
        """How many values an index letter takes."""
        if letter not in self.indices:
            raise Unclear(f"`{letter}` is no index")
        return self.length(self.indices[letter])

    def samples(self, letters: Sequence[str]) -> Lengths:
        """The axes of a family that come before its own."""
        return tuple(map(self.index, letters))

    def length(self, node: ast.expr) -> AxisLength:
        """A size as it is written; one that is a number may be tried at another."""
        found = self.polynomial(node)
        return replace(found, count=self.given.short.get(found.mark, found.count)) if found.mark < LARGEST else found

    def polynomial(self, node: ast.expr) -> AxisLength:
        """A polynomial in sizes."""
        match node:
            case ast.Constant(value=Fraction(denominator=1) as number):
                return whole_length(int(number))
            case ast.Name(id=name):
                return symbol_length(name, self.given.sizes)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ZERO - self.polynomial(operand)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OF_LENGTHS:
                return OF_LENGTHS[type(operator)](self.polynomial(left), self.polynomial(right))
            case _:
                raise Unclear(f"`{ast.unparse(node)}` is no size")

    def from_the_start(self, node: ast.expr, axis: AxisLength) -> AxisLength:
        """A position in an axis; a negative number counts from the end."""
        found = self.polynomial(node)
        return found + axis if found.mark < 0 and found.mark == found.count else found


def elements(node: ast.expr) -> list[ast.expr]:
    """What stands between commas."""
    return node.elts if isinstance(node, ast.Tuple) else [node]
