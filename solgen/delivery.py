"""What was made, put into the output folder; what an earlier build put there and this one did not make, taken away.

Each folder has a manifest of the files that solgen wrote, each with its digest.  Only such a file is ever removed, and
only as long as it is as solgen left it: a figure of your own, or a page that you changed, stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from solgen.cache import digest, write_whole
from solgen.errors import Diagnostic
from solgen.outcome import Outcome

MANIFEST = ".solgen.json"


def deliver(outcome: Outcome, folder: Path) -> Outcome:
    """Write the files of a set that are not there already; a disk that refuses is a diagnostic.

    A set for which nothing was made keeps the files of its last build.
    """
    if not outcome.files:
        return outcome
    try:
        _remove_stale(folder, outcome.files)
        for name, data in outcome.files.items():
            _write(folder / name, data)
        written = {name: digest(data) for name, data in sorted(outcome.files.items())}
        _write(folder / MANIFEST, (json.dumps(written, indent=1) + "\n").encode())
    except OSError as trouble:
        wrong = Diagnostic("not-written", f"{trouble.filename or folder}: {trouble.strerror or trouble}")
        return replace(outcome, diagnostics=(*outcome.diagnostics, wrong), exit_code=2, files={})
    return outcome


def _remove_stale(folder: Path, made: Mapping[str, bytes]) -> None:
    """Remove what the last build wrote, this one did not make, and nobody changed in between."""
    for name, known in _written_before(folder).items():
        path = folder / name
        plain = "/" not in name and name not in ("", ".", "..")
        if plain and name not in made and path.is_file() and digest(path.read_bytes()) == known:
            path.unlink()


def _written_before(folder: Path) -> dict[str, str]:
    """The manifest of the last build; none where there is none, or where it is not ours."""
    try:
        rows = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(rows, dict):
        return {}
    return {name: known for name, known in rows.items() if isinstance(known, str)}


def _write(path: Path, data: bytes) -> None:
    if not (path.is_file() and path.read_bytes() == data):
        write_whole(path, data)
