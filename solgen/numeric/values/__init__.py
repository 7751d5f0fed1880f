"""Formulas evaluated: over doubles, exact rationals and balls, at one point."""
