"""The table of operations: one row each, from which shapes, derivatives, values and LaTeX follow."""
