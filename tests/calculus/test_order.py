"""`order:` of a notation: which factor of an entrywise product stands first, the local derivative or the gradient."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.model.derivation import Gradients
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.printer import Printer

FILE = """title: T
{notation}
model: |
  x: R[n]
  W: R[m, n]
  V: R[k, m]
  phi: Elementwise
  z = W @ x
  h = phi(z)
  y = V @ h
  L = norm2sq(y)
parts:
- {{prompt: p, solve: {{gradients: 'h, z, W'}}}}
"""


@pytest.mark.parametrize(
    ("notation", "symbolic", "written"),
    [
        ("", r"\odot \phi^{\prime}(\bm{z})", r"\bm{y}) \odot \phi^{\prime}(\bm{z})"),
        ("notation: {order: upstream-first}", r"\odot \phi^{\prime}(\bm{z})", r"\odot \phi^{\prime}(\bm{z})"),
        ("notation: {order: local-first}", r"\phi^{\prime}(\bm{z}) \odot \frac", r"\phi^{\prime}(\bm{z}) \odot"),
        (
            "notation: {order: local-first, gradient: bar}",
            r"\phi^{\prime}(\bm{z}) \odot \bar",
            r"\phi^{\prime}(\bm{z})",
        ),
    ],
)
def test_order(tmp_path: Path, notation: str, symbolic: str, written: str) -> None:
    (tmp_path / "p.yaml").write_text(FILE.format(notation=notation))
    (problem,) = read(tmp_path / "p.yaml").problems
    derivation = derive(problem)
    assert verify(derivation, mutants=False).failures == ()
    (content,) = derivation.parts[0].contents
    assert isinstance(content, Gradients)
    block = next(b for b in content.blocks if b.symbol.wrt.name == "z")
    printer = Printer(notation=problem.notation, loss="L")
    assert symbolic in printer.expr(block.total.chain[0])
    assert written in printer.expr(block.closed)
