r"""Plain text that a person typed and in which `$…$` is mathematics: titles and remarks (FORMAT.md, section 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MATHEMATICS = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", re.DOTALL)


def in_turns(text: str) -> Iterator[tuple[str, bool]]:
    """Plain text and mathematics in turns, and which it is."""
    for k, piece in enumerate(_MATHEMATICS.split(text)):
        yield (piece, True) if k % 2 else (piece.replace(r"\$", "$"), False)


def without_marks(text: str) -> str:
    """A title without its mathematics' marks, for the outline and the metadata of the PDF."""
    bare = (re.sub(r"\\[A-Za-z]+\s*|[{}\\]", "", piece) if math else piece for piece, math in in_turns(text))
    return " ".join("".join(bare).split())
