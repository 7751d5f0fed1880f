"""A convention at a kink lies between the slopes on both sides; what has no kink has no convention."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.expr.arith import ONE, ZERO, add, fn, mul, neg, num
from solgen.expr.ops import ROWS, TABLE, Elementwise, Row
from solgen.expr.ops.convention import Kink, Tie
from solgen.numeric.checks.kinks import kink_failures, kink_faults
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

CASE = Path("tests/cases/derive/elu-has-no-kink.yaml")


def row(name: str, **changes: object) -> Row:
    found = TABLE[name]
    assert isinstance(found, Elementwise)
    return replace(found, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [r.name for r in ROWS])
def test_what_the_table_says_holds(name: str) -> None:
    assert list(kink_faults(TABLE[name])) == []


FALSE = {
    "a convention where there is no kink": row("elu", conventions=(Kink("elu"),)),
    "a derivative of 0 where the slope is 1": row(
        "elu", partials=(lambda x, y: add(fn("step", x), mul(fn("step", neg(x)), fn("exp", x))),)
    ),
    "a slope outside": row("abs", conventions=(Kink("abs", value=2),), partials=(lambda x, y: num(2),)),
    "a slope that is on no side": row(
        "leaky_relu",
        conventions=(Kink("leaky_relu"),),
        partials=(
            lambda x, a, y: add(fn("step", x), mul(a, fn("step", neg(x)))),
            lambda x, a, y: fn("minimum", x, ZERO),
        ),
    ),
    "another than the derivative has": row("relu", conventions=(Kink("relu", value=1),)),
    "a kink without a word": row("abs", conventions=()),
    "a tie without a word": row("maximum", conventions=()),
    "a jump without a word": row("step", conventions=(Kink("step", order=0),)),
    "another value at the jump": row("step", conventions=(Kink("step", value=1, order=0), Kink("step", at=None))),
    "a tie of a smooth function": row("maximum", value=lambda K, a, b: a + b, conventions=(Tie("maximum"),)),
    "a smooth function taken as flat": row("tanh", conventions=(Kink("tanh", at=None),)),
    "another kink than the first argument's": row("minimum", partials=(lambda *_: ONE, lambda *_: ONE)),
}


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_is_told(what: str) -> None:
    assert list(kink_faults(FALSE[what]))


def test_what_a_forward_pass_uses_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = read(CASE).problems
    derivation = derive(problem)
    assert kink_failures(derivation.forward) == [] and verify(derivation).failures == ()
    false = FALSE["a convention where there is no kink"]
    monkeypatch.setattr("solgen.numeric.checks.kinks.TABLE", {**TABLE, "elu": false})
    (failed,) = verify(derivation, mutants=False).failures
    assert failed.message == "`elu`: `elu′(0) = 0` is no convention: the slopes from both sides are the same"


def test_a_smooth_unit_is_assumed_nothing_of_and_has_slope_one_at_0() -> None:
    (problem,) = read(CASE).problems
    derivation = derive(problem)
    assert not any(found for part in derivation.parts for found in part.assumptions)
    (computed,) = verify(derivation).examples
    slopes = next(q for q in computed.quantities if q.name == "dL/dz")
    assert [float(v) for v in slopes.values][:2] == [1.0, 1.0] and slopes.values[2] < 1
    assert computed.kinks == ()
