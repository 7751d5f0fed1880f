"""What was made before, found by the content that it was made from.

A key is the SHA-256 of everything a result depends on, the program's own source included; so nothing is ever out of
date, and a change back finds the old result.  Entries are written whole or not at all, each with a seal: the digest of
its key and content.  One whose seal is broken, whatever happened to it, is a miss, and removed.  The least recently
used ones go when the folder grows too large.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from solgen.errors import HOUSE
from solgen.scratch import is_temporary, remove_abandoned, write_whole

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ROOM = 400 << 20  # bytes of results that are kept
SEAL = hashlib.sha256().digest_size


def digest(*parts: str | bytes) -> str:
    """The SHA-256 of the parts, each with its length, so that no two lists of parts collide."""
    whole = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def folder_digest(folder: Traversable, suffixes: tuple[str, ...] = ()) -> str:
    """The SHA-256 of a folder's files, names and contents, of its subfolders too."""
    return digest(*_contents(folder, suffixes))


def _contents(folder: Traversable, suffixes: tuple[str, ...]) -> Iterable[str | bytes]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield entry.name
            yield from _contents(entry, suffixes)
        elif entry.is_file() and entry.name.endswith(suffixes or ""):
            yield entry.name
            yield entry.read_bytes()


@dataclass(frozen=True, slots=True)
class Store:
    """Results by key, in a folder of the user's cache; a folder that cannot be written only costs time."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """What was stored under the key, or None; what is no longer as it was stored is removed."""
        path = self._path(key)
        try:
            entry = path.read_bytes()
            seal, data = entry[:SEAL], entry[SEAL:]
            if seal != _seal(key, data):
                path.unlink()
                return None
            os.utime(path)
        except OSError:
            return None
        return data

    def put(self, key: str, data: bytes) -> None:
        """Store a result; a full or read-only disk loses the cache, not the result."""
        try:
            write_whole(self._path(key), _seal(key, data) + data)
        except OSError:
            return

    def keep(self, data: bytes) -> str:
        """Store a file under its own digest, which is returned."""
        name = digest(data)
        if self.get(name) is None:
            self.put(name, data)
        return name

    def prune(self, room: int = ROOM) -> None:
        """Remove what killed processes left, and what was used least recently, until at most `room` bytes are taken."""
        try:
            for left in [path for path in self.folder.glob("??/*") if is_temporary(path.name)]:
                remove_abandoned(left)
            entries = [(path.stat(), path) for path in self.folder.glob("??/*")]
            excess = sum(stat.st_size for stat, _ in entries) - room
            for stat, path in sorted(entries, key=lambda entry: entry[0].st_mtime):
                if excess <= 0:
                    return
                path.unlink(missing_ok=True)
                excess -= stat.st_size
        except OSError:
            return  # another process is pruning

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _seal(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + data).digest()


# ---------------------------------------------------------------- the program, by the stamps of its files


def known_program(store: Store) -> str | None:
    """The digest of the program that runs, if none of its files has changed since it was computed."""
    name = store.get(_stamp())
    return None if name is None else name.decode()


def name_program(name: str, store: Store) -> None:
    """Keep the digest of the program for as long as its files stay as they are."""
    store.put(_stamp(), name.encode())


def _stamp() -> str:
    """Path, time and size of each file of the program, and the times of the folders that packages are installed in."""
    stamps = [f"{path} {stat.st_mtime_ns} {stat.st_size}" for path, stat in _sources(str(HOUSE))]
    installed = [entry for entry in sys.path if os.path.basename(entry) in ("site-packages", "dist-packages")]
    times = [f"{entry} {os.stat(entry).st_mtime_ns}" for entry in installed if os.path.isdir(entry)]
    return digest("program", sys.version, *sorted(stamps), "", *times)


def _sources(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    for entry in os.scandir(folder):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry.path)
        elif entry.name.endswith(".py"):
            yield entry.path, entry.stat()
