"""What `solgen show` makes of a verified solution: text for a terminal, LaTeX, Markdown, or pictures of its graphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from solgen.build.config import Config
from solgen.build.faults import tell_checked
from solgen.build.graph_image import draw_picture, number_files, portraits
from solgen.build.read_back.forms import FOR_OTHERS, IN_MARKDOWN, IN_TERMINAL
from solgen.build.sets import Solved
from solgen.cli.console import lines, terminal_width
from solgen.document.narration import narrate
from solgen.document.portable import PREFACE, markdown, portable_latex
from solgen.document.telling import no_part
from solgen.figures.drawing.draw import PNG_DPI, Format
from solgen.figures.drawing.pagella import pagella
from solgen.scratch import write_whole

FORMATS = {"latex": FOR_OTHERS, "markdown": IN_MARKDOWN, "terminal": IN_TERMINAL}


def write_solutions(found: Sequence[Solved], part: str, how: Literal["latex", "markdown", "terminal"]) -> str:
    """Solutions as text of one kind.

    Raises InputError where none has that part, VerificationError where one says what nobody checked, or what
    reads as something else.
    """
    tellings = [tell_checked(derivation, part, checks, [FORMATS[how]]) for derivation, checks in found]
    if part:
        tellings = [one for one in tellings if one.parts]
        if not tellings:
            raise no_part(part, [derivation for derivation, _ in found])
    if how == "terminal":
        return lines(line for one in tellings for line in narrate(one, terminal_width()))
    if how == "latex":
        return "\n".join([PREFACE, *map(portable_latex, tellings)])
    return "\n".join(map(markdown, tellings))


def draw_into_files(
    file: Path, kind: Format, found: Sequence[Solved], part: str, dpi: int | None, config: Config
) -> Iterator[Path]:
    """Draw the graphs, then write them into files, one after another.

    Raises InputError where there is nothing to draw, VerificationError where a picture shows what it should not.
    """
    graphs = portraits([derivation for derivation, _ in found], part)
    fonts = pagella(config.cache)
    pictures = [draw_picture(graph, kind, fonts, dpi or PNG_DPI) for graph in graphs]
    for path, picture in zip(number_files(file, len(graphs)), pictures, strict=True):
        write_whole(path, picture)
        yield path
