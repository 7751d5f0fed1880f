"""At a kink every way of computing keeps to the convention that is printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solgen.expr.ops import TABLE, Elementwise
from tests.numeric.kinks import Claim, claims, computed

CLAIMS = claims()


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_a_convention_holds(claim: Claim) -> None:
    found = dict(computed(claim))
    assert len(found) >= 3 and set(found.values()) == {claim.expected}, found


def test_every_function_with_a_kink_states_its_convention() -> None:
    assert {c.op for c in CLAIMS} == {
        "relu", "leaky_relu", "abs", "sign", "step", "reaches", "maximum", "minimum", "norm1",
    }  # fmt: skip
    assert Claim("relu", 1, (0,), 0) in CLAIMS and Claim("step", 0, (0,), 0) in CLAIMS
    assert {c.expected for c in CLAIMS if c.op == "maximum"} == {0, 1}


def test_another_convention_is_noticed() -> None:
    """The claim turned round: ReLU′(0) = 1 holds nowhere."""
    other = replace(CLAIMS[0], expected=1)
    assert isinstance(TABLE[other.op], Elementwise)
    assert other.expected not in dict(computed(other)).values()
