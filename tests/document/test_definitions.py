"""Each sign of ours on a page has a sentence that says what it means, in the notation of its problem."""

from __future__ import annotations

import pytest

from solgen.build.read_back.forms import IN_LATEX, IN_MARKDOWN, IN_TERMINAL
from solgen.build.read_back.misreadings import read_back
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import Section
from solgen.document.definitions import _LETTERS, _NAMED, KNOWN, DefinitionPlace, definitions
from solgen.expr.defined import definition_of, placeholders
from solgen.expr.ops import ROWS, TABLE
from solgen.expr.ops.presentation import Directed, Infix, NamedFunction
from solgen.expr.ops.row import Elementwise, Special
from solgen.expr.present.letters import function_name
from solgen.expr.present.tree import Identifier, Node, Operator
from solgen.render.terminal_words import terminal_words
from solgen.render.words import Words
from solgen.written.compare import equal_values

TAKEN = frozenset({*"σeIδϕΦuv", "ReLU", "ELU", "CE", "GELU"})


def _said(*signs: Node, taken: frozenset[str] = frozenset()) -> str:
    return " ".join(_text(text) for text in definitions([DefinitionPlace("", signs, taken)]))


def _text(sentence: Words) -> str:
    return terminal_words(sentence).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("sign", "taken", "said"),
    [
        (Identifier("σ"), "", "σ(u) = 1/(1 + e⁻ᵘ)."),
        (Identifier("σ"), "u", "σ(v) = 1/(1 + e⁻ᵛ)."),
        (Identifier("σ"), "σ", ""),  # a name of the file
        (Identifier("sigmoid", "function"), "σe", "sigmoid(u) = 1/(1 + exp(−u))."),
        (function_name("softmax"), "", "[softmax(v)]ᵢ = e^vᵢ/(Σₛ e^vₛ)."),
        (function_name("softmax"), "iv", "[softmax(w)]ⱼ = e^wⱼ/(Σₛ e^wₛ)."),
        (function_name("logsumexp"), "", "logsumexp(v) = log Σₛ e^vₛ."),
        (function_name("tr"), "", "tr(A) is the trace, the sum of the entries on the diagonal."),
        (Identifier("1", "bold"), "", "𝟏 is a vector of ones."),
        (Identifier("e", "bold"), "k", "eᵢ is the unit vector with its 1 in place i."),
        (Identifier("δ"), "", "δᵢⱼ is 1 where i = j, else 0."),
        (Operator("⊙"), "", "⊙ is the entrywise product."),
        (Operator(";", "none"), "", "[v; w] is v above w."),
        (Identifier("log", "function"), "", ""),  # known
    ],
)
def test_what_is_said_of_a_sign(sign: Node, taken: str, said: str) -> None:
    assert _said(sign, taken=frozenset(taken)) == said


def test_a_definition_brings_those_that_it_needs() -> None:
    assert "Φ(u) is the distribution function" in _said(function_name("GELU"))


@pytest.mark.parametrize("taken", [frozenset[str](), TAKEN], ids=["free", "taken"])
@pytest.mark.parametrize("written", [IN_LATEX, IN_TERMINAL, IN_MARKDOWN], ids=lambda w: w.name)
def test_every_sentence_is_read_back(written, taken: frozenset[str]) -> None:
    places = [DefinitionPlace("", (*_NAMED, *_LETTERS), taken)]
    sections = [Section(None, None, (said,), defines=True) for said in definitions(places)]
    assert sections and not list(read_back(sections, written, Certified()))


def test_a_letter_that_another_problem_names_is_said_to_hold_where_it_does() -> None:
    places = [
        DefinitionPlace("1", (Identifier("σ"),), frozenset()),
        DefinitionPlace("2", (Identifier("σ"),), frozenset("σ")),
    ]
    (said,) = definitions(places)
    assert _text(said) == "In problem 1 σ(u) = 1/(1 + e⁻ᵘ)."


@pytest.mark.parametrize("row", [r for r in ROWS if isinstance(r, Elementwise)], ids=lambda row: row.name)
def test_the_formula_of_a_function_has_its_value(row: Elementwise) -> None:
    app = placeholders(row)
    found = definition_of(row, app)
    assert found is not None and found[0] == app
    if found[1] == app:  # the table knows it by its name alone
        form = row.presentation
        assert row.means or not isinstance(form, NamedFunction) or function_name(form.name) in KNOWN


def test_placeholders_avoid_names() -> None:
    assert str(placeholders(TABLE["sigmoid"], frozenset("uv"))) == "sigmoid(w)"


def test_a_square_is_a_square() -> None:
    found = definition_of(TABLE["square"], placeholders(TABLE["square"]))
    assert found is not None and equal_values(*found)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_sign_that_is_not_known_has_a_sentence(row) -> None:
    match row.presentation:
        case NamedFunction(name=name, index=None, inverse=False) | Directed(names=(name,)):
            sign: Node = function_name(name)
        case Infix(sign=infix):
            sign = Operator(infix, "none")
        case _:
            return
    assert sign in KNOWN or sign in _NAMED or sign in _LETTERS
    assert sign in KNOWN or row.means or isinstance(row, Elementwise | Special) or row.doc


@pytest.mark.parametrize("notation", ["partial", "nabla", "bar", "delta"])
def test_a_loss_with_latex_of_its_own_is_read_in_the_conventions(solgen, tmp_path, notation: str) -> None:
    (tmp_path / "p.yaml").write_text(
        f"title: P\nnotation: {notation}\nlatex: {{loss: '\\mathcal{{L}}'}}\nmodel: |\n  x: R[n]\n"
        "  loss = norm2sq(tanh(x))\nparts:\n  - prompt: G\n    solve: {gradients: x}\n"
    )
    assert solgen("check", str(tmp_path / "p.yaml")).code == 0
