"""Reasons of linear steps: a constant factor is named, a bare term is a summand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.english import rule_name
from solgen.document.factors import constant_factor
from solgen.model.problem import Notation
from solgen.reader.set_file import read
from solgen.render.printer import Printer
from tests.document_of import solution_document


@pytest.mark.parametrize(
    ("body", "factor"),
    [
        ("a / 2", r"\tfrac{1}{2}"), ("b - 3 * a", "-3"), ("-a / 2 / 3", r"-\tfrac{1}{6}"),
        ("b + a / n", r"\frac{1}{n}"),
        ("a", ""), ("a - b", ""), ("b / 2 + a", ""), ("a * b", ""), ("exp(a) / 2", ""),
        ("a / 2 + a / 3", ""), ("-a", "-1"),
    ],
)  # fmt: skip
def test_constant_factors(body: str, factor: str, tmp_path: Path) -> None:
    model = f"  a: R\n  b: R\n  x: R[n]\n  L = {body}\n"
    (tmp_path / "p.yaml").write_text(f"title: T\nmodel: |\n{model}parts:\n- {{prompt: Go, answer: gone}}\n")
    (problem,) = read(tmp_path / "p.yaml").problems
    found = constant_factor(problem.model.equations[-1].body, problem.model.variables["a"])
    assert ("" if found is None else Printer({}, Notation()).expr(found)) == factor


def test_the_reason_of_a_factor(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: T\nmodel: |\n  x: R[n]\n  h = relu(x)\n  a = norm2sq(h)\n  L = a / 2\n"
        "parts:\n- {prompt: Go, solve: {gradients: [a, x]}}\n"
    )
    problem_set = read(tmp_path / "p.yaml")
    tex = solution_document(problem_set, [derive(p) for p in problem_set.problems], [None], {}, "solutions").tex
    assert r"$a$ enters $L$ with the factor $\tfrac{1}{2}$" in tex
    assert r"{ReLU (\rulelink{" in tex and r"ReLU\ensuremath{'}(0) = 0" in tex and not re.search(r"\brelu\b|Relu", tex)


def test_abbreviations_are_written_as_such() -> None:
    assert rule_name("relu") == "ReLU" and rule_name("matrix product, left factor") == "matrix product, left factor"
    assert rule_name("relu′(0) = 0") == "ReLU′(0) = 0"
