"""Signs of ours that are letters give way to names of the file: the second spelling is another, and is read back."""

from __future__ import annotations

import pytest

from solgen.build.read_back.forms import IN_LATEX, IN_MARKDOWN, IN_TERMINAL
from solgen.build.read_back.misreadings import read_back
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import sections_of_problem
from solgen.calculus.derive import derive
from solgen.document.narration import narrate
from solgen.document.telling import telling
from solgen.document.voice import taken_in
from solgen.expr.ops import ROWS
from solgen.expr.ops.presentation import Composed, NamedFunction
from solgen.expr.present.signs import CROSS_ENTROPY, EXPONENTIAL, IDENTITY, KRONECKER, PI, UNIT, taken_letters
from solgen.model.problem import Problem
from solgen.numeric.verify import verify
from solgen.reader.language.builtins import RESERVED
from solgen.reader.set_file import read


def _problem(tmp_path, model: str, solve: str) -> Problem:
    lines = "".join(f"  {line}\n" for line in model.strip().splitlines())
    file = tmp_path / "p.yaml"
    file.write_text(f"title: P\nmodel: |\n{lines}parts:\n  - prompt: Do it.\n    solve: {solve}\n")
    return read(file).problems[0]


def _shown(problem: Problem) -> str:
    derivation, known = derive(problem), Certified()
    known.learn(derivation, verify(derivation))
    told = telling(derivation)
    for written in (IN_LATEX, IN_TERMINAL, IN_MARKDOWN):
        assert not list(read_back(sections_of_problem(problem, told), written, known))
    return "\n".join(str(line) for line in narrate(told, 110))


@pytest.mark.parametrize(
    ("model", "solve", "shown", "hidden"),
    [
        ("e: R\nx: R\ny = exp(-x) * e", "{gradients: x}", "exp(−x)", "e⁻ˣ"),
        ("x: R\ny = exp(-x)", "{gradients: x}", "e⁻ˣ", "exp(−x)"),
        ("sigma: R\nx: R\ny = sigmoid(x) * sigma", "{gradients: x}", "sigmoid(x) σ", "σ(x)"),
        ("Phi: R\nphi: R\nx: R\ny = normcdf(x) * Phi * phi", "{gradients: x}", "normpdf(x)", "φ(x)"),
        ("varphi: R\nx: R\ny = normpdf(x) * varphi", "{gradients: x}", "normpdf(x) φ", "φ(x)"),
        ("ReLU: R\nx: R[n]\ny = sum(relu(x)) * ReLU", "{gradients: x}", "relu", "ReLU(x"),
        ("I: R[n, n]\nx: R[n]\ns = x @ x\ny = exp(s) * sum(I)", "{hessian: y, wrt: x}", "Id", "Iₙ"),
        ("delta: R\nx: R[n]\ny = tanh(x) * delta", "{jacobian: y, wrt: x, form: kronecker}", "𝟙[i = j]", "δᵢⱼ"),
        ("e: R\nx: R[n]\nl: Label[n]\nL = log(softmax(x)[l]) * e", "{gradients: x}", "basisₗ", "eₗ"),
        ("e_1: R\nx: R\ny = exp(x) * e_1", "{gradients: x}", "exp(x)", "eˣ"),
        ("i: R\nj: R\nx: R[n]\nL = sum(sin(x)) * i + j", "{gradients: x}", "Σₖ₌₁ⁿ", "Σᵢ₌₁ⁿ"),
        ("k: R\nx: R[n]\ny = tanh(x) * k", "{jacobian: y, wrt: x, form: index, indices: {y: k}}", "∂yᵢ/∂xⱼ", "∂yₖ"),
    ],
)
def test_a_sign_of_ours_gives_way(tmp_path, model: str, solve: str, shown: str, hidden: str) -> None:
    text = _shown(_problem(tmp_path, model, solve))
    assert shown in text and hidden not in text


def test_an_accent_makes_another_letter() -> None:
    taken = taken_letters(["ehat", "sigma_w", "Ibar"], {})
    assert "σ" in taken and not taken & {"e", "I"}


@pytest.mark.parametrize("tex", [r"\mathbf{e}", r"\mathrm{e}", r"\bm{e}", "e^{(1)}", "e_1"])
def test_latex_of_the_file_takes_its_letter(tex: str) -> None:
    assert "e" in taken_letters(["error"], {"error": tex})


def test_letters_of_gradients_are_taken_too(tmp_path) -> None:
    problem = _problem(tmp_path, "x: R\ny = x**2", "{gradients: x}")
    assert "δ" not in taken_in(problem, problem.notation)
    assert "δ" in taken_in(problem, type(problem.notation)(gradient="delta"))


def test_each_second_spelling_is_a_word_that_no_other_sign_has() -> None:
    signs = (IDENTITY, UNIT, PI, EXPONENTIAL, CROSS_ENTROPY)
    words = [sign.word.letters for sign in signs]
    words += [row.presentation.otherwise for row in ROWS if _otherwise(row)]
    assert len(set(words) - {"crossentropy"}) == len(words) - 2  # of two rows
    assert KRONECKER.word.variant == "double-struck"


def _otherwise(row) -> str:
    form = row.presentation
    return form.otherwise if isinstance(form, NamedFunction | Composed) else ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_function_that_a_name_may_look_like_has_a_second_spelling(row) -> None:
    form = row.presentation
    if isinstance(form, NamedFunction) and form.name not in RESERVED:
        assert form.otherwise or form.name in SPELT_BY_LETTERS, row.name


SPELT_BY_LETTERS = {"tr"}  # two letters: a name of the file is t with r beneath
