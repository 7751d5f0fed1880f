"""`solgen new`: begin a set."""

from __future__ import annotations

from pathlib import Path

from solgen.cli.options import Name
from solgen.cli.reporting import reporting, write_out

EXAMPLES = ("solgen new homework-3",)


def new(name: Name) -> None:
    """Begin a set: a commented problem file, with its schema beside it, in problems/NAME/."""
    with reporting():
        from solgen.build.starter import begin

        for path in begin(name, Path.cwd()):
            write_out(f"{path}\n")
