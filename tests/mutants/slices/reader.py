"""The reader: sets as they are read, and every golden message."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from solgen.errors import InputError
from solgen.reader.set_file import read
from tests.mutants.coverage import ROOT
from tests.mutants.room import Maker, Room

SETS = ("problems/homework-000", "problems/homework-003")
FOLDERS = ("tests/cases/messages", "tests/cases/verbs")


def _said(path: Path) -> object:
    """The set that a path holds, or all that is wrong with it."""
    try:
        return read(path)
    except InputError as wrong:
        return wrong.diagnostics


def _makers() -> Mapping[str, Maker]:
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).glob("*.yaml"))]
    paths = [*(ROOT / name for name in SETS), *files]
    return {str(path.relative_to(ROOT)): partial(_said, path) for path in paths}


SLICE = Room("reader", ("test_forms.py", "test_messages.py"), _makers).slice(floor=0.8)
