"""`solgen watch`: look at the files from which the sets are made, and make them again when one was saved.

The files are looked at, not listened to: a few hundred of them take a millisecond, on any disk, network homes included;
and a set's files are not all in its folder, nor need they exist yet.  Which files there are is found anew only where a
folder, or one of them, has changed.  What did not change is found in the cache.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from solgen.build.config import Config
from solgen.build.formats import EVERYTHING, Choice
from solgen.build.job import Tell
from solgen.build.outcome import Outcome
from solgen.build.sets import build
from solgen.errors import Diagnostic, InputError
from solgen.reader.folders import COURSE_FILE, DEFAULT, SET_FILE, SUFFIXES, TEMPLATES, find, folders_above

EVERY = 0.01  # seconds between looks, and for which nothing may change before a set is made
SHARE = 0.2  # of a processor that looking may take, where a look takes long
EMPTIED = 0.08  # seconds that a file which an editor has emptied may stay so
MENTIONED = re.compile(r"[^\s'\"\[\]{},:]+\.ya?ml")

Stamp = tuple[int, int, int]  # when a file was changed, its size, its place on the disk
Stamps = Mapping[Path, Stamp]
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Round:
    """What one look led to: the sets of which there is something new to tell, and what is wrong with the folder.

    `changed` are the files that were saved, none at first; `gone` the sets that are there no more; `bad` is how many
    of all sets are wrong now; `choice` is which documents are made.
    """

    told: tuple[Outcome, ...]
    wrong: tuple[Diagnostic, ...]
    changed: tuple[Path, ...]
    gone: tuple[str, ...]
    bad: int
    seconds: float
    choice: Choice = EVERYTHING

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong and was not told before."""
        return (*self.wrong, *(wrong for outcome in self.told for wrong in outcome.diagnostics))

    def text(self, clock: str, folder: Path) -> str:
        """A line for each set that was made or is wrong, at this time of day; then how things stand."""
        told = [f"{name}: gone; its pages stay in {folder}/{name}/" for name in self.gone]
        told += [f"{outcome.name}: {self._became(outcome, folder)}" for outcome in self.told]
        saved = ", ".join(path.name for path in self.changed)
        if not told and not self.wrong:
            told = [f"{saved} changed nothing that is printed" if saved else "nothing to make"]
        if self.wrong:
            told.append("nothing was made")
        if not self.bad and not self.wrong:
            told[-1] += f"; all well ({self.seconds:.1f} s)"
        return "".join(f"{clock}  {line}\n" for line in told)

    def _became(self, outcome: Outcome, folder: Path) -> str:
        """What became of a set: its pages, or how many mistakes it has."""
        if outcome.exit_code:
            count = len(outcome.diagnostics)
            kept = "" if outcome.files else "; its pages are as they were"
            return f"{count} mistake{'' if count == 1 else 's'}{kept}"
        return f"{', '.join(self.choice.list_finished(outcome.files))} in {folder}/{outcome.name}/"


def rounds(
    paths: Sequence[Path],
    config: Config,
    progress: Callable[[], AbstractContextManager[Tell]],
    notation: str | None = None,
    choice: Choice = EVERYTHING,
    sleep: Sleep = time.sleep,
) -> Iterator[Round]:
    """Make all sets; then, for ever, wait until a file changes and make what depends on it.

    Raises InputError where there is nothing to watch at first; later that is told, and mended by the next save.
    """
    find(paths, config.cwd)
    before: dict[Path, Outcome] = {}
    changed: tuple[Path, ...] = ()
    while True:
        seen = stamps(paths, config.cwd, before.values())
        begun = time.monotonic()
        wrong: tuple[Diagnostic, ...] = ()
        outcomes: tuple[Outcome, ...] = ()
        try:
            with progress() as tell:
                outcomes = build(paths, config, tell, notation, choice)
        except InputError as trouble:
            wrong = trouble.diagnostics
        fresh = tuple(o for o in outcomes if o.source not in before or not _same(o, before[o.source]))
        bad = sum(outcome.exit_code > 0 for outcome in outcomes)
        left = {outcome.name for outcome in outcomes}
        gone = tuple(sorted(o.name for o in before.values() if o.name not in left and not wrong))
        yield Round(fresh, wrong, changed, gone, bad, time.monotonic() - begun, choice)
        before = {outcome.source: outcome for outcome in outcomes}
        changed = wait_for_change(seen, Lookout(partial(find_watched, paths, config.cwd, outcomes)), sleep)


