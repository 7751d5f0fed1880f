"""The faces for figures are TrueType, and the same faces."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from solgen.document.tex.truetype import to_truetype

FACE = "texgyrepagella-regular"


def test_outlines_widths_and_characters_are_those_of_the_source(private: Path) -> None:
    source, made = TTFont(private / f"fonts/{FACE}.otf"), TTFont(private / f"fonts/{FACE}.ttf")
    assert "glyf" in made and "CFF " not in made
    assert made.getBestCmap() == source.getBestCmap()
    assert all(made["hmtx"][name][0] == source["hmtx"][name][0] for name in source.getGlyphOrder())
    for character in "Wgθφ∂1":
        name = source.getBestCmap()[ord(character)]
        bounds = []
        for font in (source, made):
            pen = BoundsPen(font.getGlyphSet())
            font.getGlyphSet()[name].draw(pen)
            bounds.append(pen.bounds)
        assert all(abs(a - b) <= 1.5 for a, b in zip(*bounds, strict=True))  # 1000 units an em


def test_the_same_bytes_each_time(private: Path, tmp_path: Path) -> None:
    (made,) = to_truetype([private / f"fonts/{FACE}.otf"], tmp_path)
    kept = private / f"fonts/{FACE}.ttf"
    assert hashlib.sha256(made.read_bytes()).digest() == hashlib.sha256(kept.read_bytes()).digest()
