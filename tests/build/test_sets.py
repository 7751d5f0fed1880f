"""Many sets: real PDFs, nothing made twice, failures remembered, a broken rule never printed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from solgen.build import sets
from solgen.build.config import Config
from solgen.build.formats import Choice
from solgen.build.outcome import Outcome, gravest
from solgen.errors import EngineError
from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks
from solgen.numeric.verify import verify
from solgen.tex import TexFailure
from solgen.tex.log import Defect, TexLog

ROOT = Path(__file__).parents[2]
TANH_NET = (ROOT / "tests/cases/problems/tanh-net.yaml").read_text()
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


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def config(with_tex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """An empty folder, and a cache with nothing in it but TeX."""
    monkeypatch.chdir(tmp_path)
    cache = tmp_path / ".cache"
    cache.mkdir()
    for name in ("tex", "preambles"):
        if (with_tex / name).exists():
            (cache / name).symlink_to(with_tex / name)
    return Config(tmp_path, Path("output"), cache)


def build(config: Config, *paths: str) -> tuple[Outcome, ...]:
    return sets.build([Path(path) for path in paths], config, silent)


def other(number: int) -> str:
    """The small problem with another model, which is verified by itself."""
    return SMALL.replace("**2 / 2", f"**2 / {number}")


def put(text: str, name: str = "p.yaml") -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
    return name


def said(outcome: Outcome) -> str:
    return "\n".join(diagnostic.text() for diagnostic in outcome.diagnostics)


def text_of(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


class Forbidden:
    """Stands for a stage that must not run."""

    def __call__(self, *arguments: object, **named: object) -> None:
        raise AssertionError("this stage ran again")


TOO_WIDE = "W" * 90  # a word that no line holds


def forbid_making(monkeypatch: pytest.MonkeyPatch) -> None:
    for stage in (
        "pipeline.derive",
        "certificates.verify",
        "pipeline.read",
        "drawings.picture_of",
        "formats.pdf.typeset",
    ):
        monkeypatch.setattr(f"solgen.build.{stage}", Forbidden())


def killed(job: object) -> None:
    """Stands for a worker that the system ends."""
    os.kill(os.getpid(), signal.SIGKILL)


# ---------------------------------------------------------------- made, once


@pytest.mark.parametrize("name", ["residual-block", "tied-autoencoder", "homework-001", "homework-003"])
def test_the_sets_of_the_house_become_pdfs(config: Config, name: str) -> None:
    """Two to begin with and two of the homework; all of them, and the library, are built by `.ci/run`."""
    shutil.copytree(ROOT / "problems", "problems", ignore=shutil.ignore_patterns("library"))
    (outcome,) = build(config, f"problems/{name}")
    assert outcome.exit_code == 0, said(outcome)
    folder = Path("output") / name
    assert {"solutions.pdf", "handout.pdf", "key.pdf", "solutions.tex", "checks.json"} <= set(os.listdir(folder))
    solutions, handout = text_of(folder / "solutions.pdf"), text_of(folder / "handout.pdf")
    assert "Checked." in solutions and "Checked." not in handout and "chain rule" not in handout
    problems = json.loads((folder / "checks.json").read_text())
    assert {check["verdict"] for problem in problems for check in problem["checks"]["checks"]} == {"equal"}
    assert sum(problem["checks"]["mutants"]["killed"] for problem in problems) > 10
    assert not any(problem["checks"]["mutants"]["survived"] for problem in problems)


def test_a_problem_written_from_the_readme_builds(config: Config) -> None:
    (outcome,) = build(config, put(TANH_NET, "tanh-net.yaml"))
    assert outcome.exit_code == 0, said(outcome)
    assert "Two layers with tanh" in text_of(Path("output/tanh-net/solutions.pdf"))


def test_a_file_may_be_called_anything(config: Config) -> None:
    (outcome,) = build(config, put(SMALL, "Übung 1 (neu).yaml"))
    assert outcome.exit_code == 0, said(outcome)
    assert {"solutions.pdf", "figure-1.pdf"} <= set(os.listdir("output/Übung 1 (neu)"))


def test_nothing_changed_means_nothing_made(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = build(config, put(SMALL))
    before = {path: path.stat().st_mtime_ns for path in Path("output").rglob("*")}
    forbid_making(monkeypatch)
    (second,) = build(config, "p.yaml")
    assert second.reused and second.files == first.files and not first.reused
    assert {path: path.stat().st_mtime_ns for path in Path("output").rglob("*")} == before
    shutil.rmtree("output")
    build(config, "p.yaml")
    assert Path("output/p/solutions.pdf").read_bytes() == first.files["solutions.pdf"]


def test_only_what_changed_is_made_again(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    put(SMALL, "problems/a/01.yaml"), put(SMALL, "problems/b/01.yaml")
    build(config)
    put(SMALL.replace("Compute", "Find"), "problems/a/01.yaml")
    monkeypatch.setattr("solgen.build.drawings.picture_of", Forbidden())  # the graph is the same graph
    a, b = build(config)
    assert not a.reused and b.reused
    assert "Find" in text_of(Path("output/a/handout.pdf"))


def test_the_same_input_gives_the_same_bytes(config: Config, tmp_path: Path) -> None:
    (first,) = build(config, put(SMALL))
    shutil.rmtree(config.cache / "made")
    (second,) = build(config, "p.yaml")
    assert second.files == first.files and not second.reused


def test_a_borrowed_problem_is_watched_too(config: Config) -> None:
    put(SMALL, "bank/least.yaml"), put("title: Set\nproblems: [../../bank/least.yaml]\n", "problems/s/set.yaml")
    assert not build(config)[0].reused and build(config)[0].reused
    put(SMALL.replace("Least squares", "Fewest squares"), "bank/least.yaml")
    (outcome,) = build(config)
    assert not outcome.reused and "Fewest squares" in text_of(Path("output/s/solutions.pdf"))


def test_a_template_beside_the_problems_wins_and_is_watched(config: Config) -> None:
    put(SMALL, "problems/s/01.yaml")
    build(config)
    put("\\AtBeginDocument{Our own header.}\n", "problems/s/templates/header.tex.j2")
    (outcome,) = build(config)
    assert outcome.exit_code == 0 and "Our own header." in text_of(Path("output/s/solutions.pdf")), said(outcome)


def test_workers_make_what_one_process_makes(config: Config) -> None:
    for name in "abc":
        put(SMALL.replace("Least", name), f"problems/{name}/01.yaml")
    alone = sets.check([], config, silent)
    shutil.rmtree(config.cache / "made")
    several = sets.check([], Config(config.cwd, config.output, config.cache, None, workers=2), silent)
    assert several == alone and [outcome.name for outcome in several] == ["a", "b", "c"]
    assert not any(outcome.reused for outcome in several)


def test_problems_of_one_set_are_verified_side_by_side_and_equal_ones_once(config: Config) -> None:
    for number in (1, 2, 3):
        put(other(number + 2), f"problems/a/0{number}.yaml")
    put("title: Again\nproblems: [../a/01.yaml, ../a/02.yaml, ../a/03.yaml]\n", "problems/b/set.yaml")
    a, b = sets.check([], replace(config, workers=2), silent)
    assert [report.anew for report in a.reports + b.reports].count(True) == 3
    assert [replace(report, anew=True) for report in a.reports] == [replace(report, anew=True) for report in b.reports]
    (alone,) = sets.check([Path("problems/a")], replace(config, cache=config.cache / "other"), silent)
    assert alone.reports == a.reports


def test_a_set_built_by_workers_is_the_set_built_alone(config: Config) -> None:
    put(SMALL, "problems/a/01.yaml"), put(SMALL.replace("Least", "Other"), "problems/a/02.yaml")
    (alone,) = build(config)
    shutil.rmtree(config.cache / "made")
    (several,) = sets.build([], replace(config, workers=2), silent)
    assert several == alone and not several.reused


def test_one_changed_problem_starts_no_workers(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        put(other(number + 2), f"problems/a/0{number}.yaml")
    several = replace(config, workers=2)
    sets.check([], several, silent)

    def none(*_: object) -> None:
        raise AssertionError("workers were started")

    monkeypatch.setattr(sets, "_side_by_side", none)
    put(other(7), "problems/a/02.yaml"), put(other(3).replace("Least", "Other"), "problems/a/01.yaml")
    (outcome,) = sets.check([], several, silent)
    assert [report.anew for report in outcome.reports] == [False, True, False]
    put("title: A set\n", "problems/a/set.yaml")  # nothing is to be verified
    assert sets.build([], several, silent, choice=Choice(("key",), ("tex",)))[0].exit_code == 0
    put(other(8), "problems/a/01.yaml"), put("title: [\n", "problems/a/02.yaml")
    assert sets.check([], several, silent)[0].exit_code == 2
    for number in (1, 2):
        put(other(number + 8), f"problems/a/0{number}.yaml")
    with pytest.raises(AssertionError, match="workers were started"):
        sets.check([], several, silent)


# ---------------------------------------------------------------- the output folder


def test_what_is_made_no_more_is_taken_away_and_nothing_else(config: Config) -> None:
    folder = Path("output/s")
    put(SMALL + "  - prompt: Draw it again.\n    solve: graph\n", "problems/s/01.yaml")
    build(config)
    assert (folder / "figure-2.pdf").exists()
    put("mine", "output/s/notes.pdf"), put("edited", "output/s/key.pdf")
    put(SMALL, "problems/s/01.yaml")
    build(config)
    assert not (folder / "figure-2.pdf").exists() and (folder / "figure-1.pdf").exists()
    assert (folder / "notes.pdf").read_text() == "mine" and (folder / "key.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("manifest", ["not json", "[1]", '{"../../p.yaml": "x", "": "y", "a": 3}'])
def test_a_manifest_that_is_not_ours_removes_nothing(config: Config, manifest: str) -> None:
    put(SMALL), put(manifest, "output/p/.solgen.json"), put("a", "output/p/a")
    (outcome,) = build(config, "p.yaml")
    assert outcome.exit_code == 0 and Path("p.yaml").exists() and Path("output/p/a").exists()


def test_the_certificate_names_the_equations_of_the_page(config: Config) -> None:
    build(config, put(SMALL))
    (problem,) = json.loads(Path("output/p/checks.json").read_text())
    numbers = {check["id"]: check["equation"] for check in problem["checks"]["checks"]}
    assert numbers["(a) dL/dw"].isdigit() and numbers["dL/dw differences"] == numbers["(a) dL/dw"]
    assert f"({numbers['(a) dL/dw']})" in text_of(Path("output/p/solutions.pdf"))


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_fails_fails_one_set_alone(config: Config, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    put(SMALL, "problems/good/01.yaml"), put(SMALL, "problems/gone/01.yaml")
    Path("problems/gone/02.yaml").symlink_to("/proc/self/mem")  # readable by name, not by content
    good, gone = sorted(sets.check([], replace(config, workers=workers), silent), key=lambda o: o.exit_code)
    assert good.exit_code == 0 and good.name == "good"
    assert gone.exit_code == 2 and gone.diagnostics


def test_trouble_of_the_machine_in_a_stage_fails_one_set_alone(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def troubled(derivation: Derivation) -> Checks:
        if derivation.problem.title == "Gone":
            raise OSError(5, "Input/output error", "p.yaml")
        return verify(derivation)

    monkeypatch.setattr("solgen.build.certificates.verify", troubled)
    good, gone = sets.check(
        [Path(put(SMALL)), Path(put(other(3).replace("Least squares", "Gone"), "q.yaml"))], config, silent
    )
    assert (good.exit_code, gone.exit_code) == (0, 2)
    assert "error[system]: q.yaml was not finished: p.yaml: Input/output error" in said(gone)


def test_a_worker_that_is_killed_is_said(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    put(SMALL, "problems/a/01.yaml"), put(SMALL, "problems/b/01.yaml")
    monkeypatch.setattr("solgen.build.sets.listing", killed)
    outcomes = sets.check([], replace(config, workers=2), silent)
    assert [outcome.exit_code for outcome in outcomes] == [2, 2]
    assert "ended from outside" in said(outcomes[0]) and "hint" in said(outcomes[0])


def test_a_file_edited_while_it_is_checked_is_not_remembered(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(derivation: Derivation) -> Checks:
        put(SMALL.replace("Least", "Fewest"))
        return verify(derivation)

    monkeypatch.setattr("solgen.build.certificates.verify", edited)
    (first,) = sets.check([Path(put(SMALL))], config, silent)
    (second,) = sets.check([Path("p.yaml")], config, silent)
    assert first.title == second.title == "" and second.reports[0].title == "Fewest squares"


@pytest.mark.parametrize(
    ("row", "right", "wrong"),
    [
        ("elementwise.py", "K.tanh(x), partials=(lambda x, y: sub(", "K.tanh(x), partials=(lambda x, y: add("),
        ("special.py", "mul(num(2), entry(a[0], i))", "mul(num(-2), entry(a[0], i))"),
    ],
)
def test_a_sign_flipped_in_the_table_is_found_and_named(tmp_path: Path, row: str, right: str, wrong: str) -> None:
    shutil.copytree(ROOT / "solgen", tmp_path / "solgen", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    table = tmp_path / "solgen/expr/ops" / row
    source = table.read_text()
    assert right in source
    table.write_text(source.replace(right, wrong, 1))
    (tmp_path / "p.yaml").write_text(TANH_NET)
    done = subprocess.run(
        [sys.executable, "-m", "solgen", "check", "p.yaml"], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "SOLGEN_CACHE": str(tmp_path / ".cache")}, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "error[not-equal]" in done.stderr and "dL/d" in done.stderr and "Traceback" not in done.stderr


def test_a_failure_is_remembered(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SMALL.replace("solve: graph", "solve: {mistakes: 'w[0]'}")
    (first,) = build(config, put(text))
    assert first.exit_code == 2 and "error[refused]" in said(first)
    forbid_making(monkeypatch)
    (second,) = build(config, "p.yaml")
    assert second.reused and second.exit_code == 2 and second.diagnostics == first.diagnostics


def test_an_overfull_page_fails_with_its_place_and_makes_no_pdf(config: Config) -> None:
    put(SMALL.replace("Compute [[symbol dL/dw]].", f"Compute {TOO_WIDE}."))
    (outcome,) = build(config, "p.yaml")
    assert outcome.exit_code == 3 and "error[page-defect]" in said(outcome) and "sticks out" in said(outcome)
    assert not Path("output/p/solutions.pdf").exists() and Path("output/p/failed-solutions.tex").exists()
    assert "output folder, in failed-solutions.tex" in said(outcome)


def test_a_failed_build_keeps_the_last_good_pages_and_the_next_good_one_removes_what_showed_it(config: Config) -> None:
    put(SMALL)
    build(config, "p.yaml")
    put(SMALL.replace("least", "l").replace("model: |", "modl: |"))
    assert build(config, "p.yaml")[0].exit_code == 2 and Path("output/p/solutions.pdf").exists()
    good = {path.name: path.read_bytes() for path in Path("output/p").glob("*.*") if path.name != ".solgen.json"}
    put(SMALL.replace("Compute [[symbol dL/dw]].", f"Compute {TOO_WIDE}."))
    assert build(config, "p.yaml")[0].exit_code == 3
    assert {name: Path("output/p", name).read_bytes() for name in good} == good
    assert Path("output/p/failed-solutions.tex").exists()
    put(SMALL + "# again\n")
    assert build(config, "p.yaml")[0].exit_code == 0
    assert not list(Path("output/p").glob("failed-*"))


def test_tex_of_a_stranger_reads_no_file(config: Config) -> None:
    put(SMALL.replace("Compute [[symbol dL/dw]].", r"Compute \input{/etc/passwd}."))
    (outcome,) = build(config, "p.yaml")
    assert outcome.exit_code == 2 and "error[latex]" in said(outcome) and "root:" not in said(outcome)
    (
        put(SMALL, "problems/s/01.yaml"),
        put("\\AtBeginDocument{\\input{/etc/passwd}}\n", "problems/s/templates/header.tex.j2"),
    )
    (outcome,) = build(config)
    assert outcome.exit_code == 3 and "root:" not in said(outcome)
    assert not Path("output/p/solutions.pdf").exists()


def test_a_brace_that_is_never_closed_is_an_input_error(config: Config) -> None:
    put(SMALL.replace("Draw the graph.", r"Draw the \emph{graph."))
    (outcome,) = build(config, "p.yaml")
    assert outcome.exit_code == 2 and "p.yaml:12:" in said(outcome)


def test_without_tex_everything_else_is_done_and_nothing_remembered(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*arguments: object) -> None:
        raise EngineError("no usable TeX was found")

    with monkeypatch.context() as patched:
        patched.setattr(sets, "ensure_engine", none)
        (outcome,) = build(config, put(SMALL))
        assert outcome.exit_code == 3 and "no usable TeX" in said(outcome) and outcome.reports[0].checks
    assert build(config, "p.yaml")[0].exit_code == 0


def test_bad_input_is_graver_than_tex_and_tex_than_a_failed_check(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: object, **named: object) -> None:
        raise TexFailure(Defect("error", "stopped"), TexLog("", ()))

    monkeypatch.setattr("solgen.build.formats.pdf.typeset", stopped)
    put("title: Nothing\nparts: []\n", "problems/bad/01.yaml"), put(SMALL, "problems/good/01.yaml")
    bad, good = build(config)
    assert (bad.exit_code, good.exit_code) == (2, 3)
    assert gravest([0, 1, 3, 2]) == 2 and gravest([0, 1, 3]) == 3 and gravest([1, 0]) == 1 and gravest([]) == 0


def test_an_output_that_cannot_be_written_is_said(config: Config) -> None:
    put(SMALL)
    put("a file", "output")
    (outcome,) = build(config, "p.yaml")
    assert outcome.exit_code == 2 and "error[not-written]" in said(outcome) and "output" in said(outcome)


def test_a_cache_that_cannot_be_written_only_costs_time(config: Config) -> None:
    put("a file where the folder should be", ".cache/made")
    (outcome,) = build(config, put(SMALL))
    assert outcome.exit_code == 0 and Path("output/p/solutions.pdf").exists()
