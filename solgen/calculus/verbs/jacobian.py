"""`jacobian`: ∂y/∂x in the forms that are asked for."""

from __future__ import annotations

from solgen.calculus.jacobian import jacobian
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.model import Worked


def derive_jacobian(q: Question) -> Worked:
    """Stage by stage, with the names written out that `substitute` lists."""
    (name,), options = q.names, q.ask.options
    return jacobian(q.prepared, q.of, q.model.variables[name], options.form, options.indices, q.style, q.where)


ROW = Verb(derive_jacobian)
