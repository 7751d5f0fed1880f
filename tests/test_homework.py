"""The five homework sets: every confirmed answer comes out, no longer than its author wrote it, and nothing is typed.

`cases/homework/verified.yaml` holds the confirmed answers in the model language.  Each is put into the problem as an
`expect:`, so that the verifier compares it with the derivation; then the lengths of the two formulas are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from solgen.calculus.derive import derive
from solgen.document.author.typed import typed_formulas
from solgen.expr.nodes import Adj, Apply, Expr, Num
from solgen.expr.walk import children
from solgen.model.derivation import Derivation, Gradients, PartDerivation, Paths, Worked
from solgen.model.problem import Notation
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.printer import Printer

ROOT = Path(__file__).parents[1]
PROBLEMS = ROOT / "problems"
CASES = ROOT / "tests" / "cases" / "homework"
SETS = [f"homework-00{n}" for n in range(5)]


def load(text: str) -> Any:
    return YAML().load(text)


def dump(data: Any, file: Path) -> None:
    """Written as it was read: literal blocks stay literal."""
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(data, file)


LISTED: list[dict[str, Any]] = load((CASES / "verified.yaml").read_text(encoding="utf-8"))
SILENT = frozenset({"fill", "item", "unitem", "as_row", "transpose"})  # a reader does not count these as operations


@dataclass(frozen=True, slots=True)
class Answer:
    """One confirmed answer: the file and part that ask for it, the derivative's name, the author's formula."""

    file: str
    part: str
    matrices: str
    target: str
    formula: str

    def __str__(self) -> str:
        return f"{self.file}({self.part}) {self.target}"


ANSWERS = [
    Answer(case["file"], case["part"], case.get("matrices", ""), target, str(formula))
    for case in LISTED
    for target, formula in case["answers"].items()
]


@cache
def solved(path: Path, place: Path) -> tuple[Derivation, Checks]:
    """The problem with its confirmed answers as expectations, derived and verified."""
    text = load(path.read_text(encoding="utf-8"))
    matrices = path.parent == CASES
    for answer in ANSWERS:
        if (path.name == answer.matrices) if matrices else (PROBLEMS / answer.file == path and not answer.matrices):
            parts = {p.get("id", "abcdefgh"[k]): p for k, p in enumerate(text["parts"])}
            part = text["parts"][0] if matrices else parts[answer.part]
            part.setdefault("expect", {})[answer.target] = answer.formula
    file = place / f"{path.parent.name}-{path.name}"
    dump(text, file)
    derivation = derive(read(file).problems[0])
    return derivation, verify(derivation)


@cache
def derivations(name: str) -> tuple[Derivation, ...]:
    return tuple(derive(problem) for problem in read(PROBLEMS / name).problems)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homework")


def expected(answer: Answer, derivation: Derivation) -> Expr:
    """The author's formula, read."""
    for part in derivation.parts:
        for e in part.part.expect:
            of = f"d{e.of}/d{e.wrt}" if e.of else str(e.wrt)
            if of == answer.target and (answer.matrices or part.part.id == answer.part):
                assert isinstance(e.answer, Expr)
                return e.answer
    raise AssertionError(f"{answer} was not read")


def derived(answer: Answer) -> tuple[Expr, ...]:
    """The forms in which the set prints it, the framed one first."""
    problem = derive(read(PROBLEMS / answer.file).problems[0])
    part = next(p for p in problem.parts if p.part.id == answer.part)
    return results(part)[answer.target]


def results(part: PartDerivation) -> dict[str, tuple[Expr, ...]]:
    """The answers of a part by name: gradients with the lines that lead to them, Jacobians as matrices."""
    found: dict[str, tuple[Expr, ...]] = {}
    for content in part.contents:
        match content:
            case Gradients():
                found |= {b.symbol.wrt.name: (b.value, *b.total.chain) for b in content.blocks if b.asked}
            case Worked(symbol=Adj() as symbol):
                whole = [line.chain[-1] for line in content.results if line.chain[0] == symbol]
                name = symbol.wrt.name if content.verb == "gradients" else f"d{symbol.of.name}/d{symbol.wrt.name}"
                found |= {name: tuple(whole)} if whole else {}
            case Worked(verb="gradients"):
                symbols = [(line.chain[0], line.chain[1]) for line in content.results]
                found |= {left.wrt.name: (right,) for left, right in symbols if isinstance(left, Adj)}
            case _:
                pass
    return found


def cost(e: Expr) -> int:
    """How many names, numbers and operations a reader meets; 1/n in front of an array is one division."""
    match e:
        case Apply(op="scale" | "mul", args=(Apply(op="div", args=(Num() as top, below)), a)):
            return (0 if top.value == 1 else 2) + 1 + cost(below) + cost(a)
        case Apply(op=op):
            return (op not in SILENT) + sum(map(cost, children(e)))
        case _:
            return 1 + sum(map(cost, children(e)))


