"""From packages to a tree: which files are taken, which are kept, where they go, and the three files of our own.

Packages are streamed; of a TeX distribution all that TeX may read is taken at first, wherever a release has put it.
When format and trial document have been made, `prune` keeps what they loaded and what the recipe lists.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import IO

from solgen.tex import apt, recipe
from solgen.tex.apt import Progress

_DISTRIBUTION = re.compile(r"usr/share/(?:texlive/texmf-dist|texmf)/((?:tex|fonts/(?:tfm|vf|type1|enc|map)|web2c)/.+)")
_LIBRARY = re.compile(r"usr/lib/[^/]+/(lib(?:kpathsea|png16)\.so[^/]*)")
_LICENCE = re.compile(r"usr/share/doc/([^/]+)/copyright")


def unpack(archives: tuple[Path, ...], tree: Path, progress: Progress) -> None:
    """Write what TeX may read of each package into `tree`, with the programs, and remove the archives."""
    total = sum(archive.stat().st_size for archive in archives)
    done = 0
    with ThreadPoolExecutor() as pool:  # most of the work is done by the unpackers, processes of their own
        for size in pool.map(lambda archive: _unpack_one(archive, tree), archives):
            done += size
            progress("unpack", done / max(total, 1))


def _unpack_one(archive: Path, tree: Path) -> int:
    """Write what TeX may read of one package, and remove the archive; returns its size in bytes."""
    for member, content in apt.unpack(archive):
        target = _place_in_tree(member)
        if target is not None:
            _write(tree / target, member, content)
    size = archive.stat().st_size
    archive.unlink()
    return size


def _write(path: Path, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        with path.open("wb") as sink:
            shutil.copyfileobj(content, sink)
        path.chmod(0o755 if member.mode & 0o100 else 0o644)
    elif member.issym() and not path.is_symlink():
        path.symlink_to(PurePosixPath(member.linkname).name)


def _place_in_tree(member: tarfile.TarInfo) -> str | None:
    """Where a member of a package goes in the tree; None when TeX never reads it."""
    name = member.name.removeprefix("./")
    if library := _LIBRARY.fullmatch(name):
        return f"lib/{library[1]}"
    if not member.isreg():
        return None
    if name in ("usr/bin/pdftex", "usr/bin/kpsewhich"):
        return f"bin/{PurePosixPath(name).name}"
    if licence := _LICENCE.fullmatch(name):
        return f"licences/{licence[1]}"
    distributed = _DISTRIBUTION.fullmatch(name)
    return f"texmf/{distributed[1]}" if distributed else None


def prune(tree: Path, loaded: frozenset[Path]) -> None:
    """Remove what was neither `loaded` nor is listed in the recipe; font map and database follow."""
    texmf = tree / "texmf"
    for folder, subfolders, names in os.walk(texmf, topdown=False):
        for name in names:
            path = Path(folder, name)
            if path not in loaded and not is_listed(path.relative_to(texmf).as_posix()):
                path.unlink()
        if not any(Path(folder, sub).exists() for sub in subfolders) and not os.listdir(folder):
            os.rmdir(folder)
    configure(tree)


def is_listed(path: str) -> bool:
    """Whether a file of the distribution is kept for headers of one's own, or is one of our own files."""
    match path.split("/"):
        case ["tex", "latex", folder, *_]:
            return folder in recipe.LATEX
        case ["tex", "generic", folder, *_]:
            return folder in recipe.GENERIC
        case ["fonts", ("tfm" | "vf" | "type1" | "enc" | "map"), *_, family, name]:
            faces = recipe.FACES.get(family, ("",))
            return family in recipe.FONT_FAMILIES and name.startswith(faces)
        case ["web2c", *_]:
            return path == "web2c/texmf.cnf" or path.startswith("web2c/pdftex/")
    return False


def configure(tree: Path) -> None:
    """Write our own files: configuration, languages, the joined font map, the file database."""
    texmf = tree / "texmf"
    for name, text in (
        ("web2c/texmf.cnf", recipe.TEXMF_CNF),
        ("tex/generic/config/language.dat", recipe.LANGUAGE_DAT),
        ("fonts/map/pdftex/pdftex.map", _font_map(texmf / "fonts")),
    ):
        path = texmf / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (texmf / "ls-R").write_text(database(texmf))


def _font_map(fonts: Path) -> str:
    """All kept map files as one: a line a font, only for glyph files that are in the tree."""
    outlines = {path.name for path in (fonts / "type1").rglob("*.pfb")}
    lines: dict[str, str] = {}
    for path in sorted((fonts / "map").rglob("*.map")):
        for line in path.read_text(encoding="latin-1").splitlines():
            files = set(re.findall(r"<\[?<?\s*(\S+\.pfb)", line))
            if files and files <= outlines and not line.startswith(("%", "#", "*")):
                lines.setdefault(line.split()[0], line)
    return "".join(f"{line}\n" for line in lines.values())


def database(texmf: Path) -> str:
    """The file database in the format of kpathsea's ls-R."""
    blocks = ["% ls-R -- filename database for kpathsea; do not change this line."]
    for folder, _, names in sorted(os.walk(texmf)):
        relative = PurePosixPath(Path(folder).relative_to(texmf))
        blocks.append("\n".join([f"./{relative}:" if folder != str(texmf) else "./:", *sorted(names), ""]))
    return "\n".join(blocks)
