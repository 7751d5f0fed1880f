"""`parameter_count`: how many numbers the parameters hold, each and in total."""

from __future__ import annotations

from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.calculus.verbs.shapes import count
from solgen.model.derivation import Count


def derive_count(q: Question) -> Count:
    """Of each parameter, and in total."""
    return count(q.model, (d.var.name for d in q.model.declarations if d.role == "parameter"))


ROW = Verb(derive_count)
