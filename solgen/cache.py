"""What was made before, found by the content that it was made from.

A key is the SHA-256 of everything a result depends on, the program's own source included; so nothing is ever out of
date, and a change back finds the old result.  Entries are written whole or not at all, and the least recently used
ones go when the folder grows too large.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path

ROOM = 400 << 20  # bytes of results that are kept
DECIDING = ("jinja2", "matplotlib", "numpy", "python-flint", "sympy")  # packages whose version shows in a result


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


def program_digest() -> str:
    """The SHA-256 of solgen's own source, of the packages that show in its results, and of Python's version."""
    source = folder_digest(Path(__file__).parent, (".py",))
    return digest(source, sys.version, *(version(package) for package in DECIDING))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then renamed.

    Raises OSError, and leaves nothing behind, where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class Store:
    """Results by key, in a folder of the user's cache; a folder that cannot be written only costs time."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """What was stored under the key, or None."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data

    def put(self, key: str, data: bytes) -> None:
        """Store a result; a full or read-only disk loses the cache, not the result."""
        try:
            write_whole(self._path(key), data)
        except OSError:
            return

    def keep(self, data: bytes) -> str:
        """Store a file under its own digest, which is returned."""
        name = digest(data)
        if not self._path(name).exists():
            self.put(name, data)
        return name

    def prune(self, room: int = ROOM) -> None:
        """Remove what was used least recently until the rest takes at most `room` bytes."""
        try:
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
