"""What was made, put into the output folder; what an earlier build put there and this one did not make, taken away.

Each folder has a manifest of the files that solgen wrote, each with its digest.  Only such a file is ever removed, and
only as long as it is as solgen left it: a figure of your own, or a page that you changed, stays.  What was not asked
for is not stale: a document of another product or format stays, and so do the figures, which several documents share,
until all of them are made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from solgen.build.cache import digest, write_whole
from solgen.build.config import Config
from solgen.build.formats import EVERYTHING, Choice
from solgen.build.outcome import Outcome
from solgen.errors import Diagnostic

MANIFEST = ".solgen.json"


def deliver_all(outcomes: Iterable[Outcome], config: Config, choice: Choice = EVERYTHING) -> tuple[Outcome, ...]:
    """Each set's files written into its folder of the output."""
    return tuple(deliver(outcome, config.cwd / config.output / outcome.name, choice) for outcome in outcomes)


def deliver(outcome: Outcome, folder: Path, choice: Choice = EVERYTHING) -> Outcome:
    """Write the files of a set that are not there already; a disk that refuses is a diagnostic.

    choice: what was asked for.  A set for which nothing was made keeps the files of its last build.
    """
    if not outcome.files:
        return outcome
    try:
        before = _written_before(folder)
        stale = {name for name in before if name not in outcome.files and _asked(name, choice)}
        _remove_unchanged(folder, {name: before[name] for name in stale})
        for name, data in outcome.files.items():
            _write(folder / name, data)
        kept = {name: known for name, known in before.items() if name not in stale}
        written = kept | {name: digest(data) for name, data in outcome.files.items()}
        _write(folder / MANIFEST, (json.dumps(dict(sorted(written.items())), indent=1) + "\n").encode())
    except OSError as trouble:
        wrong = Diagnostic("not-written", f"{trouble.filename or folder}: {trouble.strerror or trouble}")
        return replace(outcome, diagnostics=(*outcome.diagnostics, wrong), exit_code=2, files={})
    return outcome


def _asked(name: str, choice: Choice) -> bool:
    """Whether a file would have been made anew: a document if it was asked for, any other if all documents were."""
    return name in choice.documents if name in EVERYTHING.documents else choice == EVERYTHING


def _remove_unchanged(folder: Path, stale: Mapping[str, str]) -> None:
    """Remove what an earlier build wrote, each file with its digest, and nobody changed since."""
    for name, known in stale.items():
        path = folder / name
        plain = "/" not in name and name not in ("", ".", "..")
        if plain and path.is_file() and digest(path.read_bytes()) == known:
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
