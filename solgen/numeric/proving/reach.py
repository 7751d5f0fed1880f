"""How a proof may end but in success."""

from __future__ import annotations


class OutOfReach(ArithmeticError):
    """A claim that is neither proved nor disproved: the reason, as it is told."""


class Disproved(ArithmeticError):
    """A claim that does not hold: what speaks against it."""
