"""The README: its commands run, its problem builds, its links and pictures exist, its map is the house."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Every command line of the shell blocks, comments cut."""
    return [
        words for block in blocks("sh") for line in block.splitlines() if (words := shlex.split(line, comments=True))
    ]


PROBLEM, NUMBERS, WORKFLOW, PRE_COMMIT = blocks("yaml")
SOLGEN = [words[1:] for words in commands() if words[0] == "solgen"]


@pytest.fixture
def folder(solgen, with_tex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the README's problem, and TeX."""
    monkeypatch.setenv("SOLGEN_CACHE", str(with_tex))
    (tmp_path / "problems").mkdir()
    (tmp_path / "problems/first.yaml").write_text(PROBLEM)
    return tmp_path


def test_the_readme_shows_every_command(solgen) -> None:
    shown = {words[0] for words in SOLGEN}
    assert shown == {"new", "build", "watch", "check", "show", "export", "functions", "schema", "doctor"}


def test_the_python_in_the_readme_prints_what_it_says() -> None:
    """Each comment behind a `print` is what that line prints."""
    for block in blocks("python"):
        done = subprocess.run([sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
    assert len(blocks("python")) == 1


def interrupted(*looks: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("words", SOLGEN, ids=" ".join)
def test_its_commands_run(solgen, folder: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solgen.build.watch.wait_for_change", interrupted)  # it would wait for ever
    ran = solgen(*words)
    assert ran.code == 0 and ran.out, ran.err


def test_its_problem_becomes_a_pdf_with_the_promised_result(solgen, folder: Path) -> None:
    ran = solgen("build")
    assert ran.code == 0, ran.err
    assert (folder / "output/first/solutions.pdf").read_bytes().startswith(b"%PDF-")
    assert "p − y" in solgen("show", "problems/first.yaml").out


def test_its_numbers_are_worked_out(solgen, folder: Path) -> None:
    model = PROBLEM.partition("parts:")[0]
    (folder / "problems/first.yaml").write_text(model + NUMBERS)
    assert solgen("check").code == 0
    assert "≈" in solgen("show", "problems/first.yaml").out


def test_its_problem_is_explained_in_ten_lines() -> None:
    assert [int(n) for n in re.findall(r"^(\d+)\. ", README, re.MULTILINE)] == list(range(1, 11))


def test_make_knows_the_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wanted = {word for words in commands() if words[0] == "make" for word in words[1:]}
    assert wanted == {"pdf", "test"} and wanted <= targets


def test_its_workflow_runs_what_solgen_has(solgen, folder: Path) -> None:
    workflow = YAML(typ="safe", pure=True).load(WORKFLOW)
    steps = [shlex.split(step["run"]) for step in workflow["jobs"]["solutions"]["steps"] if "run" in step]
    assert [words for words in steps if words[0] == "solgen"] == [["solgen", "check"], ["solgen", "build"]]
    for words in steps:
        assert words[0] == "pip" or solgen(*words[1:]).code == 0


def test_its_pre_commit_hook_is_one_that_solgen_has(solgen, folder: Path) -> None:
    read = YAML(typ="safe", pure=True).load
    (hook,) = read((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [wanted["id"] for repo in read(PRE_COMMIT)["repos"] for wanted in repo["hooks"]] == [hook["id"]]
    files = ["problems/first.yaml", "problems/hw/01.yaml", "problems/hw/set.yaml", "course/problems/a.yml"]
    assert all(re.search(hook["files"], file) and not re.search(hook["exclude"], file) for file in files)
    assert not any(re.search(hook["files"], file) for file in ("README.md", "data/a.yaml", "problems/p.schema.json"))
    words = shlex.split(hook["entry"])
    assert words[0] == "solgen" and hook["pass_filenames"] and solgen(*words[1:], "problems/first.yaml").code == 0


def test_its_library_is_as_large_as_it_says() -> None:
    assert "more than fifty problems" in README
    assert len(list((ROOT / "problems/library").glob("*/[0-9]*.yaml"))) > 50


def test_its_links_and_pictures_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", README)
    assert len(links) >= 4
    assert [link for pair in links for link in pair if link and "://" not in link and not (ROOT / link).exists()] == []


def test_its_map_is_the_house() -> None:
    (block,) = re.findall(r"^## Map of the house\n+```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    modules = {path.name for path in (ROOT / "solgen").glob("*.py")} - {"__init__.py", "__main__.py"}
    rooms = {f"{path.parent.name}/" for path in (ROOT / "solgen").glob("*/__init__.py")}
    assert [name for name in sorted(modules | rooms) if name not in block] == []
