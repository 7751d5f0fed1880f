"""From bytes to nodes with places: the YAML of a problem file, and its typical slips."""
