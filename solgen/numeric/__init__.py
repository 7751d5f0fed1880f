"""From a Derivation to its certificate: sampling, evaluation, verification, mutants; and export to numpy."""

from __future__ import annotations

from solgen.expr.text import text
from solgen.numeric.checks.founded import unfounded
from solgen.numeric.code.module import json_rows, numpy_module
from solgen.numeric.code.requested import asked_gradients, asked_jacobians, closed_gradients
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
