"""Whole documents: what the three products contain, and that TeX finds no defect in any of them.

The LaTeX of two problems is kept as golden text; `SOLGEN_REGEN=1 pytest tests/document` writes what is made now.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jinja2
import pypdf
import pytest

from solgen.build.cache import Store
from solgen.build.compiled_templates import CompiledTemplates
from solgen.calculus.derive import derive
from solgen.document.certificate import certificate
from solgen.document.exposition import figure_key
from solgen.document.templates import fill_template, write_value
from solgen.document.trial import trial_pages
from solgen.errors import InputError
from solgen.model.derivation import Derivation
from solgen.model.figure import Figure
from solgen.model.problem import ProblemSet
from solgen.model.step import gradient, name_statement
from solgen.model.verdict import Check, Checks, Listed, MutantId, Mutants
from solgen.reader.set_file import read
from solgen.tex import Engine, typeset
from tests.document_of import solution_document

CASES = Path(__file__).parent.parent / "cases" / "document"
NAMES = ("autoencoder", "residual", "softmax-net", "stress")
Load = Callable[..., tuple[ProblemSet, list[Derivation]]]


def made(load: Load, name: str, product: str = "solutions", checks: Checks | None = None) -> str:
    problem_set, derivations = load(name)
    document = solution_document(problem_set, derivations, [checks] * len(derivations), {}, product)
    return document.tex[document.tex.index(r"\begin{document}") :]


def whole(load: Load, name: str, product: str, notation: str = "") -> str:
    problem_set, derivations = load(name, notation or None)
    return solution_document(problem_set, derivations, [None] * len(derivations), {}, product).tex


@pytest.mark.parametrize("name", ["autoencoder", "residual"])
def test_golden(load: Load, name: str) -> None:
    golden = CASES / f"{name}.tex"
    tex = made(load, name).partition(r"\appendixhead")[0]
    if os.environ.get("SOLGEN_REGEN"):
        golden.write_text(tex)
    assert tex == golden.read_text()


@pytest.mark.parametrize(
    ("name", "product", "notation"),
    [(name, product, "") for name in NAMES for product in ("solutions", "handout", "key")]
    + [("stress", "solutions", n) for n in ("partial", "nabla", "bar")]
    + [("residual", "solutions", n) for n in ("partial", "nabla", "delta")],
)
def test_tex_finds_no_defect(
    load: Load, engine: Engine, user_cache: Path, name: str, product: str, notation: str
) -> None:
    tex = whole(load, name, product, notation)
    run = typeset(engine, tex, {}, source_date_epoch=0, timeout=60, cache=user_cache)
    assert run.log.defects() == ()
    if product == "handout":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(run.pdf)).pages)
        assert "Backward" not in text and "Checked" not in text


def test_the_handout_needs_no_derivation(load: Load) -> None:
    """It is the same whatever was derived, so nothing derived can be in it."""
    for name in NAMES:
        problem_set, derivations = load(name)
        with_them = solution_document(problem_set, derivations, [None] * len(derivations), {}, "handout")
        assert with_them == solution_document(problem_set, [], [], {}, "handout")
        assert not with_them.assets
        assert r"\step{" not in with_them.tex.split(r"\begin{document}")[1]


def test_the_key_has_results_alone(load: Load) -> None:
    tex = made(load, "residual", "key")
    assert r"\answer{\bar{\bm{y}} {}= \bm{y} \brk - t}{1 \times 1}{2}\apart \answer{\bar{\bm{W}}^{(2)} {}=" in tex
    for solution_only in (r"\lead{", r"\parthead", "Deduce", r"\begin{steps}", r"\result{", r"\rulelink", "Checked."):
        assert solution_only not in tex


def test_the_key_says_where_figures_and_arguments_are(load: Load) -> None:
    graph, count = made(load, "residual", "key").split(r"\keypart{c}")[1].split(r"\keypart{d}")
    assert "See the solutions." in graph and "See the solutions." not in count


@pytest.mark.parametrize("product", ["solutions", "handout"])
def test_a_part_is_asked_in_its_own_notation(product: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "title: T\nmodel: |\n  w: R[n]\n  L = norm2sq(w)\nparts:\n"
        "- {prompt: 'Find [[symbol dL/dw]].', solve: {gradients: w}, notation: nabla}\n"
        "- {prompt: 'Find [[symbol dL/dw]].', solve: {gradients: w}}\n"
    )
    problem_set = read(tmp_path / "own.yaml")
    derivations = [derive(p) for p in problem_set.problems]
    tex = solution_document(problem_set, derivations, [None], {}, product).tex
    assert re.findall(r"Find \$\\(\w+)", tex) == ["nabla_", "partial"]
    problem_set = read(tmp_path / "own.yaml", "bar")  # as the whole document is to be written
    fixed = solution_document(problem_set, [derive(p) for p in problem_set.problems], [None], {}, product).tex
    assert re.findall(r"Find \$\\(\w+)", fixed) == ["bar", "bar"]


def test_nothing_checked_is_no_certificate() -> None:
    assert certificate(Checks((), Mutants(0, ()), {}, 3, "", 0, ()), "solgen check x") == ()


def test_numbers_that_are_cited_are_there(load: Load) -> None:
    for name in NAMES:
        tex = made(load, name)
        cited = set(re.findall(r"\\eqlink\{(\d+)\}", tex))
        steps = re.findall(r"\\step\{.*\}\{(\d+)\}$", tex, re.MULTILINE)
        results = re.findall(r"\\result\{.*\}\{(\d+)\}$", tex, re.MULTILINE)
        assert cited <= {*steps, *results}
        rules = set(re.findall(r"\\rulelink\{(\d+)\}", tex))
        assert rules == set(re.findall(r"\\begin\{ruleproof\}\{(\d+)\}", tex))


def test_a_path_is_a_labelled_term(load: Load) -> None:
    tex = made(load, "residual")
    assert r"$\bm{x}$ reaches $L$ along two paths, through $\bm{z}_{2}$ and through $\bm{z}_{1}$" in tex
    assert r"\step{through $\bm{z}_{2}$:}" in tex


def test_a_variable_without_a_path_is_said_to_have_none(load: Load) -> None:
    assert "No path leads from" in made(load, "stress")


def test_the_certificate(load: Load) -> None:
    exact = Check(name_statement("gradient", "a"), "x", "x", "equal", "exact", 0, 3)
    oracle = Check(name_statement("gradient", "b"), "x", "x", "equal", "oracle", 31, 3)
    checks = Checks(
        (exact, exact, oracle),
        Mutants(14, (MutantId(gradient("L", "W"), "doubled"),)),
        {"n": 7, "m": 5},
        3,
        "",
        31,
        ("relu at z1",),
    )
    tex = made(load, "autoencoder", checks=checks)
    assert "3 equalities at 3 random points with $n = 7, m = 5$: 2 exactly, over the rationals; 1 with finite" in tex
    assert "differences of the forward pass alone, to 31 digits." in tex
    assert "14 of 14 deliberate mistakes were told apart; 1 more turned out equal to the answer." in tex
    assert "Met by no point: relu at z1." in tex
    assert "strong evidence, not a proof" in tex


def test_the_certificate_counts_what_was_typed_by_hand() -> None:
    check = Check(name_statement("gradient", "a"), "x", "x", "equal", "ball", 70, 3)
    checks = Checks((check, check), Mutants(0), {}, 3, "", 70)
    listed = (Listed("$a$", "a number", 1, 1), Listed("$b$", "not read", 2, 1))
    told = " ".join(write_value(certificate(replace(checks, listed=listed), "solgen check x")))
    assert "2 equalities at 3 random points: compared in ball arithmetic, to 70 digits." in told
    assert "Not checked: 2 formulas typed by hand in the prose." in told
    assert "Not checked" not in " ".join(write_value(certificate(checks, "solgen check x")))


def test_figures_travel_under_their_key(load: Load) -> None:
    problem_set, derivations = load("autoencoder")
    part = next(p for p in derivations[0].parts if any(a.verb == "graph" for a in p.part.asks))
    key = figure_key(problem_set.problems[0].id, part.part.id, 0)
    figure = Figure(key, b"%PDF", "A graph & its gradients", 300.0)
    document = solution_document(problem_set, derivations, [None], {key: figure}, "solutions")
    assert document.assets == {f"{key}.pdf": b"%PDF"}
    assert rf"\pic{{{key}}}{{300pt}}{{A graph \& its gradients}}" in document.tex


def test_a_folder_beside_the_problems_wins(load: Load, tmp_path: Path) -> None:
    problem_set, derivations = load("residual")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "header.tex.j2").write_text("\\newcommand{\\course}{Ours}\n")
    own = replace(problem_set, templates=(str(tmp_path / "templates"),))
    assert r"\newcommand{\course}{Ours}" in solution_document(own, derivations, [None], {}, "solutions").tex


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"line\n<< part.promt >>", "promt"),
        (b"line\n<% if %>", "Expected an expression"),
        (b'line\n<% include "mine.tex.j2" %>', "there is no template `mine.tex.j2`"),
        (b"line\n<< part.rubric >>", "neither text nor a number"),
        (b"line\n\xff", "not UTF-8"),
    ],
)
def test_a_template_of_ones_own_is_wrong_at_a_line(load: Load, tmp_path: Path, text: bytes, told: str) -> None:
    problem_set, derivations = load("residual")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "part.tex.j2").write_bytes(text)
    with pytest.raises(InputError) as refused:
        solution_document(
            replace(problem_set, templates=(str(tmp_path / "templates"),)), derivations, [None], {}, "solutions"
        )
    (wrong,) = refused.value.diagnostics
    assert told in wrong.message and wrong.hint
    assert wrong.span and wrong.span.file.endswith("templates/part.tex.j2") and wrong.span.line == 2


def test_templates_are_compiled_once_and_again_where_one_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A course's own may be edited, added and taken away while the process goes on, as `solgen watch` does."""
    compiled: list[str] = []
    compile_ = jinja2.Environment.compile

    def counted(self: jinja2.Environment, source: str, name: str = "", *rest: object, **more: object) -> object:
        compiled.append(name)
        return compile_(self, source, name, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", counted)
    own = tmp_path / "header.tex.j2"
    first = fill_template(trial_pages(), (tmp_path,))
    assert len(compiled) > 10 and len(set(compiled)) == len(compiled)
    compiled.clear()
    assert fill_template(trial_pages(), (tmp_path,)) == first and not compiled
    for text in ("one", "another"):
        own.write_text(text)
        assert text in fill_template(trial_pages(), (tmp_path,)) and compiled == ["header.tex.j2"]
        compiled.clear()
    own.unlink()
    assert fill_template(trial_pages(), (tmp_path,)) == first and compiled == ["header.tex.j2"]


def test_compiled_templates_are_found_by_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is another place of the templates here, which is all that an environment is kept by."""
    first = fill_template(trial_pages(), (tmp_path / "a",), CompiledTemplates(Store(tmp_path), "program"))
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    assert fill_template(trial_pages(), (tmp_path / "b",), CompiledTemplates(Store(tmp_path), "program")) == first
    with pytest.raises(InputError, match="not callable"):
        fill_template(trial_pages(), (tmp_path / "c",), CompiledTemplates(Store(tmp_path), "another program"))


def test_a_file_alone_has_the_templates_beside_it(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "header.tex.j2").write_text("\\newcommand{\\course}{Ours}\n")
    (tmp_path / "one.yaml").write_text("title: T\nparts: [{prompt: Why?}]\n")
    assert r"\newcommand{\course}{Ours}" in solution_document(read(tmp_path / "one.yaml"), [], [], {}, "handout").tex


PROSE = """\
title: Prose
model: |
  x: R[n]
  w: R[n]
  L = w.T @ x
parts:
  - prompt: What is it?
    solve: {gradients: w}
    answer: |
      PLACEHOLDER
"""


def prose(text: str, folder: Path) -> str:
    from solgen.calculus.derive import derive

    file = folder / "prose.yaml"
    file.write_text(PROSE.replace("PLACEHOLDER", text))
    problem_set = read(file)
    return solution_document(problem_set, [derive(p) for p in problem_set.problems], [None], {}, "solutions").tex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is [[dL/dw]].", r"It is $\bm{x}$."),
        (r"So $2[[dL/dw]]$ and \([[w]]\).", r"So $2\bm{x}$ and \(\bm{w}\)."),
        ("By [[ref dL/dw]].", r"By \eqlink{1}."),
        ("Find [[symbol dL/dw]].", r"Find $\partial L/\partial \bm{w}$."),
        ("[[eq dL/dw]]", r"$\partial L/\partial \bm{w} = \bm{x}$"),
        ("[[eq L]]", r"$L = \bm{w}^{\top}\,\bm{x}$"),
        ("[[shape w]]", r"$n \times 1$"),
        ("[[term dL/dw via L]]", r"$\bm{x}$"),
        (r"\[ [[symbol dL/dw]] \text{ is [[n]]} \]", r"\[ \frac{\partial L}{\partial \bm{w}} \text{ is $n$} \]"),
    ],
)
def test_references_in_prose(text: str, expected: str, tmp_path: Path) -> None:
    assert expected in prose(text, tmp_path)


THROUGH = """\
title: T
model: |
  x: R[n]
  W: R[m, n]
  g = sigmoid(W @ x)
  c = tanh(W @ x) * g
  r = g + c
  L = sum(r)
parts:
  - prompt: What is it?
    solve: {gradients: [x, W]}
    answer: |
      It is [[term dL/dx via PLACE]].
"""


@pytest.mark.parametrize("via", ["r", "g", "c"])
def test_a_term_is_found_behind_names_that_the_file_does_not_give(via: str, tmp_path: Path) -> None:
    """x enters one unnamed product, which feeds g and c: all goes through r, and nothing through g or c alone."""
    model = THROUGH.replace("PLACE", via)
    file = tmp_path / "term.yaml"
    file.write_text(model)
    problem_set = read(file)
    derivations = [derive(p) for p in problem_set.problems]
    if via == "r":
        tex = solution_document(problem_set, derivations, [None], {}, "solutions").tex
        assert r"It is $\bm{W}^{\top}\biggl(\bm{g} \odot" in tex
        return
    with pytest.raises(InputError) as refused:
        solution_document(problem_set, derivations, [None], {}, "solutions")
    (fault,) = refused.value.diagnostics
    assert fault.message == f"the paths from `x` through `{via}` have no term of their own"
    assert fault.hint == "there is a term via `r`"


def test_points_of_a_set_are_added_up(load: Load) -> None:
    problem_set, derivations = load("residual")
    twice = replace(problem_set, problems=problem_set.problems * 2, title="Two")
    assert sum((p.points or Fraction(0) for p in twice.problems), Fraction(0)) == 26
    tex = solution_document(twice, derivations * 2, [None, None], {}, "solutions").tex
    assert "26 points" in tex and r"\problemhead{2}" in tex


GRADED = """\
title: Graded
nodes: letters
model: |
  x: R[n]
  W: R[m, n]
  z1 = W @ x
  h1 = relu(z1)
  L = norm2sq(h1)
parts:
- {prompt: Find it., points: 2.5, space: 3cm, solve: {gradients: W},
   rubric: [{points: 2, for: '[[symbol dL/dz1]]'}, {points: .5, for: shape}]}
- {prompt: And this., points: 1, hint: Twice., solve: {jacobian: h1, wrt: x}}
"""


def graded(tmp_path: Path, product: str, text: str = GRADED) -> str:
    (tmp_path / "graded.yaml").write_text(text)
    problem_set = read(tmp_path / "graded.yaml")
    derivations = [derive(p) for p in problem_set.problems]
    tex = solution_document(problem_set, derivations, [None], {}, product).tex
    return tex[tex.index(r"\begin{document}") :]


def test_points_with_what_earns_them(tmp_path: Path) -> None:
    tex = graded(tmp_path, "solutions")
    symbol = r"$\partial L/\partial \bm{z}_{1}$"
    assert rf"\graderow{{}}{{(a)\enspace 2 points: {{{symbol}}}; ½ point: {{shape}}}}{{2½ points}}" in tex
    assert tex.index(r"\gradinghead") < tex.index(r"\appendixhead")
    assert r"\graderow{\textbf{1}}{\textbf{Graded}}{\textbf{3½ points}}" in tex
    without = re.sub(r",\s+rubric: \[.*\]", "", GRADED)
    assert r"\gradinghead" not in graded(tmp_path, "solutions", without)  # it would repeat what stands at the parts


def test_the_handout_has_room_for_answers_and_marks(tmp_path: Path) -> None:
    tex = graded(tmp_path, "handout")
    assert r"\need{\dimexpr 3cm+4\baselineskip\relax}" in tex and r"\room{3cm}" in tex
    assert r"& (a) & (b) & Total \\ \hline" in tex and "out of & 2½ & 1 & 3½" in tex
    assert r"\hint{Twice." in tex and r"\graderow" not in tex
    pointless = re.sub(r"points: [\d.]+, |,\s+rubric: \[.*\]", "", GRADED)
    assert r"\begin{scores}" not in graded(tmp_path, "handout", pointless)


def test_letters_of_nodes_in_a_jacobian(tmp_path: Path) -> None:
    tex = graded(tmp_path, "solutions")
    assert r"\result{\frac{\partial \bm{b}}{\partial \bm{x}}" in tex
    assert r"\bm{z}_{1}" in tex.split(r"\result{")[-1]  # and by the model's own names


def test_only_what_leads_to_a_jacobian_is_repeated(tmp_path: Path) -> None:
    text = GRADED.replace("nodes: letters\n", "").replace("solve: {gradients: W}", "solve: graph")
    told = graded(tmp_path, "solutions", text).split(r"\parthead{b}")[1]
    assert r"\bm{h}_{1}}{m \times 1} \brkeq" in told and r"\lVert" not in told


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent.parent.parent / "templates").rglob("*.j2")), ids=lambda f: f.name
)
def test_every_template_says_what_it_gets(file: Path) -> None:
    head = file.read_text().partition("#>")[0]
    assert head.startswith("<# ") and "Gets " in head
