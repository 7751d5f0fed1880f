"""The cache: whole or nothing, never out of date, bounded, and never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solgen.build.cache import SEAL, Store, digest, folder_digest, known_program, name_program
from solgen.build.program import program_digest
from solgen.scratch import write_whole


def test_what_is_put_is_got(tmp_path: Path) -> None:
    store = Store(tmp_path / "made")
    assert store.get(digest("a")) is None
    store.put(digest("a"), b"result")
    assert store.get(digest("a")) == b"result"


def test_lists_of_parts_do_not_collide() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest("a", "") != digest("a")


def test_a_folder_is_known_by_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    first = folder_digest(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    renamed = folder_digest(tmp_path)
    (tmp_path / "b.txt").write_text("2")
    assert len({first, renamed, folder_digest(tmp_path)}) == 3
    assert folder_digest(tmp_path, (".py",)) == folder_digest(tmp_path / ".." / tmp_path.name, (".py",))


def test_the_program_is_known_by_the_stamps_of_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, store = tmp_path / "solgen", Store(tmp_path / "made")
    (package / "room").mkdir(parents=True)
    (package / "cache.py").write_text("one")
    (package / "room" / "op.py").write_text("two")
    monkeypatch.setattr("solgen.build.cache.HOUSE", package)
    assert known_program(store) is None
    name_program("its digest", store)
    assert known_program(store) == "its digest"
    (package / "room" / "op.py").write_text("2")
    assert known_program(store) is None


def test_the_digest_of_the_program_is_its_content(tmp_path: Path) -> None:
    first = program_digest(Store(tmp_path / "a"))
    assert first == program_digest(Store(tmp_path / "a")) == program_digest(Store(tmp_path / "b"))


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "deep" / "file", b"one")
    write_whole(tmp_path / "deep" / "file", b"two")
    assert (tmp_path / "deep" / "file").read_bytes() == b"two"
    assert os.listdir(tmp_path / "deep") == ["file"]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", b"data")
    assert os.listdir(tmp_path) == ["taken"]


def test_a_cache_that_cannot_be_written_is_silent(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("a file where the folder should be")
    store = Store(tmp_path / "made")
    store.put(digest("a"), b"result")
    assert store.get(digest("a")) is None
    store.prune()


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keys = [store.keep(bytes([n]) * 10) for n in range(4)]
    for age, key in enumerate(keys):
        os.utime(tmp_path / key[:2] / key[2:], (1000 + age, 1000 + age))
    assert store.get(keys[0])  # used just now
    store.prune(room=2 * (SEAL + 10))
    assert [store.get(key) is not None for key in keys] == [True, False, False, True]


@pytest.mark.parametrize("way", ["truncated", "flipped", "emptied", "replaced"])
def test_an_entry_that_is_no_longer_as_it_was_stored_is_a_miss(tmp_path: Path, way: str) -> None:
    store = Store(tmp_path)
    key, other = store.keep(b"the result"), store.keep(b"another result")
    entry, foreign = tmp_path / key[:2] / key[2:], tmp_path / other[:2] / other[2:]
    data = entry.read_bytes()
    damaged = {"truncated": data[:-1], "flipped": data[:-1] + b"\0", "emptied": b"", "replaced": foreign.read_bytes()}
    entry.write_bytes(damaged[way])
    assert store.get(key) is None and not entry.exists()
    assert store.get(store.keep(b"the result")) == b"the result" and store.get(other) == b"another result"


def test_what_a_killed_process_left_in_the_cache_goes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = store.keep(b"the result")
    (tmp_path / key[:2] / ".solgen-abc.part").write_bytes(b"half")
    store.prune()
    assert [path.name for path in (tmp_path / key[:2]).iterdir()] == [key[2:]]
