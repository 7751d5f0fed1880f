"""From a Derivation to its certificate: sampling, evaluation, verification, mutants; and export to numpy."""

from __future__ import annotations

from solgen.numeric.asked import asked_gradients, asked_jacobians
from solgen.numeric.export import json_rows, numpy_module
from solgen.numeric.founded import unfounded
from solgen.numeric.text import text
from solgen.numeric.verify import verify

__all__ = ["asked_gradients", "asked_jacobians", "json_rows", "numpy_module", "text", "unfounded", "verify"]
