"""Products and formats, chosen: what is made, what stays, and that nothing made for another choice is taken for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from solgen.build import page_cache, sets
from solgen.build.config import Config
from solgen.build.formats import EVERYTHING, FORMATS, TABLE, Choice
from solgen.build.outcome import Outcome
from solgen.build.outputs import deliver
from solgen.document.pages import tell_in_full
from solgen.document.products import PRODUCTS, Product
from solgen.errors import EngineError
from solgen.reader.set_file import read

SMALL = """\
title: Least squares
model: |
  x: R[n]
  w: R[n]
  t: R
  L = (w.T @ x - t)**2 / 2
parameters: [w]
targets: [t]
parts:
  - prompt: Compute [[symbol dL/dw]].
    solve: {gradients: w}
  - prompt: Draw the graph.
    solve: graph
"""
MANIFEST = ".solgen.json"


@pytest.fixture
def build(with_tex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Makes p.yaml, with a cache in which there is nothing but TeX."""
    monkeypatch.chdir(tmp_path)
    cache = tmp_path / ".cache"
    cache.mkdir()
    for name in ("tex", "preambles"):
        if (with_tex / name).exists():
            (cache / name).symlink_to(with_tex / name)
    Path("p.yaml").write_text(SMALL)

    def made(products: str = " ".join(PRODUCTS), formats: str = " ".join(FORMATS)) -> Outcome:
        choice = Choice(tuple(products.split()), tuple(formats.split()))
        config = Config(tmp_path, Path("output"), cache)
        (outcome,) = sets.build([Path("p.yaml")], config, lambda stage, fraction: None, choice=choice)
        return outcome

    return made


def written() -> set[str]:
    return {path.name for path in Path("output/p").iterdir()} - {MANIFEST}


# ---------------------------------------------------------------- the tables


def test_every_format_says_how_it_is_made() -> None:
    assert {"pdf", "tex"} <= set(FORMATS) and all(callable(TABLE.load(name).make) for name in FORMATS)
    assert EVERYTHING.documents == tuple(f"{p}.{f}" for p, f in product(PRODUCTS, FORMATS))


def test_a_product_without_solutions_shows_nothing_of_them() -> None:
    with pytest.raises(ValueError, match="exam has no solutions: it cannot show certificate, rules"):
        Product(name="exam", title="", doc="", solution="none", shows=frozenset({"questions", "rules", "certificate"}))


@pytest.mark.parametrize(("shown", "has"), [("questions hints room", True), ("questions", False)])
def test_what_a_product_does_not_show_is_not_on_its_pages(tmp_path: Path, shown: str, has: bool) -> None:
    (tmp_path / "p.yaml").write_text(SMALL.replace("    solve: graph", "    hint: A hint.\n    space: 4cm"))
    exam = Product(name="exam", title="Exam", doc="", solution="none", shows=frozenset(shown.split()))  # type: ignore[arg-type]
    tex = tell_in_full(read(tmp_path / "p.yaml"), [], [], {}).document(exam).tex
    assert "Draw the graph." in tex and (r"\hint{A hint." in tex) == has and (r"\room{4cm}" in tex) == has


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize("command", ["build", "watch"])
@pytest.mark.parametrize(
    ("option", "wrong", "known"),
    [("--product", "handuot", "'solutions', 'handout', 'key'"), ("--format", "pdf,", "'pdf', 'tex'")],
)
def test_what_is_not_known_is_refused_with_what_is(solgen, command: str, option: str, wrong: str, known: str) -> None:
    ran = solgen(command, option, wrong)
    assert ran.code == 2 and f"'{wrong.split(',')[-1]}' is not one of {known}" in ran.err


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        ((), EVERYTHING),
        (("--product", "key,handout", "--format", "pdf"), Choice(("handout", "key"), ("pdf",))),
        (("--product", "key", "--product", "solutions, key"), Choice(("solutions", "key"), FORMATS)),
    ],
)
def test_names_are_separated_by_commas_or_given_one_by_one(
    solgen, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], choice: Choice
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(page_cache, "recalled_builds", lambda *given: None)
    monkeypatch.setattr(sets, "build", lambda *given: asked.append(given[-1]) or ())
    assert solgen("build", *words).code == 0 and asked == [choice]


