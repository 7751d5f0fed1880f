"""The model language: from lines of text to formulas, with every clash of names and shapes told at its place."""
