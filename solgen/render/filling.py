"""Text in lines of so many columns: broken at spaces alone, and never within what is kept together.

Nothing of the text is read: where its paragraphs end and where it may break is all that matters here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

NO_BREAK = "\N{NO-BREAK SPACE}"
BULLET = "• "
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=• )")


def forbid_breaks(text: str) -> str:
    """The text with spaces at which no line breaks."""
    return text.replace(" ", NO_BREAK)


def restore_spaces(text: str) -> str:
    """The text with the spaces that a reader sees."""
    return text.replace(NO_BREAK, " ")


def paragraphs(text: str) -> Iterator[tuple[str, int]]:
    """The paragraphs and the items of lists, each with the columns by which its further lines are indented."""
    for paragraph in _PARAGRAPH.split(text):
        yield paragraph, len(BULLET) if paragraph.startswith(BULLET) else 0


def fill_lines(text: str, width: int, hanging: int = 0) -> list[str]:
    """The text in lines, all but the first indented."""
    lines = [""]
    for word in filter(None, re.split(r"[ \n]+", text)):
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else f"{lines[-1]}{word}"
        if cell_len(longer) > width and lines[-1].strip():
            lines.append(" " * hanging + word)
        else:
            lines[-1] = longer
    return [restore_spaces(line) for line in lines]
