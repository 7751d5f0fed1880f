"""Which engine is chosen, and what is said of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.document.tex import Engine, ensure_engine, find_engine, pagella_fonts, report, tree, typeset
from solgen.errors import EngineError

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
    variables = " ".join(f"{name}='{value}'" for name, value in tree.environment(private) if name != "PATH")
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
    engine = find_engine(foreign, user_cache)
    assert engine is not None
    assert (engine.origin, engine.command[0]) == ("configuration", str(foreign))
    assert "pdfTeX" in engine.version
    assert typeset(engine, TEX, {}).pdf.startswith(b"%PDF")


def test_a_configured_folder_means_its_pdflatex(foreign: Path, user_cache: Path) -> None:
    engine = find_engine(foreign.parent, user_cache)
    assert engine is not None and engine.command[0] == str(foreign)


def test_the_private_tree_comes_before_the_system(
    private: Path, foreign: Path, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    engine = find_engine(None, user_cache)
    assert engine is not None and engine.origin == "private"
    assert [finding.origin for finding in report(None, user_cache) if finding.engine] == ["private", "system"]


def test_without_a_private_tree_the_system_serves(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{foreign.parent}:/usr/bin:/bin")
    engine = find_engine(None, tmp_path)
    assert engine is not None and engine.origin == "system"
    assert typeset(engine, TEX, {}, cache=tmp_path).pdf.startswith(b"%PDF")


def test_an_engine_without_our_packages_is_not_usable(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{bare.parent}:/usr/bin:/bin")
    assert find_engine(None, tmp_path) is None
    private, system = report(None, tmp_path)
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
        find_engine(tmp_path / name, tmp_path)


def test_elsewhere_the_one_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(EngineError, match="brew install --cask basictex"):
        ensure_engine(None, tmp_path, lambda stage, fraction: None)


def test_the_faces_of_the_private_tree(engine: Engine, private: Path, user_cache: Path) -> None:
    names = [path.stem for path in pagella_fonts(engine, user_cache)]
    assert names[:4] == [f"texgyrepagella-{face}" for face in ("regular", "italic", "bold", "bolditalic")]


def test_the_faces_of_a_foreign_engine_are_converted_once(foreign: Path, tmp_path: Path) -> None:
    engine = find_engine(foreign, tmp_path)
    assert engine is not None
    first = pagella_fonts(engine, tmp_path)
    stamps = [path.stat().st_mtime_ns for path in first]
    assert pagella_fonts(engine, tmp_path) == first
    assert [path.stat().st_mtime_ns for path in first] == stamps
    assert first[0].is_relative_to(tmp_path / "fonts")
