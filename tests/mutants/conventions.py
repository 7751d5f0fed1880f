"""Mutants of what holds at a kink: step(0) = 1, the other branch at a tie, a slope that is not the printed one.

No equality of a problem tells them, for its points lie off the kinks; `tests/numeric/kinks` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from solgen.expr.arith import add, fn, mul, neg, num, sub
from solgen.expr.nodes import Expr
from solgen.expr.ops import TABLE, Elementwise
from solgen.numeric.values import fields
from tests.mutants.mutant import Mutant, set_field
from tests.numeric.kinks import broken

Slope = Callable[..., Expr]


def _reaches(x: Expr) -> Expr:
    return fn("reaches", x)


# The slopes with 1 at 0 in place of 0, and with the first argument's branch at a tie.
SLOPES: Mapping[str, tuple[Slope, ...]] = {
    "relu": (lambda x, y: _reaches(x),),
    "leaky_relu": (lambda x, a, y: add(_reaches(x), mul(a, fn("step", neg(x)))),),
    "abs": (lambda x, y: sub(mul(num(2), _reaches(x)), num(1)),),
    "maximum": (lambda a, b, y: _reaches(sub(a, b)), lambda a, b, y: fn("step", sub(b, a))),
    "minimum": (lambda a, b, y: _reaches(sub(b, a)), lambda a, b, y: fn("step", sub(a, b))),
}
TEXTS: Mapping[str, str] = {
    "step": "np.where({0} >= 0, 1.0, 0.0)",
    "reaches": "np.where({0} > 0, 1.0, 0.0)",
    "sign": "np.where({0} >= 0, 1.0, -1.0)",
}
FLOATS: Mapping[str, Callable[[Any], Any]] = {
    "step": lambda x: np.where(np.asarray(x) >= 0, 1.0, 0.0),
    "sign": lambda x: np.where(np.asarray(x) >= 0, 1.0, -1.0),
}


def mutants() -> Iterator[Mutant]:
    """All of them."""
    for op, slopes in SLOPES.items():
        row = TABLE[op]
        assert isinstance(row, Elementwise)
        for k, slope in enumerate(slopes):
            changed = (*row.partials[:k], slope, *row.partials[k + 1 :])
            yield _mutant(op, f"derivative {k + 1} at the kink", partial(set_field, row, "partials", changed))
    for op, text in TEXTS.items():
        yield _mutant(op, "numpy text at the kink", partial(set_field, TABLE[op], "code", {"numpy": text}))
    for op, value in FLOATS.items():
        changed_function = partial(setattr, vars(fields.Floats)[op], "scalar", value)
        yield _mutant(op, "double precision at the kink", changed_function)
        exact = vars(fields.Sided)[op]
        yield _mutant(op, "exact value at the kink", partial(setattr, exact, "scalar", _one_at_zero(exact.scalar)))
    first = "the first argument's branch"
    yield _mutant("reaches", f"value: {first}", partial(set_field, TABLE["reaches"], "value", lambda K, x: K.step(x)))


def _one_at_zero(whole: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, x: self.number(1) if self.side(x) == 0 else whole(self, x)


def _mutant(op: str, label: str, install: Callable[[], None]) -> Mutant:
    return Mutant(f"convention of {op}", label, install, op, told=broken)
