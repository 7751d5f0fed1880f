"""Worked examples on the page: formulas with numbers in the place of names, signs, breaks, and what prose cites."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.blocks import Aside, Block, Formulas, Paragraph, Steps
from solgen.document.counters import Ledger
from solgen.document.exposition import Exposition
from solgen.document.narration import narrate
from solgen.document.pages import tell_in_full
from solgen.document.portable import markdown
from solgen.document.quantities import quantity_node
from solgen.document.telling import telling
from solgen.document.templates import write_value
from solgen.document.voice import voice_for
from solgen.document.widths import width
from solgen.errors import InputError
from solgen.model.quantity import Quantity
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from tests.document_of import solution_document

TWO_LAYERS = Path(__file__).parents[2] / "problems/library/worked-examples/01-two-layers-by-hand.yaml"


@pytest.fixture
def told(tmp_path: Path):
    """The blocks of every part of a problem, from its model, its numbers and its parts."""

    def make(
        model: str, numbers: str, parts: str = "  - prompt: P\n    solve: evaluate\n", more: str = ""
    ) -> list[Block]:
        body = "".join(f"  {line}\n" for line in model.strip().splitlines())
        (tmp_path / "p.yaml").write_text(f"title: T\n{more}model: |\n{body}numbers: {numbers}\nparts:\n{parts}")
        d = derive(read(tmp_path / "p.yaml").problems[0])
        e = Exposition(voice_for(d, d.problem.notation, Ledger(), "1"), d, {}, verify(d, mutants=False))
        return [block for p in d.parts for block in e.solution(p, e.tell_contents(p))]

    return make


def rows(blocks: list[Block]) -> list[str]:
    """Each line, without its break points."""
    lines = [f"{write_value(r.left)} {write_value(r.right)}" for b in blocks if isinstance(b, Steps) for r in b.rows]
    return [" ".join(line.replace(r"\brkeq ", "").replace("{}", "").split()) for line in lines]


def column(*entries: str) -> str:
    return r"\begin{pmatrix}" + r" \\ ".join(entries) + r"\end{pmatrix}"


def test_a_line_of_each_kind(told) -> None:
    found = rows(
        told(
            "x: R[n]\nW: R[m, n]\nb: R[m]\nz = W @ x + b\nL = norm2sq(z)",
            "{x: [1, 2], W: [[1, 0], [3, -1]], b: [0, 1]}",
            more="parameters: [W]\n",
        )
    )
    matrix = r"\begin{pmatrix}1 & 0 \\ 3 & -1\end{pmatrix}"
    z, two = column("1", "2"), column("2", "4")
    assert found == [
        r"\bm{z} = \bm{W}\,\brkp \bm{x} \brk + \bm{b} = "
        rf"{matrix}\,\brkp {z} \brk + {column('0', '1')} = {z}",
        rf"L = \lVert \bm{{z}}\rVert ^{{2}} = \left\lVert {z}\right\rVert ^{{2}} = \ans{{5}}",
        rf"\frac{{\partial L}}{{\partial \bm{{z}}}} = 2\bm{{z}} = 2{z} = {two}",
        r"\frac{\partial L}{\partial \bm{W}} = \frac{\partial L}{\partial \bm{z}}\,\brkp \bm{x}^{\top} = "
        rf"{two}\,\brkp \begin{{pmatrix}}1 & 2\end{{pmatrix}} = \ans{{\begin{{pmatrix}}2 & 4 \\ 4 & 8\end{{pmatrix}}}}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "x", "shown"),
    [
        ("a * b", "2, -3", r"2\brkp (-3) = \ans{-6}"), ("a - b", "2, -3", r"2 \brk - (-3) = \ans{5}"),
        ("a + b", "2, -3", r"2 \brk - 3 = \ans{-1}"),
        ("a / b", "1/2, 3", r"\frac{\tfrac{1}{2}}{3} = \ans{\tfrac{1}{6}}"),
        ("a**2 + b", "-2, 1/3", r"(-2)^{2} \brk + \tfrac{1}{3} = \ans{\tfrac{13}{3}}"),
        ("exp(a) * b", "1, 2", r"\approx \ans{5.4366}"), ("log(a) + b", "1, 0", r"\log 1 \brk + 0 = \ans{0}"),
        ("a * b", "2, 3", r"2 \cdot 3 = \ans{6}"),
    ],
)  # fmt: skip
def test_scalars_stay_apart(told, formula: str, x: str, shown: str) -> None:
    a, b = x.split(", ")
    (first, *_) = rows(
        told(f"a: R\nb: R\ny = {formula}", f"{{a: {a}, b: {b}}}", "  - prompt: P\n    solve: {evaluate: y}\n")
    )
    assert first.endswith(shown)


def test_equal_is_said_of_exact_values_alone(told) -> None:
    first, second, *_ = rows(told("x: R[n]\np = softmax(x)\nL = sum(p) + p[0]", "{x: [1, 2]}"))
    assert rf"\operatorname{{softmax}}{column('1', '2')} \approx {column('0.2689', '0.7311')}" in first
    assert second.count("=") == 2 and r"\approx" in second, "Σᵢ₌₁ and the formula; every number is rounded"


def test_a_sum_over_samples_is_written_out(told) -> None:
    found = rows(told("i: Index[n]\nx[i]: R\nw: R\ny[i] = w * x[i]\nL = sum(square(y[i]), i)", "{x: [1, 2], w: 3}"))
    assert found[0].startswith("y_{1} = w") and found[1].endswith(r"3 \cdot 2 = 6")
    assert found[2].endswith(r"3^{2} \brk + 6^{2} = \ans{45}")


def test_many_samples_are_told_shortly(told) -> None:
    numbers = f"{{x: [{', '.join(map(str, range(20)))}], w: 3}}"
    found = rows(told("i: Index[n]\nx[i]: R\nw: R\ny[i] = w * x[i]\nL = sum(square(y[i]), i)", numbers))
    samples = [line for line in found if line.startswith("y_{")]
    assert len(samples) == 13 and samples[-1].startswith("y_{20}") and r"\cdot" not in samples[4]


def test_a_wide_line_leaves_the_middle_out(told) -> None:
    wide = ", ".join(["0.123456789"] * 9)
    (first, *_) = rows(told("x: R[n]\nW: R[n, n]\ny = W @ x", f"{{x: [{wide}], W: [{', '.join([f'[{wide}]'] * 9)}]}}"))
    assert first.count(r"\begin{pmatrix}") == 1 and r"\approx \ans{\gridfit{\begin{pmatrix}0.1372 &" in first, (
        "the value alone"
    )
    assert (
        width(quantity_node(Quantity("v", ("1", "2"))))
        < 40
        < 300
        < width(quantity_node(Quantity("v", ("-0.12345",) * 8), as_row=True))
    )


def test_conventions_numbers_and_names_are_stated(told) -> None:
    blocks = told(
        "x: R[n]\nk: Label[C]\nW: R[C, n]\nL = sum(relu(W @ x)) - (W @ x)[k]", "{x: [1, 1], k: 0, W: [[1, -1], [2, 3]]}"
    )
    (given,) = (b for b in blocks if isinstance(b, Formulas))
    assert "k = 1" in map(write_value, given.items), "positions are printed 1-based"
    assert any("for an intermediate value" in write_value(b.text) for b in blocks if isinstance(b, Paragraph))
    (kink,) = (b for b in blocks if isinstance(b, Aside))
    assert "ReLU" in write_value(kink.text)


def test_what_was_computed_before_is_cited(told) -> None:
    parts = "  - prompt: P\n    solve: {evaluate: y}\n  - prompt: Q\n    solve: {evaluate: dL/dx}\n"
    blocks = told("x: R[n]\ny = 2 * x\nL = norm2sq(y)", "{x: [1, 2]}", parts)
    assert sum(isinstance(b, Formulas) for b in blocks) == 1, "the numbers are stated once"
    assert any(r"With the values of \eqlink{1}:" in write_value(b.text) for b in blocks if isinstance(b, Paragraph))
    assert next(row.split(" ")[0] for row in rows(blocks)) == r"\bm{y}"


def test_prose_cites_values(told) -> None:
    answer = "  - prompt: P\n    solve: evaluate\n    answer: '{}'\n"
    model, numbers = "x: R[n]\nk: Label[n]\ny = exp(x)\nL = x[k] * sum(y)", "{x: [0, 1], k: 1}"
    said = answer.format(
        "[[value x]], [[value k]], [[value y[1]]], $x_2 = [[value x[1]]]$, $L \\approx [[value L]]$, [[value dL/dy]]"
    )
    (*_, last) = told(model, numbers, said)
    assert isinstance(last, Paragraph)
    assert (
        write_value(last.text)
        == r"$(0,\, 1)^{\top}$, $2$, $\approx 2.7183$, $x_2 = 1$, $L \approx 3.7183$, $(1,\, 1)^{\top}$"
    )
    with pytest.raises(InputError, match="rounded, so nothing is equal to it"):
        told(model, numbers, answer.format("$L = [[value L]]$"))


# ---------------------------------------------------------------- products


def test_the_handout_states_the_numbers_and_no_value() -> None:
    problem_set = read(TWO_LAYERS)
    derivation = derive(problem_set.problems[0])
    checks = [verify(derivation, mutants=False)]
    handout = solution_document(problem_set, [derivation], checks, {}, "handout").tex
    assert r"\begin{pmatrix}1 & 1 \\[2pt] 2 & -2 \\[2pt] 0 & \tfrac{1}{2}\end{pmatrix}" in handout
    solutions = solution_document(problem_set, [derivation], checks, {}, "solutions").tex
    secret = column("3", "-1", "2")  # z
    assert secret in solutions and secret not in handout
    key = solution_document(problem_set, [derivation], checks, {}, "key").tex
    assert rf"\bm{{z}} {{}}= {secret}" in key and r"\operatorname{ReLU}" not in key


def test_every_line_has_the_number_of_its_check() -> None:
    problem_set = read(TWO_LAYERS)
    derivation = derive(problem_set.problems[0])
    checks = verify(derivation, mutants=False)
    (own,) = tell_in_full(problem_set, [derivation], [checks], {}).numbers
    numbers = {str(step): number for step, number in own.items()}
    lines = [s for p in derivation.parts for c in p.contents for s in getattr(c, "steps", ())]
    assert lines and all(numbers[f"({p}) example {s}"].isdigit() for p, s in (("b", "z"), ("c", "dL/dW1"), ("e", "L")))


def test_terminal_and_markdown_print_it_too() -> None:
    derivation = derive(read(TWO_LAYERS).problems[0])
    one = telling(derivation, "b", verify(derivation, mutants=False))
    assert r"= \boxed{\begin{pmatrix}3 \\ 0 \\ 2\end{pmatrix}}" in markdown(one)
    text = "\n".join(line.plain for line in narrate(one, 100))
    assert "⎜ −1 ⎟" in text and "‖" in text


def test_without_a_certificate_no_number_is_printed() -> None:
    with pytest.raises(InputError, match="were not computed"):
        telling(derive(read(TWO_LAYERS).problems[0]))
