"""A table that is a folder: each file of it is a row, and the file's name is the row's.

Which rows there are is seen without importing any of them, so that the command line can offer what it does not load.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class FileTable(Generic[Row]):
    """The rows of a package, each of the type `row` and called `ROW` in its file."""

    package: str
    folder: Path
    row: type[Row]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rows, in order."""
        return tuple(sorted(file.stem for file in self.folder.glob("*.py") if file.stem != "__init__"))

    @property
    def docs(self) -> dict[str, str]:
        """What each row says of itself: the first line of its file, without the stop."""
        texts = ((name, (self.folder / f"{name}.py").read_text(encoding="utf-8")) for name in self.names)
        return {name: (ast.get_docstring(ast.parse(text)) or name).splitlines()[0].rstrip(".") for name, text in texts}

    def load(self, name: str) -> Row:
        """The row of that name; raises TypeError where its file holds none."""
        found = getattr(import_module(f"{self.package}.{name}"), "ROW", None)
        if not isinstance(found, self.row):
            raise TypeError(f"{self.package}.{name} should hold ROW, a {self.row.__name__}")
        return found
