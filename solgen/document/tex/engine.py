"""Which TeX runs: the one named in the configuration, the private tree, the system's, in this order.

An engine is *usable* when it finds every file that our templates load; a system's pdfLaTeX that lacks
one is passed over, and `report` says which, for `solgen doctor`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from solgen.document.tex import recipe, tree
from solgen.document.tex.apt import Progress
from solgen.errors import EngineError

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
    are the folders it may read; `version` is its banner, and with `origin` identifies what it prints.
    """

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    origin: Origin
    version: str
    format: str
    readable: tuple[Path, ...]


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


def report(configured: Path | None, cache: Path) -> tuple[Finding, ...]:
    """All places in the order of choice, usable or not; the first usable one is what `find_engine` takes."""
    named = (_examine("configuration", configured),) if configured else ()
    return (*named, _private(cache), _system())


def find_engine(configured: Path | None, cache: Path) -> Engine | None:
    """The first usable engine, or None when there is none.

    Raises EngineError when an engine is configured and not usable: another one in its place would
    not be what was asked for.
    """
    if configured:
        finding = _examine("configuration", configured)
        if finding.engine is None:
            raise EngineError(f"the configured TeX engine {configured} is not usable: {finding.reason}")
        return finding.engine
    return _private(cache).engine or _system().engine


def ensure_engine(configured: Path | None, cache: Path, progress: Progress) -> Engine:
    """The first usable engine; when there is none, the private tree is made.

    `progress(stage, fraction)` is told how far that has come.  Raises EngineError, naming what to do.
    """
    engine = find_engine(configured, cache)
    if engine is None:
        tree.make_tree(cache, progress)
        engine = _private(cache).engine
    if engine is None:
        raise EngineError(f"the private TeX tree in {tree.tree_path(cache)} is not usable")
    return engine


def locate(engine: Engine, names: tuple[str, ...]) -> tuple[Path, ...]:
    """Those of the named files that the engine's own search finds."""
    program = Path(engine.command[0])
    found = _ask((_kpsewhich(program), "-progname=pdflatex", *names), dict(engine.environment)) or ""
    return tuple(Path(line) for line in found.splitlines())


def _private(cache: Path) -> Finding:
    folder = tree.tree_path(cache)
    if not tree.is_complete(folder):
        return Finding("private", str(folder), None, "not made yet")
    manifest = json.loads((folder / "manifest.json").read_text())
    engine = Engine(
        (str(folder / "bin" / "pdftex"), "-progname=pdflatex"), tree.environment(folder), "private",
        manifest["version"], "pdflatex", (folder,),
    )  # fmt: skip
    return Finding("private", str(folder), engine, "complete")


def _system() -> Finding:
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
        banner.splitlines()[0], "pdflatex", _roots(program, environment),
    )  # fmt: skip
    return Finding(origin, str(program), engine, "it has every file that the templates load")


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
