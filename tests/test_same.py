"""A sample of `make same`: what is the same, what differs and what crashes is told; and what TeX ignores is ignored."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.same.__main__ import every_set, main
from tests.same.compare import Change, compared, crashes
from tests.same.tokens import canonical
from tests.same.versions import MADE_FROM, ROOT, made

SET = "tests/same/sets/own-templates"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What this checkout makes of one set."""
    return made(ROOT, tmp_path_factory.mktemp("here"), [SET], 1)


def made_by_another(folder: Path, file: str, before: str, after: str) -> dict[str, str]:
    """What a solgen makes of the same set in which one file says something else."""
    for name in MADE_FROM:
        shutil.copytree(ROOT / name, folder / "version" / name, ignore=shutil.ignore_patterns("__pycache__"))
    changed = folder / "version" / file
    assert changed.read_text().count(before) == 1
    changed.write_text(changed.read_text().replace(before, after))
    return made(folder / "version", folder / "outputs", [SET], 1)


def test_every_kind_of_output_is_made(here: dict[str, str]) -> None:
    assert crashes(here) == []
    assert not any("/bar/" in name for name in here), "its own notation is made once"
    for notation in ("own", "partial", "nabla", "delta"):
        folder = f"{SET}/{notation}"
        for product in ("solutions", "handout", "key"):
            assert r"\end{document}" in here[f"{folder}/{product}.tex"]
        assert r"\course{Answer}" in here[f"{folder}/solutions.tex"], "its own template"
        assert {f"{folder}/show.{suffix}" for suffix in ("txt", "tex", "md")} <= here.keys()
        assert (
            '"verdict": "equal"' in here[f"{folder}/checks.json"] and "NodeBox" not in here[f"{folder}/figure-1.json"]
        )
    assert "def gradients(" in here[f"{SET}/own/export-1.py"] and '"numpy"' in here[f"{SET}/own/export-1.json"]
    assert "softmax" in here["reference.md"] and "properties" in here["schema.json"]


def test_notations_differ(here: dict[str, str]) -> None:
    pages = {here[f"{SET}/{notation}/show.txt"] for notation in ("own", "partial", "nabla", "delta")}
    assert len(pages) == 4


def test_a_changed_template_is_found_in_each_page_and_shown_once(here: dict[str, str], tmp_path: Path) -> None:
    other = made_by_another(tmp_path, "templates/blocks/aside.tex.j2", r"\textbf{", r"\emph{")
    found = compared(here, other)
    files = {name for names in found.values() for name in names}
    assert files == {f"{SET}/{notation}/solutions.tex" for notation in ("own", "partial", "nabla", "delta")}
    assert len(found) < len(files) and all(r"\emph{" in "".join(change.after) for change in found)


def test_a_crash_is_told(tmp_path: Path) -> None:
    told = crashes(made_by_another(tmp_path, "templates/blocks/aside.tex.j2", "<< block.text", "<< block.nothing"))
    assert len(told) == 4 and all("UndefinedError" in text for text in told)


def test_head_beside_itself_by_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    committed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "status", "--porcelain", *MADE_FROM, "tests/same"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    code = main(["--base", "HEAD", SET])
    out = capsys.readouterr().out
    assert "outputs of 1 sets beside" in out
    assert committed or (code == 0 and " 0 differ, in 0 places; 0 crashes" in out), out


def test_an_unknown_commit_is_no_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--base", "no-such-commit", SET]) == 2
    assert "single revision" in capsys.readouterr().err


def test_everything_is_compared() -> None:
    assert len(every_set()) >= 18 and {"problems/library/sequences", "problems/homework-000", SET} <= {*every_set()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"$a  + \sigma (b)$", r"$a+\sigma(b)$"),
        (r"\step{}{x \brk + y}{= z}{a word}{1}", r"\step{}{x\brk  +y}{ =z}{a  word}{1}"),
        ("one\ntwo", "one two"),
        ("one\n\n\ntwo", "one\n \ntwo"),
        ("a% a comment\nb", "ab"),
        (r"\[ \text{if } x \]", r"\[\text{if }x\]"),
        (r"$g' \neq x_i$", r"$g^{\prime} \ne x_{i}$"),
    ],
)
def test_spaces_and_spellings_that_tex_ignores(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a word", "aword"),
        (r"\step{}{x}{y}{a word}{1}", r"\step{}{x}{y}{aword}{1}"),
        (r"\[\text{if }x\]", r"\[\text{if}x\]"),
        ("one\n\ntwo", "one two"),
        (r"50\% a", r"50\%"),
        ("$a$ b", "$a$b"),
        (r"\alpha x", r"\alphax"),
        (r"\textbf{a} b", r"\textbf{a}b"),
    ],
)
def test_spaces_that_tex_sees(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_file_of_one_side_alone_is_a_difference() -> None:
    assert compared({"a.txt": "x"}, {}) == {Change(("(there is a.txt)",), ("(no a.txt)",)): ["a.txt"]}
    assert len(compared({"a.md": "x y\n"}, {"a.md": "x  y\n"})) == 1


def test_the_counts_come_with_their_places() -> None:
    out = subprocess.run([sys.executable, "-m", "tests.counts"], cwd=ROOT, capture_output=True, text=True, check=True)
    for title in (
        "tables keyed by names",
        "literals of operations' names",
        "where text is taken apart",
        "lines of code",
    ):
        assert title in out.stdout
