"""Every answer of `tests/cases/expected.txt`: a right one holds in whatever form, a wrong one is told with both values.

A case is text only: `###` and a name, the lines of a model, `head:` for further keys, `ask:` for what is solved, then
answers as `sign target := answer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from solgen.build.locate import place
from solgen.calculus.derive import derive
from solgen.errors import Diagnostic, InputError
from solgen.model.problem import Problem
from solgen.model.verdict import Check
from solgen.numeric.checks.expectations import named_expectations
from solgen.numeric.verify import verify
from solgen.reader.set_file import read

CASES = Path(__file__).parents[1] / "cases" / "expected.txt"


@dataclass
class Case:
    """One model and the answers to questions about it; `answers` are (sign, target, answer)."""

    name: str
    model: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    answers: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, *signs: str) -> list[tuple[str, str, str]]:
        return [a for a in self.answers if a[0] in signs]


def cases() -> Iterator[Case]:
    case = Case("")
    for line in CASES.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        match kind:
            case "###":
                yield from [case] if case.name else []
                case = Case(rest)
            case "+" | "-" | "!":
                target, _, answer = rest.partition(" := ")
                case.answers.append((kind, target, answer))
            case "head:":
                case.head.append(rest)
            case "ask:":
                case.asks.append(rest)
            case _ if line and kind != "#":
                case.model.append(line)
    yield case


CASE = {case.name: case for case in cases()}


def text(case: Case, answers: list[tuple[str, str, str]]) -> str:
    """A problem that solves what is asked, and then expects each answer in a part of its own."""
    lines = ["title: T", *case.head, "model: |", *(f"  {line}" for line in case.model), "parts:", "  - prompt: p"]
    lines += ["    solve:", *(f"      - {{{ask}}}" for ask in case.asks)]
    for _, target, answer in answers:
        lines += ["  - prompt: p", "    expect:", f"      '{target}': '{answer.replace(chr(39), chr(39) * 2)}'"]
    return "\n".join(lines) + "\n"


def read_case(folder: Path, case: Case, answers: list[tuple[str, str, str]]) -> Problem:
    file = folder / "p.yaml"
    file.write_text(text(case, answers), encoding="utf-8")
    return read(file).problems[0]


def refused(folder: Path, case: Case, answers: list[tuple[str, str, str]]) -> dict[int, Diagnostic]:
    """What is refused in reading, by the number of the answer."""
    try:
        read_case(folder, case, answers)
    except InputError as wrong:
        first = text(case, []).count("\n") + 3
        return {(d.span.line - first) // 3: d for d in wrong.diagnostics if d.span}
    return {}


def expected(folder: Path, case: Case, answers: list[tuple[str, str, str]]) -> list[Check]:
    """The checks of the answers, in their order."""
    problem = read_case(folder, case, answers)
    found = {c.id: c for c in verify(derive(problem), mutants=False).checks}
    return [found[str(name)] for p in problem.parts for name, _ in named_expectations(p, problem.model)]


@pytest.mark.parametrize("name", CASE)
def test_right_answers_hold_in_every_form(name: str, tmp_path: Path) -> None:
    right = CASE[name].of("+")
    checks = expected(tmp_path, CASE[name], right)
    assert len(checks) == len(right)
    assert [a for a, c in zip(right, checks, strict=True) if c.verdict != "equal"] == []


@pytest.mark.parametrize("name", CASE)
def test_wrong_answers_are_told_with_both_values(name: str, tmp_path: Path) -> None:
    case = CASE[name]
    wrong = case.of("-")
    unread = refused(tmp_path, case, wrong)
    assert {d.code for d in unread.values()} <= {"shape", "number", "unknown-name", "bad-call"}
    rest = [a for k, a in enumerate(wrong) if k not in unread]
    checks = expected(tmp_path, case, rest)
    assert [a for a, c in zip(rest, checks, strict=True) if c.verdict == "equal"] == []
    for check in checks:
        both = re.search(r"is not .* is \S+, the answer given here has \S+ \(at ", check.message)
        assert both or re.search(r"could not be|is .*, the answer given here is ", check.message), check.message


@pytest.mark.parametrize("name", [name for name in CASE if CASE[name].of("!")])
def test_answers_about_nothing_are_refused(name: str, tmp_path: Path) -> None:
    strange = CASE[name].of("!")
    assert refused(tmp_path, CASE[name], strange).keys() == set(range(len(strange)))


def test_an_answer_that_is_wrong_for_one_class_alone_is_noticed(tmp_path: Path) -> None:
    """At three points a label of ten classes has three values at most; more are sought for what is expected."""
    case = CASE["labelfix"]
    slip = "softmax(x) - basis(k, C) + basis({0}, C) * basis(k, C)[{0}]"
    checks = expected(tmp_path, case, [("-", "x", slip.format(c)) for c in range(10)])
    assert [c.verdict for c in checks] == ["different"] * 10


def test_two_answers_to_the_same_are_both_checked(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    parts = "    expect:\n      x: 2 * x\n      dL/dx: x + x\n      dL/dx[i]: x[i]\n"
    model = "title: T\nmodel: |\n  x: R[n]\n  L = norm2sq(x)\nparts:\n  - prompt: p\n"
    file.write_text(model + parts.replace("x + x", "x - x"), encoding="utf-8")
    problem = read(file).problems[0]
    failed = {c.step for c in verify(derive(problem), mutants=False).failures}
    assert {str(step) for step in failed} == {"(a) expect dL/dx (2)", "(a) expect dL/dx[i]"}
    lines = {place(step, problem.parts[0], problem).line for step in failed}
    assert lines == {9, 10}


SEVERAL = """\
title: T
model: |
  x: R[n]
  W: R[m, n]
  L = norm2sq(W @ x)
parts:
  - prompt: p
    expect:
      x: |
        2 * W.T
        @ W @ x
      W: >
        2 * outer(
          W @ x, x)
"""


def test_an_answer_over_several_lines(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(SEVERAL)
    assert verify(derive(read(file).problems[0]), mutants=False).failures == ()
    file.write_text(SEVERAL.replace("W @ x, x", "W, x"))
    with pytest.raises(InputError) as wrong:
        read(file)
    assert [(d.span.line, d.code) for d in wrong.value.diagnostics if d.span] == [(13, "shape")]
