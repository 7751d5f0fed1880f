"""One set to be made, with all that decides how: what travels to a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from solgen.build.cache import Store
from solgen.build.formats import EVERYTHING, Choice, Press
from solgen.tex import Engine

Tell = Callable[[str, float], None]  # a stage, and how far it has come: 0 to 1


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Job:
    """One set to be made: only checked, or written as `choice` says, with `engine`, or `trouble`: why there is none.

    `program` is the digest of solgen itself; results are kept in `cache`, and with `anew` no certificate is taken
    from there.  `notation` replaces that of the files.
    """

    source: Path
    cache: Path
    program: str
    typesets: bool = False
    engine: Engine | None = None
    trouble: str = ""
    anew: bool = False
    notation: str | None = None
    choice: Choice = EVERYTHING

    @property
    def press(self) -> Press:
        """What its documents are made with."""
        return Press(self.cache, self.program, self.engine, self.trouble)

    @property
    def store(self) -> Store:
        return self.press.store
