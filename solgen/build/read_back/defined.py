"""Whether what a document says of its signs is so: σ(u) = 1/(1 + e⁻ᵘ), at points of both signs.

Nothing of a problem stands in such a sentence, so no certificate covers it: it is evaluated here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count

import numpy as np

from solgen.build.read_back.relations import stated_links
from solgen.expr.nodes import Expr, Var
from solgen.expr.text import text
from solgen.expr.walk import nodes
from solgen.numeric.values.evaluator import FORESEEN, Evaluator, Value, union
from solgen.numeric.values.fields import Array, Balls
from solgen.numeric.values.run_forward import numbers
from solgen.written.compare import sizes_for

BITS = 128
STEP = Fraction(7, 23)  # between values, so that they differ and none is 0
LOWEST = (Fraction(-29, 17), Fraction(3, 19))  # values of both signs; where these have no value, positive ones


def false_definitions(page: object) -> Iterator[str]:
    """The equations in sentences about signs that do not hold, each in words."""
    for left, sign, right in dict.fromkeys(stated_links(page)):
        if isinstance(left, Expr) and isinstance(right, Expr) and sign == "=" and not _agree(left, right):
            yield f"states `{text(left)} = {text(right)}`, which does not hold"


def _agree(left: Expr, right: Expr) -> bool:
    """Whether both sides have one value where both have any; False where they have none anywhere."""
    found = [same for lowest in LOWEST if (same := _same_at(left, right, lowest)) is not None]
    return bool(found) and all(found)


def _same_at(left: Expr, right: Expr, lowest: Fraction) -> bool | None:
    """Whether both sides agree with values from here upwards; None where one has no value there."""
    field = Balls(BITS)
    sizes = next(sizes_for((left, right)))
    names = {v.name: v for e in (left, right) for v in nodes(e) if isinstance(v, Var)}
    values = (lowest + k * STEP for k in count())
    given = {name: Value((), numbers(field, _array(v, sizes, values))) for name, v in names.items()}
    run = Evaluator(field, sizes, given, {})
    try:
        one, other = run.value(left), run.value(right)
    except FORESEEN:
        return None
    free = union(one.free, other.free)
    sides = np.broadcast_arrays(one.along(free), other.along(free))
    pairs = zip(*(side.reshape(-1) for side in sides), strict=True)
    return all(bool(a.overlaps(b)) for a, b in pairs)


def _array(v: Var, sizes: dict[str, int], values: Iterator[Fraction]) -> Array:
    to = tuple(n.value(sizes) for n in v.shape_)
    flat = np.empty(int(np.prod(to, dtype=int)), dtype=object)
    flat[:] = [next(values) for _ in flat]
    return flat.reshape(to)
