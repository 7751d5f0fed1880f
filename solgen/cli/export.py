"""`solgen export`: the results for another program."""

from __future__ import annotations

from solgen.cli.options import File, Sizes, To
from solgen.cli.reporting import reporting, write_out
from solgen.numeric.code.targets import DEFAULT_TARGET

EXAMPLES = (
    "solgen export problems/first.yaml > net.py",
    "solgen export problems/first.yaml --to json",
    "solgen export problems/first.yaml --to sympy --sizes d=2,C=3",
)


def export(file: File, to: To = DEFAULT_TARGET, sizes: Sizes = None) -> None:
    """Print the results as a self-contained numpy module, as sympy expressions, or as JSON."""
    with reporting():
        from solgen.build.export import export as exported

        write_out(exported(file, to, sizes or {}))
