"""Answers proved by a second engine, which shares no derivative rule with the calculus.

What is to be proved is in `claims.py`, and needs nothing slow; who proves it are the rows of `engines/`, each of which
loads what it needs.
"""
