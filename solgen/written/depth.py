"""Room for recursion: formulas nest as deep as their brackets, of which the first pass allows only so many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 15_000  # a dozen frames a level of brackets, and some for those who called


@contextmanager
def deep() -> Iterator[None]:
    """Room for the frames of what is nested."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
