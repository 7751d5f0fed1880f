"""Which engine is chosen, and what is said of those that are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from solgen.document.trial import trial_document
from solgen.errors import EngineError
from solgen.tex import TrialPage, ensure_engine, find_engine, private_tree, report, typeset

TRIAL = TrialPage(trial_document)
TEX = "\\documentclass{article}\n\\begin{document}\nHello.\n\\end{document}\n"


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def foreign(private: Path, tmp_path: Path) -> Path:
    """A complete TeX elsewhere: the private tree's programs behind scripts of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    variables = " ".join(f"{name}='{value}'" for name, value in private_tree.environment(private) if name != "PATH")
    for name, program in (("pdflatex", "pdftex"), ("kpsewhich", "kpsewhich")):
        script(
            folder / name,
            f'export {variables}; exec {private}/bin/{program} "$@"'.replace("' ", "'; export "),
        )
    return folder / "pdflatex"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A pdfTeX without any package."""
    folder = tmp_path / "bare"
    folder.mkdir()
    script(folder / "kpsewhich", "echo /tex/article.cls; exit 1")
    return script(folder / "pdflatex", "echo 'pdfTeX 3.14159 (TeX Live 2020)'")


def test_a_configured_engine_comes_first_and_works(foreign: Path, user_cache: Path) -> None:
    engine = find_engine(foreign, user_cache, TRIAL)
    assert engine is not None
    assert (engine.origin, engine.command[0]) == ("configuration", str(foreign))
    assert "pdfTeX" in engine.version
    assert typeset(engine, TEX, {}).pdf.startswith(b"%PDF")


def test_a_configured_folder_means_its_pdflatex(foreign: Path, user_cache: Path) -> None:
    engine = find_engine(foreign.parent, user_cache, TRIAL)
    assert engine is not None and engine.command[0] == str(foreign)


def test_the_private_tree_comes_before_the_system(
    private: Path, foreign: Path, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    engine = find_engine(None, user_cache, TRIAL)
    assert engine is not None and engine.origin == "private"
    assert [finding.origin for finding in report(None, user_cache, TRIAL) if finding.engine] == ["private", "system"]


def test_without_a_private_tree_the_system_serves(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    engine = find_engine(None, tmp_path, TRIAL)
    assert engine is not None and engine.origin == "system"
    assert typeset(engine, TEX, {}, cache=tmp_path).pdf.startswith(b"%PDF")


def test_an_engine_without_our_packages_is_not_usable(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{bare.parent}:/usr/bin:/bin")
    assert find_engine(None, tmp_path, TRIAL) is None
    private, system = report(None, tmp_path, TRIAL)
    assert (private.reason, private.engine) == ("not made yet", None)
    assert "amsmath.sty" in system.missing and "article.cls" not in system.missing
    assert system.reason.startswith("it lacks amsmath.sty, ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nothing", "no such program"), ("other", "does not say"), ("data", "no such program")],
)
def test_a_configured_engine_that_fails_is_an_error(tmp_path: Path, name: str, reason: str) -> None:
    script(tmp_path / "other", "echo 'XeTeX 1.0'")
    (tmp_path / "data").write_text("not a program")
    with pytest.raises(EngineError, match=reason):
        find_engine(tmp_path / name, tmp_path, TRIAL)


def test_elsewhere_the_one_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(EngineError, match="brew install --cask basictex"):
        ensure_engine(None, tmp_path, TRIAL, lambda stage, fraction: None)


def test_an_engine_that_spoils_our_pages_is_not_usable(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has every file by name, and one of them is empty."""
    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    broken = TrialPage(lambda: trial_document().replace(r"\begin{document}", r"\begin{document}\notdefined"))
    assert find_engine(None, tmp_path, broken) is None
    assert report(None, tmp_path, broken)[1].reason == "the trial document fails: Undefined control sequence."
    defective = TrialPage(lambda: trial_document().replace(r"\end{document}", r"\ref{nowhere}\end{document}"))
    assert "has a defect: undefined reference" in report(None, tmp_path, defective)[1].reason


def test_a_success_is_remembered_until_engine_or_trial_change(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def source() -> str:
        tried.append("once more")
        return trial_document()

    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    for key, times in (("one", 1), ("one", 1), ("two", 2), ("", 3), ("", 4)):
        assert find_engine(None, tmp_path, TrialPage(source, key)) is not None
        assert len(tried) == times
    foreign.write_text(foreign.read_text() + "# changed\n")
    find_engine(None, tmp_path, TrialPage(source, "one"))
    assert len(tried) == 5


@pytest.mark.parametrize("damage", ["format", "no format", "fonts", "manifest"])
def test_a_damaged_private_tree_is_noticed_and_the_next_engine_taken(
    private: Path, foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    copy = private_tree.tree_path(tmp_path)
    shutil.copytree(private, copy, symlinks=True)
    match damage:
        case "format":
            (copy / "texmf/web2c/pdftex/pdflatex.fmt").write_bytes(b"cut short")
        case "no format":
            (copy / "texmf/web2c/pdftex/pdflatex.fmt").unlink()
        case "fonts":
            shutil.rmtree(copy / "texmf/fonts/type1")
        case _:
            (copy / "manifest.json").write_text("{")
    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    found = report(None, tmp_path, TRIAL)
    assert found[0].engine is None
    engine = ensure_engine(None, tmp_path, TrialPage(trial_document, "remembered"), lambda stage, fraction: None)
    assert engine.origin == "system"
