"""The private TeX tree: made once in the user's cache, without root, whole or not at all.

    <cache>/tex/<RECIPE_ID>/
      bin/      pdftex, kpsewhich          lib/     libkpathsea, libpng
      texmf/    packages, fonts, ls-R, web2c/texmf.cnf, web2c/pdftex/pdflatex.fmt
      fonts/    TeX Gyre Pagella, OpenType, and TrueType for figures
      licences/ the packages' copyright files
      manifest.json                        what it was made of; written last

It is made in a folder beside and renamed when a small document has compiled; a lock keeps two
processes from making it twice.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import IO

from solgen.document.tex import apt, recipe
from solgen.document.tex.apt import Progress
from solgen.document.tex.truetype import to_truetype
from solgen.errors import EngineError

if sys.platform != "win32":
    import fcntl

LOCK_PATIENCE = 900.0  # seconds to wait for another process that is making the tree

_DISTRIBUTION = re.compile(r"usr/share/(?:texlive/texmf-dist|texmf)/(.+)")
_LIBRARY = re.compile(r"usr/lib/[^/]+/(lib(?:kpathsea|png16)\.so[^/]*)")
_LICENCE = re.compile(r"usr/share/doc/([^/]+)/copyright")


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


def make_tree(cache: Path, progress: Progress) -> Path:
    """Make the private tree unless it is there; returns its folder.

    Raises EngineError: on a system without apt (naming that system's one command), without
    network, on a full disk, or when the tree that was made does not compile the trial document.
    """
    tree = tree_path(cache)
    if is_complete(tree):
        return tree
    if not apt.available():
        raise EngineError(f"no usable TeX was found; install one with: {install_command()}")
    try:
        tree.parent.mkdir(parents=True, exist_ok=True)
        with _lock(tree.parent / "lock", progress):
            if not is_complete(tree):
                _make(tree, progress)
    except OSError as trouble:
        raise EngineError(f"the private TeX tree could not be made in {tree.parent}: {trouble}") from trouble
    return tree


def install_command() -> str:
    """The one command that installs a sufficient TeX on this platform."""
    packages = "collection-latexrecommended collection-fontsrecommended collection-pictures tcolorbox"
    extra = "enumitem lastpage needspace tex-gyre accsupp mathpazo titlesec tikzfill pdfcol"
    if sys.platform == "darwin":
        return f"brew install --cask basictex && sudo tlmgr update --self && sudo tlmgr install {packages} {extra}"
    if sys.platform == "win32":
        return "winget install MiKTeX.MiKTeX"
    return _LINUX_COMMANDS.get(_distribution(), "install TeX Live (https://tug.org/texlive/quickinstall.html)")


_LINUX_COMMANDS = {
    "fedora": "sudo dnf install texlive-scheme-medium texlive-tcolorbox texlive-tex-gyre texlive-tikzfill",
    "arch": "sudo pacman -S texlive-latexextra texlive-fontsrecommended texlive-pictures",
    "suse": "sudo zypper install texlive-scheme-medium texlive-tcolorbox texlive-tex-gyre",
    "alpine": "sudo apk add texmf-dist-latexextra texmf-dist-fontsrecommended texmf-dist-pictures texlive",
    "debian": "sudo apt install texlive-latex-extra texlive-fonts-recommended texlive-pictures tex-gyre lmodern",
}  # fmt: skip


def _distribution() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    words = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".replace("opensuse", "suse").split()
    return next((word for word in words if word in _LINUX_COMMANDS), "")


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


def _make(tree: Path, progress: Progress) -> None:
    for left in tree.parent.glob(".making-*"):  # of a process that was killed
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=".making-", dir=tree.parent))
    try:
        new = folder / "tree"
        archives = apt.fetch(recipe.PACKAGES, folder, progress)
        _unpack(archives, new, progress)
        _configure(new)
        progress("format and fonts", 0.0)
        with ThreadPoolExecutor() as pool:  # the format is another process's work
            faces = pool.submit(to_truetype, sorted((new / "fonts").glob("*.otf")), new / "fonts")
            _build_format(new)
            faces.result()
        progress("trial document", 0.0)
        _try_out(new)
        (new / "manifest.json").write_text(json.dumps(_manifest(new, archives), indent=1))
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


def _unpack(archives: tuple[Path, ...], tree: Path, progress: Progress) -> None:
    total = sum(archive.stat().st_size for archive in archives)
    done = 0
    for archive in archives:
        for member, content in apt.unpack(archive):
            target = _kept(member)
            if target is not None:
                _write(tree / target, member, content)
        done += archive.stat().st_size
        archive.unlink()
        progress("unpack", done / max(total, 1))


def _write(path: Path, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        with path.open("wb") as sink:
            shutil.copyfileobj(content, sink)
        path.chmod(0o755 if member.mode & 0o100 else 0o644)
    elif member.issym() and not path.is_symlink():
        path.symlink_to(PurePosixPath(member.linkname).name)


def _kept(member: tarfile.TarInfo) -> str | None:
    """Where a member of a package goes in the tree; None when it is not needed."""
    name = member.name.removeprefix("./")
    if library := _LIBRARY.fullmatch(name):
        return f"lib/{library[1]}"
    if not member.isreg():
        return None
    if name in ("usr/bin/pdftex", "usr/bin/kpsewhich"):
        return f"bin/{PurePosixPath(name).name}"
    if PurePosixPath(name).name in recipe.PAGELLA:
        return f"fonts/{PurePosixPath(name).name}"
    if licence := _LICENCE.fullmatch(name):
        return f"licences/{licence[1]}"
    distributed = _DISTRIBUTION.fullmatch(name)
    return f"texmf/{distributed[1]}" if distributed and _wanted(distributed[1]) else None


def _wanted(path: str) -> bool:
    match path.split("/"):
        case ["tex", "latex", folder, *_]:
            return folder in recipe.LATEX
        case ["tex", "generic", folder, *_]:
            return folder in recipe.GENERIC
        case ["fonts", ("tfm" | "vf" | "type1" | "enc" | "map"), *_, family, name]:
            faces = recipe.FACES.get(family, ("",))
            return family in recipe.FONT_FAMILIES and name.startswith(faces)
        case ["web2c", "cp227.tcx"]:
            return True
    return False


def _configure(tree: Path) -> None:
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
    (texmf / "ls-R").write_text(_database(texmf))


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


def _database(texmf: Path) -> str:
    """The file database in the format of kpathsea's ls-R."""
    blocks = ["% ls-R -- filename database for kpathsea; do not change this line."]
    for folder, _, names in sorted(os.walk(texmf)):
        relative = PurePosixPath(Path(folder).relative_to(texmf))
        blocks.append("\n".join([f"./{relative}:" if folder != str(texmf) else "./:", *sorted(names), ""]))
    return "\n".join(blocks)


def _build_format(tree: Path) -> None:
    """Dump the LaTeX format, and store it uncompressed: it is read at every run."""
    target = tree / "texmf" / "web2c" / "pdftex"
    target.mkdir(parents=True)
    _tool(
        tree, target, "pdftex", "-ini", "-etex", "-jobname=pdflatex", "-progname=pdflatex",
        "-interaction=nonstopmode", "-translate-file=cp227.tcx", "*pdflatex.ini",
    )  # fmt: skip
    dumped = target / "pdflatex.fmt"
    data = dumped.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        dumped.write_bytes(gzip.decompress(data))
    (target / "pdflatex.log").unlink()
    (tree / "texmf" / "ls-R").write_text(_database(tree / "texmf"))


TRIAL = r"""\documentclass{article}
\usepackage[T1]{fontenc}\usepackage{mathpazo,tgpagella,amsmath,amssymb,mathtools,bm,microtype,xcolor}
\usepackage[most]{tcolorbox}\usepackage{booktabs,tabularx,enumitem,fancyhdr,lastpage,needspace,accsupp,listings}
\renewcommand{\ttdefault}{lmtt}\usepackage{hyperref,bookmark}
\begin{document}
\begin{tcolorbox}[enhanced,breakable] Trial \texttt{document}, \(\bm{W}\in\mathbb{R}^{m\times n}\) \end{tcolorbox}
\begin{equation}\bm{h}=\bm{W}^\top\bm{x}\end{equation}\pageref{LastPage}
\end{document}
"""


def _try_out(tree: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="solgen-trial-") as folder:
        (Path(folder) / "trial.tex").write_text(TRIAL)
        _tool(
            tree, Path(folder), "pdftex", "-progname=pdflatex", "-fmt=pdflatex", "-no-shell-escape",
            "-interaction=nonstopmode", "-halt-on-error", "trial.tex",
        )  # fmt: skip


def _tool(tree: Path, folder: Path, program: str, *arguments: str) -> str:
    """What a program of the tree prints, run in `folder`; EngineError with its errors when it fails."""
    try:
        done = subprocess.run(
            (str(tree / "bin" / program), *arguments), cwd=folder, env=dict(environment(tree)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise EngineError(f"the private TeX tree does not work: {trouble}") from trouble
    output = done.stdout.decode(errors="replace")
    if done.returncode:
        lines = output.splitlines()
        errors = [line for line in lines if re.match(r"!|\S+:\d+: ", line)] or lines[-3:]
        raise EngineError(f"the private TeX tree does not work: {' / '.join(errors)}")
    return output
