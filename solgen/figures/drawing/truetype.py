"""OpenType faces with cubic curves, converted to TrueType: matplotlib embeds nothing else.

The curves are replaced by quadratic ones within 1/1000 em, below what any printer or screen shows.
Names, metrics and the character map stay; what belongs to cubic outlines or to layout engines goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

TOLERANCE = 1e-3  # of the em

# Not read by matplotlib, or bound to cubic outlines.
_DROPPED = ("CFF ", "VORG", "GPOS", "GSUB", "GDEF", "DSIG", "FFTM", "BASE")


def to_truetype(sources: Iterable[Path], folder: Path) -> tuple[Path, ...]:
    """Write each `.otf` of `sources` as `.ttf` into `folder`; the same bytes each time."""
    return tuple(_convert(source, folder / f"{source.stem}.ttf") for source in sources)


def _convert(source: Path, target: Path) -> Path:
    font = TTFont(source, recalcTimestamp=False)
    outlines = _quadratic(font)
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = font.getGlyphOrder()
    glyf.glyphs = outlines
    _place(font)
    font["maxp"] = _profile(font["maxp"].numGlyphs)
    font["post"].formatType = 2.0
    font["post"].extraNames, font["post"].mapping = [], {}
    for tag in _DROPPED:
        if tag in font:
            del font[tag]
    font.sfntVersion = "\000\001\000\000"
    font.save(target)
    return target


def _quadratic(font: Any) -> dict[str, Any]:
    glyphs, tolerance = font.getGlyphSet(), TOLERANCE * font["head"].unitsPerEm
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, tolerance, reverse_direction=True))  # TrueType fills clockwise
        outlines[name] = pen.glyph()
    return outlines


def _place(font: Any) -> None:
    """Make each left side bearing the glyph's own xMin: TrueType shifts a glyph by their difference."""
    glyf, metrics = font["glyf"], font["hmtx"].metrics
    for name, (advance, _) in tuple(metrics.items()):
        glyf[name].recalcBounds(glyf)
        metrics[name] = (advance, getattr(glyf[name], "xMin", 0))


def _profile(count: int) -> Any:
    """The `maxp` table of a TrueType font without instructions."""
    profile = newTable("maxp")
    profile.tableVersion, profile.numGlyphs, profile.maxZones = 0x00010000, count, 1
    for field in (
        "maxPoints maxContours maxCompositePoints maxCompositeContours maxTwilightPoints maxStorage "
        "maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions maxComponentElements "
        "maxComponentDepth"
    ).split():
        setattr(profile, field, 0)
    return profile
