"""Problem → Derivation: rules derived from the table, one reverse sweep, textbook form."""

from solgen.calculus.derive import derive

__all__ = ["derive"]
