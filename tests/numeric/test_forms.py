"""An answer that is asked for and not derived, or not in each form that is asked for, is a failed check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solgen.expr.arith import neg, num
from solgen.expr.nodes import Var
from solgen.expr.walk import substitute, variables
from solgen.model.derivation import Content, Count, Derivation, Gradients, Line, Paths, Shapes, Worked
from solgen.model.step import gradient
from solgen.numeric.checks.coverage import missing_answers
from solgen.numeric.verify import verify
from tests.numeric.texts import FAMILY, WORKED, derived

DECLARED = """\
title: Names
model: |
  x: R[n]
  W: R[m, n]
  b: R[m]
  z = W @ x + b
  L = norm2sq(z) / 2
parameters: [W, b]
parts:
  - prompt: All of it.
    solve: [{shapes: 'z, W'}, parameter_count, {gradients: 'W, b'}, {gradients: [W, b], form: index}]
"""


def shortened(found: Derivation, position: int) -> Derivation:
    """The derivation with the last form of one part's first answer gone."""
    part = found.parts[position]
    content = part.contents[0]
    assert isinstance(content, Worked)
    contents = (replace(content, results=content.results[:-1]), *part.contents[1:])
    parts = (*found.parts[:position], replace(part, contents=contents), *found.parts[position + 1 :])
    return replace(found, parts=parts)


def test_a_form_that_is_missing(tmp_path: Path) -> None:
    whole = derived(WORKED, tmp_path)
    assert verify(whole, mutants=False).failures == ()
    failures = verify(shortened(whole, 0), mutants=False).failures
    assert [c.message for c in failures] == ["(a) jacobian: 4 forms are asked for, 3 are derived"]


def test_a_slope_that_is_not_stated_where_it_is_asked_for(tmp_path: Path) -> None:
    failures = verify(shortened(derived(WORKED, tmp_path), 5), mutants=False).failures
    assert [c.message for c in failures] == ["(f) derivative: 2 forms are asked for, 1 are derived"]


def with_contents(found: Derivation, part: int, contents: tuple[Content, ...], asks: tuple[int, ...]) -> Derivation:
    """The derivation with other contents in one part, which answer these of its questions."""
    whole = found.parts[part]
    changed = replace(whole, contents=contents, asks=tuple(whole.part.asks[n] for n in asks))
    return replace(found, parts=(*found.parts[:part], changed, *found.parts[part + 1 :]))


def messages(found: Derivation) -> list[str]:
    return [c.message for c in verify(found, mutants=False).failures if c.left == "answers"]


def test_questions_without_an_answer(tmp_path: Path) -> None:
    found = derived(DECLARED, tmp_path)
    assert messages(found) == []
    shapes, count, swept, *worked = found.parts[0].contents
    assert messages(with_contents(found, 0, (shapes, swept, *worked), (0, 2, 3, 3))) == [
        "(a) parameter_count: no answer is derived"
    ]
    assert messages(with_contents(found, 0, (shapes, count, *worked), (0, 1, 3, 3))) == [
        "(a) gradients: the form `matrix` is asked for, and not derived"
    ]
    assert messages(with_contents(found, 0, (shapes, count, swept, worked[0]), (0, 1, 2, 3))) == [
        "(a) gradients: the form `entries of b` is asked for, and not derived"
    ]


def test_names_without_an_answer(tmp_path: Path) -> None:
    found = derived(DECLARED, tmp_path)
    shapes, count, swept, first, second = found.parts[0].contents
    assert isinstance(shapes, Shapes) and isinstance(count, Count) and isinstance(swept, Gradients)
    lines = tuple(replace(line, asked=line.asked and line.var.name != "W") for line in shapes.lines)
    twice = replace(shapes, lines=(*shapes.lines, shapes.lines[0]))
    assert messages(with_contents(found, 0, (twice, count, swept, first, second), (0, 1, 2, 3, 3))) == [
        "(a) shapes: a shape is stated twice"
    ]
    blocks = tuple(b for b in swept.blocks if b.symbol.wrt.name != "b")
    short = (replace(shapes, lines=lines), replace(count, rows=count.rows[:1], total=count.rows[0][1]))
    contents = (*short, replace(swept, blocks=blocks), first, second)
    assert messages(with_contents(found, 0, contents, (0, 1, 2, 3, 3))) == [
        "(a) shapes: no shape is derived of `W`",
        "(a) parameter_count: other names are counted than those declared as parameters",
        "(a) gradients: no gradient is derived for `b`",
    ]


@pytest.mark.parametrize("form", ["sample", "sum", "batch"])
def test_a_form_over_samples_that_is_missing(form: str, tmp_path: Path) -> None:
    found = derived(FAMILY.format(samples="rows"), tmp_path)
    assert messages(found) == []
    kept = tuple(c for c in found.parts[0].contents if isinstance(c, Gradients) and c.form != form)
    assert messages(with_contents(found, 0, kept, (0, 0))) == [
        f"(a) gradients: the form `{form}` is asked for, and not derived"
    ]


def test_a_gradient_of_the_batch_that_is_missing(tmp_path: Path) -> None:
    found = derived(FAMILY.format(samples="rows"), tmp_path)
    *others, batch = found.parts[0].contents
    assert isinstance(batch, Gradients) and batch.form == "batch"
    blocks = tuple(b for b in batch.blocks if b.symbol.wrt.name != "b")
    short = with_contents(found, 0, (*others, replace(batch, blocks=blocks)), (0, 0, 0))
    assert messages(short) == ["(a) gradients: a gradient is missing"]