# ---------------------------------------------------------------- what is made


def test_only_what_is_asked_for_is_made(build: Callable[..., Outcome]) -> None:
    outcome = build("handout key", "pdf")
    assert outcome.exit_code == 0 and written() == {"handout.pdf", "key.pdf", "checks.json"} == set(outcome.files)
    assert Choice(("handout", "key"), ("pdf",)).list_finished(outcome.files) == ("handout.pdf", "key.pdf")


def test_a_choice_is_part_of_what_is_remembered(build: Callable[..., Outcome]) -> None:
    few = build("handout", "pdf")
    everything = build()
    assert not everything.reused and set(everything.files) == {*EVERYTHING.documents, "checks.json", "figure-1.pdf"}
    assert everything.files["handout.pdf"] == few.files["handout.pdf"]
    assert everything.files["checks.json"] == few.files["checks.json"]
    again = build("handout", "pdf")
    assert again.reused and again.files == few.files
    sources = build("solutions key", "tex")
    assert set(sources.files) == {"solutions.tex", "key.tex", "figure-1.pdf", "checks.json"}
    assert all(everything.files[name] == data for name, data in sources.files.items())


def test_what_is_not_asked_for_stays(build: Callable[..., Outcome]) -> None:
    build()
    before = written()
    Path("p.yaml").write_text(SMALL.replace("Least squares", "Half a square").replace("solve: graph", "answer: No."))
    build("handout", "pdf")
    assert written() == before  # the figure too: the solutions that show it are as they were
    build()
    assert written() == before - {"figure-1.pdf"}


def test_a_defect_shows_its_source_whatever_the_format(build: Callable[..., Outcome]) -> None:
    build("handout", "pdf")
    Path("p.yaml").write_text(SMALL.replace("Compute", f"{'W' * 90} Compute"))
    assert build("handout", "pdf").exit_code == 3
    assert written() == {"handout.pdf", "checks.json", "failed-handout.tex"}


def test_sources_and_pages_are_told_of_once() -> None:
    files = dict.fromkeys(["solutions.pdf", "solutions.tex", "key.tex", "checks.json", "figure-1.pdf"], b"")
    assert EVERYTHING.list_finished(files) == ("solutions.pdf",)
    assert Choice(("solutions", "key"), ("tex",)).list_finished(files) == ("solutions.tex", "key.tex")


def test_a_folder_of_an_earlier_build_loses_only_what_was_asked_for(tmp_path: Path) -> None:
    old = dict.fromkeys(["handout.pdf", "handout.tex", "key.pdf", "figure-1.pdf"], b"old")
    deliver(Outcome(tmp_path, "s", files=old), tmp_path)
    deliver(Outcome(tmp_path, "s", files={"checks.json": b"{}"}), tmp_path, Choice(("handout",), ("pdf",)))
    kept = {"handout.tex", "key.pdf", "figure-1.pdf", "checks.json"}
    assert {path.name for path in tmp_path.iterdir()} == {*kept, MANIFEST}
    assert set(json.loads((tmp_path / MANIFEST).read_text())) == kept


def test_without_tex_a_set_that_was_checked_is_no_set_that_was_built(
    build: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(Path.cwd(), Path("output"), Path(".cache").absolute())
    sets.check([Path("p.yaml")], config, lambda stage, fraction: None)

    def none(*arguments: object) -> None:
        raise EngineError("no usable TeX was found")

    monkeypatch.setattr(sets, "ensure_engine", none)
    assert build().exit_code == build("handout", "pdf").exit_code == 3
    assert build("handout", "tex").exit_code == 0  # a source needs no TeX
