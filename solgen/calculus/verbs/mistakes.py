"""`mistakes`: the likely wrong answers to each gradient that is named."""

from __future__ import annotations

from solgen.calculus.mistakes import mistakes
from solgen.calculus.prepare import prepare
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.calculus.wanted import kept_names
from solgen.model import Content


def derive_mistakes(q: Question) -> tuple[Content, ...]:
    """Over the forward pass that the parts share."""
    parts = q.problem.parts if q.part.model is None else (q.part,)
    prepared = prepare(q.model, kept_names(q.problem, parts))
    return tuple(mistakes(prepared, q.of, name, q.style, q.where) for name in q.names)


ROW = Verb(derive_mistakes)
