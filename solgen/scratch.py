"""Files written whole, and temporary ones that nobody leaves behind.

A file is written under a temporary name beside its place and then renamed, so that whoever reads it finds the old one
or the new one.  What is temporary is locked as long as its process lives, and the kernel frees the lock however that
process ends; so what a killed process left can be told from what another is writing, and the next one removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PARTS = (".solgen-", ".part")  # how the name of a file that is being written begins and ends
FOLDERS = "solgen-run-"  # how the name of a temporary folder begins


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then renamed.

    Raises OSError, and leaves nothing behind, where it cannot be written.
    """
    write_together({path: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files, each whole or not at all: none takes its place before all of them are on the disk.

    Raises OSError, and leaves nothing behind, where one cannot be written.
    """
    with contextlib.ExitStack() as written:
        staged = [(written.enter_context(_stage(path, data)), path) for path, data in files.items()]
        for name, path in staged:
            os.replace(name, path)


@contextlib.contextmanager
def _stage(path: Path, data: bytes) -> Iterator[Path]:
    """The data in a temporary file beside the path; gone afterwards, unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle, text = tempfile.mkstemp(PARTS[1], PARTS[0], path.parent)
        name = Path(text)
        with os.fdopen(handle, "wb") as sink:
            if not _held(handle, name):
                continue
            try:
                sink.write(data)
                sink.flush()
                os.chmod(name, 0o644)
                yield name
            finally:
                name.unlink(missing_ok=True)
        return


@contextlib.contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A temporary folder, in `parent` or among the system's, gone afterwards; those of killed processes go too.

    Raises OSError where none can be made.
    """
    remove_stale(parent or Path(tempfile.gettempdir()))
    while True:
        folder = Path(tempfile.mkdtemp(prefix=FOLDERS, dir=parent))
        handle = _open_handle(folder)
        try:
            if not (_held(handle, folder) if handle is not None else folder.is_dir()):
                continue  # another process took it for abandoned before it was locked
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if handle is not None:
                os.close(handle)
        return


def remove_stale(folder: Path) -> None:
    """Remove from a folder the temporary files and folders of processes that are no more."""
    try:
        left = [entry for entry in os.scandir(folder) if is_temporary(entry.name)]
    except OSError:
        return
    for entry in left:
        remove_abandoned(Path(entry.path))


def is_temporary(name: str) -> bool:
    """Whether a name is that of a temporary file or folder of ours."""
    return (name.startswith(PARTS[0]) and name.endswith(PARTS[1])) or name.startswith(FOLDERS)


def remove_abandoned(path: Path) -> None:
    """Remove a temporary file or folder, unless the process that made it is alive, or it is somebody else's."""
    handle = _open_handle(path)
    if handle is None:
        return
    try:
        if not _lock(handle, wait=False):
            return
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return
    finally:
        os.close(handle)


def _open_handle(path: Path) -> int | None:
    """A handle to lock it by; None where there is none: it is gone, somebody else's, or the system knows no locks."""
    if sys.platform == "win32":
        return None
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None


def _held(handle: int, path: Path) -> bool:
    """Lock what was just made; whether it is still there, and nobody took it for abandoned meanwhile."""
    _lock(handle, wait=True)
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _lock(handle: int, wait: bool) -> bool:
    """Whether the lock could be had; where there are no locks, what is temporary is taken to be in use."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
