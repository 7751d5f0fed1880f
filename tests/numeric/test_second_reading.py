"""A model is read twice: whatever one reading gets wrong is noticed by `check` alone, at its line."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from solgen.build.faults import failures
from solgen.calculus.derive import derive
from solgen.errors import Diagnostic, InputError
from solgen.expr import build
from solgen.expr.nodes import shape
from solgen.expr.ops import ROWS, TABLE, Elementwise, Row, Special
from solgen.model.problem import Model
from solgen.model.verdict import Check
from solgen.numeric.points.sample import SampleSpace, sample
from solgen.numeric.second_reading import KNOWN, NOWHERE, reading_checks
from solgen.numeric.values.run_forward import Point
from solgen.numeric.verify import verify
from solgen.reader.inline import parse_model
from solgen.reader.language import brackets, builtins, calls, declare, formula, operators
from solgen.reader.language.builtins import RESERVED
from solgen.reader.set_file import read
from solgen.written.model import FUNCTIONS_OF_ARRAYS, FUNCTIONS_OF_NUMBERS, formulas
from tests.numeric.model_texts import HEAD, SIZES, random_model

PROBLEM = """\
title: A model
{head}model: |
{model}
parts:
  - prompt: What is the gradient?
    solve: {{gradients: [{asked}], of: L}}
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Slip:
    """A model of which one line is misread: by what, which name, and what the file says besides."""

    model: str
    asked: str
    misread: str
    breaks: Callable[[pytest.MonkeyPatch], None]
    head: str = ""


def operator(kind: type[ast.operator], broken: operators.Binary) -> Callable[[pytest.MonkeyPatch], None]:
    """An operator of the language that builds something else."""
    symbol = operators.OPERATORS[kind][0]
    changed = {**operators.OPERATORS, kind: (symbol, broken)}
    return lambda patch: patch.setattr(operators, "OPERATORS", changed)


