"""What is printed is read back: a printer that is broken on purpose stops check, build and show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.build import faults, pipeline
from solgen.build.formats import Choice
from solgen.build.job import Job
from solgen.build.pipeline import make
from solgen.build.read_back.forms import IN_LATEX, IN_MARKDOWN, IN_TERMINAL, Together
from solgen.build.read_back.misreadings import misread, read_back
from solgen.build.read_back.relations import Certified
from solgen.build.read_back.section import Section
from solgen.calculus.derive import derive
from solgen.document.pages import tell_in_full
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Var
from solgen.expr.ops.presentation import Textbook
from solgen.expr.present import forms
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import Piece, times
from solgen.expr.present.presenter import Presenter
from solgen.expr.size import Size
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.render.chains import Equality, equate
from solgen.render.latex import latex
from solgen.written import Names, Reading, names_of

CASES = Path(__file__).parents[1] / "cases/problems"
N, M = Size.of("n"), Size.of("m")
Form = Callable[[Maker, Apply], Piece]

# The forms of operations, each as a careless hand would write it.
BROKEN: dict[str, tuple[Textbook, Form]] = {
    "a product in the other order": (
        Textbook.MATRIX_PRODUCT, lambda m, e: times(m.piece(e.args[1]), m.piece(e.args[0])),
    ),
    "a transpose lost": (Textbook.TRANSPOSE, lambda m, e: m.piece(e.args[0])),
    "a minus lost": (Textbook.NEGATION, lambda m, e: m.piece(e.args[0])),
    "a term lost": (Textbook.SUM, lambda m, e: m.piece(e.args[0])),
    "the column beside the row lost": (Textbook.OUTER_PRODUCT, lambda m, e: m.piece(e.args[0])),
    "a factor lost": (Textbook.ENTRYWISE_PRODUCT, lambda m, e: m.piece(e.args[1])),
}  # fmt: skip


@pytest.fixture
def problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text((CASES / "tanh-net.yaml").read_text())
    return "p.yaml"


@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_a_broken_printer_stops_check(solgen, problem: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form, careless = BROKEN[broken]
    monkeypatch.setattr(forms, "TEXTBOOK", {**forms.TEXTBOOK, form: careless})
    ran = solgen("check", problem)
    assert ran.code == 1 and re.search(r"error\[misread\]: (part \(a\)|the appendix) prints `", ran.err)
    assert "this is a mistake in solgen; nothing of the problem was typeset" in ran.err


def test_nothing_is_built_of_it(solgen, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "TEXTBOOK", {**forms.TEXTBOOK, Textbook.TRANSPOSE: BROKEN["a transpose lost"][1]})
    ran = solgen("build", problem)
    assert ran.code == 1 and re.search(r"p\.yaml:15:5: error\[misread\]: part \(a\) prints `", ran.err)
    assert not Path("output/p/solutions.pdf").exists()


@pytest.mark.parametrize("options", [(), ("--latex",), ("--markdown",)])
def test_nor_shown(solgen, problem: str, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert solgen("show", problem, *options).code == 0
    form, careless = BROKEN["a product in the other order"]
    monkeypatch.setattr(forms, "TEXTBOOK", {**forms.TEXTBOOK, form: careless})
    ran = solgen("show", problem, *options)
    assert ran.code == 1 and "error[misread]" in ran.err and not ran.out


@pytest.mark.parametrize(
    ("was", "is_"), [(r"\top", r"\dagger"), ("-", "+"), ("W", "V"), (r"\odot", r"\otimes"), (r"\bm{y}", r"\bm{t}")]
)
def test_a_sign_that_the_format_gets_wrong(
    solgen, problem: str, was: str, is_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = replace(IN_LATEX, write=lambda node: latex(node).replace(was, is_))
    monkeypatch.setattr(pipeline, "IN_LATEX", careless)
    assert "error[misread]" in solgen("check", problem).err


def test_what_was_read_once_is_not_read_again(solgen, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setenv("SOLGEN_CACHE", str(Path("cache").absolute()))

    def counted(written: str, names: Names) -> Reading:
        read.append(written)
        return IN_LATEX.read(written, names)

    monkeypatch.setattr(pipeline, "IN_LATEX", replace(IN_LATEX, name="counted", read=counted))
    assert solgen("check", problem).code == 0
    first = len(read)
    assert solgen("check", "--all", problem).code == 0  # verified anew, for another certificate; the text is the same
    assert 10 < first == len(read)
    Path(problem).write_text(Path(problem).read_text().replace("W1", "V1"))
    assert solgen("check", problem).code == 0
    assert len(read) > first


def test_columns_and_rows_do_not_mix_in_a_chain() -> None:
    """yᵀ = xᵀW stands as it is; y = xᵀW is a misreading, and so is a row alone."""
    x, y, w = Var("x", (N,)), Var("y", (M,)), Var("W", (N, M))
    product = apply("vecmat", x, w)
    names = (names_of([x, y, w, product]),)
    rows, columns = (
        Presenter().chain((apply("row", y), product)),
        (Presenter().formula(y), Presenter().formula(product)),
    )
    row_alone = Equality(columns[0], rows[1])
    trees = ((equate(*rows), 0), (equate(columns[0], rows[1]), 1))
    for page, wrong in ((Equality(*rows), 0), (Equality(*columns), 0), (row_alone, 1), *trees):
        (chain,) = IN_LATEX.together(page)
        assert len([*misread(chain, names, IN_LATEX.compare)]) == wrong


def test_every_format_reads_what_it_writes() -> None:
    x, w = Var("x", (N,)), Var("W", (M, N))
    product = apply("matvec", w, x)
    for written in (IN_LATEX, IN_MARKDOWN, IN_TERMINAL):
        page = Presenter().formula(product)
        assert [*written.together(page)] == [Together(((written.write(page), product),), rows=False)]
        section = Section(None, None, (page,))
        assert not [*read_back([section], written, Certified())]


def test_a_misreading_says_what_is_read(solgen, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form, careless = BROKEN["a minus lost"]
    monkeypatch.setattr(forms, "TEXTBOOK", {**forms.TEXTBOOK, form: careless})
    said = solgen("check", problem).err
    assert "for `y - t`, and it reads as `y + t`: its value is another" in said
    assert faults.NOT_EQUAL in said


def test_of_a_product_that_does_not_exist_the_factors_are_read() -> None:
    x, w = Var("x", (N,)), Var("W", (M, N))
    wrong = Apply("matmul", (w, apply("col", x)), (), (N, M))
    found = [*IN_LATEX.together(Presenter().formula(wrong))]
    assert [e for group in found for _, e in group.formulas] == [w, x] and all(group.rows for group in found)


def test_a_name_that_looks_like_a_gradient_is_refused(solgen, problem: str) -> None:
    """x̄ is a name of the file and, in this notation, the gradient at x: nobody can tell them apart on the page."""
    lines = ["title: Two things that look alike", "notation: bar", "model: |", "  x: R[d]", "  xbar: R[d]"]
    lines += ["  L = x @ xbar", "parts:", "  - prompt: Compute both.", "    solve: {gradients: [x, xbar]}"]
    Path(problem).write_text("\n".join(lines) + "\n")
    ran = solgen("check", problem)
    assert ran.code == 2 and "error[alike]" in ran.err


def test_a_number_in_the_certificate_is_that_of_a_line_in_any_form_of_it(tmp_path: Path) -> None:
    """The sum of an array is checked as such and printed over its entries; a number too large is another line's."""
    source = Path(__file__).parents[2] / "problems/library/linear-models/01-linear-regression.yaml"
    outcome = make(Job(source, tmp_path, "a program", typesets=True, choice=Choice(("solutions",), ("tex",))))
    assert outcome.exit_code == 0 and b"sum(dL/dyhat)" in outcome.files["checks.json"]
    problem_set = read(source)
    (derivation,) = map(derive, problem_set.problems)
    checks = verify(derivation)
    told, rows = tell_in_full(problem_set, [derivation], [checks], {}), json.loads(outcome.files["checks.json"])
    assert faults.report_misnumbering(outcome.files["checks.json"], told, [derivation], [checks]) == ()
    for check in rows[0]["checks"]["checks"]:
        if check["equation"].isdigit():
            check["equation"] = str(int(check["equation"]) + 1)
    wrong = faults.report_misnumbering(json.dumps(rows).encode(), told, [derivation], [checks])
    assert wrong and all(one.code == "misread" and "to no line that has it" in one.message for one in wrong)
