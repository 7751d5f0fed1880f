"""Where things are on this machine: the folder of work, the output, the cache, and how many workers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir

from solgen.cache import Store


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


def configured(tex: Path | None = None) -> Config:
    """What the environment says, and the TeX that was named."""
    cache = Path(os.environ.get("SOLGEN_CACHE") or user_cache_dir("solgen"))
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Config(Path.cwd(), Path("output"), cache.absolute(), tex.absolute() if tex else None, workers)
