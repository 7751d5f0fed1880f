"""`make elsewhere`: what is said where no root can be made, and that a failure there is a failure here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.elsewhere import __main__ as elsewhere
from tests.elsewhere import roots


@pytest.fixture(autouse=True)
def systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Roots that are empty folders, in which every command prints one line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(roots, "require_roots", lambda: None)
    monkeypatch.setattr(roots, "make_root", lambda system, folder: typeset(folder, "same"))
    monkeypatch.setattr(roots, "run", lambda system, folder, user, command: roots.Run(0, 1.0, "fine\n"))


def typeset(folder: Path, text: str) -> None:
    source = folder / "home" / roots.USER / "solgen/output/set/solutions.tex"
    source.parent.mkdir(parents=True)
    source.write_text(text)


@pytest.mark.parametrize(("words", "code"), [([], 2), (["--where-possible"], 0)])
def test_where_no_root_can_be_made_it_is_said_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    def refuse(*_: object) -> None:
        raise roots.NoRoot("nobody may")

    for step in ("require_roots", "make_root"):
        with monkeypatch.context() as patched:
            patched.setattr(roots, step, refuse)
            assert elsewhere.main(words) == code
        assert "NOT TRIED ELSEWHERE: nobody may." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "commands"), [([], sum(len(s.commands) for s in elsewhere.SYSTEMS)), (["--short", "--where-possible"], 2)]
)
def test_each_command_on_each_system_has_a_line_and_a_log(
    capsys: pytest.CaptureFixture[str], words: list[str], commands: int
) -> None:
    assert elsewhere.main(words) == 0
    assert capsys.readouterr().out.count("` went well in 1 s") == commands
    assert len(list(elsewhere.LOGS.glob("*.log"))) == commands


def test_a_command_that_fails_is_shown_and_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(system: roots.System, folder: Path, user: str, command: str) -> roots.Run:
        fails = system.release == "testing" and command == "make test"
        return roots.Run(2 if fails else 0, 1.0, "8 failed\n" if fails else "fine\n")

    monkeypatch.setattr(roots, "run", run)
    assert elsewhere.main([]) == 1
    said = capsys.readouterr()
    assert said.out.count("FAILED with exit code 2") == 1 and "8 failed" in said.err


def test_another_latex_on_another_system_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(roots, "make_root", lambda system, folder: typeset(folder, system.release))
    assert elsewhere.main(["--short"]) == 1
    assert "set/solutions.tex: another LaTeX than on Debian 13" in capsys.readouterr().out
