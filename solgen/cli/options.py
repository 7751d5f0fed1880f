"""What may stand after a command: its arguments and options, with the help of each.

What can be chosen is read off the tables, so that the help offers every row and nothing else is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from solgen.build.formats import TABLE as FORMATS
from solgen.document.products import PRODUCTS
from solgen.expr.present.notation import GRADIENTS
from solgen.numeric.code.targets import TABLE as TARGETS
from solgen.places import FileTable


def name_choices(known: Iterable[str]) -> str:
    """What may stand after an option, as its help shows it."""
    return f"<{'|'.join(known)}>"


def describe_rows(table: FileTable[Any]) -> str:
    """The rows of a table with what each says of itself."""
    return ", ".join(f"{name} ({doc[0].lower()}{doc[1:]})" for name, doc in table.docs.items())


def require_one_of(known: Collection[str]) -> Callable[[str | None], str | None]:
    """The check of an option that names a row of a table."""

    def admit(value: str | None) -> str | None:
        if value is not None and value not in known:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(map(repr, known))}.")
        return value

    return admit


def require_some_of(known: Collection[str]) -> Callable[[list[str] | None], list[str]]:
    """The check of an option that names rows of a table, `a,b` or once for each; all of them where it is not given."""
    check = require_one_of(known)

    def admit(values: list[str] | None) -> list[str]:
        given = {check(name.strip()) for value in values or () for name in value.split(",")}
        return [name for name in known if name in given or not given]

    return admit


def parse_sizes(text: str) -> dict[str, int]:
    """The sizes that `n=2,m=3` states."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip().isidentifier() and number.strip().isdecimal() for name, _, number in pairs):
        raise typer.BadParameter(f"{text!r} should say sizes, such as n=2,m=3.")
    return {name.strip(): int(number) for name, _, number in pairs}


Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Problem files or folders of them; without, all under problems/.", show_default=False),
]
File = Annotated[Path, typer.Argument(help="A problem file, or a folder of them.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Engine = Annotated[
    Path | None,
    typer.Option("--tex", envvar="SOLGEN_TEX", help="The pdflatex to use, instead of looking for one."),
]
InNotation = Annotated[
    str | None,
    typer.Option(
        "--notation",
        metavar=name_choices(GRADIENTS),
        callback=require_one_of(GRADIENTS),
        show_default=False,
        help=f"How to write gradients, whatever the files say: {', '.join(row.example for row in GRADIENTS.values())}.",
    ),
]
Shown = Annotated[
    list[str] | None,
    typer.Option(
        "--product",
        metavar=name_choices(PRODUCTS),
        callback=require_some_of(PRODUCTS),
        show_default=False,
        help=f"Only these, separated by commas: {', '.join(f'{p.name} ({p.doc})' for p in PRODUCTS.values())}.",
    ),
]
Written = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar=name_choices(FORMATS.names),
        callback=require_some_of(FORMATS.names),
        show_default=False,
        help=f"Only in these formats, separated by commas: {describe_rows(FORMATS)}.",
    ),
]
Junit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write a JUnit report too: a suite a set, a case a part."),
]
Everything = Annotated[bool, typer.Option("--all", help="Verify everything anew, not only what changed.")]
Prove = Annotated[
    bool, typer.Option("--prove", help="Prove the answers too: by sympy, an entry at a time, at small sizes.")
]
Seconds = Annotated[
    float | None,
    typer.Option(
        "--seconds", metavar="S", min=0.5, max=86_400, show_default=False,
        help="Seconds of a processor that --prove may take for one problem; without, 10.",
    ),
]  # fmt: skip
OnePart = Annotated[
    str, typer.Option("--part", metavar="LETTER", help="Only this part, by its letter or its id.", show_default=False)
]
AsLatex = Annotated[bool, typer.Option("--latex", help="LaTeX for a document with amsmath, amssymb and bm.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Markdown with TeX mathematics, for MathJax or KaTeX.")]
AsGraph = Annotated[
    Path | None,
    typer.Option("--graph", metavar="FILE", help="Draw the computational graph: FILE is .svg, .png or .pdf."),
]
Resolution = Annotated[
    int | None, typer.Option("--dpi", min=50, max=1200, help="Dots per inch of a PNG; without, 200.")
]
To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar=name_choices(TARGETS.names),
        callback=require_one_of(TARGETS.names),
        help=f"What to write: {describe_rows(TARGETS)}.",
    ),
]
Sizes = Annotated[
    dict[str, int] | None,
    typer.Option(
        "--sizes", metavar="n=2,m=3", parser=parse_sizes, show_default=False,
        help="The sizes of what is written entry by entry; without, small ones.",
    ),
]  # fmt: skip
Name = Annotated[str, typer.Argument(help="The name of the new set, such as homework-3.", show_default=False)]
