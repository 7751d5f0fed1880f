"""`rewrite`: a value simplified in stages until only certain names remain."""

from __future__ import annotations

from solgen.calculus.question import Question
from solgen.calculus.rewrite import rewrite
from solgen.calculus.verbs import Verb
from solgen.model import Worked


def derive_rewriting(q: Question) -> Worked:
    """Stage by stage, down to the names of `in`."""
    return rewrite(q.prepared, q.of, frozenset(q.names_of("in")), q.where, q.ask.options.form)


ROW = Verb(derive_rewriting)
