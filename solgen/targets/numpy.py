"""A self-contained Python module on numpy."""

from __future__ import annotations

from collections.abc import Mapping

from solgen.model import Checks, Derivation
from solgen.numeric import numpy_module
from solgen.targets import Target


def write_module(derivation: Derivation, checks: Checks, sizes: Mapping[str, int]) -> str:
    """The module of one problem (FORMAT.md, section 5), run and compared before it is returned."""
    return numpy_module(derivation)


ROW = Target(write_module)
