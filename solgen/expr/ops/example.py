"""Arguments made up for an operation: on them its rule is proved, its tests run, and its reference written."""

from __future__ import annotations

from dataclasses import dataclass

from solgen.expr.nodes import Expr, Kind, Shape, Var
from solgen.expr.size import ONE, Size

GENERIC = tuple(map(Size.of, "mnpqrstuvw"))  # sizes of axes, all different
LETTERS = {str(size): size for size in GENERIC} | {"1": ONE}


@dataclass(frozen=True, slots=True)
class RowExample:
    """Arguments: the shape of each, the kinds of their values (any numbers where none is given), the parameters.

    `generic` is False where the sizes depend on each other or on the parameters, so that these are not the sizes of
    every application.
    """

    shapes: tuple[Shape, ...]
    params: tuple[object, ...] = ()
    kinds: tuple[Kind, ...] = ()
    generic: bool = True

    @property
    def ranks(self) -> tuple[int, ...]:
        """The number of axes of each argument."""
        return tuple(map(len, self.shapes))

    def kind(self, k: int) -> Kind:
        """The kind of values of argument k."""
        return self.kinds[k] if k < len(self.kinds) else Kind.REAL

    def kinds_of(self, args: tuple[Expr, ...]) -> tuple[Kind, ...]:
        """The kind of each argument in place of these; a label stays one."""
        return tuple(
            Kind.LABEL if isinstance(a, Var) and a.kind is Kind.LABEL else self.kind(k) for k, a in enumerate(args)
        )


def generic(rank: int) -> Shape:
    """A shape of so many axes, all of different sizes: (), (n,), (m, n), (p, m, n)."""
    return tuple(GENERIC[k] for k in (*reversed(range(2, rank)), *range(max(0, 2 - rank), 2)))


def on(shapes: str, *params: object, kinds: tuple[Kind, ...] = (), generic: bool = True) -> RowExample:
    """`on("mn, n", 0)`: a matrix of m rows and n columns and a vector, with the parameter 0; `.` is a scalar."""
    sides = [side.strip() for side in shapes.split(",")] if shapes else []
    found = tuple(tuple(LETTERS[c] for c in side if c != ".") for side in sides)
    return RowExample(found, params, kinds, generic)
