"""The engine: the forward pass named, rules derived from the table, one reverse sweep, read back as matrices."""
