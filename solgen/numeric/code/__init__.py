"""Results as source text for other programs: formulas, modules, and whether the text means what the tree does."""