# ---------------------------------------------------------------- the answers


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_confirmed_answer_comes_out_and_is_no_longer(answer: Answer, place: Path) -> None:
    path = CASES / answer.matrices if answer.matrices else PROBLEMS / answer.file
    derivation, checks = solved(path, place)
    claims = [c for c in checks.checks if "expect" in c.id and answer.target.split("/d")[-1] in c.id]
    assert claims and all(c.verdict == "equal" for c in claims)
    assert min(map(cost, derived(answer))) <= cost(expected(answer, derivation))


@pytest.mark.parametrize("path", sorted({CASES / a.matrices for a in ANSWERS if a.matrices}), ids=lambda p: p.stem)
def test_batch_and_matrices_give_one_formula(path: Path, place: Path) -> None:
    """The batch form of a family of samples is what the same net written in matrices has."""
    derivation, checks = solved(path, place)
    assert not checks.failures
    printer = Printer()
    matrices = {name: printer.expr(forms[0]) for name, forms in results(derivation.parts[0]).items()}
    for answer in (a for a in ANSWERS if a.matrices == path.name):
        assert printer.expr(derived(answer)[0]) == matrices[answer.target]


@pytest.mark.parametrize("file", sorted({a.file for a in ANSWERS if not a.matrices}))
def test_every_equality_holds_and_every_mistake_is_noticed(file: str, place: Path) -> None:
    _, checks = solved(PROBLEMS / file, place)
    assert not checks.failures
    assert not checks.mutants.survived


def test_a_wrong_answer_would_be_noticed(tmp_path: Path) -> None:
    """The comparison above can fail: the forgotten skip path of the residual block."""
    text = (PROBLEMS / "residual-block" / "01-residual-block.yaml").read_text(encoding="utf-8")
    wrong = load(text)
    wrong["parts"][3]["expect"] = {"x": "W1.T @ bar(z1)"}
    file = tmp_path / "wrong.yaml"
    dump(wrong, file)
    checks = verify(derive(read(file).problems[0]))
    assert {c.verdict for c in checks.failures} == {"different"}
    assert [c.id for c in checks.failures if "expect" in c.id] == ["(d) expect dL/dx"]


# ---------------------------------------------------------------- forms in indices, and the rest of the sets

ENTRIES = [
    ("homework-000", 2, "b", r"\frac{\partial a_{j}}{\partial b_{l}} = a_{j}(\delta_{jl} - a_{l})"),
    ("homework-001", 2, "b", r"L = \operatorname{logsumexp}(z_{2}) - y^{\top}\,z_{2}"),
    ("homework-000", 2, "c", r"\operatorname{swish}^{\prime}(z_{1}) = h_{1} + \sigma(z_{1}) \odot (1 - h_{1})"),
    ("homework-003", 0, "a", r"\frac{\partial y_{t}}{\partial W_{ij}} = \delta_{ti}\,x_{j}"),
    ("homework-003", 0, "a", r"\frac{\partial L}{\partial W_{ij}} = \frac{\partial L}{\partial y_{i}}\,x_{j}"),
    ("homework-003", 0, "b", r"\frac{\partial y_{i}}{\partial b_{j}} = \delta_{ij}"),
    ("homework-003", 1, "a", r"\frac{\partial y_{j}}{\partial x_{i}} = \beta\,y_{j}(\delta_{ji} - y_{i})"),
    ("homework-004", 1, "a", r"\frac{\partial y_{k}}{\partial z_{l}} = y_{k}(\delta_{kl} - y_{l})"),
    ("homework-004", 1, "b", r"\frac{\partial L}{\partial W_{ki}} = (y_{k} - t_{k})\,x_{i}"),
    ("homework-000", 0, "c", r"\frac{\partial L}{\partial W} = g_{1}\,b^{\top} + g_{2}^{\top}\,b\,x^{\top}"),
]


@pytest.mark.parametrize(("name", "n", "part", "formula"), ENTRIES)
def test_results_in_indices(name: str, n: int, part: str, formula: str) -> None:
    found = next(p for p in derivations(name)[n].parts if p.part.id == part)
    lines = [line for c in found.contents if isinstance(c, Worked) for line in c.results]
    lines += [c.total for c in found.contents if isinstance(c, Paths)]
    printer = Printer(notation=Notation(vectors="plain"))
    assert formula in [" = ".join(map(printer.expr, line.chain)) for line in lines]


def test_one_homework_in_two_hands_shares_its_files() -> None:
    first, second = ({p.file.rpartition("/")[2] for p in read(PROBLEMS / name).problems} for name in SETS[:2])
    assert {"01-tied-autoencoder.yaml", "02-opt-out.yaml"} <= first & second


@pytest.mark.parametrize("name", SETS)
def test_no_formula_is_typed_and_every_part_is_answered(name: str) -> None:
    for problem in read(PROBLEMS / name).problems:
        assert not typed_formulas(problem)
        assert all(part.asks or part.answer for part in problem.parts)
