"""Operations run by the numpy text of their rows, on exact or rounded numbers alike.

What docs/format.md does not list, such as an operation that somebody adds, has its meaning twice in its own row: as a
value over a field, and as the text that is exported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import numpy as np
from flint import arb

from solgen.expr.nodes import Apply, Shape, Var
from solgen.expr.ops import TABLE, Called, Row, Trait
from solgen.expr.size import Size
from solgen.numeric.code.formulas import HELPERS, NumpyWriter, PythonNames
from solgen.numeric.code.interpret import interpret_module
from solgen.numeric.values.fields import Array

DOUBLE = 1e-10  # the relative precision that double precision is trusted for


def functions_of_rows(known: Collection[str], samples: str) -> Mapping[str, Callable[..., Array]]:
    """The public operations that are not known otherwise, by name: each takes arrays and an axis, None where none is
    said."""
    rows = {name: row for name, row in TABLE.items() if row.public and name not in known}
    return {name: partial(_compute, row, samples) for name, row in rows.items() if not isinstance(row, Called)}


def _compute(row: Row, samples: str, *arrays: Array, axis: int | None) -> Array:
    """The values, each a ball with the error of double precision."""
    shapes = tuple(tuple(map(Size.of, np.shape(a))) for a in arrays)
    if axis is None and Trait.ALONG_AXIS in row.traits and len(shapes[0]) > 1:
        axis = 0 if samples == "columns" else 1
    params = () if axis is None or len(shapes[0]) < 2 else (axis,)
    found = interpret_module(_module(row, shapes, params))["value"](*map(_doubles, arrays))
    scale = max(float(np.max(np.abs(x), initial=0.0)) for x in (found, *map(_doubles, arrays)))
    balls: Callable[..., Any] = np.frompyfunc(lambda x: arb(float(x), DOUBLE * scale), nin=1, nout=1)
    return np.asarray(balls(found), dtype=object)


def _module(row: Row, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> str:
    arguments = tuple(Var(f"x{k}", shape) for k, shape in enumerate(shapes))
    writer = NumpyWriter(PythonNames(()))
    text = writer.write(Apply(row.name, arguments, params, row.shape(shapes, params)))
    helpers = [source for name, source in HELPERS.items() if f"{name}(" in text]
    names = ", ".join(argument.name for argument in arguments)
    return "\n".join([*helpers, f"def value({names}):", f"    return {text}", ""])


def _doubles(x: Array) -> Any:
    found = np.array([float(entry) for entry in x.flat]).reshape(x.shape)
    return found if found.ndim else float(found[()])
