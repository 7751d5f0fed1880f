"""`say`: prose between what is computed."""

from __future__ import annotations

from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.model.derivation import Said


def keep_prose(q: Question) -> Said:
    """The author's prose, as it is."""
    return Said(q.ask.say)


ROW = Verb(keep_prose)
