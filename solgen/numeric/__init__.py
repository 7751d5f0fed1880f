"""From a Derivation to its certificate: sampling, evaluation, verification, mutants; and export to numpy."""

from __future__ import annotations

from solgen.expr.text import text
from solgen.numeric.asked import asked_gradients, asked_jacobians, closed_gradients
from solgen.numeric.export import json_rows, numpy_module
from solgen.numeric.founded import unfounded
from solgen.numeric.verify import verify

__all__ = [
    "asked_gradients",
    "asked_jacobians",
    "closed_gradients",
    "json_rows",
    "numpy_module",
    "text",
    "unfounded",
    "verify",
]
