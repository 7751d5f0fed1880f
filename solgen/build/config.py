"""Where things are on this machine: the folder of work, the output, the cache, and how many workers."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR

from platformdirs import user_cache_dir

from solgen.build.cache import Store


@dataclass(frozen=True, slots=True)
class Config:
    """Where things are: `output` is relative to `cwd`; `engine` is the TeX that was named, if one was."""

    cwd: Path
    output: Path
    cache: Path
    engine: Path | None = None
    workers: int = 1

    @property
    def store(self) -> Store:
        return Store(self.cache / "made")


def find_config(tex: Path | None = None) -> Config:
    """What the environment says, and the TeX that was named."""
    named = os.environ.get("SOLGEN_CACHE")
    cache = Path(named) if named else cache_folder()
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Config(Path.cwd(), Path("output"), cache.absolute(), tex.absolute() if tex else None, workers)


def cache_folder() -> Path:
    """The user's cache; a private folder among the temporary files where there is no home that can be written."""
    try:
        folder = Path(user_cache_dir("solgen"))
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no such home, or none at all
        return _temporary_folder()
    return folder if os.access(folder, os.W_OK) else _temporary_folder()


def _temporary_folder() -> Path:
    """A folder that is the same for each run of this user, and that nobody else can write; else one for this run."""
    folder = Path(tempfile.gettempdir()) / f"solgen-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        stat = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="solgen-"))
    private = (
        S_ISDIR(stat.st_mode) and not stat.st_mode & 0o077 and (not hasattr(os, "getuid") or stat.st_uid == os.getuid())
    )
    return folder if private else Path(tempfile.mkdtemp(prefix="solgen-"))
