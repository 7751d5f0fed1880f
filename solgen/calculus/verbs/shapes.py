"""`shapes`: the shape of each name, deduced from what is given."""

from __future__ import annotations

from solgen.calculus.question import Question
from solgen.calculus.shapes import deduce
from solgen.calculus.verbs import Verb
from solgen.model import Shapes


def derive_shapes(q: Question) -> Shapes:
    """Line by line, each with its reason."""
    return deduce(q.model, (n.name for n in q.ask.names), q.names_of("given"))


ROW = Verb(derive_shapes)
