"""From files to outputs: the five stages over one set, many sets side by side, what is kept from before.

The public face has a function of this name.  A room that is imported takes the place of a lazy name of the package, so
the room itself, called, is that function: `solgen.build("problems/first.yaml")` means one thing whatever was imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """This module, which may be called; see Python's data model, "Customizing module attribute access"."""

    def __call__(self, *paths: Any, **options: Any) -> Any:
        """`solgen.api.build`."""
        return import_module("solgen.api").build(*paths, **options)  # by name: the room knows nothing above it


sys.modules[__name__].__class__ = _Room
