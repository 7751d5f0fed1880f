"""Rows for the functions that a problem file names itself: an activation φ, an own function, a loss ℓ."""

from __future__ import annotations

from solgen.expr.ops.row import Called

CALLED = (
    Called("call", False, "A scalar function of the file, applied entry by entry.", "elementwise function"),
    Called("loss", True, "An unspecified differentiable function with a scalar value.", "upstream gradient"),
    Called(
        "loss_grad", False, "The gradient of an unspecified loss, in the shape of its argument.", "upstream gradient"
    ),
)
