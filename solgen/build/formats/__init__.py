"""How a document is written: the table of formats, one file each.

A file of this folder is a format, named as the ending of what it makes, and its `ROW` says how; `build` makes each
product in each format that it is asked for.  A format is added by adding a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from solgen.build.cache import Store
from solgen.document.products import PRODUCTS
from solgen.errors import Diagnostic
from solgen.places import FileTable

if TYPE_CHECKING:
    from solgen.document.pages import Document
    from solgen.tex import Engine


@dataclass(frozen=True, slots=True)
class Press:
    """What documents are made with: the TeX engine (or, without one, `trouble` says why), and the cache.

    `program` is the digest of solgen itself, on which all that is kept depends.
    """

    cache: Path
    program: str
    engine: Engine | None = None
    trouble: str = ""

    @property
    def store(self) -> Store:
        return Store(self.cache / "made")


@dataclass(frozen=True, slots=True)
class Made:
    """Files by their names in the output folder; where something is wrong, those that show it."""

    files: Mapping[str, bytes]
    wrong: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A row: how a document becomes files.

    `make` raises EngineError where TeX is needed and cannot be started.  `source` says that it is what another format
    is made from: it is told of only where that is not asked for.
    """

    make: Callable[[Document, Press], Made]
    source: bool = False


TABLE = FileTable(__name__, Path(__file__).parent, Format)
FORMATS = TABLE.names


@dataclass(frozen=True, slots=True)
class Choice:
    """The products and formats that a build is asked for, by name: all of them, if nothing else is said."""

    products: tuple[str, ...] = tuple(PRODUCTS)
    formats: tuple[str, ...] = field(default=FORMATS)

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the files that it stands for."""
        return tuple(f"{product}.{ending}" for product in self.products for ending in self.formats)

    def list_finished(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """The documents among these files, without those that are only the source of others."""
        final = tuple(ending for ending in self.formats if not TABLE.load(ending).source)
        return tuple(name for name in Choice(self.products, final or self.formats).documents if name in files)


EVERYTHING = Choice()
