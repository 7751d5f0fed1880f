"""The command line: a file for each verb beside this one, gathered into one program.

Each verb is a page of its help and a few lines that call the house; every import of the house is put off into them, so
that `solgen --help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from typing import Annotated

import typer

from solgen import __version__
from solgen.cli import build, check, doctor, export, functions, new, schema, show, watch
from solgen.cli.reporting import write_out

NEW_OBJECTS = 100_000  # after so many, cycles are looked for: formulas have none, and what is loaded stays
VERBS: tuple[tuple[Callable[..., None], tuple[str, ...]], ...] = (  # in the order of the help
    (build.build, build.EXAMPLES), (check.check, check.EXAMPLES), (show.show, show.EXAMPLES),
    (export.export, export.EXAMPLES), (watch.watch, watch.EXAMPLES), (new.new, new.EXAMPLES),
    (schema.schema, schema.EXAMPLES), (functions.functions, functions.EXAMPLES), (doctor.doctor, doctor.EXAMPLES),
)  # fmt: skip

app = typer.Typer(
    name="solgen", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    rich_markup_mode="markdown",
    help="Worked, verified solutions of backpropagation homework, from the forward pass alone.",
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def main() -> None:
    """Run the command that `sys.argv` names, and exit."""
    gc.set_threshold(NEW_OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a sign shows its number
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="solgen")


def _version(wanted: bool) -> None:
    if wanted:
        write_out(f"solgen {__version__}\n")
        raise typer.Exit()


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def solgen(version: Version = False) -> None:
    """Worked, verified solutions of backpropagation homework, from the forward pass alone."""


def list_examples(lines: Iterable[str]) -> str:
    """The end of a page of help: how the verb is used, a line each."""
    return "  \n".join(f"`{line}`" for line in lines)


for run, examples in VERBS:
    app.command(epilog=list_examples(examples))(run)
