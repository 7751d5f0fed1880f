"""`solgen export`: the results for another program."""

from __future__ import annotations

from solgen.cli.options import File, To
from solgen.cli.reporting import reporting, write
from solgen.numeric.code.targets import DEFAULT_TARGET

EXAMPLES = (
    "solgen export problems/first.yaml > net.py",
    "solgen export problems/first.yaml --to json",
)


def export(file: File, to: To = DEFAULT_TARGET) -> None:
    """Print the results as a self-contained numpy module, or as JSON."""
    with reporting():
        from solgen.build.export import export as exported

        write(exported(file, to))
