"""Rows for the functions that a problem file names itself: an activation φ, an own function, a loss ℓ."""

from __future__ import annotations

from solgen.expr.ops.row import Called

CALLED = (
    Called("call", False, doc="A scalar function of the file, applied entry by entry.", rule="elementwise function"),
    Called("loss", True, doc="An unspecified differentiable function with a scalar value.", rule="upstream gradient"),
    Called(
        "loss_grad", False, doc="The gradient of an unspecified loss, in the shape of its argument.",
        rule="upstream gradient",
    ),
)  # fmt: skip
