"""Faces for figures, and the measuring of text in them by matplotlib's own mathtext (slow to import).

A figure is set in the document's face when its TrueType files are given (regular, bold, italic, bold
italic), else in STIX, which travels with matplotlib. Glyphs that a face lacks come from STIX too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from solgen.errors import Refused
from solgen.figures.layout.picture import Extent, Measure

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

LARGE = 90.0  # points; the size at which text is measured

Fonts = tuple[Path, ...]  # regular, bold, italic, bold italic; or empty

# what TeX knows under another name than mathtext, or what mathtext does of itself
_SIZES = {f"{size}{side}": "" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
SPELLINGS: Mapping[str, str] = MappingProxyType({
    "ge": r"\geq", "le": r"\leq", "lvert": "|", "rvert": "|", "lVert": r"\Vert", "rVert": r"\Vert", "tfrac": r"\frac",
    "dfrac": r"\frac", "bm": r"\mathbfit", "boldsymbol": r"\mathbfit", "textit": r"\mathit", "textbf": r"\mathbf",
    "textsc": r"\mathrm", "ensuremath": "", "limits": "", "nolimits": "", **_SIZES,
})  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_SCRIPT = re.compile(r"\\(?:mathcal|mathscr)\s*(?:\{\s*([A-Z])\s*\}|([A-Z]))")
_SCRIPTS = dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))  # those that are no mathematical alphanumerics


def readable(text: str) -> str:
    """Mathematics in TeX's words as mathtext reads it: `\\bm{W} \\ge 0` as `\\mathbfit{W} \\geq 0`."""
    named = _COMMAND.sub(lambda m: f"{SPELLINGS[m[1]]} " if m[1] in SPELLINGS else rf"\{m[1]}", text)
    return _SCRIPT.sub(lambda m: _script(m[1] or m[2]), named)


def _script(letter: str) -> str:
    """A calligraphic letter as a character of its own: every face has an L, so mathtext would take the plain one."""
    return _SCRIPTS.get(letter) or chr(ord("\N{MATHEMATICAL SCRIPT CAPITAL A}") + ord(letter) - ord("A"))


_escaped = partial(re.compile(r"(?=[\\=_:,])").sub, r"\\")


def settings(fonts: Fonts) -> dict[Any, Any]:
    """The matplotlib settings for these faces; files are named, so no installed font interferes."""
    common: dict[str, object] = {
        "mathtext.fallback": "stix",
        "font.family": ["STIXGeneral"],
        "text.usetex": False,
        "text.hinting": "none",
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "solgen",
        "path.simplify": False,
    }
    if not fonts:
        return common | {"mathtext.fontset": "stix"}
    regular, bold, italic, bold_italic = (f":file={_escaped(str(path))}" for path in fonts)
    faces = {"rm": regular, "sf": regular, "tt": regular, "it": italic, "cal": italic}
    faces |= {"bf": bold, "bfit": bold_italic}
    return common | {"mathtext.fontset": "custom"} | {f"mathtext.{key}": face for key, face in faces.items()}


def properties(fonts: Fonts, size: float) -> FontProperties:
    """matplotlib's description of a text of that size in these faces."""
    from matplotlib.font_manager import FontProperties

    if not fonts:
        return FontProperties(family="STIXGeneral", size=size, math_fontfamily="stix")
    return FontProperties(fname=fonts[0], size=size, math_fontfamily="custom")


def measurer(fonts: Fonts = ()) -> Measure:
    """A function that measures mathtext in these faces.

    Text is measured once, at a large size, since matplotlib rounds up to whole points.  The function raises `Refused`
    when mathtext cannot read a label.
    """
    from matplotlib import rc_context
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    known: dict[str, Extent] = {}

    def measure(text: str, size: float) -> Extent:
        if text not in known:
            with rc_context(settings(fonts)):
                try:
                    found = parser.parse(f"${readable(text)}$", dpi=72, prop=properties(fonts, LARGE))
                except ValueError as error:
                    raise Refused(f"a figure cannot show the label {text}", _why(error)) from error
            width, height, depth = found[:3]
            known[text] = Extent(float(width), float(height - depth), float(depth))
        return known[text].scale(size / LARGE)

    return measure


def _why(error: ValueError) -> str:
    """The last line of mathtext's complaint, without the position in a text that nobody typed."""
    found = re.search(r"(?:Unknown symbol: \\\w+|Expected .*?)(?=,|$)", str(error).splitlines()[-1])
    return f"{found[0] if found else 'it is not mathematics that figures know'}; see `latex:` of the problem"
