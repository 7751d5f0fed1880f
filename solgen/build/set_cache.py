"""What came of a set before, found by the content of its files alone, before they are read.

A set may borrow problems from elsewhere (`problems:` in set.yaml); which files those are follows from its own files,
so it is kept under their digest, and their content enters the set's key; and so does what is proved of its problems.
Nothing slow is imported here, neither a reader nor any mathematics: with nothing changed, `solgen check` is over before
they would be loaded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solgen.build.cache import Store, digest, folder_digest, known_program
from solgen.build.config import Config
from solgen.build.outcome import Outcome, dump_outcome, load_outcome
from solgen.build.proofs import settled_digest
from solgen.reader.folders import course_files, find, template_folders


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides, with its files, what comes of a set: the program, and `press`, which documents are made and how."""

    source: Path
    program: str
    press: tuple[str, ...] = ()


def recalled_sets(paths: Sequence[Path], config: Config) -> dict[Path, Outcome | None]:
    """What was found when each of these sets was checked before; None for one that, or with the program, has changed.

    Raises InputError where there is nothing to check.
    """
    program = known_program(config.store)
    recipes = {source: Recipe(source, program or "") for source in find(paths, config.cwd)}
    return {source: recall_outcome(fingerprint(r), config.store) if program else None for source, r in recipes.items()}


def recall_outcome(own: str, store: Store) -> Outcome | None:
    """What came of the files with this fingerprint, or None; what cannot be read is for the reader to report."""
    try:
        borrowed = store.get(digest("borrowed", own)) if own else None
        data = None if borrowed is None else store.get(_key(own, **json.loads(borrowed), store=store))
    except OSError:
        return None
    return None if data is None else load_outcome(data, store)


def remember(own: str, outcome: Outcome, store: Store) -> None:
    """Keep what came of files with this fingerprint, failures included, but for one that could not be read."""
    if not outcome.reports or not own:
        return
    borrowed = {
        "files": sorted({report.file for report in outcome.reports}),
        "proofs": [report.proofs_key for report in outcome.reports],
    }
    try:
        store.put(_key(own, **borrowed, store=store), dump_outcome(outcome, store))
        store.put(digest("borrowed", own), json.dumps(borrowed).encode())
    except OSError:
        return


def fingerprint(recipe: Recipe) -> str:
    """The digest of a set's own files and of all else that decides what comes of it; empty if they are unreadable."""
    source = recipe.source
    folder = source if source.is_dir() else source.parent
    try:
        own = sorted(folder.glob("*.y*ml")) if source.is_dir() else [source, *folder.glob("set.y*ml")]
        texts = [part for path in own for part in (path.name, path.read_bytes())]
        texts += [part for path in course_files(folder) for part in (str(path), path.read_bytes())]
        texts += [part for path in template_folders(folder) for part in (str(path), folder_digest(path))]
    except OSError:
        return ""
    return digest("set", str(source), recipe.program, *recipe.press, "", *texts)


def _key(own: str, files: Sequence[str], proofs: Sequence[str], store: Store) -> str:
    known = [settled_digest(key, store) for key in proofs]
    return digest("made", own, *known, "", *(part for name in files for part in (name, Path(name).read_bytes())))