def function(name: str, other: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A built-in function that is resolved to another."""
    call = builtins.call_builtin
    return lambda patch: patch.setattr(
        builtins, "call_builtin", lambda called, *rest: call(other if called == name else called, *rest)
    )


def replaced(module: object, name: str, broken: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """A function of the reader that does something else; it is given the true one first."""
    true = getattr(module, name)
    return lambda patch: patch.setattr(module, name, lambda *arguments: broken(true, *arguments))


def whole_row(name: str, other: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Every field of a row that of another: what is read, differentiated, evaluated, exported and printed is that."""

    def install(patch: pytest.MonkeyPatch) -> None:
        for field in dataclasses.fields(TABLE[other]):
            if field.name != "name":
                object.__setattr__(TABLE[name], field.name, getattr(TABLE[other], field.name))

    return install


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Rows as they were before the test."""
    before = {(row.name, f.name): getattr(row, f.name) for row in ROWS for f in dataclasses.fields(row)}
    yield
    for (row, name), value in before.items():
        object.__setattr__(TABLE[row], name, value)


SLIPS = {
    "a difference as a sum": Slip(
        "x: R[n]\ny: R[n]\nr = x - y\nL = norm2sq(r)", "x, y", "r", operator(ast.Sub, build.plus)
    ),
    "a quotient turned round": Slip(
        "x: Positive[n]\ny: Positive[n]\nr = x / y\nL = sum(r)", "x, y", "r",
        operator(ast.Div, lambda a, b: build.entrywise("div", b, a)),
    ),
    "the exponent and the base exchanged": Slip(
        "x: Positive[n]\ny: Positive[n]\nr = x ** y\nL = sum(r)", "x, y", "r",
        operator(ast.Pow, lambda a, b: build.entrywise("pow", b, a)),
    ),
    "a product with its factors exchanged": Slip(
        "A: R[n, n]\nB: R[n, n]\nx: R[n]\nC = A @ B\nL = norm2sq(C @ x)", "A, B, x", "C",
        operator(ast.MatMult, lambda a, b: build.matmul(b, a) if shape(a) == shape(b) else build.matmul(a, b)),
    ),
    "a transpose dropped": Slip(
        "A: R[n, n]\nx: R[n]\ny = A.T @ x\nL = norm2sq(y)", "A, x", "y", replaced(build, "transpose", lambda true, e: e)
    ),
    "relu as softplus": Slip("x: R[n]\nh = relu(x)\nL = norm2sq(h)", "x", "h", function("relu", "softplus")),
    "relu as abs": Slip("x: R[n]\nh = relu(x)\nL = norm2sq(h)", "x", "h", function("relu", "abs")),
    "a mean over one more": Slip(
        "x: R[n]\nm = mean(x)\nL = m ** 2", "x", "m",
        replaced(builtins, "_share", lambda true, size, total: true(size + 1, total)),
    ),
    "a mean over samples over one more": Slip(
        "i: Index[n]\nx[i]: R[d]\nm = mean(norm2sq(x[i]), i)\nL = m ** 2", "x", "m",
        replaced(builtins, "_share", lambda true, size, total: true(size + 1, total)),
    ),
    "the whole row of sigmoid that of tanh": Slip(
        "W: R[m, n]\nx: R[n]\nh = sigmoid(W @ x)\nL = norm2sq(h)", "W, x", "h", whole_row("sigmoid", "tanh")
    ),
    "the whole row of logsumexp that of max": Slip(
        "x: R[n]\ny = logsumexp(x)\nL = y ** 2", "x", "y", whole_row("logsumexp", "max")
    ),
    "the other axis": Slip(
        "X: R[n, n]\ns = sum(X, axis=0)\nL = norm2sq(s)", "X", "s",
        replaced(calls, "_axis_number", lambda true, *rest: 1 - true(*rest)),
    ),
    "a slice off by one": Slip(
        "x: R[d + 1]\ny = x[0:d]\nL = norm2sq(y)", "x", "y",
        replaced(brackets, "_bound", lambda true, *rest: true(*rest) + 1),
    ),
    "an entry off by one": Slip(
        "x: R[d + 2]\ny = x[0] * x[d]\nL = y ** 2", "x", "y",
        replaced(brackets, "_inside", lambda true, *rest: true(*rest) + 1),
    ),
    "softmax of each column": Slip(
        "X: R[n, C]\nP = softmax(X)\nL = norm2sq(P)", "X", "P",
        replaced(builtins, "_choose_axis", lambda true, args, axis, samples: (0,)), "samples: rows\n",
    ),
    "a literal with another digit": Slip(
        "x: R[n]\ny = 0.125 * x\nL = norm2sq(y)", "x", "y",
        replaced(formula, "Num", lambda true, value: true(value + Fraction(1, 1000))),
    ),
    "sizes exchanged in a declaration": Slip(
        "X: R[m, n]\nL = norm2sq(X)", "X", "X",
        replaced(declare, "_shape", lambda true, line, kind, sizes: true(line, kind, sizes[::-1])),
    ),
    "a size one more": Slip(
        "x: R[2*d]\nL = norm2sq(x)", "x", "x",
        replaced(declare, "polynomial", lambda true, node: true(node) + 1),
    ),
    "an equation with a size as a number": Slip(
        "x: R[n]\ny = x / n\nL = norm2sq(y)", "x", "y",
        replaced(formula, "SizeNum", lambda true, size: true(size * 2)),
    ),
}  # fmt: skip


def written(case: Slip) -> str:
    lines = "\n".join(f"  {line}" for line in case.model.splitlines())
    return PROBLEM.format(model=lines, asked=case.asked, head=case.head)


def faults_of(text: str, place: Path) -> list[Diagnostic]:
    """What `check` finds wrong with a problem, before any page is made of it."""
    place.write_text(text)
    derivation = derive(read(place).problems[0])
    return [fault.diagnostic for fault in failures(derivation, verify(derivation, mutants=False))]


@pytest.mark.parametrize("slip", sorted(SLIPS))
def test_a_slip_of_the_reader_is_told_at_its_line(slip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = SLIPS[slip]
    assert faults_of(written(case), tmp_path / "p.yaml") == []
    case.breaks(monkeypatch)
    first = faults_of(written(case), tmp_path / "p.yaml")[0]
    lines = case.model.splitlines()
    defined = next(k for k, line in enumerate(lines) if re.match(rf"{case.misread}\s*[=:]", line))
    assert first.span and (first.span.line, first.span.column) == (defined + 3 + case.head.count("\n"), 3)
    assert first.code == "misread" and first.message.startswith(f"`{case.misread}` ")
    assert first.hint == "this is a mistake in solgen; nothing of the problem was typeset"


def test_check_stops_and_does_again_from_the_cache(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("p.yaml").write_text(written(SLIPS["a difference as a sum"]))
    SLIPS["a difference as a sum"].breaks(monkeypatch)
    for _ in range(2):
        ran = solgen("check", "p.yaml")
        assert ran.code == 1 and "p.yaml:5:3: error[misread]: `r` is read in two ways: entry [1] of it is " in ran.err
        sides = r"is -?[\d./]+ by its formula, -?[\d./]+ by a second reading of the line\n5 \|   r = x - y\n"
        assert re.search(sides, ran.err)


def test_a_part_that_changes_the_model_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it defines again stands in the place of the problem's; a slip in it is told at its own line."""
    text = PROBLEM.format(model="  x: R[n]\n  h = relu(x)\n  L = norm2sq(h)", asked="x", head="")
    text += "  - prompt: And now?\n    model: |\n      c: R[n]\n      h = x * d\n      d = 2 * c\n"
    text = text.replace("h = x * d\n      d = 2 * c", "d = 2 * c\n      h = x * d - c")
    text += "    solve: {gradients: [x, c], of: L}\n"
    assert faults_of(text, tmp_path / "p.yaml") == []
    operator(ast.Sub, build.plus)(monkeypatch)
    (first, *_) = faults_of(text, tmp_path / "p.yaml")
    assert first.message.startswith("`h` is read in two ways: ") and first.span and first.span.line == 13


def test_every_equation_is_counted(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(written(SLIPS["softmax of each column"]))
    checks = verify(derive(read(tmp_path / "p.yaml").problems[0]), mutants=False).checks
    twice = [(check.id, check.verdict, check.right) for check in checks if check.method == "reading"]
    assert twice == [
        ("forward P read twice", "equal", "P = softmax(X)"), ("forward L read twice", "equal", "L = norm2sq(P)"),
    ]  # fmt: skip


def test_long_axes_are_read_as_they_are_tried(tmp_path: Path) -> None:
    """R[784, 100] is verified at short lengths; what the text says of lengths is read at the same ones."""
    model = "  W: R[784, 100]\n  x: R[100]\n  y = W @ x + ones(784)\n  L = mean(y ** 2)"
    assert faults_of(PROBLEM.format(model=model, asked="W", head=""), tmp_path / "p.yaml") == []


def test_a_line_that_the_second_reading_does_not_know_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: row for name, row in FUNCTIONS_OF_NUMBERS.items() if name != "relu"}
    monkeypatch.setattr(formulas, "FUNCTIONS_OF_NUMBERS", known)
    first, rest = faults_of(written(SLIPS["relu as abs"]), tmp_path / "p.yaml")
    assert rest.message == "`L` cannot be read a second time: `h` has no value"
    assert (first.code, first.message) == ("misread", "`h` cannot be read a second time: `relu` is no function")


def test_an_equation_that_is_dropped_is_noticed() -> None:
    model = parse_model("x: R[n]\ny = 2 * x\nz = 3 * x").model
    (first, second) = read_twice(dataclasses.replace(model, equations=model.equations[:1]))
    assert (first.verdict, second.verdict, second.step.symbol.name) == ("equal", "undecided", "z")
    (_, second) = read_twice(dataclasses.replace(model, texts=("x: R[n]\ny = 2 * x",)))
    assert second.message == "`z` cannot be read a second time: it is read by one reading alone"


def test_a_text_that_is_no_model_is_a_failure() -> None:
    model = dataclasses.replace(parse_model("x: R[n]\ny = 2 * x").model, texts=("x: R[n\ny = 2 * x",))
    assert {(check.verdict, check.step.symbol.name) for check in read_twice(model)} == {
        ("undecided", "x"), ("undecided", "y"),
    }  # fmt: skip


# ---------------------------------------------------------------- one row in place of another

SIZED = {"n": 3, "m": 4}
KINDS = {"unit": "Unit", "positive": "Positive", "invertible": "Invertible"}


def points_of(model: Model, sizes: Mapping[str, int]) -> tuple[Point, ...]:
    """One point, at which the model has values; two where it has kinks."""
    variables = tuple(d.var for d in model.declarations)
    return sample(SampleSpace(variables, model.functions, model.equations, sizes), "one", 1).points


def read_twice(model: Model) -> list[Check]:
    """The checks of a model at one point."""
    return [*reading_checks("", model, SIZED, points_of(model, SIZED), {})]


def called(row: Row) -> str:
    """A model that calls an operation where it is defined, on both sides of a kink."""
    square = isinstance(row, Special) and all(len(shape) == 2 for shape in row.examples[0].shapes)
    kind, axes = KINDS.get(row.domain, "R"), "n, n" if square else "n"
    names = ("x", "y")[: row.arity] if isinstance(row, Elementwise | Special) else ("x",)
    declared = "\n".join(f"{name}: {kind}[{axes}]" for name in names)
    return f"{declared}\nz = {row.name}({', '.join(names)})"


ALIKE = [
    [row.name for row in ROWS if isinstance(row, Elementwise) and row.public and row.arity == arity] for arity in (1, 2)
]
ALIKE += [
    "logsumexp max norm norm1 norm2sq".split(), "softmax log_softmax".split(), "det logdet".split(),
]  # fmt: skip


def test_every_function_of_entries_and_every_reduction_is_among_them() -> None:
    apart = {"cross_entropy", "inv", "matpow"}  # no other has their arguments
    rows = {row.name for row in ROWS if row.public and isinstance(row, Elementwise | Special)}
    assert {name for names in ALIKE for name in names} == rows - apart


@pytest.mark.parametrize("name", [name for names in ALIKE for name in names])
def test_the_value_of_another_row_is_noticed(name: str) -> None:
    model = parse_model(called(TABLE[name])).model
    points, own = points_of(model, SIZED), TABLE[name].value
    for other in next(names for names in ALIKE if name in names):
        object.__setattr__(TABLE[name], "value", own if other == name else TABLE[other].value)
        (check,) = reading_checks("", model, SIZED, points, {})
        assert (check.verdict == "equal") == (other == name), other


@pytest.mark.parametrize("index", ["ij <- i", "ji <- j"])
def test_a_vector_along_the_other_axis(index: str) -> None:
    """With two axes of one length, so that nothing but the values tells."""
    model = parse_model("X: R[m, n]\nb: R[n]\nY = X * b").model
    sizes = {"m": 3, "n": 3}
    points = points_of(model, sizes)
    assert [c.verdict for c in reading_checks("", model, sizes, points, {})] == ["equal"]
    object.__setattr__(TABLE["rows"], "index", index)
    assert [c.verdict for c in reading_checks("", model, sizes, points, {})] == ["different"]


# ---------------------------------------------------------------- what both readings agree on


def test_the_second_reading_knows_every_function() -> None:
    assert KNOWN == RESERVED
    assert not FUNCTIONS_OF_ARRAYS.keys() & FUNCTIONS_OF_NUMBERS.keys()


def test_random_models_are_read_alike() -> None:
    points = points_of(parse_model(HEAD).model, SIZES)
    found: Counter[str] = Counter()
    for seed in range(40):
        try:
            model = parse_model(random_model(seed)).model
        except InputError:  # a formula that is refused, or too long
            found["refused"] += 1
            continue
        checks = [*reading_checks("", model, SIZES, points, {})]
        wrong = [c.message for c in checks if c.verdict != "equal" and NOWHERE.detail not in c.message]
        assert wrong == [], random_model(seed)
        found["read"] += checks[0].verdict == "equal"
    assert found["read"] > 30
