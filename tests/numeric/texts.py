"""Problems written as files, for the tests of this room that need many verbs and forms."""

from __future__ import annotations

from pathlib import Path

from solgen.calculus.derive import derive
from solgen.model.derivation import Derivation
from solgen.reader.set_file import read

FAMILY = """\
title: A batch of samples
samples: {samples}
model: |
  i: Index[n]
  x[i]: R[d]
  y[i]: OneHot[C]
  W: R[C, d]
  b: R[C]
  z[i] = W @ x[i] + b
  p[i] = softmax(z[i])
  L = mean(cross_entropy(p[i], y[i]), i)
parameters: [W, b]
targets: [y]
parts:
  - prompt: Gradients in three forms.
    solve: {{gradients: [z, W, b], form: [sample, sum, batch]}}
"""

WORKED = """\
title: Worked derivations
model: |
  z: R[n]
  y: OneHot[n]
  W: R[m, n]
  k: Label[m]
  gate = lambda k: k / (1 + exp(-k))
  p = softmax(z)
  L = cross_entropy(p, y)
  q = W @ z
  h = gate(q)
  M = norm2sq(q) / 2 + q[k]
parts:
  - prompt: The Jacobian of softmax.
    solve: {jacobian: p, wrt: z, form: [cases, kronecker, matrix, entries]}
  - prompt: The loss in the logits alone.
    solve: {rewrite: L, in: [z, y]}
  - prompt: Its Hessian.
    solve: {hessian: L, wrt: z, form: [matrix, index]}
  - prompt: One entry.
    solve: {gradients: 'z[j]', of: L}
  - prompt: A vector by a matrix.
    solve: {jacobian: q, wrt: W}
  - prompt: The activation.
    solve:
      - {derivative: gate, at: q, value: h}
      - {derivative: sigmoid}
      - {derivative: log}
  - prompt: Rows and entries.
    solve: {gradients: 'W[j, :], W', of: M, form: [index, matrix]}
"""


def derived(text: str, folder: Path) -> Derivation:
    """The derivation of the problem that the text describes."""
    file = folder / "problem.yaml"
    file.write_text(text)
    (problem,) = read(file).problems
    return derive(problem)
