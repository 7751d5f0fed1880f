"""What is checked: statements listed and judged, an oracle beside them, mutants that must be noticed."""
