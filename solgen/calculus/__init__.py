"""Problem → Derivation: rules derived from the table, one reverse sweep, textbook form."""
