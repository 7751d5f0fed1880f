"""Shapes as they are told: only names that were asked for, and those that lead to them."""

from __future__ import annotations

from pathlib import Path

from solgen.calculus.derive import derive
from solgen.model.derivation import Derivation, Shapes
from solgen.reader.set_file import read
from tests.document_of import solution_document

MODEL = "  x: R[n]\n  W: R[m, n]\n  z = W @ x\n  h = tanh(z)\n  a = norm2sq(h)\n  L = a / 2\n"


def derived(folder: Path, asks: str, model: str = MODEL) -> Derivation:
    (folder / "p.yaml").write_text(f"title: T\nmodel: |\n{model}parts:\n- prompt: Go\n  solve: {asks}\n")
    (problem,) = read(folder / "p.yaml").problems
    return derive(problem)


def names(folder: Path, asks: str, model: str = MODEL) -> str:
    (content,) = derived(folder, asks, model).parts[0].contents
    assert isinstance(content, Shapes)
    return " ".join(line.var.name for line in content.told)


def test_what_leads_nowhere_is_left_out(tmp_path: Path) -> None:
    assert names(tmp_path, "{shapes: h, given: [x, W]}") == "x W z h"
    assert names(tmp_path, "{shapes: z, given: [x, W]}") == "x W z"


def test_a_shape_deduced_backwards_keeps_its_reasons(tmp_path: Path) -> None:
    assert names(tmp_path, "{shapes: W, given: [x, h]}") == "x h z W"


def test_an_index_form_that_stands_already_is_cited(tmp_path: Path) -> None:
    asks = "[{jacobian: y, wrt: W, form: kronecker, indices: {y: t, W: ij}}, {gradients: W, form: [index, matrix]%s}]"
    model = "  x: R[n]\n  W: R[m, n]\n  ell: Loss\n  y = W @ x\n  L = ell(y)\n"
    for again, count in ((", indices: {y: t, W: ij}", 1), (", indices: {y: t, W: ij}, again: true", 2)):
        derivation = derived(tmp_path, asks % again, model)
        tex = solution_document(read(tmp_path / "p.yaml"), [derivation], [None], {}, "solutions").tex
        assert ("The chain rule, with \\eqlink{" in tex) is (count == 1)
        assert tex.count("Entry by entry:") == count
