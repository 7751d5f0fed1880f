"""The places where a TeX may be: a program that was named, the private tree, the system's.

Here a TeX is looked at: whether it is pdfTeX, and which of the files that our templates load it lacks.  Whether our
pages come out of it is tried in `choice`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from solgen.tex import private_tree, recipe

Origin = Literal["configuration", "private", "system"]

QUESTION_TIMEOUT = 20.0  # seconds for a question such as --version

# Of the caller's environment a foreign TeX keeps these: where its own files are.
_KEPT = (
    "PATH",
    "HOME",
    "SYSTEMROOT",
    "TEXMFCNF",
    "TEXMFHOME",
    "TEXMFVAR",
    "TEXMFCONFIG",
    "TEXMFLOCAL",
    "TEXMFROOT",
)
_FOREIGN_ROOTS = (
    "/usr/share",
    "/usr/local",
    "/usr/bin",
    "/opt",
    "/nix/store",
    "/etc/texmf",
    "/var/lib/texmf",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """A pdfLaTeX that can typeset our documents.

    `command` starts it (without format and job), under `environment` and nothing else; `readable`
    are the folders it may read; `version` is its banner, and with `origin` identifies what it prints; `files` change
    when it is another one.
    """

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    origin: Origin
    version: str
    format: str
    readable: tuple[Path, ...]
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that was looked at: the engine found there, or `reason` why it is not usable.

    `missing` are the files that our templates load and this TeX lacks.
    """

    origin: Origin
    place: str
    engine: Engine | None
    reason: str
    missing: tuple[str, ...] = ()


def named_engine(program: Path) -> Finding:
    """The TeX that the configuration names: a pdflatex, or the folder of one."""
    return _examine("configuration", program)


def private_engine(cache: Path) -> Finding:
    """The private tree in this cache."""
    folder = private_tree.tree_path(cache)
    if not private_tree.is_complete(folder):
        return Finding("private", str(folder), None, "not made yet")
    program = folder / "bin" / "pdftex"
    engine = Engine(
        (str(program), "-progname=pdflatex"), private_tree.environment(folder), "private",
        private_tree.version(folder), "pdflatex", (folder,), (program, folder / "texmf/web2c/pdftex/pdflatex.fmt"),
    )  # fmt: skip
    return Finding("private", str(folder), engine, "our pages come out of it")


def system_engine() -> Finding:
    """The pdflatex on the PATH."""
    program = shutil.which("pdflatex")
    if program is None:
        return Finding("system", "PATH", None, "there is no pdflatex on the PATH")
    return _examine("system", Path(program))


def _examine(origin: Origin, program: Path) -> Finding:
    if program.is_dir():
        program = program / "pdflatex"
    if not (program.is_file() and os.access(program, os.X_OK)):
        return Finding(origin, str(program), None, "there is no such program")
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    banner = _ask((str(program), "--version"), environment)
    if not banner or "pdfTeX" not in banner:
        return Finding(origin, str(program), None, "it does not say that it is pdfTeX")
    found = _ask((_kpsewhich(program), "-progname=pdflatex", *recipe.REQUIRED), environment) or ""
    missing = tuple(n for n in recipe.REQUIRED if n not in {Path(line).name for line in found.splitlines()})
    if missing:
        return Finding(origin, str(program), None, f"it lacks {_some(missing)}", missing)
    engine = Engine(
        (str(program), "-progname=pdflatex"), tuple(environment.items()), origin,
        banner.splitlines()[0], "pdflatex", _roots(program, environment), (program.resolve(),),
    )  # fmt: skip
    return Finding(origin, str(program), engine, "our pages come out of it")


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _roots(program: Path, environment: dict[str, str]) -> tuple[Path, ...]:
    """The folders in which a foreign TeX has its files."""
    answers = [
        _ask((_kpsewhich(program), question), environment) or ""
        for question in ("-expand-path=$TEXMF", "-expand-var=$SELFAUTODIR", "-expand-var=$TEXMFROOT")
    ]
    entries = [entry for answer in answers for entry in answer.strip().split(os.pathsep)]
    too_wide = {Path("/"), Path.home()}
    trees = [Path(entry) for entry in entries if Path(entry).is_absolute() and Path(entry) not in too_wide]
    homes = [program.parent, program.resolve().parent, *map(Path, _FOREIGN_ROOTS)]
    return tuple(dict.fromkeys([*trees, *homes]))


def _kpsewhich(program: Path) -> str:
    beside = [folder / "kpsewhich" for folder in (program.parent, program.resolve().parent)]
    return next((str(path) for path in beside if path.is_file()), "kpsewhich")


def _ask(command: tuple[str, ...], environment: dict[str, str]) -> str | None:
    """What a program answers; None when it cannot be started or does not come back."""
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=QUESTION_TIMEOUT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout
