"""`derivative`: of a scalar function, rule by rule."""

from __future__ import annotations

from solgen.calculus.question import Question
from solgen.calculus.scalar import scalar_derivative
from solgen.calculus.verbs import Verb
from solgen.errors import Refused
from solgen.expr.ops import Callee
from solgen.model import Worked


def derive_derivative(q: Question) -> Worked:
    """Of a function by name, or of a value of the model whose right side is one function of one name."""
    of, callee = q.ask.of, q.ask.extra.get("callee")
    assert of is not None
    if callee is None and of.name in q.model.variables:
        raise Refused(f"`{of.name}` is a value, not a function", "ask for `gradients` or `jacobian`")
    function = callee if isinstance(callee, Callee) else Callee(of.name)
    return scalar_derivative(q.prepared, function, q.variable("at"), q.variable("value"), q.where)


ROW = Verb(derive_derivative)
