"""THE TABLE: every operation, one row each.  Adding an operation is adding a row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.ops.called import CALLED
from solgen.expr.ops.elementwise import ELEMENTWISE
from solgen.expr.ops.matrix import MATRIX
from solgen.expr.ops.multilinear import MULTILINEAR
from solgen.expr.ops.row import Called, Callee, Elementwise, Multilinear, Paired, Row, ShapeError, Special
from solgen.expr.ops.special import SPECIAL
from solgen.expr.ops.structure import STRUCTURE
from solgen.expr.ops.trait import Trait

ROWS: tuple[Row, ...] = ELEMENTWISE + MULTILINEAR + SPECIAL + MATRIX + STRUCTURE + CALLED
TABLE: Mapping[str, Row] = MappingProxyType({row.name: row for row in ROWS})


def having(traits: Trait) -> frozenset[str]:
    """The names of the operations that bear one of the traits; read once, at import, by those who ask for each node."""
    return frozenset(row.name for row in ROWS if row.traits & traits)


ENTRYWISE = frozenset(row.name for row in ROWS if isinstance(row, Elementwise)) | having(Trait.EACH_ENTRY)

__all__ = [
    "ENTRYWISE",
    "ROWS",
    "TABLE",
    "Called",
    "Callee",
    "Elementwise",
    "Multilinear",
    "Paired",
    "Row",
    "ShapeError",
    "Special",
    "Trait",
    "having",
]
