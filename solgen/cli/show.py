"""`solgen show`: one derivation in the terminal, as LaTeX, as Markdown, or its graph as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import typer

from solgen.cli.options import AsGraph, AsLatex, AsMarkdown, File, InNotation, OnePart, Resolution
from solgen.cli.reporting import reporting, write_out

EXAMPLES = (
    "solgen show problems/first.yaml",
    "solgen show problems/first.yaml --part b --markdown",
    "solgen show problems/first.yaml --graph graph.svg",
)


def show(
    file: File, part: OnePart = "", as_latex: AsLatex = False, as_markdown: AsMarkdown = False, graph: AsGraph = None,
    dpi: Resolution = None, notation: InNotation = None,
) -> None:  # fmt: skip
    """Print a derivation, verified, in the terminal; or as LaTeX, as Markdown, or its graph as a picture."""
    only_one({"--latex": as_latex, "--markdown": as_markdown, "--graph": graph is not None})
    suffix = picture_format(graph, dpi)
    with reporting():
        from solgen.build.config import find_config
        from solgen.build.sets import solve_problems
        from solgen.cli.console import progress
        from solgen.cli.shown import draw_into_files, write_solutions

        settings = find_config()
        with progress() as tell:
            found = solve_problems(file, settings, tell, notation)
        if graph and suffix:
            for path in draw_into_files(graph, suffix, found, part, dpi, settings):
                write_out(f"{path}\n")
        else:
            write_out(write_solutions(found, part, "latex" if as_latex else "markdown" if as_markdown else "terminal"))


PICTURES: tuple[Literal["svg", "png", "pdf"], ...] = ("svg", "png", "pdf")


def only_one(options: dict[str, bool]) -> None:
    """Raises UsageError where two of these options are given."""
    given = [name for name, wanted in options.items() if wanted]
    if len(given) > 1:
        raise typer.BadParameter(f"{' and '.join(given)} ask for different things: give one of them.")


def picture_format(graph: Path | None, dpi: int | None) -> Literal["svg", "png", "pdf"] | None:
    """What a picture is to be, by its name; raises BadParameter where that is nothing we draw."""
    suffix = graph.suffix.lower().removeprefix(".") if graph else ""
    found = next((known for known in PICTURES if known == suffix), None)
    if graph and not found:
        raise typer.BadParameter(f"{graph} should end in .svg, .png or .pdf.", param_hint="--graph")
    if dpi and found != "png":
        raise typer.BadParameter("only a PNG has a resolution: --graph FILE.png", param_hint="--dpi")
    return found
