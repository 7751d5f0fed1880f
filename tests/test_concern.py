"""Where a failure is told: at the part, or the answer, that its check concerns."""

from __future__ import annotations

import pytest

from solgen import reader
from solgen.calculus import derive
from solgen.concern import concerned, place
from solgen.model import Derivation

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
"""


@pytest.fixture(scope="module")
def derivation(tmp_path_factory: pytest.TempPathFactory) -> Derivation:
    file = tmp_path_factory.mktemp("p") / "p.yaml"
    file.write_text(PROBLEM)
    return derive(reader.read(file).problems[0])


@pytest.mark.parametrize(("step", "part", "line"), [
    ("(c) dL/dz via h #1", "c", 13),
    ("(c) expect dL/dz", "c", 17),
    ("(c) expect dL/dW", "c", 16),
    ("shape z", "a", 9),
    ("dL/dW differences", "c", 13),
    ("batch: dL/dW: transposed", "c", 13),
    ("dL/dx value", "b", 11),
    ("forward L", "b", 11),
    ("rule outer: statement", "", 1),
])  # fmt: skip
def test_a_check_concerns_the_part_that_asks(derivation: Derivation, step: str, part: str, line: int) -> None:
    """A gradient that a graph shows and a later part asks for is the later part's."""
    found = concerned(step, derivation)
    assert (found.id if found else "") == part
    assert place(step, found, derivation.problem).line == line
