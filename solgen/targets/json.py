"""Rows of results for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping

from solgen.model import Checks, Derivation
from solgen.numeric import json_rows
from solgen.render.printer import Printer
from solgen.targets import Target


def write_rows(derivation: Derivation, checks: Checks, sizes: Mapping[str, int]) -> str:
    """One row a gradient, Jacobian or Hessian (FORMAT.md, section 5)."""
    printer = Printer(dict(derivation.problem.latex), derivation.problem.notation)
    return json.dumps(json_rows(derivation, printer.expr, checks), indent=1, ensure_ascii=False) + "\n"


ROW = Target(write_rows)
