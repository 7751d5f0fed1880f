"""The limits of a process, tried with small shell programs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from solgen.tex import landlock
from solgen.tex.seal import FILE_SIZE, run_sealed

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}
PROGRAMS = (Path("/usr/bin"), Path("/bin"))


def sealed(script: str, folder: Path, timeout: float = 5.0) -> tuple[int, bool, str]:
    outcome = run_sealed(("/bin/sh", "-c", script), folder, ENVIRONMENT, PROGRAMS, timeout)
    return outcome.returncode, outcome.timed_out, outcome.output


def test_output_code_and_environment(tmp_path: Path) -> None:
    assert sealed("echo $PATH; echo err >&2; exit 3", tmp_path) == (3, False, "/usr/bin:/bin\nerr\n")


def test_the_whole_group_is_killed_at_the_limit(tmp_path: Path) -> None:
    _, late, _ = sealed("(sleep 3; echo late > survivor) & sleep 30", tmp_path, timeout=0.3)
    assert late
    time.sleep(3)
    assert not (tmp_path / "survivor").exists()


def test_a_file_cannot_grow_without_end(tmp_path: Path) -> None:
    code, _, _ = sealed(f"head -c {FILE_SIZE + 1} /dev/null; exec yes > big", tmp_path)
    assert code < 0
    assert (tmp_path / "big").stat().st_size <= FILE_SIZE


def test_reading_and_writing_elsewhere_is_refused_where_the_kernel_can(tmp_path: Path) -> None:
    work, other = tmp_path / "work", tmp_path / "other"
    work.mkdir()
    other.mkdir()
    (other / "secret").write_text("secret")
    _, _, output = sealed(f"cat {other}/secret; echo x > {other}/new; echo fine > inside; cat inside", work)
    assert output.endswith("fine\n")
    assert ("secret\n" not in output.replace("/secret", "")) is landlock.is_supported()
    assert (other / "new").exists() is not landlock.is_supported()


def test_this_process_stays_free(tmp_path: Path) -> None:
    sealed("true", tmp_path)
    assert os.listdir("/")


def test_a_program_that_does_not_exist(tmp_path: Path) -> None:
    outcome = run_sealed(("/no/such/program",), tmp_path, ENVIRONMENT, PROGRAMS, 5)
    assert outcome.returncode == 127


@pytest.mark.parametrize("size", ["2000000000"])
def test_memory_is_limited(tmp_path: Path, size: str) -> None:
    code, _, _ = sealed(f"exec dd if=/dev/zero of=/dev/null bs={size} count=1", tmp_path)
    assert code != 0
