"""sympy's functions with nothing but their derivatives: what sympy looks for in an argument costs more than a proof.

`opaque(sp.exp)` is a function of sympy's whose derivative is the one that sympy gives for `exp` of a symbol, itself
made of opaque functions.  It is neither simplified nor joined with others, and has no assumptions.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

_ARGUMENT = sp.Dummy("u")


@cache
def opaque(function: Any) -> Any:
    """The opaque form of one of sympy's functions of one argument."""

    class Opaque(sp.Function):
        """A function that stands for one of sympy's."""

        stands_for = function

        def fdiff(self, argindex: int = 1) -> Any:
            return _slope(function).xreplace({_ARGUMENT: self.args[0]})

    Opaque.__name__ = function.__name__
    return Opaque


@cache
def _slope(function: Any) -> Any:
    """sympy's derivative of the function at a symbol, in opaque functions."""
    found = sp.diff(function(_ARGUMENT), _ARGUMENT)
    return found.replace(lambda node: node.is_Function, lambda node: opaque(node.func)(*node.args))


def transparent(e: Any) -> Any:
    """The expression with sympy's own functions again."""
    return e.replace(lambda node: hasattr(node, "stands_for"), lambda node: node.stands_for(*node.args))
