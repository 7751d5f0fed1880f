"""The private TeX tree: made once in the user's cache, without root, whole or not at all.

    <cache>/tex/<RECIPE_ID>/
      bin/      pdftex, kpsewhich          lib/     libkpathsea, libpng
      texmf/    packages, fonts, ls-R, web2c/texmf.cnf, web2c/pdftex/pdflatex.fmt
      licences/ the packages' copyright files
      manifest.json                        what it was made of, and the digest of all its files; written last

Folders and files move from release to release of TeX, so nothing that we need is kept by its place: format and
trial document are made from all that the packages have, TeX records what it read (`-recorder`), and that is kept.
The tree is made in a folder beside and renamed when the trial has come out of what is left; a lock keeps two
processes from making it twice.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

from solgen.errors import EngineError
from solgen.scratch import scratch_folder, write_whole
from solgen.tex import advice, apt, assemble, recipe
from solgen.tex.apt import Progress

if sys.platform != "win32":
    import fcntl

Trial = Callable[[], str]

LOCK_PATIENCE = 900.0  # seconds to wait for another process that is making the tree


def tree_path(cache: Path) -> Path:
    """Where the private tree of this recipe is, or would be."""
    return cache / "tex" / recipe.RECIPE_ID


def is_complete(tree: Path) -> bool:
    """Was this tree made to the end?  (The manifest is the last file written before the rename.)"""
    return (tree / "manifest.json").is_file() and (tree / "bin" / "pdftex").is_file()


def environment(tree: Path) -> tuple[tuple[str, str], ...]:
    """Variables under which the tree's programs run, and nothing of the caller's besides."""
    return (
        ("PATH", f"{tree / 'bin'}:/usr/bin:/bin"),
        ("LD_LIBRARY_PATH", str(tree / "lib")),
        ("TEXMFCNF", str(tree / "texmf" / "web2c")),
    )


def version(tree: Path) -> str:
    """The banner of the tree's pdfTeX; empty where the manifest is damaged."""
    return str(_read_manifest(tree).get("version", ""))


def stamp(tree: Path) -> str:
    """The names, times and sizes of all files of a tree: while it stays the same, nobody has touched them."""
    stamps = [f"{path} {stat.st_mtime_ns} {stat.st_size}" for path, stat in _walk(tree)]
    return hashlib.sha256("\n".join(sorted(stamps)).encode("utf-8", "surrogatepass")).hexdigest()


def find_damage(tree: Path) -> str:
    """What is wrong with a tree that was made to the end; nothing where its files are those that were made."""
    manifest = _read_manifest(tree)
    if not manifest.get("version"):
        return "its manifest is damaged"
    if "contents" not in manifest:  # made by an older solgen
        return ""
    return "" if manifest["contents"] == _contents(tree, manifest) else "its files are not those that were made"


def seal(tree: Path) -> None:
    """Note the digest of all files of a tree that works, where its manifest does not have it yet."""
    manifest = _read_manifest(tree)
    if manifest and "contents" not in manifest:
        with contextlib.suppress(OSError):
            write_whole(tree / "manifest.json", _manifest_text(tree, manifest))


def _manifest_text(tree: Path, manifest: Mapping[str, object]) -> bytes:
    whole = {**manifest, "contents": _contents(tree, manifest)}
    return json.dumps(whole, indent=1).encode()


