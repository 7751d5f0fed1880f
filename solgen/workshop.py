"""Many sets: those that did not change come from the cache, the others are made side by side; then all is written.

A set is found in the cache by the content of its files alone, before they are read, together with the program, the
templates and the TeX engine that would make it.  A set may borrow problems from elsewhere (`problems:` in set.yaml);
which files those are follows from its own files, so it is kept under their digest, and their content enters the set's
key.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import active_children, get_all_start_methods, get_context
from pathlib import Path

from solgen import reader
from solgen.cache import Store, digest, folder_digest, program_digest, write_whole
from solgen.document.tex import ensure_engine
from solgen.errors import Diagnostic, EngineError, InputError, VerificationError
from solgen.model import Derivation
from solgen.outcome import Outcome, dump, gravest, load
from solgen.pipeline import Job, Tell, make, work
from solgen.places import distinct, find
from solgen.resources import template_dir

# Workers start from a clean process, never from a fork of one that has threads.
METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


@dataclass(frozen=True, slots=True)
class Config:
    """Where things are: `output` is relative to `cwd`; `engine` is the TeX that was named, if one was."""

    cwd: Path
    output: Path
    cache: Path
    engine: Path | None = None
    workers: int = 1

    @property
    def store(self) -> Store:
        return Store(self.cache / "made")


def build(paths: Sequence[Path], config: Config, tell: Tell) -> tuple[Outcome, ...]:
    """Make every set and write what came out into `output`/<set>/.

    Raises InputError where there is nothing to build.
    """
    sources = find(paths, config.cwd)
    distinct(sources, config.cwd)
    job = Job(config.cwd, config.cache, program_digest(), typesets=True)
    try:
        job = replace(job, engine=ensure_engine(config.engine, config.cache, tell))
    except EngineError as trouble:
        job = replace(job, trouble=str(trouble))
    outcomes = _made([replace(job, source=source) for source in sources], config, tell)
    return tuple(_written(outcome, config) for outcome in outcomes)


def check(paths: Sequence[Path], config: Config, tell: Tell) -> tuple[Outcome, ...]:
    """Derive and verify every set; nothing is typeset, nothing written.

    Raises InputError where there is nothing to check.
    """
    program = program_digest()
    jobs = [Job(source, config.cache, program) for source in find(paths, config.cwd)]
    return _made(jobs, config, tell)


def derivations(path: Path, config: Config, tell: Tell) -> tuple[Derivation, ...]:
    """Every problem of a file or folder, derived and verified.

    Raises InputError where the file is wrong or a derivation refused, VerificationError where an equality fails.
    """
    job = Job(path, config.cache, program_digest())
    works = tuple(work(problem, job, tell) for problem in reader.read(path).problems)
    wrong = [diagnostic for w in works for diagnostic in w.wrong]
    if not wrong:
        return tuple(w.derivation for w in works if w.derivation)
    if gravest(w.exit_code for w in works) == InputError.exit_code:
        raise InputError(wrong)
    raise VerificationError("\n".join(diagnostic.text() for diagnostic in wrong))


# ---------------------------------------------------------------- from the cache, or made


def _made(jobs: Sequence[Job], config: Config, tell: Tell) -> tuple[Outcome, ...]:
    """The outcome of each job, in order: what is known at once, the rest by workers where there are several."""
    recalled = {job: _recalled(job, config.store) for job in jobs}
    known = {job: outcome for job, outcome in recalled.items() if outcome}
    cold = [job for job in jobs if job not in known]
    alone = min(len(cold), config.workers) < 2
    fresh = {job: make(job, tell) for job in cold} if alone else _side_by_side(cold, config, tell)
    for job, outcome in fresh.items():
        _remember(job, outcome, config.store)
    if fresh:
        config.store.prune()
    return tuple((known | fresh)[job] for job in jobs)


def _side_by_side(jobs: Sequence[Job], config: Config, tell: Tell) -> dict[Job, Outcome]:
    """Jobs made in worker processes; an interrupt ends the workers too."""
    fresh: dict[Job, Outcome] = {}
    workers = min(len(jobs), config.workers)
    tell(f"{len(jobs)} sets", 0.0)
    with ProcessPoolExecutor(workers, get_context(METHOD), _begin_work, (config.cwd,)) as pool:
        futures = {pool.submit(make, job, silent): job for job in jobs}
        try:
            for future in as_completed(futures):
                fresh[futures[future]] = future.result()
                tell(f"{len(jobs)} sets", len(fresh) / len(jobs))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    return fresh


def _begin_work(cwd: Path) -> None:
    """A worker is where its maker is, and ends without a word when the terminal is interrupted."""
    os.chdir(cwd)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def silent(stage: str, fraction: float) -> None:
    """Progress that nobody watches."""


def _recalled(job: Job, store: Store) -> Outcome | None:
    """What came of the same files before, or None; files that cannot be read are for the reader to report."""
    try:
        own = _own_files(job)
        borrowed = store.get(digest("borrowed", own))
        data = None if borrowed is None else store.get(_key(own, json.loads(borrowed)))
    except OSError:
        return None
    return None if data is None else load(data, store)


def _remember(job: Job, outcome: Outcome, store: Store) -> None:
    """Keep an outcome, failures included, but for those that another run may not meet: no TeX, unreadable files."""
    if job.trouble or not outcome.reports:
        return
    files = sorted({report.file for report in outcome.reports})
    try:
        own = _own_files(job)
        store.put(_key(own, files), dump(outcome, store))
        store.put(digest("borrowed", own), json.dumps(files).encode())
    except OSError:
        return


def _own_files(job: Job) -> str:
    """The digest of a set's folder or file, and of everything else that decides what is made of it."""
    folder = job.source if job.source.is_dir() else job.source.parent
    own = sorted(folder.glob("*.y*ml")) if job.source.is_dir() else [job.source, *folder.glob("set.y*ml")]
    texts = [part for path in own for part in (path.name, path.read_bytes())]
    return digest("set", str(job.source), job.program, *_press(job, folder), "", *texts)


def _press(job: Job, folder: Path) -> tuple[str, ...]:
    """What decides how a set is typeset, where it is: the engine, and the templates, its own and ours."""
    if job.engine is None:
        return ()
    own = folder / "templates"
    templates = folder_digest(template_dir()), folder_digest(own) if own.is_dir() else ""
    return (job.engine.origin, job.engine.version, *job.engine.command, *templates)


def _key(own: str, files: Sequence[str]) -> str:
    return digest("made", own, *(part for name in files for part in (name, Path(name).read_bytes())))


# ---------------------------------------------------------------- written


def _written(outcome: Outcome, config: Config) -> Outcome:
    """Write the files of a set that are not there already; a disk that refuses is a diagnostic."""
    folder = config.cwd / config.output / outcome.name
    try:
        for name, data in outcome.files.items():
            if not _same(folder / name, data):
                write_whole(folder / name, data)
    except OSError as trouble:
        wrong = Diagnostic("not-written", f"{trouble.filename or folder}: {trouble.strerror or trouble}")
        return replace(outcome, diagnostics=(*outcome.diagnostics, wrong), exit_code=2, files={})
    return outcome


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
