r"""What may reach a template: `Tex`, which is LaTeX already, and plain text, which is escaped.

Templates print a `Tex` as it is and escape every other string (`solgen.document.templates`), so that a title such as
`50% of R&D` can never be read as LaTeX.  In titles, `$…$` is mathematics (docs/format.md, section 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from solgen.expr.present.greek import greek_name


class Tex(str):
    """LaTeX that is meant: a template prints it unchanged."""

    __slots__ = ()


_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
}  # fmt: skip
_MATHEMATICAL = {
    "×": r"\times", "−": "-", "·": r"\cdot", "′": "'", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "→": r"\to",
    "∂": r"\partial", "∇": r"\nabla", "Σ": r"\Sigma", "ᵀ": r"^{\top}",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))


def escape(text: str) -> Tex:
    r"""Plain text as LaTeX: `50%` is `50\%`; Greek letters and raised digits become mathematics."""
    if text.isascii() and _SPECIAL.keys().isdisjoint(text):
        return Tex(text)
    return Tex("".join(rf"\ensuremath{{{p}}}" if math else escape_letters(p) for p, math in split_mathematics(text)))


def escape_letters(text: str) -> str:
    """What is no mathematics, as LaTeX."""
    return "".join(_SPECIAL.get(c, c) for c in text)


def split_mathematics(text: str) -> Iterator[tuple[str, bool]]:
    """Plain text and the LaTeX of the mathematics in it, in turns, and which it is."""
    for raised, run in groupby(text, key=lambda c: c in _RAISED):
        if raised:
            yield f"^{{{''.join(map(_RAISED.__getitem__, run))}}}", True
        else:
            yield from ((found or c, found is not None) for c in run for found in (_mathematical(c),))


def _mathematical(c: str) -> str | None:
    """A sign or a Greek letter as mathematics; None for what is text."""
    if c in _MATHEMATICAL:
        return _MATHEMATICAL[c]
    name = greek_name(c)
    return f"\\{name}" if name else None
