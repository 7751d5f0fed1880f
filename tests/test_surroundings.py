"""A sample of `make surroundings`: mutated files, none of which ends in a traceback or as a mistake of ours."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.surroundings.fuzz import GOOD, SOUND, Finding, case, fuzzed, judge, lay_out
from tests.surroundings.mutate import mutated


def test_mutated_files_are_right_or_refused() -> None:
    found = list(fuzzed(range(40)))
    assert len(found) == 40 and [f for f in found if f.how not in GOOD] == []
    assert sum(f.how == "refused" for f in found) > 20


def test_a_file_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(folder: object) -> tuple[str, str]:
        while True:
            pass

    monkeypatch.setattr("tests.surroundings.fuzz.SECONDS", 0.1)
    monkeypatch.setattr("tests.surroundings.fuzz.judge", never)
    assert list(fuzzed([1, 2])) == [Finding(1, "too long", ""), Finding(2, "too long", "")]


def test_a_traceback_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.surroundings.fuzz.make", None)
    (found,) = fuzzed([next(n for n in range(99) if list(case(n)) == ["p/a.yaml"])])
    assert found.how == "traceback" and "TypeError" in found.said


def test_a_number_gives_one_file_and_another_number_another() -> None:
    assert case(7) == case(7) != case(8)
    assert mutated(b"a: 1\n", [b"b: 2\n"], random.Random(1)) == mutated(b"a: 1\n", [b"b: 2\n"], random.Random(1))


@pytest.mark.parametrize("value", ["row(x - 1)", "row(x)", "col(x - 1)", "row(x) * 2"])
def test_what_was_found_is_mended(tmp_path: Path, value: str) -> None:
    """A vector as a matrix of one row, by itself in an equation, was read back as the vector."""
    text = SOUND.replace(b"z = W @ x", f"z = {value}".encode()).replace(b"$z = Wx$", b"[[model]]")
    lay_out({"p/a.yaml": text}, tmp_path)
    assert judge(tmp_path) == ("right", "")


@pytest.mark.parametrize("named", ["/etc/passwd", "../outside.yaml", "notes.txt", "linked.yaml"])
def test_a_bank_names_problem_files_within_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (tmp_path / "outside.yaml").write_text("secret: of somebody else\n")
    work = tmp_path / "work"
    lay_out({"p/set.yaml": f"problems: [{named}]\n".encode(), "p/notes.txt": b"secret\n"}, work)
    (work / "p" / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    if named.startswith(".."):
        named = "../../outside.yaml"
        (work / "p" / "set.yaml").write_text(f"problems: [{named}]\n")
    how, told = judge(work)
    assert how == "refused" and "is not a problem file within" in told
    assert "secret" not in told and "root:" not in told


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    lay_out({"p/a.yaml": SOUND}, tmp_path)
    (tmp_path / "p" / "b.yaml").symlink_to(tmp_path / "gone.yaml")
    how, told = judge(tmp_path)
    assert how == "refused" and "b.yaml" in told
