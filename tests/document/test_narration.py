"""What `solgen show` prints: aligned, with shapes and reasons, answers framed or marked, and what prose says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from solgen.calculus.derive import derive
from solgen.document.blocks import Steps, TableRow
from solgen.document.narration import WIDEST, narrate
from solgen.document.telling import Telling, ToldPart, telling
from solgen.expr.present.tree import Identifier, Number, Script, Table
from solgen.reader.set_file import read
from solgen.render.chains import Side
from solgen.render.words import NOTHING, Formula, words

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/cases/document"


def told(path: Path, width: int = 100, part: str = "") -> str:
    derivations = [derive(problem) for problem in read(path).problems]
    return "\n".join(line.plain for d in derivations for line in narrate(telling(d, part), width))


def test_the_residual_block_reads_as_a_lecturer_writes() -> None:
    lines = [re.sub(r" +\(\d+\)$", "", line) for line in told(ROOT / "problems/residual-block").splitlines()]
    for line in (
        "  ▌ W⁽¹⁾ ∈ ℝᵈˣᵈ   z₁ = W⁽¹⁾ x: the inner sizes of a product agree, the outer ones remain",
        "  │ #parameters = d² + d   (1) │",
        "    z₁ = W⁽¹⁾ x      d × 1",
        "  ▌   z̄₁ = h̄ ⊙ φ′(z₁)   d × 1   elementwise function",
        "    through z₁: W⁽¹⁾ᵀ z̄₁   d × 1   matrix product, right factor",
        "  ▌ x̄ = W⁽¹⁾ᵀ z̄₁ + z̄₂   d × 1   sum over the paths",
        "  The skip connection shows in (10): its term, z̄₂, reaches the input whatever W⁽¹⁾ and the slope of",
    ):
        assert line in lines, line


def test_the_two_paths_of_the_autoencoder() -> None:
    text = told(ROOT / "problems/tied-autoencoder")
    assert "W → B → x̂ → r → L:" in text
    assert "= W x(Wᵀ W x − x)ᵀ + W(Wᵀ W x − x) xᵀ   m × n" in text


@pytest.mark.parametrize("name", ["problems/homework-002", "problems/homework-004", "tests/cases/document/stress.yaml"])
@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_line_is_too_long(name: str, width: int) -> None:
    lines = told(ROOT / name, width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, WIDEST)
    assert not [line for line in lines if line != line.rstrip() or re.search(r"[\\{}$]", line)]


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.yaml")))
def test_signs_of_a_chain_stand_in_one_column(name: str) -> None:
    for paragraph in told(CASES / name).split("\n\n"):
        if "∈" in paragraph:  # reasons quote equations
            continue
        equations = [line for line in paragraph.splitlines() if re.match(r"(  [ │▌] )( *)([^ ]+ |)= ", line)]
        assert len({cell_len(re.split(r"(?<= )= ", line)[0]) for line in equations}) <= 1, paragraph


def test_the_frame_is_closed() -> None:
    lines = told(CASES / "attention.yaml", 84).splitlines()
    for top in (n for n, line in enumerate(lines) if line.startswith("  ╭")):
        bottom = next(n for n in range(top, len(lines)) if lines[n].startswith("  ╰"))
        frame = lines[top : bottom + 1]
        assert len({cell_len(line) for line in frame}) == 1
        assert all(line.startswith("  │") and line.endswith("│") for line in frame[1:-1])


def test_one_part_keeps_its_numbers() -> None:
    text = told(ROOT / "problems/residual-block", part="d")
    assert "(d) Compute the error signals" in text and "(10)" in text and "(a)" not in text and "Deduce" not in text


def test_matrices_and_cases_are_set_in_two_dimensions() -> None:
    text = told(ROOT / "problems/homework-004")
    assert "⎧ yₖ(1 − yₖ)  if k = l   = yₖ(δₖₗ − yₗ)" in text
    text = told(ROOT / "problems/homework-001")
    assert "    ∂z₂/∂h₁ = ⎜ " in text and "⎝" in text and "⋱" in text


def test_matrices_under_each_other_keep_a_distance() -> None:
    matrix = (Side(Table(((Number("1"),), (Number("2"),)))),)
    square = Formula(Script(Identifier("x"), sup=Number("2")))
    rows = (
        TableRow(Identifier("a"), matrix, words("given"), "1"),
        TableRow(Identifier("b"), matrix, words("by ", square), "2"),
    )
    part = ToldPart("a", "a", words("Compute."), (Steps(rows),))
    lines = [line.plain for line in narrate(Telling(words("T"), NOTHING, (part,)), 60)]
    assert lines[-6:] == [
        "    a = ⎛ 1 ⎞   given                                    (1)",
        "        ⎝ 2 ⎠",
        "",
        "    b = ⎛ 1 ⎞   by x²                                    (2)",
        "        ⎝ 2 ⎠",
        "",
    ]


def test_shapes_and_reasons_are_dimmed_and_answers_bold() -> None:
    (problem,) = read(ROOT / "problems/residual-block").problems
    lines = list(narrate(telling(derive(problem)), 100))
    line = next(line for line in lines if "elementwise function" in line.plain)
    dim = " ".join(line.plain[span.start : span.end] for span in line.spans if span.style == "dim")
    assert dim.split() == ["d", "×", "1", "elementwise", "function", "(6)"]
    answer = next(line for line in lines if line.plain.startswith("  ▌    h ∈"))
    assert any(span.style == "bold" and "ℝᵈ" in answer.plain[span.start : span.end] for span in answer.spans)


def test_prose_and_lists_are_filled(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: Prose\nmodel: |\n  x: R[n]\n  L = norm2sq(x)\nparts:\n  - prompt: p\n    answer: |\n"
        "      An \\emph{easy} one-hot $x - x$, 50\\% of it:\n      \\begin{itemize}\n"
        "      \\item one\n      \\item two $[[x]]$\n      \\end{itemize}\n"
    )
    text = told(tmp_path / "p.yaml")
    assert "  An easy one-hot x − x, 50% of it:\n" in text and "\n  • one\n  • two x" in text


def test_rules_cited_by_number_alone_are_named() -> None:
    text = told(CASES / "stress.yaml") + told(CASES / "batchnorm.yaml")
    assert "by rule" not in text and "quotient, scalar multiple and squared norm" in text


def test_a_name_without_a_path_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "title: None\nmodel: |\n  x: R[n]\n  u: R[m]\n  L = norm2sq(x)\nparts:\n"
        "  - prompt: p\n    solve: {gradients: u}\n"
    )
    assert "No path leads from u to L" in told(tmp_path / "p.yaml")
