"""The files that travel with the program: the LaTeX templates and one example problem.

They live at the top of a checkout, where a person looks for them, and inside the package once installed
(pyproject.toml copies them into the wheel).  Both are found here, so that nobody else has to ask which it is.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from solgen.errors import SolgenError


def template_dir() -> Traversable:
    """The folder of the LaTeX templates.

    Raises SolgenError when this copy of solgen was installed without it.
    """
    return _shipped("templates", "templates")


def example_dir() -> Traversable:
    """The folder of the example set, a residual block: what `solgen new` starts from.

    Raises SolgenError when this copy of solgen was installed without it.
    """
    return _shipped("example", "problems/residual-block")


def _shipped(packaged: str, in_checkout: str) -> Traversable:
    """The installed folder, else the one in the checkout that holds the package."""
    installed = files("solgen") / "_data" / packaged
    if installed.is_dir():
        return installed
    checkout = Path(__file__).parent.parent / in_checkout
    if checkout.is_dir():
        return checkout
    raise SolgenError(f"this copy of solgen lacks its folder {packaged!r}: install it again")
