"""Which TeX runs: the one named in the configuration, the private tree, the system's, in this order.

A TeX is *usable* when the trial document has come out of it without a defect: that is tried once for each TeX and each
version of our templates, and remembered in the cache.  Where none is usable, the private tree is made.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from solgen.errors import EngineError
from solgen.scratch import write_whole
from solgen.tex import engine as engines
from solgen.tex import private_tree
from solgen.tex.apt import Progress
from solgen.tex.engine import Engine, Finding
from solgen.tex.run import TexFailure, typeset

TRIAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class TrialPage:
    """The document that a usable TeX can typeset; `key` names its version, under which a success is remembered.

    Without a key nothing is remembered, and each TeX is tried anew.
    """

    source: Callable[[], str]
    key: str = ""


def report(configured: Path | None, cache: Path, trial: TrialPage) -> tuple[Finding, ...]:
    """All places in the order of choice, usable or not; the first usable one is what `find_engine` takes."""
    return tuple(_findings(configured, cache, trial))


def find_engine(configured: Path | None, cache: Path, trial: TrialPage) -> Engine | None:
    """The first usable engine, or None when there is none.

    Raises EngineError when an engine is configured and not usable: another one in its place would
    not be what was asked for.
    """
    for finding in _findings(configured, cache, trial):
        if finding.engine is not None:
            return finding.engine
        if finding.origin == "configuration":
            raise EngineError(f"the configured TeX engine {configured} is not usable: {finding.reason}")
    return None


def remembered_engine(configured: Path | None, cache: Path, key: str) -> Engine | None:
    """What `find_engine` takes where that was tried before under this key; nothing is typeset to find out."""
    for place in _places(configured, cache):
        finding = place()
        if finding.engine is not None:
            mark = _mark(finding.engine, cache, key)
            return finding.engine if mark and mark.is_file() else None
        if finding.origin == "configuration":
            return None
    return None


def ensure_engine(configured: Path | None, cache: Path, trial: TrialPage, progress: Progress) -> Engine:
    """The first usable engine; when there is none, the private tree is made, in place of a damaged one too.

    `progress(stage, fraction)` is told how far that has come.  Raises EngineError, naming what to do.
    """
    found = find_engine(configured, cache, trial)
    if found is not None:
        return found
    private_tree.make_tree(cache, trial.source, progress)
    made = _try_engine(engines.private_engine(cache), cache, trial)
    if made.engine is None:
        raise EngineError(f"the private TeX tree in {private_tree.tree_path(cache)} is not usable: {made.reason}")
    return made.engine


def _findings(configured: Path | None, cache: Path, trial: TrialPage) -> Iterator[Finding]:
    """Each place, looked at only when it is asked for."""
    return (_try_engine(place(), cache, trial) for place in _places(configured, cache))


def _places(configured: Path | None, cache: Path) -> tuple[Callable[[], Finding], ...]:
    """How each place is looked at, in the order of choice."""
    named = (partial(engines.named_engine, configured),) if configured else ()
    return (*named, partial(engines.private_engine, cache), engines.system_engine)


def _try_engine(finding: Finding, cache: Path, trial: TrialPage) -> Finding:
    """The finding, no longer with its engine where that does not typeset the trial document."""
    if finding.engine is None:
        return finding
    mark = _mark(finding.engine, cache, trial.key)
    tree = Path(finding.place) if finding.engine.origin == "private" else None
    stamp = private_tree.stamp(tree) if tree else "tried"
    if mark and _stamp_at(mark) == stamp:
        return finding
    damage = private_tree.find_damage(tree) if tree else ""
    fault = f"it is damaged: {damage}" if damage else _fault(finding.engine, trial)
    if fault:
        return replace(finding, engine=None, reason=fault)
    if tree:
        private_tree.seal(tree)
        stamp = private_tree.stamp(tree)
    if mark:
        _remember(mark, stamp)
    return finding


def _fault(engine: Engine, trial: TrialPage) -> str:
    """Why the trial document does not come out of the engine as it should; nothing when it does."""
    try:
        defects = typeset(engine, trial.source(), {}, timeout=TRIAL_SECONDS).log.defects()
    except TexFailure as failure:
        return f"the trial document fails: {failure.defect.message}"
    except EngineError as failure:
        return str(failure)
    return f"the trial document has a defect: {defects[0].message}" if defects else ""


def _mark(engine: Engine, cache: Path, key: str) -> Path | None:
    """The file that remembers a success of this engine, as it is on the disk, with this version of the trial.

    In it stands the stamp of all files of a private tree, which is looked at before a page is typeset.
    """
    if not key:
        return None
    stamps = [f"{file.stat().st_mtime_ns} {file.stat().st_size}" for file in engine.files if file.is_file()]
    parts = (*engine.command, engine.version, engine.origin, key, *stamps)
    return cache / "tried" / hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _stamp_at(mark: Path) -> str:
    try:
        return mark.read_text(errors="replace")
    except OSError:
        return ""


def _remember(mark: Path, stamp: str) -> None:
    with contextlib.suppress(OSError):  # a cache that cannot be written: the next run tries again
        write_whole(mark, stamp.encode())
