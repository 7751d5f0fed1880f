"""The digest of the program itself: its source, the packages that show in its results, and Python's version."""

from __future__ import annotations

import sys
from importlib.metadata import version

from solgen.build.cache import Store, digest, folder_digest, known_program, name_program
from solgen.errors import HOUSE

DECIDING = ("jinja2", "matplotlib", "numpy", "python-flint", "sympy")  # packages whose version shows in a result


def program_digest(store: Store) -> str:
    """The SHA-256 of the program; computed anew only where a file of it, or an installed package, has changed."""
    known = known_program(store)
    if known is None:
        source = folder_digest(HOUSE, (".py",))
        known = digest(source, sys.version, *(version(package) for package in DECIDING))
        name_program(known, store)
    return known