def test_one_letter_for_two_indices(tmp_path: Path) -> None:
    """Only the diagonal of a Jacobian would be said, and that rightly."""
    found = derived(WORKED, tmp_path)
    part = found.parts[0]
    (content,) = part.contents
    assert isinstance(content, Worked) and len(content.indices) == 2
    same = replace(content, indices=(content.indices[0],) * 2)
    changed = with_contents(found, 0, (same,), (0,))
    assert messages(changed) == ["(a) jacobian: one letter stands for two indices"]


def test_an_answer_to_another_question(tmp_path: Path) -> None:
    """What is stated of another derivative, or of other indices, may well be right."""
    found = derived(DECLARED, tmp_path)
    *others, first, second = found.parts[0].contents
    assert isinstance(first, Worked) and isinstance(second, Worked)
    exchanged = replace(first, results=second.results)
    assert messages(with_contents(found, 0, (*others, exchanged, second), (0, 1, 2, 3, 3))) == [
        "(a) gradients: another derivative is answered than is asked for"
    ]
    unbound = replace(first, indices=())
    assert messages(with_contents(found, 0, (*others, unbound, second), (0, 1, 2, 3, 3))) == [
        "(a) gradients: the indices of the answer are not those of its symbol"
    ]


def test_a_row_that_is_not_written_as_a_vector(tmp_path: Path) -> None:
    found = derived(DECLARED.replace("[W, b], form: index", "'W[k, :]', form: index"), tmp_path)
    assert messages(found) == []
    failures = verify(shortened(with_last_first(found), 0), mutants=False).failures
    assert "(a) gradients: 2 forms are asked for, 1 are derived" in [c.message for c in failures]


def with_last_first(found: Derivation) -> Derivation:
    """The questions of the first part in the opposite order."""
    part = found.parts[0]
    turned = replace(part, contents=part.contents[::-1], asks=part.asks[::-1])
    return replace(found, parts=(turned, *found.parts[1:]))


def test_a_route_that_is_not_told(tmp_path: Path) -> None:
    text = DECLARED.replace("{gradients: [W, b], form: index}", "{paths: x, of: L}")
    found = derived(text.replace("norm2sq(z)", "norm2sq(z + x @ x)"), tmp_path)
    assert messages(found) == []
    *others, told = found.parts[0].contents
    assert isinstance(told, Paths) and len(told.terms) == 3
    through = replace(told.terms[0], route=(told.wrt, told.of))
    changed = replace(told, terms=(through, *told.terms[1:]))
    assert "routes lead there" in messages(with_contents(found, 0, (*others, changed), (0, 1, 2, 3)))[0]


def test_a_definition_that_is_not_the_function_s(tmp_path: Path) -> None:
    """Its derivative would be rightly derived, of another function."""
    text = "title: T\nmodel: |\n  x: R\n  y = x**2\nparts:\n  - prompt: x\n    solve: {derivative: tanh}\n"
    found = derived(text, tmp_path)
    (content,) = found.parts[0].contents
    assert isinstance(content, Worked) and verify(found).failures == ()
    (function,) = content.forward
    wrong = replace(content, forward=(replace(function, body=neg(function.body)),))
    failures = verify(with_contents(found, 0, (wrong,), (0,)), mutants=False).failures
    assert "(a) tanh' result meaning" in [c.id for c in failures]


def test_entries_where_a_matrix_is_asked_for(tmp_path: Path) -> None:
    text = DECLARED.replace("{gradients: [W, b], form: index}", "{jacobian: z, wrt: x}")
    found = derived(text, tmp_path)
    *others, plain = found.parts[0].contents
    *_, entries = derived(text.replace("wrt: x", "wrt: x, form: index"), tmp_path).parts[0].contents
    assert messages(with_contents(found, 0, (*others, plain), (0, 1, 2, 3))) == []
    assert messages(with_contents(found, 0, (*others, entries), (0, 1, 2, 3))) == [
        "(a) jacobian: without a form a matrix is asked for, and entries are derived"
    ]


def test_the_row_of_a_label_is_that_row(tmp_path: Path) -> None:
    text = DECLARED.replace("  b: R[m]\n", "  b: R[m]\n  k: Label[m]\n").replace("norm2sq(z)", "norm2sq(z) + z[k]")
    text = text.replace("[W, b], form: index", "'W[k, :]', form: index")
    found = derived(text, tmp_path)
    *others, row = found.parts[0].contents
    *_, any_row = derived(text.replace("W[k, :]", "W[i, :]"), tmp_path).parts[0].contents
    assert messages(with_contents(found, 0, (*others, row), (0, 1, 2, 3))) == []
    assert "(a) gradients: the place k is asked for, and not derived" in messages(
        with_contents(found, 0, (*others, any_row), (0, 1, 2, 3))
    )


def test_a_scalar_derivative_is_of_the_function_in_a_letter_of_its_own(tmp_path: Path) -> None:
    found = derived(DECLARED.replace("{gradients: [W, b], form: index}", "{derivative: tanh}"), tmp_path)
    *others, slope = found.parts[0].contents
    assert messages(with_contents(found, 0, (*others, slope), (0, 1, 2, 3))) == []
    assert isinstance(slope, Worked)
    named = replace(slope, symbol=substitute(slope.symbol, {v: Var("x") for v in variables(slope.symbol)}))
    other = replace(slope, results=(Line(gradient("L", "one"), (num(1), num(1))),))
    for changed, message in (
        (named, "(a) derivative: its variable bears a name of the model"),
        (other, "(a) derivative: something else than a derivative is stated"),
    ):
        wrong = with_contents(found, 0, (*others, changed), (0, 1, 2, 3))
        assert message in [c.message for c in missing_answers(wrong.parts, wrong.problem.model)]
