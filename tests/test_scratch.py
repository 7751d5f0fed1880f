"""Temporary files: gone when their process is done, or killed; never taken from one that lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from solgen.scratch import FOLDERS, PARTS, remove_stale, scratch_folder, write_together, write_whole

HOLDS = """
import os, sys, time
from pathlib import Path
from solgen.scratch import _stage, scratch_folder
where = Path(sys.argv[1])
with _stage(where / "file", b"half"), scratch_folder(where) as folder:
    (folder / "inner").write_text("x")
    print("made", flush=True)
    time.sleep(60)
"""


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_several_files_take_their_places_together(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "first").write_bytes(b"old")
    with pytest.raises(OSError, match="taken"):
        write_together({tmp_path / "taken": b"x"})
    missing = tmp_path / "first" / "no-folder"
    with pytest.raises(OSError, match=r"no-folder|first"):
        write_together({tmp_path / "first": b"new", missing: b"x"})
    assert (tmp_path / "first").read_bytes() == b"old" and names(tmp_path) == ["first", "taken"]
    write_together({tmp_path / "first": b"new", tmp_path / "deep" / "second": b"two"})
    assert (tmp_path / "first").read_bytes() == b"new" and names(tmp_path / "deep") == ["second"]


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_holds_is_not(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"made\n"
    held = names(tmp_path)
    assert len(held) == 2 and held[0].startswith(PARTS[0]) and held[1].startswith(FOLDERS)
    remove_stale(tmp_path)
    assert names(tmp_path) == held
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    remove_stale(tmp_path)
    assert names(tmp_path) == []


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write_whole(outside / "mine", b"x")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / f"{FOLDERS}link").symlink_to(outside)
    (inside / ".solgen.json").touch()
    (inside / "solgen-run").touch()
    remove_stale(inside)
    assert names(outside) == ["mine"] and len(names(inside)) == 3


def test_a_folder_goes_with_what_is_in_it(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "a").mkdir()
        (folder / "a" / "b").touch()
    assert names(tmp_path) == []
