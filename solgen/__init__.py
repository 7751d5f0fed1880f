"""solgen: from the forward pass of a homework problem to its worked, verified, typeset solution.

    import solgen

    problem = solgen.read("problems/first.yaml")    # or of a model alone: solgen.parse("x: R[d]\\n…")
    result = solgen.derive(problem)                 # derived and verified; shows itself in a notebook
    print(result.text, result.latex, result.numpy())

Each name is loaded when it is first used, so that `import solgen` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solgen.api import Module, Result, build, derive, parse, read, verify
    from solgen.errors import Diagnostic, EngineError, InputError, SolgenError, VerificationError

__version__ = "0.1.0"
__all__ = [
    "Diagnostic", "EngineError", "InputError", "Module", "Result", "SolgenError", "VerificationError", "build",
    "derive", "parse", "read", "verify",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """A public name, from the module that has it."""
    if name not in __all__:
        raise AttributeError(f"module 'solgen' has no attribute {name!r}")
    api = import_module("solgen.api")
    return getattr(api, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
