"""Preambles kept as formats: TeX's memory after the preamble, dumped, so that a pass starts there.

Loading our packages takes longer than typesetting our pages.  A dumped preamble is an optimisation
only: it is kept under the hash of everything it was made of, and used only after one document has
come out, byte for byte, as without it (`run` compares).  One that cannot be dumped, or changes the
page, is remembered as refused.  Beside each lies its seal, the digest of its name and content: one that is no longer
what was kept is made anew.  A cache that cannot be written only costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solgen.scratch import remove_stale, write_whole
from solgen.tex.engine import Engine

KEPT = 8  # formats in the cache; each has some 25 MB

# Files that a preamble may load; pictures may change without making it another one.
_LOADED = (".tex", ".sty", ".cls", ".def", ".cfg", ".clo", ".fd")
LOST = r"\csname solgenlost\endcsname "  # nothing, or what the preamble had put into the output
_BEGIN = re.compile(r"^\\begin\{document\}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Split:
    """A document cut before `\\begin{document}`; `body` keeps the line numbers of the whole."""

    preamble: str
    body: str


def split_preamble(tex: str) -> Split | None:
    """Cut a document at the line that begins with `\\begin{document}`; None when there is none."""
    begin = _BEGIN.search(tex)
    if begin is None:
        return None
    preamble = tex[: begin.start()]
    return Split(preamble, "%\n" * preamble.count("\n") + LOST + tex[begin.start() :])


def store_path(cache: Path, engine: Engine, preamble: str, assets: Mapping[str, bytes], jobname: str) -> Path:
    """Where the format of this preamble is kept, under this engine and with these files beside it."""
    digest = hashlib.sha256()
    for part in (*engine.command, engine.version, engine.format, engine.origin, jobname, preamble):
        digest.update(part.encode() + b"\0")
    for name in sorted(assets):
        if name.endswith(_LOADED):
            digest.update(name.encode() + b"\0" + hashlib.sha256(assets[name]).digest())
    return cache / "preambles" / f"{digest.hexdigest()[:32]}.fmt"


def is_refused(stored: Path) -> bool:
    """Was this preamble tried, and found not to give the same page?"""
    return stored.with_suffix(".refused").exists()


def refuse(stored: Path) -> None:
    """Remember that this preamble is not to be dumped."""
    with contextlib.suppress(OSError):
        write_whole(stored.with_suffix(".refused"), b"")


def is_whole(stored: Path) -> bool:
    """Whether the format is there, and is what was kept under this name."""
    try:
        return stored.with_suffix(".seal").read_text() == _seal(stored)
    except (OSError, UnicodeDecodeError):
        return False


def keep(dumped: Path, stored: Path) -> None:
    """Put a proven format into the cache, whole, and drop those not used for longest."""
    with contextlib.suppress(OSError):  # the cache cannot be written, or another process is dropping them too
        remove_stale(stored.parent)
        write_whole(stored, dumped.read_bytes())
        write_whole(stored.with_suffix(".seal"), _seal(stored).encode())
        formats = sorted(stored.parent.glob("*.fmt"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in formats[KEPT:]:
            old.with_suffix(".seal").unlink(missing_ok=True)
            old.unlink(missing_ok=True)


def _seal(stored: Path) -> str:
    with stored.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{stored.name} {content}".encode()).hexdigest()


def borrow(stored: Path, at: Path) -> Path | None:
    """The format under a name of the run's own, so that nobody drops it meanwhile; None when it is gone already."""
    try:
        os.link(stored, at)
    except OSError:  # another file system, or none with links
        try:
            shutil.copyfile(stored, at)
        except OSError:
            return None
    return at


def touch(stored: Path) -> None:
    """Note that a format is in use."""
    with contextlib.suppress(OSError):  # the cache may be read-only, or another process have pruned it
        stored.touch()
