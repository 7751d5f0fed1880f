"""What `solgen doctor` says: the machine in one block to paste into a report, then each TeX, and why it is not used."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from solgen import __version__
from solgen.build.config import Config
from solgen.build.workers import shares_memory
from solgen.figures.drawing.pagella import pagella
from solgen.tex import Finding


def diagnosis(found: Sequence[Finding], config: Config) -> str:
    """The block about this machine, then one paragraph for each place where a TeX may be."""
    chosen = next((finding for finding in found if finding.engine), None)
    lines = [*_machine(chosen, config), ""]
    lines += [f"{'->' if f is chosen else '  '} {f.origin}: {_short(f.place)}\n     {_reason(f)}" for f in found]
    if chosen is None:
        lines.append("No TeX is usable. `solgen doctor --fix` makes a private one, without root.")
    return "\n".join(lines) + "\n"


def findings_json(found: Sequence[Finding]) -> str:
    """The places where a TeX may be, for a program."""
    rows = [
        {
            "origin": f.origin, "place": f.place, "usable": f.engine is not None, "reason": f.reason,
            "missing": list(f.missing), "version": f.engine.version if f.engine else "",
        }
        for f in found
    ]  # fmt: skip
    return json.dumps(rows, indent=1) + "\n"


def _machine(chosen: Finding | None, config: Config) -> Iterator[str]:
    engine = f"{chosen.origin}, {chosen.engine.version}" if chosen and chosen.engine else "none is usable"
    yield f"solgen   {__version__}"
    yield f"system   {_release()}, {platform.machine()}"
    yield f"Python   {platform.python_version()} ({_short(sys.executable)})"
    yield f"TeX      {engine}"
    yield f"fonts    {_fonts(config.cache)}"
    yield f"cores    {config.workers}" + ("" if shares_memory() else "; one process, since /dev/shm cannot be written")
    yield f"cache    {_short(str(config.cache))}, {_state(config.cache)}"


def _release() -> str:
    """The system by its own name: `Debian GNU/Linux 13 (trixie)`; elsewhere what Python knows of it."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform(terse=True)


def _fonts(cache: Path) -> str:
    try:
        folder = pagella(cache)[0].parent
    except OSError as trouble:
        return f"TeX Gyre Pagella, which cannot be converted: {trouble.strerror}"
    return f"TeX Gyre Pagella in {_short(str(folder))}"


def _state(folder: Path) -> str:
    """Whether a folder can be written, itself or the nearest one above it that exists."""
    there = next((f for f in (folder, *folder.parents) if f.exists()), folder)
    return "can be written" if os.access(there, os.W_OK) else "cannot be written: everything is made anew each time"


def _reason(finding: Finding) -> str:
    return f"usable: {finding.engine.version}" if finding.engine else f"not usable: {finding.reason}"


def _short(path: str) -> str:
    """A path without the user's name, as one would paste it."""
    home = os.path.expanduser("~")
    return f"~{path.removeprefix(home)}" if home not in ("~", "/") and path.startswith(f"{home}/") else path
