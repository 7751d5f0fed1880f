"""Rows for the functions that a problem file names itself: an activation φ, an own function, a loss ℓ."""

from __future__ import annotations

from solgen.expr.ops.example import on
from solgen.expr.ops.presentation import Textbook
from solgen.expr.ops.row import Called, Callee
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Form

CALLED = (
    Called(
        "call", False, presentation=Textbook.CALL, doc="A scalar function of the file, applied entry by entry.",
        rule="elementwise function", traits=Trait.MASK | Trait.EACH_ENTRY, examples=(on("n", Callee("phi")),),
        written=(Form.CALL,),
    ),
    Called(
        "loss", True, presentation=Textbook.CALL, doc="An unspecified differentiable function with a scalar value.",
        rule="upstream gradient", examples=(on("n", Callee("ell")),),
        written=(Form.CALL,),
    ),
    Called(
        "loss_grad", False, presentation=Textbook.CALL_GRADIENT,
        doc="The gradient of an unspecified loss, in the shape of its argument.", rule="upstream gradient",
        examples=(on("n", Callee("ell")),),
        written=(Form.CALL,),
    ),
)  # fmt: skip
