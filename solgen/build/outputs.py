"""What was made, put into the output folder; what an earlier build put there and this one did not make, taken away.

Each folder has a manifest of the files that solgen wrote, each with its digest.  Only such a file is ever removed, and
only as long as it is as solgen left it: a figure of your own, or a page that you changed, stays.  What was not asked
for is not stale: a document of another product or format stays, and so do the figures, which several documents share,
until all of them are made again.

Files take their places together, once all of them are on the disk; what a killed build left is removed.  A build that
fails leaves the files of the last good one as they are, and lays what shows the fault beside them (`FAILED`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from solgen.build.cache import digest
from solgen.build.config import Config
from solgen.build.formats import EVERYTHING, Choice
from solgen.build.outcome import Outcome
from solgen.errors import Diagnostic
from solgen.scratch import remove_stale, write_together

MANIFEST = ".solgen.json"
FAILED = "failed-"  # how the name of a file begins that shows what is wrong


def deliver_all(outcomes: Iterable[Outcome], config: Config, choice: Choice = EVERYTHING) -> tuple[Outcome, ...]:
    """Each set's files written into its folder of the output."""
    return tuple(deliver(outcome, config.cwd / config.output / outcome.name, choice) for outcome in outcomes)


def deliver(outcome: Outcome, folder: Path, choice: Choice = EVERYTHING) -> Outcome:
    """Write the files of a set that are not there already; a disk that refuses is a diagnostic.

    choice: what was asked for.  A set for which nothing was made keeps the files of its last build.
    """
    if not outcome.files:
        return outcome
    files = outcome.files if not outcome.exit_code else {f"{FAILED}{name}": d for name, d in outcome.files.items()}
    try:
        remove_stale(folder)
        before = _written_before(folder)
        stale = {n: known for n, known in before.items() if n not in files and _is_stale(n, outcome, choice)}
        after = {n: known for n, known in before.items() if n not in stale} | {n: digest(d) for n, d in files.items()}
        manifest = (json.dumps(dict(sorted(after.items())), indent=1) + "\n").encode()
        changed = {folder / n: d for n, d in {**files, MANIFEST: manifest}.items() if not _holds(folder / n, d)}
        write_together(changed)
        _remove_unchanged(folder, stale)
    except OSError as trouble:
        wrong = Diagnostic("not-written", f"{trouble.filename or folder}: {trouble.strerror or trouble}")
        return replace(outcome, diagnostics=(*outcome.diagnostics, wrong), exit_code=2, files={})
    return replace(outcome, files=files)


def _is_stale(name: str, outcome: Outcome, choice: Choice) -> bool:
    """Whether a file of an earlier build that this one did not make goes: it showed a fault, or is made no more."""
    return name.startswith(FAILED) or (not outcome.exit_code and _is_requested(name, choice))


def _is_requested(name: str, choice: Choice) -> bool:
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


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
