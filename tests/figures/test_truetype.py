"""The faces for figures are TrueType, and the same faces."""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from solgen.figures.drawing.pagella import SOURCES, pagella
from solgen.figures.drawing.truetype import to_truetype

SOURCE = SOURCES[0]


def test_outlines_widths_and_characters_are_those_of_the_source(tmp_path: Path) -> None:
    source, made = TTFont(SOURCE), TTFont(pagella(tmp_path)[0])
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


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    (made,) = to_truetype([SOURCE], tmp_path)
    assert made.read_bytes() == pagella(tmp_path / "cache")[0].read_bytes()


def test_the_faces_are_converted_once(tmp_path: Path) -> None:
    first = pagella(tmp_path)
    assert [path.stem.removeprefix("texgyrepagella-") for path in first] == ["regular", "bold", "italic", "bolditalic"]
    stamps = [path.stat().st_mtime_ns for path in first]
    assert pagella(tmp_path) == first
    assert [path.stat().st_mtime_ns for path in first] == stamps
    assert first[0].is_relative_to(tmp_path / "fonts")


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "fonts").write_text("a file where a folder should be")
    faces = pagella(tmp_path)
    assert all(face.is_file() for face in faces)
    assert pagella(tmp_path) == faces
