"""TeX Gyre Pagella for the figures: the face of the text, which travels with solgen as its makers publish it.

matplotlib embeds TrueType alone, so the four OpenType files in `faces/` are converted, once, into the user's cache.
Beside them lies their digest: faces that are no longer what was made are made anew.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from functools import cache as remembered
from hashlib import sha256
from pathlib import Path

from solgen.figures.drawing.fonts import Fonts
from solgen.figures.drawing.truetype import to_truetype
from solgen.scratch import scratch_folder, write_whole

SOURCES = tuple(
    Path(__file__).with_name("faces") / f"texgyrepagella-{face}.otf"
    for face in ("regular", "bold", "italic", "bolditalic")
)
SEAL = "seal"
KEPT = ExitStack()  # what lasts as long as this process
atexit.register(KEPT.close)


def pagella(cache: Path) -> Fonts:
    """The TrueType files: regular, bold, italic, bold italic.

    A cache that cannot be written costs the conversion again in every process. Raises OSError only where no folder
    for temporary files can be written either.
    """
    digest = sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()[:12]
    folder = cache / "fonts" / digest
    if not _is_whole(folder):
        try:
            _convert_into(folder)
        except OSError:
            folder = _converted_here()
    return _faces(folder)


def _faces(folder: Path) -> Fonts:
    return tuple(folder / f"{source.stem}.ttf" for source in SOURCES)


def _is_whole(folder: Path) -> bool:
    try:
        return (folder / SEAL).read_text() == _seal(folder)
    except (OSError, UnicodeDecodeError):
        return False


def _seal(folder: Path) -> str:
    return " ".join(sha256(face.read_bytes()).hexdigest() for face in _faces(folder))


def _convert_into(folder: Path) -> None:
    """Make each face whole or not at all, and their seal last; another process may make the same at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    with scratch_folder(folder.parent) as making:
        to_truetype(SOURCES, making)
        for face in _faces(making):
            os.replace(face, folder / face.name)
    write_whole(folder / SEAL, _seal(folder).encode())


@remembered
def _converted_here() -> Path:
    """The faces for this process alone; the folder goes with it."""
    folder = KEPT.enter_context(scratch_folder())
    to_truetype(SOURCES, folder)
    return folder
