"""What a solution says once: equations, derivations, and how it cites them; steps, letters, samples."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.document.node_letters import node_letters
from solgen.errors import InputError
from solgen.model.derivation import Derivation
from solgen.model.problem import ProblemSet
from solgen.reader.set_file import read
from solgen.tex import Engine, typeset
from tests.document_of import solution_document

Load = Callable[..., tuple[ProblemSet, list[Derivation]]]
STRESS = ("lstm", "batchnorm", "attention", "deep", "vae", "gauss", "batch")
NET = """
title: A net
statement: |
  Let [[model]] with
  [[model equations]]
model: |
  x: R[d]
  t: R[m]
  W1: R[h, d]
  W2: R[m, h]
  z1 = W1 @ x
  h1 = tanh(z1)
  y = W2 @ h1
  L = norm2sq(y - t) / 2
targets: [t]
"""


def told(tmp_path: Path, parts: str, product: str = "solutions", more: str = "") -> str:
    file = tmp_path / "net.yaml"
    file.write_text(NET + more + "parts:\n" + parts)
    problem_set = read(file)
    derivations = [derive(p) for p in problem_set.problems]
    tex = solution_document(problem_set, derivations, [None], {}, product).tex  # type: ignore[arg-type]
    return tex[tex.index(r"\begin{document}") :].partition(r"\appendixhead")[0]


def lines(tex: str, left: str) -> int:
    """How often a line with this left side is derived."""
    return len(re.findall(r"\\step\{[^}]*\}\{" + re.escape(left) + r"\}", tex))


def part(solve: str) -> str:
    return f"  - prompt: Derive.\n    points: 1\n    solve: {solve}\n"


H1 = r"\frac{\partial L}{\partial \bm{h}_{1}}"


def test_what_an_earlier_part_derived_is_cited(tmp_path: Path) -> None:
    first, second = part("{gradients: [h1], of: L}"), part("{gradients: [W1], of: L}")
    tex = told(tmp_path, first + second)
    number = re.search(r"\\result\{" + re.escape(H1) + r"\}.*\}\{h \\times 1\}\{(\d+)\}", tex)
    assert number and rf"\eqlink{{{number[1]}}} back to $\bm{{W}}_{{1}}$" in tex
    assert tex.count("Forward pass.") == 1
    again = told(tmp_path, first + part("{gradients: [W1], of: L, again: true}"))
    assert (
        lines(again, r"\frac{\partial L}{\partial \bm{y}}")
        == 2
        == 1 + lines(tex, r"\frac{\partial L}{\partial \bm{y}}")
    )


def test_a_part_with_nothing_new_cites_all(tmp_path: Path) -> None:
    tex = told(tmp_path, part("{gradients: [h1], of: L}") * 2)
    assert "This was derived above:" in tex and tex.count(r"\result{") == 1


def test_names_written_out_later_cite_the_derivation(tmp_path: Path) -> None:
    tex = told(tmp_path, part("{gradients: [h1], of: L}") + part("{gradients: [h1], of: L, substitute: [y]}"))
    assert re.search(r"This was derived in \\eqlink\{\d+\}; with \$\\bm\{y\} = .*\$ written out:", tex)


def test_another_model_is_another_derivation(tmp_path: Path) -> None:
    changed = (
        "  - prompt: Derive.\n    points: 1\n    model: |\n      h1 = sin(z1)\n    solve: {gradients: [z1], of: L}\n"
    )
    tex = told(tmp_path, part("{gradients: [z1], of: L}") + changed)
    assert "derived above" not in tex and r"\cos" in tex


def test_steps(tmp_path: Path) -> None:
    sides = []
    for steps in ("full", "short", "none"):
        tex = told(tmp_path, part(f"{{gradients: [W1], of: L, steps: {steps}}}"))
        assert tex.count(r"\result{") == 1
        sides.append(sum(step.count(r"\brkeq") + 1 for step in re.findall(r"\\step\{.*\n", tex)))
    full, short, none = sides
    assert full > short > none == 0


def test_cited_equations_carry_numbers_in_every_product(tmp_path: Path) -> None:
    parts = (
        "  - prompt: See [[ref z1]].\n    points: 1\n    solve: {gradients: [W1], of: L}\n    answer: By [[ref y]].\n"
    )
    for product in ("solutions", "handout"):
        tex = told(tmp_path, parts, product)
        assert r"\bm{W}_{1}\,\brkp \bm{x}},\enspace\eqn{1}" in tex and r"See \eqlink{1}." in tex
    assert r"By \eqlink{2}." in told(tmp_path, parts)
    assert told(tmp_path, parts).count(r"\eqn{1}") == 1


def test_an_equation_that_is_not_displayed_cannot_be_cited(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    text = NET.replace("[[model]] with\n  [[model equations]]", "it be.")
    file.write_text(text + "parts:\n  - prompt: See [[ref z1]].\n    points: 1\n    answer: Yes.\n")
    problem_set = read(file)
    with pytest.raises(InputError) as refused:
        solution_document(problem_set, [derive(problem_set.problems[0])], [None], {}, "solutions")
    assert "does not display" in refused.value.diagnostics[0].message


def test_letters_name_nodes_in_solutions_and_answers_are_in_names_too(tmp_path: Path) -> None:
    tex = told(tmp_path, part("{gradients: [W2], of: L}"), more="nodes: letters\n")
    assert r"\bm{a} = \sh{\bm{z}_{1}}{h \times 1} \brkeq" in tex
    framed = next(line for line in tex.splitlines() if line.startswith(r"\result{"))
    assert r"\bm{b}^{\top}" in framed and r"\bm{h}_{1}^{\top}" in framed


def test_a_letter_is_used_once_in_a_document(load: Load) -> None:
    _, deep = load("deep")
    given = node_letters([*deep, *deep])
    used = [letter for own in given for letter in own.values()]
    assert len(set(used)) == len(used) == 10
    assert not set(used) & set("xyWbzhpDHMCdeijkl")
    assert node_letters(load("residual")[1]) == ({},)


def test_samples_sums_and_batches_say_what_they_are(load: Load) -> None:
    problem_set, derivations = load("batch")
    tex = solution_document(problem_set, derivations, [None], {}, "solutions").tex
    places = [tex.index(lead) for lead in ("For one sample.", "Summed over the samples.", "In matrices.")]
    assert places == sorted(places)
    assert r"With the samples as columns, $\bm{X} = \bigl[\bm{x}_{1} \;\cdots\; \bm{x}_{n}\bigr]$" in tex
    assert r"\sum_{j=1}^{C} (\bm{y}_{i})_{j}" in tex  # i is the sample


@pytest.mark.parametrize("notation", ["partial", "delta"])
def test_long_problems_have_no_defect(load: Load, engine: Engine, user_cache: Path, notation: str) -> None:
    loaded = [load(name, notation) for name in STRESS]
    whole = replace(loaded[0][0], title="Stress", problems=tuple(p for s, _ in loaded for p in s.problems))
    derivations = [d for _, ds in loaded for d in ds]
    tex = solution_document(whole, derivations, [None] * len(derivations), {}, "solutions").tex
    run = typeset(engine, tex, {}, source_date_epoch=0, timeout=60, cache=user_cache)
    assert run.log.defects() == ()


def test_conventions_name_the_problems_in_another_notation(load: Load) -> None:
    loaded = [load(name) for name in ("lstm", "vae", "gauss")]
    whole = replace(loaded[0][0], problems=tuple(p for s, _ in loaded for p in s.problems))
    derivations = [d for _, ds in loaded for d in ds]
    tex = solution_document(whole, derivations, [None] * 3, {}, "solutions").tex
    assert r"In problem 2 it is written $\bar{\bm{v}}$." in tex
    loaded = [load(name, "bar") for name in ("lstm", "vae", "gauss")]
    whole = replace(whole, problems=tuple(p for s, _ in loaded for p in s.problems))
    one = solution_document(whole, [d for _, ds in loaded for d in ds], [None] * 3, {}, "solutions").tex
    assert "it is written" not in one


def test_a_jacobian_that_was_derived_is_cited(tmp_path: Path) -> None:
    once = "{jacobian: h1, wrt: z1, form: [index]}"
    tex = told(tmp_path, part(once) * 2)
    number = re.search(r"\\ans\{.*\}\{\}\{(\d+)\}", tex)
    assert number and rf"This was derived in \eqlink{{{number[1]}}}:" in tex
    assert tex.count("By definition:") == 1


def test_the_mark_after_a_display_stands_in_it(tmp_path: Path) -> None:
    tex = told(tmp_path, "  - prompt: |\n      Take [[model equations]], and go on.\n    answer: Done.\n")
    assert r"\|^{2}},}" in tex.replace(r"\rVert", r"\|").replace(" ", "") and "\n, and" not in tex


def test_a_forward_pass_goes_on_or_is_changed(tmp_path: Path) -> None:
    tex = told(tmp_path, part("{jacobian: h1, wrt: z1, form: [index]}") + part("{gradients: W1}"))
    assert r"From the inputs to $\bm{h}_{1}$:" in tex
    assert "As before, and then" in tex.split(r"\parthead{b}")[1]


def test_a_backward_pass_begins_in_one_paragraph_with_its_first_sentence(tmp_path: Path) -> None:
    tex = told(tmp_path, part("{gradients: z1}") + part("{gradients: W1}"))
    assert re.search(r"\\lead\{Backward pass\.\}\{\$[^\n]*\\eqlink\{\d+\} is known\. \S", tex.split(r"\parthead{b}")[1])
    assert not re.search(r"\\lead\{(Backward|Forward) pass\.\}\s*\\par", tex)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A net", r"title: A $\gdef\frac{}$ net"), ("targets: [t]", r"latex: {t: '\let\frac\relax t'}"),
        ("  Let [[model]] with", r"  Let \pdfcatalog{/OpenAction} [[model]] with"),
    ],
)  # fmt: skip
def test_no_text_changes_what_commands_mean(tmp_path: Path, old: str, new: str) -> None:
    """A verified formula would read otherwise, or the PDF would act."""
    file = tmp_path / "net.yaml"
    file.write_text(NET.replace(old, new) + "parts:\n  - prompt: x\n    solve: {gradients: W1}\n")
    with pytest.raises(InputError) as caught:
        read(file)
    wrong = caught.value.diagnostics[0]
    assert "is no command that prose may use" in wrong.message and wrong.source and "header.tex.j2" in wrong.hint
