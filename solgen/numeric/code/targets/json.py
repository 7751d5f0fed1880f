"""Rows of results for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping

from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks
from solgen.numeric.code.module import json_rows
from solgen.numeric.code.targets import Target
from solgen.render.printer import Printer


def write_rows(derivation: Derivation, checks: Checks, sizes: Mapping[str, int]) -> str:
    """One row a gradient, Jacobian or Hessian (docs/format.md, section 5)."""
    printer = Printer(dict(derivation.problem.latex), derivation.problem.notation)
    return json.dumps(json_rows(derivation, printer.expr, checks), indent=1, ensure_ascii=False) + "\n"


ROW = Target(write_rows)
