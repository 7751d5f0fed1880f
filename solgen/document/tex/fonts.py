"""TeX Gyre Pagella for the figures: the same face as the text.

The private tree carries the faces ready; for a foreign TeX they are looked for where it keeps
fonts, then in the system's font folders, and converted once into the cache.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from solgen.document.tex import recipe, tree
from solgen.document.tex.engine import Engine, locate
from solgen.document.tex.truetype import to_truetype
from solgen.errors import EngineError

_FOLDERS = (
    "/usr/share/fonts/opentype/texgyre", "/usr/share/texmf/fonts/opentype/public/tex-gyre",
    "/usr/share/fonts/tex-gyre", "/usr/share/fonts/texlive-tex-gyre", "/Library/Fonts",
)  # fmt: skip


def pagella_fonts(engine: Engine, cache: Path) -> tuple[Path, ...]:
    """The TrueType files: regular, italic, bold, bold italic, and the mathematics where it exists.

    Raises EngineError when no TeX Gyre Pagella is installed.
    """
    made = tree.tree_path(cache) / "fonts"
    if tree.is_complete(made.parent):
        return _ordered(made)
    sources = _sources(engine)
    if len([path for path in sources if path.name in recipe.PAGELLA[:4]]) < 4:
        raise EngineError("TeX Gyre Pagella is not installed, and figures need it; try solgen doctor --fix")
    return _converted(sources, cache / "fonts")


def _sources(engine: Engine) -> tuple[Path, ...]:
    found = {path.name: path for path in locate(engine, recipe.PAGELLA)}
    for name in recipe.PAGELLA:
        for folder in _FOLDERS:
            path = Path(folder) / name
            if name not in found and path.is_file():
                found[name] = path
    return tuple(found[name] for name in recipe.PAGELLA if name in found)


def _converted(sources: tuple[Path, ...], cache: Path) -> tuple[Path, ...]:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    folder = cache / digest
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as making:
            ready = Path(making) / "ready"
            ready.mkdir()
            to_truetype(sources, ready)
            if not folder.is_dir():  # another process may have been faster; its files are the same
                os.rename(ready, folder)
    return _ordered(folder)


def _ordered(folder: Path) -> tuple[Path, ...]:
    paths = (folder / name.replace(".otf", ".ttf") for name in recipe.PAGELLA)
    return tuple(path for path in paths if path.is_file())
