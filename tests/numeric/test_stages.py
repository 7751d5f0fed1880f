"""Forward passes of their own: one sample's, and one in batch matrices, each tied to the file's equations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.expr.arith import mul, neg, num
from solgen.model.derivation import AdjointBlock, Derivation, Gradients
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from tests.numeric.texts import FAMILY, derived


def changed(derivation: Derivation, form: str, change: Callable[[Gradients], Gradients]) -> Checks:
    """The certificate with one of the three contents changed."""
    part = derivation.parts[0]
    contents = tuple(change(c) if isinstance(c, Gradients) and c.form == form else c for c in part.contents)
    return verify(replace(derivation, parts=(replace(part, contents=contents),)), mutants=False)


def failures(checks: Checks) -> set[str]:
    return {c.id for c in checks.failures}


@pytest.fixture(params=["rows", "columns"])
def family(request: pytest.FixtureRequest, tmp_path: Path) -> Derivation:
    return derived(FAMILY.format(samples=request.param), tmp_path)


def test_three_forms_of_one_gradient(family: Derivation) -> None:
    checks = verify(family)
    assert checks.failures == () and checks.mutants.survived == ()
    ids = {c.id for c in checks.checks}
    assert {"dL/dW differences", "sample: dl/dW differences", "batch: dL/dW differences"} <= ids
    assert {"batch: forward Z", "batch: forward P", "batch: forward L", "sample: forward L"} <= ids
    methods = {c.id: c.method for c in checks.checks}
    assert methods["batch: dL/dZ differences"] == "oracle" and methods["batch: dL/dZ in float64"] == "float64"


def test_a_wrong_matrix_equation_is_told_from_the_samples(family: Derivation) -> None:
    def doubled(content: Gradients) -> Gradients:
        first, *rest = content.forward
        return replace(content, forward=(replace(first, body=mul(num(2), first.body)), *rest))

    assert "batch: forward Z" in failures(changed(family, "batch", doubled))


def test_a_wrong_stack_is_told_from_the_samples(family: Derivation) -> None:
    def negative(content: Gradients) -> Gradients:
        first, *rest = content.stacked
        return replace(content, stacked=(replace(first, body=neg(first.body)), *rest))

    assert "batch: forward Z" in failures(changed(family, "batch", negative))


@pytest.mark.parametrize(("form", "name"), [("sample", "W"), ("sample", "z"), ("batch", "W"), ("batch", "Z")])
def test_a_wrong_gradient_of_any_form_is_refuted(family: Derivation, form: str, name: str) -> None:
    def block(b: AdjointBlock) -> AdjointBlock:
        return replace(b, value=neg(b.value)) if b.symbol.wrt.name == name else b

    found = failures(changed(family, form, lambda c: replace(c, blocks=tuple(map(block, c.blocks)))))
    of = "l" if form == "sample" else "L"
    assert f"{form}: d{of}/d{name} differences" in found


def test_mutants_of_every_form_are_told_apart(family: Derivation) -> None:
    whole = verify(family).mutants
    part = family.parts[0]
    alone = verify(replace(family, parts=(replace(part, contents=part.contents[:1], asks=part.asks[:1]),))).mutants
    assert whole.killed > 2 * alone.killed > 40


NAMES = """\
title: Names that a batch might take
model: |
  i: Index[n]
  x[i]: R[d]
  t[i]: R[m]
  W: R[m, d]
  R[i] = W @ x[i] - t[i]
  r[i] = tanh(R[i])
  L = mean(norm2sq(r[i] * R[i] - t[i]), i)
parts:
  - prompt: Gradients.
    solve: {gradients: [r, W], of: L, form: [sample, sum, batch]}
"""


def test_a_batch_gives_no_step_the_name_of_a_family(tmp_path: Path) -> None:
    derivation = derived(NAMES, tmp_path)
    batch = next(c for c in derivation.parts[0].contents if isinstance(c, Gradients) and c.form == "batch")
    assert not {v.name for v in batch.introduced} & {"x", "t", "R", "r"}
    assert verify(derivation).failures == ()
