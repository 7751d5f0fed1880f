"""TeX Gyre Pagella for the figures: the face of the text, which travels with solgen as its makers publish it.

matplotlib embeds TrueType alone, so the four OpenType files in `faces/` are converted, once, into the user's cache.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache as remembered
from hashlib import sha256
from pathlib import Path

from solgen.figures.drawing.fonts import Fonts
from solgen.figures.drawing.truetype import to_truetype

SOURCES = tuple(
    Path(__file__).with_name("faces") / f"texgyrepagella-{face}.otf"
    for face in ("regular", "bold", "italic", "bolditalic")
)


def pagella(cache: Path) -> Fonts:
    """The TrueType files: regular, bold, italic, bold italic.

    A cache that cannot be written costs the conversion again in every process. Raises OSError only where no folder
    for temporary files can be written either.
    """
    digest = sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()[:12]
    folder = cache / "fonts" / digest
    if not all(face.is_file() for face in _faces(folder)):
        try:
            _convert_into(folder)
        except OSError:
            folder = Path(_converted_here().name)
    return _faces(folder)


def _faces(folder: Path) -> Fonts:
    return tuple(folder / f"{source.stem}.ttf" for source in SOURCES)


def _convert_into(folder: Path) -> None:
    """Make the folder whole or not at all; another process may make it at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as making:
        to_truetype(SOURCES, Path(making))
        folder.mkdir(exist_ok=True)
        for face in _faces(Path(making)):
            os.replace(face, folder / face.name)


@remembered
def _converted_here() -> tempfile.TemporaryDirectory[str]:
    """The faces for this process alone; the folder goes with it."""
    folder = tempfile.TemporaryDirectory(prefix="solgen-faces-")
    to_truetype(SOURCES, Path(folder.name))
    return folder
