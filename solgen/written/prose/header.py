r"""The commands that a course defines in `templates/header.tex.j2`: its prose may use them.

What a package defines is not seen there; a line `% prose: \SI \cancel` of the header says which of it prose may use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

HEADER = "header.tex.j2"
LONGEST = 200_000  # characters of a header that are looked at
_DEFINES = re.compile(
    r"""\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|DeclarePairedDelimiter
      |(?:New|Provide|Declare)DocumentCommand|NewCommandCopy|let|def|newrobustcmd)\s*\*?\s*\{?\s*\\([A-Za-z]+)""",
    re.VERBOSE,
)
_SAYS = re.compile(r"^%\s*prose:(.*)$", re.MULTILINE)


def commands_of_header(templates: Sequence[Path]) -> frozenset[str]:
    """The names of the commands that the header makes known, of the first folder of templates that has one."""
    header = next((file for folder in templates if (file := folder / HEADER).is_file()), None)
    try:
        text = header.read_text(encoding="utf-8", errors="replace")[:LONGEST] if header else ""
    except OSError:
        return frozenset()
    named = (name for line in _SAYS.findall(text) for name in re.findall(r"\\([A-Za-z]+)", line))
    return frozenset((*_DEFINES.findall(text), *named))
