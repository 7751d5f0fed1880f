"""Fetching packages: which version, from which lists, and what is said when it fails."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from solgen.errors import EngineError
from solgen.tex import apt

RECORD = "Package: {0}\nVersion: {1}\nDescription: x\n continued\nSize: 10\n"


class Lists:
    """Stands in for the client: what each kind of lists knows, and whether its files are still there."""

    def __init__(self, system: dict[str, str], fresh: dict[str, str], stale: bool = False) -> None:
        self.known, self.stale, self.calls = {False: system, True: fresh}, stale, []  # type: ignore[var-annotated]

    def run(self, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        own = any("Dir::State::lists" in part for part in command)
        self.calls.append((command[0], "update" in command, own))
        names = [name for name in command if name in self.known[own]]
        shown = "\n\n".join(RECORD.format(name, self.known[own][name]) for name in names)
        return subprocess.CompletedProcess(command, 0, shown, "W: Failed to fetch http://x\n")

    def download(self, client: apt.Client, packages: tuple[apt.Package, ...], target: Path, progress: object) -> str:
        if self.stale and not client.own_lists:
            (target / "left_0.deb").touch()
            return " (404 Not Found)"
        for package in packages:
            (target / f"{package.name}_{package.version}.deb").touch()
        return ""


def fetch(lists: Lists, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(apt, "_run", lists.run)
    monkeypatch.setattr(apt, "_download", lists.download)
    return [path.name for path in apt.fetch((("a",), ("new", "old")), folder, lambda stage, part: None)]


def test_the_system_s_lists_serve_when_they_know_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = Lists({"a": "1", "old": "2"}, {})
    assert fetch(lists, tmp_path, monkeypatch) == ["a_1.deb", "old_2.deb"]
    assert not any(update for _, update, _ in lists.calls)


def test_of_a_choice_the_first_known_name_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = Lists({"a": "1", "old": "2", "new": "3"}, {})
    assert fetch(lists, tmp_path, monkeypatch) == ["a_1.deb", "new_3.deb"]


@pytest.mark.parametrize(("system", "stale"), [({}, False), ({"a": "0"}, False), ({"a": "0", "old": "0"}, True)])
def test_missing_or_stale_lists_are_replaced_by_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: dict[str, str], stale: bool
) -> None:
    lists = Lists(system, {"a": "1", "new": "1"}, stale)
    assert fetch(lists, tmp_path, monkeypatch) == ["a_1.deb", "new_1.deb"]
    assert ("apt-get", True, True) in lists.calls


def test_what_no_list_knows_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match=r"do not offer new or old \(Failed to fetch http://x\)"):
        fetch(Lists({}, {"a": "1"}), tmp_path, monkeypatch)


def test_the_client_writes_only_into_its_folder(tmp_path: Path) -> None:
    options = apt.Client(tmp_path, own_lists=True).options()
    folders = [part.split("=", 1)[1] for part in options if part.startswith("Dir::")]
    assert folders and all(Path(folder).is_relative_to(tmp_path) for folder in folders)


def test_a_download_that_fails_says_why(tmp_path: Path) -> None:
    client = apt.Client(tmp_path, own_lists=True)
    package = apt.Package("no-such-package", "1", 1)
    assert apt._download(client, (package,), tmp_path, lambda stage, part: None).startswith(" (")
