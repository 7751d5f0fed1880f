r"""Equations that a person types take no number: those on the page are ours, and count what was verified."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"\\(begin|end)(\s*)\{(equation|align|gather|multline|flalign|alignat|eqnarray)\}")


def without_numbers(tex: str) -> str:
    r"""The text with `equation*` for `equation`, and so for the other environments that would count."""
    return _NUMBERED.sub(r"\\\1\2{\3*}", tex)
