"""solgen: from the forward pass of a homework problem to its worked, verified, typeset solution."""

__version__ = "0.1.0"
