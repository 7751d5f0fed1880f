r"""Plain text that a person typed and in which `$…$` is mathematics: titles and remarks (docs/format.md, section 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = re.compile(r"[\\${}~^_#%&\[\]]")  # with which what is not plain words begins
_MATHEMATICS = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", re.DOTALL)


def in_turns(text: str) -> Iterator[tuple[str, bool]]:
    """Plain text and mathematics in turns, and which it is."""
    for k, piece in enumerate(_MATHEMATICS.split(text)):
        yield (piece, True) if k % 2 else (piece.replace(r"\$", "$"), False)


def without_marks(text: str) -> str:
    """A title without its mathematics' marks, for the outline and the metadata of the PDF."""
    bare = (re.sub(r"\\[A-Za-z]+\s*|[{}\\]", "", piece) if math else piece for piece, math in in_turns(text))
    return " ".join("".join(bare).split())


def plain_beginning(text: str, longest: int, goes_on: bool = False) -> str:
    """The whole words with which a text of LaTeX begins before any mark; ` …` where it goes on, nothing without words.

    longest: so many characters at most; goes_on: whether something follows the text.
    """
    before = re.split(MARK, text, maxsplit=1)[0]
    words = before.split()
    if before != text and words and not before[-1].isspace():
        words.pop()
    while len(" ".join(words)) > longest:
        words.pop()
    return " ".join(words) + (" …" if words and (goes_on or words != text.split()) else "")
