"""`evaluate`: a worked example with numbers."""

from __future__ import annotations

from solgen.calculus.example import example
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.model import Example


def derive_example(q: Question) -> Example:
    """The first of a part is its `example`, the next `example 2`."""
    asks = q.part.asks
    earlier = [a for a in asks[: asks.index(q.ask)] if a.verb == q.ask.verb]
    called = f"example {len(earlier) + 1}" if earlier else "example"
    return example(q.model, q.ask, q.where.step("example", path=called))


ROW = Verb(derive_example)
