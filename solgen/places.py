"""What travels with the program: the LaTeX templates, one example problem, and tables whose rows are files.

They live at the top of a checkout, where a person looks for them, and inside the package once installed
(pyproject.toml copies them into the wheel).  Both are found here, so that nobody else has to ask which it is.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Generic, TypeVar

from solgen.errors import SolgenError


def template_dir() -> Traversable:
    """The folder of the LaTeX templates.

    Raises SolgenError when this copy of solgen was installed without it.
    """
    return _find_shipped("templates", "templates")


def example_dir() -> Traversable:
    """The folder of the example set, a residual block: what `solgen new` starts from.

    Raises SolgenError when this copy of solgen was installed without it.
    """
    return _find_shipped("example", "problems/residual-block")


def _find_shipped(packaged: str, in_checkout: str) -> Traversable:
    """The installed folder, else the one in the checkout that holds the package."""
    installed = files("solgen") / "_data" / packaged
    if installed.is_dir():
        return installed
    checkout = Path(__file__).parent.parent / in_checkout
    if checkout.is_dir():
        return checkout
    raise SolgenError(f"this copy of solgen lacks its folder {packaged!r}: install it again")


# ---------------------------------------------------------------- tables whose rows are files

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class FileTable(Generic[Row]):
    """A table that is a folder: the rows of a package, each of the type `row` and called `ROW` in its file.

    Which rows there are is seen without importing any of them: the command line can offer what it does not load.
    """

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
