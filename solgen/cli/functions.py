"""`solgen functions`: what a model may use."""

from __future__ import annotations

from typing import Annotated

import typer

from solgen.cli.reporting import reporting, write

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
        from solgen.cli.reference import described, listed, page

        write(described(name) if name else page() if markdown else listed())
