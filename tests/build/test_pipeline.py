"""What goes wrong with one problem is told of it, at its place, and costs no other problem and no other set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from solgen.build import sets
from solgen.build.config import Config
from solgen.build.job import Job
from solgen.build.outcome import Outcome
from solgen.build.pipeline import make
from solgen.calculus.derive import derive
from solgen.calculus.engine import partials, vjp
from solgen.document import exposition
from solgen.document.telling import telling
from solgen.errors import InputError, Internal, Span, blaming
from solgen.expr.ops import TABLE, ShapeError
from solgen.numeric.values import evaluator, fields
from solgen.reader import set_file
from solgen.reader.set_file import read

TEXT = """\
title: {title}
model: |
  x: R[n]
  h = {function}(x)
  L = norm2sq(h)
parts:
  - prompt: The shape.
    solve: {{shapes: h}}
  - prompt: The gradient.
    solve: {{gradients: x}}
"""
ERRORS = [
    AttributeError("'arb' object has no attribute 'sum'"),
    ShapeError("shapes (n,) and (m,) differ"),
    KeyError("k"),
    TypeError("unsupported operand"),
    IndexError("out of range"),
    RecursionError("too deep"),
]


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sets: one of a problem with tanh and one without, and one that has no tanh."""
    monkeypatch.chdir(tmp_path)
    for file, function in (("mixed/1.yaml", "tanh"), ("mixed/2.yaml", "sin"), ("plain/1.yaml", "cos")):
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).write_text(TEXT.format(title=f"With {function}", function=function))
    return tmp_path


def failing(error: Exception) -> Callable[..., Any]:
    def fail(*given: object, **named: object) -> Any:
        raise error

    return fail


def broken(room: object, field: str, error: Exception, patch: pytest.MonkeyPatch) -> None:
    """In one room, the row of tanh raises where its field is used."""
    row = replace(TABLE["tanh"], **{field: failing(error) if field == "value" else (failing(error),)})
    patch.setattr(room, "TABLE", {**TABLE, "tanh": row})


def made(folder: Path) -> Outcome:
    return make(Job(Path("mixed"), folder / "cache", "program"), silent)


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_a_value_that_raises_is_told_with_operation_and_place(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(evaluator, "value", error, monkeypatch)
    outcome = made(folder)
    (found,) = outcome.diagnostics
    assert outcome.exit_code == 2 and found.code == "internal"
    assert f"this is a mistake in solgen: `tanh`: {type(error).__name__}" in found.message
    assert found.span is not None and (found.span.file, found.span.line) == ("mixed/1.yaml", 4)
    first, second = outcome.reports
    assert first.checks is None and second.checks is not None and not second.checks.failures


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_a_derivative_that_raises_is_told_with_its_part_and_item(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(partials, "partials", error, monkeypatch)
    outcome = made(folder)
    (found,) = outcome.diagnostics
    message = f"this is a mistake in solgen: part (b), gradients: `tanh`: {type(error).__name__}"
    assert (
        outcome.exit_code == 2 and found.message.startswith(message) and found.source.strip() == "solve: {gradients: x}"
    )
    assert outcome.reports[0].parts[1].wrong == (found,) and outcome.reports[1].checks is not None


def test_a_division_by_zero_in_a_row_is_no_mistake_but_undefined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(evaluator, "value", ZeroDivisionError(), monkeypatch)
    (found,) = made(folder).diagnostics
    assert found.code == "undefined-operation" and found.span is not None and found.span.line == 4


def test_other_sets_are_checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(evaluator, "value", ERRORS[0], monkeypatch)
    config = Config(folder, Path("output"), folder / "cache", workers=1)
    mixed, plain = sets.check([Path("mixed"), Path("plain")], config, silent)
    assert (mixed.exit_code, plain.exit_code) == (2, 0) and not plain.diagnostics


def test_a_reader_that_raises_costs_its_file_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_file, "read_problem", failing(ERRORS[2]))
    outcome = made(folder)
    assert [d.span.file for d in outcome.diagnostics if d.span] == ["mixed/1.yaml", "mixed/2.yaml"]
    assert {d.code for d in outcome.diagnostics} == {"internal"} and outcome.exit_code == 2


def test_a_page_that_cannot_be_told_names_its_part(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposition, "gradient_blocks", failing(ERRORS[3]))
    (problem,) = read(Path("plain/1.yaml")).problems
    with pytest.raises(Internal) as caught:
        telling(derive(problem))
    assert caught.value.part == "b" and "TypeError" in caught.value.diagnostic.message
    assert caught.value.span == problem.parts[1].asks[0].span


def test_what_has_no_value_where_all_that_leads_there_has_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undefined, wherever it comes from, is told in words of its own."""
    monkeypatch.setattr(import_module("solgen.numeric.verify"), "mutate", failing(fields.Undefined("inv")))
    found = made(folder).diagnostics
    assert [d.code for d in found] == ["undefined-operation"] * 2
    assert all(d.message.startswith("`inv` is undefined") and d.span for d in found)


def test_an_adjoint_that_raises(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT.format(title="With flip", function="flip")
    Path("mixed/1.yaml").write_text(text)
    row = replace(TABLE["flip"], adjoints=(failing(ERRORS[0]),))
    monkeypatch.setattr(vjp, "TABLE", {**TABLE, "flip": row})
    (found,) = made(folder).diagnostics
    assert "part (b), gradients: `flip`: AttributeError" in found.message


def test_what_is_raised_on_purpose_stays_what_it_is() -> None:
    wrong = InputError([])
    with pytest.raises(InputError) as caught, blaming("a", "part (a)"):
        raise wrong
    assert caught.value is wrong
    with pytest.raises(OSError, match="full"), blaming("a", "part (a)"):
        raise OSError("full")


def test_what_is_known_further_in_stays() -> None:
    inner, outer = Span("f", 2, 1, 2), Span("f", 1, 1, 2)
    with pytest.raises(Internal) as caught, blaming("b", "part (b)", outer), blaming("", "", inner):
        raise KeyError("k")
    assert (caught.value.part, caught.value.where, caught.value.span) == ("b", "part (b)", inner)
    assert isinstance(caught.value.cause, KeyError)
