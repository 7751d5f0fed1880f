"""The forms of an answer: each verb says which it has, and refuses the others at their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.errors import Diagnostic, InputError
from solgen.reader.set_file import read

CASES = Path(__file__).parents[1] / "cases/faults"
TEXT = """\
title: Forms
model: |
  z: R[C]
  p = softmax(z)
  L = norm2sq(p)
parts:
  - prompt: Solve.
    solve: {{{item}}}
"""
LACKING = [
    ("jacobian: p, wrt: z, form: sample", "`jacobian` has no form `sample`", "matrix, index, cases, kronecker"),
    ("jacobian: p, wrt: z, form: [index, sum]", "`jacobian` has no form `sum`", "matrix, index, cases, kronecker"),
    ("hessian: L, wrt: z, form: batch", "`hessian` has no form `batch`", "matrix, index, cases, kronecker, entries"),
    ("paths: z, of: L, form: kronecker", "`paths` has no form `kronecker`", "its one form is matrix"),
    ("paths: z, of: L, form: both", "`paths` has no form `both`", "its one form is matrix"),
    ("rewrite: L, form: entries", "`rewrite` has no form `entries`", "its forms are matrix, index, both"),
    ("rewrite: L, form: [index, batch]", "`rewrite` has no form `batch`", "its forms are matrix, index, both"),
    ("derivative: tanh, form: index", "unknown key `form` in `derivative`", "at, value, steps, again"),
    ("mistakes: z, form: index", "unknown key `form` in `mistakes`", "mistakes, of"),
    ("shapes: p, form: index", "unknown key `form` in `shapes`", "shapes, given"),
    ("gradients: z, form: sampel", "`sampel` is not one of matrix, index", "did you mean `sample`?"),
    ("paths: z, indices: {z: i}", "unknown key `indices` in `paths`", "paths, of, form"),
    ("rewrite: L, substitute: p", "unknown key `substitute` in `rewrite`", "rewrite, in, form"),
]  # fmt: skip
HAVING = [
    *(f"jacobian: p, wrt: z, form: {f}" for f in ("matrix", "index", "cases", "kronecker", "entries", "both")),
    *(f"gradients: z, form: {f}" for f in ("matrix", "index", "both", "[index, matrix]")),
    *(f"rewrite: L, form: {f}" for f in ("matrix", "index", "both")),
    "paths: z, of: L, form: matrix", "hessian: L, wrt: z, form: [index, matrix]",
]  # fmt: skip


def wrong(text: str, folder: Path) -> tuple[Diagnostic, ...]:
    file = folder / "p.yaml"
    file.write_text(text)
    try:
        read(file)
    except InputError as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize(("item", "message", "hint"), LACKING)
def test_a_form_that_a_verb_lacks_is_an_error_that_lists_those_it_has(
    item: str, message: str, hint: str, tmp_path: Path
) -> None:
    (found,) = wrong(TEXT.format(item=item), tmp_path)
    assert found.message.startswith(message) and hint in found.hint
    assert found.span is not None and found.span.line == 8


@pytest.mark.parametrize("item", HAVING)
def test_a_form_that_a_verb_has_is_read(item: str, tmp_path: Path) -> None:
    assert wrong(TEXT.format(item=item), tmp_path) == ()


def test_both_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = wrong((CASES / "forms.yaml").read_text(), tmp_path)
    assert [(d.code, d.span.line if d.span else 0) for d in found] == [("no-form", 8), ("no-form", 10)]
