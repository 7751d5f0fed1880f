"""Where a failure is told: at the part, or the answer, that its check concerns."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.build.locate import find_part, place
from solgen.calculus.derive import derive
from solgen.model.derivation import Derivation
from solgen.model.step import StepId, Symbol, gradient, name_statement
from solgen.reader.set_file import read

PROBLEM = """\
title: A layer
model: |
  x: R[n]
  W: R[m, n]
  z = W @ x
  h = tanh(z)
  L = norm2sq(h) / 2
parts:
  - prompt: The shape.
    solve: {shapes: z}
  - prompt: The graph.
    solve: graph
  - prompt: The gradient.
    solve: {gradients: W, of: L}
    expect:
      W: outer(bar(z), x)
      dL/dz: bar(h) * (1 - h**2)
  - id: aa
    prompt: Along which paths?
    solve: {paths: W, of: L}
"""


@pytest.fixture(scope="module")
def derivation(tmp_path_factory: pytest.TempPathFactory) -> Derivation:
    file = tmp_path_factory.mktemp("p") / "p.yaml"
    file.write_text(PROBLEM)
    return derive(read(file).problems[0])


W, Z = Symbol("W", "L"), Symbol("z", "L")


@pytest.mark.parametrize(("step", "name", "part", "line"), [
    (StepId("c", "contribution", Z, "h", 1), "(c) dL/dz via h #1", "c", 13),
    (StepId("c", "expected derivative", Z), "(c) expect dL/dz", "c", 17),
    (StepId("c", "expected derivative", W), "(c) expect dL/dW", "c", 16),
    (name_statement("shape", "z"), "shape z", "a", 9),
    (gradient("L", "W").name_check("differences"), "dL/dW differences", "c", 13),
    (StepId(symbol=W, within="batch:"), "batch: dL/dW", "c", 13),
    (gradient("L", "x").name_check("value"), "dL/dx value", "b", 11),
    (name_statement("forward", "L"), "forward L", "b", 11),
    (StepId(kind="proof", symbol=Symbol("outer"), path="statement"), "rule outer: statement", "", 1),
    (StepId("a", "gradient", W), "(a) dL/dW", "a", 9),
    (StepId("aa", "gradient", W), "(aa) dL/dW", "aa", 18),
])  # fmt: skip
def test_a_check_concerns_the_part_that_asks(
    derivation: Derivation, step: StepId, name: str, part: str, line: int
) -> None:
    """A gradient that a graph shows and a later part asks for is the later part's; `aa` is another part than `a`."""
    assert str(step) == name
    found = find_part(step, derivation)
    assert (found.id if found else "") == part
    assert place(step, found, derivation.problem).line == line


def test_a_name_concerns_no_part_that_speaks_of_a_longer_one(derivation: Derivation) -> None:
    assert find_part(gradient("L", "W1"), derivation) is None
    assert find_part(name_statement("shape", "z1"), derivation) is None


def test_a_count_concerns_the_part_that_counts(tmp_path: Path) -> None:
    """What no part asks for, a step of the forward pass or another gradient, concerns the first that shows it."""
    text = PROBLEM.replace("  - id: aa", "  - prompt: How many parameters?\n    solve: parameter_count\n  - id: aa")
    file = tmp_path / "p.yaml"
    file.write_text(text.replace("model: |", "parameters: [W]\nmodel: |"))
    counted = derive(read(file).problems[0])
    for step, part in (
        (StepId(kind="count"), "d"),
        (name_statement("parameters", "W"), "d"),
        (name_statement("forward", "z"), "b"),
        (gradient("L", "z"), "b"),
    ):
        found = find_part(step, counted)
        assert found is not None and found.id == part, step
