"""From a Derivation to its certificate: sampling, evaluation, verification, mutants; and export to numpy."""

from __future__ import annotations

from solgen.numeric.checks.founded import unfounded
from solgen.numeric.code.module import json_rows, numpy_module
from solgen.numeric.code.requested import asked_gradients, asked_jacobians
from solgen.numeric.text import text
from solgen.numeric.verify import verify

__all__ = ["asked_gradients", "asked_jacobians", "json_rows", "numpy_module", "text", "unfounded", "verify"]
