"""Textbook form: the rewrites that a lecturer makes without a word, each an identity."""
