"""`hessian`: ∂²L/∂x² in the forms that are asked for."""

from __future__ import annotations

from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.calculus.verbs.jacobian import hessian
from solgen.model.derivation import Worked


def derive_hessian(q: Question) -> Worked:
    """Stage by stage, with the names written out that `substitute` lists."""
    (name,), options = q.names, q.ask.options
    return hessian(q.prepared, q.of, q.model.variables[name], options.form, options.indices, q.style, q.where)


ROW = Verb(derive_hessian)
