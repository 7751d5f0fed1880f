"""`solgen functions`: what a model may use."""

from __future__ import annotations

from typing import Annotated

import typer

from solgen.cli.reporting import reporting, write_out

EXAMPLES = (
    "solgen functions",
    "solgen functions softmax",
)


def functions(
    name: Annotated[str | None, typer.Argument(help="One function, in full.", show_default=False)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole reference, as a page.")] = False,
) -> None:
    """List what a model may use: signature, shapes, derivative and convention of each operation."""
    with reporting():
        from solgen.cli.reference import describe_function, list_functions, page

        write_out(describe_function(name) if name else page() if markdown else list_functions())