def _contents(tree: Path, manifest: Mapping[str, object]) -> str:
    """The SHA-256 of the tree's files, by name and content, and of what else its manifest says."""
    whole = hashlib.sha256(repr(sorted((k, v) for k, v in manifest.items() if k != "contents")).encode())
    try:
        for path in sorted(path for path, _ in _walk(tree)):
            if path != str(tree / "manifest.json"):
                with open(path, "rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
                whole.update(f"\0{os.path.relpath(path, tree)}\0{content}".encode("utf-8", "surrogatepass"))
    except OSError as trouble:
        return f"unreadable: {trouble}"
    return whole.hexdigest()


def _walk(folder: Path | str) -> Iterator[tuple[str, os.stat_result]]:
    """Every file below a folder, with its stamp."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.is_file():
            yield entry.path, entry.stat()


def _read_manifest(tree: Path) -> dict[str, object]:
    """What the manifest says; nothing where it is damaged."""
    try:
        manifest = json.loads((tree / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def make_tree(cache: Path, trial: Trial, progress: Progress) -> Path:
    """Make the private tree unless it is there and works; returns its folder.

    `trial()` is the LaTeX source of a document that must come out of it.  Raises EngineError: on a system without
    apt (naming that system's one command), without network, on a full disk, or when the trial document fails.
    """
    tree = tree_path(cache)
    if _works(tree, trial):
        return tree
    if not apt.available():
        raise EngineError(f"no usable TeX was found; install one with: {advice.install_command()}")
    try:
        tree.parent.mkdir(parents=True, exist_ok=True)
        with _lock(tree.parent / "lock", progress):
            if not _works(tree, trial):  # another process may have made it meanwhile
                _make(tree, trial, progress)
    except OSError as trouble:
        raise EngineError(f"the private TeX tree could not be made in {tree.parent}: {trouble}") from trouble
    return tree


@contextlib.contextmanager
def _lock(path: Path, progress: Progress) -> Iterator[None]:
    """Hold an advisory lock on `path`; the kernel frees it if this process dies."""
    start = time.monotonic()
    with path.open("w") as handle:
        while not _try_lock(handle):
            if time.monotonic() - start > LOCK_PATIENCE:
                raise EngineError("another process has been making the private TeX tree for too long")
            progress("waiting for another solgen", 0.0)
            time.sleep(0.2)
        yield


def _try_lock(handle: IO[str]) -> bool:
    if sys.platform == "win32":
        return True  # the tree is never made there
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make(tree: Path, trial: Trial, progress: Progress) -> None:
    for left in tree.parent.glob(".making-*"):  # of a process that was killed
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=".making-", dir=tree.parent))
    try:
        new = folder / "tree"
        archives = apt.fetch(recipe.PACKAGES, folder, progress)
        assemble.unpack(archives, new, progress)
        assemble.configure(new)
        progress("format", 0.0)
        loaded = _build_format(new)
        progress("trial document", 0.0)
        source = trial()
        assemble.prune(new, loaded | _try_out(new, source))
        _try_out(new, source)
        (new / "manifest.json").write_bytes(_manifest_text(new, _manifest(new, archives)))
        if tree.exists():
            shutil.rmtree(tree)
        new.rename(tree)
        progress("done", 1.0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _manifest(tree: Path, archives: tuple[Path, ...]) -> dict[str, object]:
    version = _tool(tree, tree, "pdftex", "--version").splitlines()[0]
    packages = [archive.name for archive in archives]
    return {"recipe": recipe.RECIPE_ID, "version": version, "packages": packages}


def _build_format(tree: Path) -> frozenset[Path]:
    """Dump the LaTeX format, stored uncompressed, for it is read at every run; returns the files it was made of."""
    target = tree / "texmf" / "web2c" / "pdftex"
    target.mkdir(parents=True)
    _tool(
        tree, target, "pdftex", "-ini", "-etex", "-recorder", "-jobname=pdflatex", "-progname=pdflatex",
        "-interaction=nonstopmode", "-translate-file=cp227.tcx", "*pdflatex.ini",
    )  # fmt: skip
    dumped = target / "pdflatex.fmt"
    data = dumped.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        dumped.write_bytes(gzip.decompress(data))
    loaded = _read_record(target / "pdflatex.fls")
    for written in ("log", "fls"):
        (target / f"pdflatex.{written}").unlink()
    (tree / "texmf" / "ls-R").write_text(assemble.database(tree / "texmf"))
    return loaded | {tree / "texmf" / "web2c" / "cp227.tcx"}


def _works(tree: Path, trial: Trial) -> bool:
    """Whether the tree is whole, and the trial document comes out of it."""
    if not is_complete(tree) or find_damage(tree):
        return False
    try:
        _try_out(tree, trial())
    except EngineError:
        return False
    return True


def _try_out(tree: Path, source: str) -> frozenset[Path]:
    """Typeset the trial document as often as its references need; returns the files that were read."""
    with scratch_folder() as folder:
        (folder / "trial.tex").write_text(source, encoding="utf-8")
        for _ in range(2):
            _tool(
                tree, folder, "pdftex", "-progname=pdflatex", "-fmt=pdflatex", "-no-shell-escape", "-recorder",
                "-interaction=nonstopmode", "-halt-on-error", "trial.tex",
            )  # fmt: skip
        return _read_record(folder / "trial.fls")


def _read_record(record: Path) -> frozenset[Path]:
    """The files that TeX says it read, by their full names."""
    lines = record.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return frozenset(Path(line.removeprefix("INPUT ")) for line in lines if line.startswith("INPUT /"))


def _tool(tree: Path, folder: Path, program: str, *arguments: str) -> str:
    """What a program of the tree prints, run in `folder`; EngineError with its errors when it fails."""
    try:
        done = subprocess.run(
            (str(tree / "bin" / program), *arguments), cwd=folder, env=dict(environment(tree)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise EngineError(f"the private TeX tree does not work: {trouble}") from trouble
    output = done.stdout.decode(errors="replace")
    if done.returncode:
        lines = output.splitlines()
        errors = [line for line in lines if re.match(r"!|\S+:\d+: ", line)] or lines[-3:]
        raise EngineError(f"the private TeX tree does not work: {' / '.join(errors)}")
    return output