@dataclass(frozen=True, slots=True)
class Watched:
    """The files from which the sets are made, those that are not there yet included, and the folders they lie in."""

    files: frozenset[Path]
    folders: frozenset[Path]


def find_watched(paths: Sequence[Path], cwd: Path, outcomes: Iterable[Outcome]) -> Watched:
    """The files of the sets, those elsewhere included, and those that a set.yaml names in vain.

    outcomes: of the last time; they say which files the sets borrowed.
    """
    named = [cwd / path for path in paths or [Path(DEFAULT)]]
    files = {file for place in named for file in _files(place, cwd)}
    for outcome in outcomes:
        files |= {cwd / report.file for report in outcome.reports}
        files |= {cwd / wrong.span.file for wrong in outcome.diagnostics if wrong.span}
    for settings in [file for file in files if file.name == SET_FILE]:
        files |= {settings.parent / name for name in MENTIONED.findall(_text(settings))}
    folders = {folder for place in named for folder in _folders(place, cwd)}
    return Watched(frozenset(files), frozenset(folders | {file.parent for file in files}))


def stamps(paths: Sequence[Path], cwd: Path, outcomes: Iterable[Outcome]) -> Stamps:
    """The files that are watched and are there, each with its stamp."""
    return Lookout(partial(find_watched, paths, cwd, tuple(outcomes)))()


class Lookout:
    """A look at the files: when each was changed.  Which files there are is found anew only where something has."""

    def __init__(self, find: Callable[[], Watched]) -> None:
        self._find = find
        self._last: Stamps = {}
        self._seen: Stamps = {}

    def __call__(self) -> Stamps:
        """The files that are there now, each with its stamp."""
        if not self._seen or self._look() != self._seen:
            self._watched = self._find()
            self._seen = self._look()
            self._last = {path: stamp for path, stamp in self._seen.items() if path in self._watched.files}
        return self._last

    def _look(self) -> Stamps:
        places = (*self._watched.files, *self._watched.folders)
        return {path: stamp for path in places if (stamp := _stamp(path))}


def wait_for_change(seen: Stamps, look: Callable[[], Stamps], sleep: Sleep) -> tuple[Path, ...]:
    """Wait until the files are no longer as they were seen, and stay so for a moment; which have changed."""
    now, pause = look(), EVERY
    while now == seen:
        sleep(pause)
        begun = time.monotonic()
        now = look()
        pause = max(EVERY, (time.monotonic() - begun) * (1 / SHARE - 1))
    while (later := _after(look, sleep, EMPTIED if _is_emptied(now, seen) else EVERY)) != now:
        now = later
    return tuple(sorted(file for file in {*seen, *now} if seen.get(file) != now.get(file)))


def _is_emptied(now: Stamps, seen: Stamps) -> bool:
    """Whether a file that had something in it has nothing: an editor is about to write it."""
    return any(size == 0 and seen.get(file, (0, 0, 0))[1] for file, (_, size, _) in now.items())


def _after(look: Callable[[], Stamps], sleep: Sleep, seconds: float) -> Stamps:
    sleep(seconds)
    return look()


def _same(now: Outcome, before: Outcome) -> bool:
    """Whether nothing new can be told of a set: it was found in the cache, and is as it was."""
    return now.reused and (now.exit_code, now.diagnostics, now.files) == (
        before.exit_code,
        before.diagnostics,
        before.files,
    )


def _files(place: Path, cwd: Path) -> Iterator[Path]:
    """The problem files of a folder and all beneath it; of a file, what lies beside it and matters; with what the
    folders above say, and all templates."""
    folder = place if place.is_dir() else place.parent
    if place.is_dir():
        yield from (p for p in folder.rglob("*") if p.suffix in SUFFIXES and not p.name.startswith("."))
    else:
        yield from (place, folder / SET_FILE)
    yield from (above / COURSE_FILE for above in folders_above(folder, cwd))
    for templates in _templates(place, cwd):
        yield from (p for p in templates.rglob("*") if p.is_file())


def _folders(place: Path, cwd: Path) -> Iterator[Path]:
    """The folders in which a file may come to be that matters."""
    if place.is_dir():
        yield from (place, *(p for p in place.rglob("*") if p.is_dir()))
    yield from folders_above(place if place.is_dir() else place.parent, cwd)
    for templates in _templates(place, cwd):
        yield from (templates, *(p for p in templates.rglob("*") if p.is_dir()))


def _templates(place: Path, cwd: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from place.rglob(TEMPLATES)
    yield from (above / TEMPLATES for above in folders_above(place if place.is_dir() else place.parent, cwd))


def _stamp(file: Path) -> Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
