r"""What may reach a template: `Tex`, which is LaTeX already, and plain text, which is escaped.

Templates print a `Tex` as it is and escape every other string (`solgen.document.templates`), so that a title such as
`50% of R&D` can never be read as LaTeX.  In titles, `$…$` is mathematics (FORMAT.md, section 1).
"""

from __future__ import annotations

import re
import unicodedata


class Tex(str):
    """LaTeX that is meant: a template prints it unchanged."""

    __slots__ = ()


_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    "×": r"\ensuremath{\times}", "−": r"\ensuremath{-}", "·": r"\ensuremath{\cdot}", "′": r"\ensuremath{'}",
    "≤": r"\ensuremath{\le}", "≥": r"\ensuremath{\ge}", "≠": r"\ensuremath{\ne}", "→": r"\ensuremath{\to}",
    "∂": r"\ensuremath{\partial}", "∇": r"\ensuremath{\nabla}", "Σ": r"\ensuremath{\Sigma}",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789-T")
_MATH = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", re.DOTALL)
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


def escape(text: str) -> Tex:
    r"""Plain text as LaTeX: `50%` is `50\%`; Greek letters and raised digits become mathematics."""
    raised = _RAISED.split(text)
    powers = [p.translate(_SUPERSCRIPTS) for p in _RAISED.findall(text)]
    parts = ["".join(map(_character, part)) for part in raised]
    tail = "".join(rf"\ensuremath{{^{{{p}}}}}{part}" for p, part in zip(powers, parts[1:], strict=True))
    return Tex(parts[0] + tail)


def escape_title(text: str) -> Tex:
    """Plain text in which `$…$` is mathematics."""
    pieces = _MATH.split(text)
    return Tex("".join(f"${p}$" if k % 2 else escape(p.replace(r"\$", "$")) for k, p in enumerate(pieces)))


def plain(text: str) -> str:
    """A title without its mathematics' marks, for the outline and the metadata of the PDF."""
    pieces = _MATH.split(text)
    bare = (re.sub(r"\\[A-Za-z]+\s*|[{}\\]", "", p) if k % 2 else p.replace(r"\$", "$") for k, p in enumerate(pieces))
    return " ".join("".join(bare).split())


def _character(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c == "ᵀ":
        return r"\ensuremath{^{\top}}"
    words = unicodedata.name(c, "").split() if ord(c) > 0x36F else []
    if words[:1] == ["GREEK"] and words[-2:-1] == ["LETTER"]:
        command = words[-1].lower().replace("lamda", "lambda")
        return rf"\ensuremath{{\{command.capitalize() if 'CAPITAL' in words else command}}}"
    return c
