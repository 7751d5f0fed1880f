"""`paths`: every route from a name to the output, one term each."""

from __future__ import annotations

from solgen.calculus.paths import paths
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.model import Paths


def derive_paths(q: Question) -> Paths:
    """Each route's term, and their sum."""
    (name,) = q.names
    return paths(q.prepared, q.of, name, q.style, q.where)


ROW = Verb(derive_paths)
