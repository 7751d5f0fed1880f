"""One document, typeset: sealed, repeated until its references are stable, the same bytes each time.

A document contains LaTeX from strangers.  It runs in a fresh folder that disappears; it cannot start
programs, reads nothing but the TeX tree and its own files, and ends at the limits of time and
memory.  What was read is audited after each pass, for kernels that cannot confine it (TeX itself no longer refuses to
read anything since 2026).  The date is
`source_date_epoch`, the PDF's identifier a hash of the input; nothing else of a run enters the file.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import re
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solgen.errors import EngineError
from solgen.scratch import scratch_folder
from solgen.tex import preamble
from solgen.tex.engine import Engine
from solgen.tex.log import Defect, TexLog, read_log
from solgen.tex.seal import BUSY, FILE_SIZE, SealedRun, run_sealed

MAX_PASSES = 4
LOG_READ = 1 << 24  # bytes of a log that are read; ours have some 50 000

_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*(/[A-Za-z0-9][\w.+-]*)*")
_FLAGS = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-recorder")
_WHOLE = "solgen: whole "  # and the identifier: what the last line of a document writes into the log
_IDENTIFIER = r"\pdftrailerid{%s}\pdfsuppressptexinfo=-1 "

# What LaTeX packages put into the *output* while a preamble is read is lost when its memory is dumped.
# Of ours two do: breakable boxes ask for a colour stack, which is put off until the document begins;
# and xcolor sets its first colour, which a pass from a format sets again (`preamble.LOST`).  On the
# first line of every document, with or without a format, so that bytes and line numbers stay the same.
_LATER = (
    r"\ifdefined\AddToHook\def\solgenlater#1{\AtBeginDocument{\solgeninit{#1}}}"
    r"\AddToHook{package/pdfcol/after}{\let\solgeninit\pdfcolInitStack\let\pdfcolInitStack\solgenlater}"
    r"\AddToHook{package/xcolor/after}{\def\solgenlost{\csname set@color\endcsname}}\fi "
)


@dataclass(frozen=True, slots=True)
class TexRun:
    """A typeset document; `passes` counts the runs of TeX that led to `pdf`, `written` is what the last one wrote for a
    further one."""

    pdf: bytes
    log: TexLog
    passes: int
    written: Mapping[str, bytes]


class TexFailure(EngineError):
    """TeX was stopped, or stopped: `defect` says why and at which line of the source, `log` the rest."""

    def __init__(self, defect: Defect, log: TexLog) -> None:
        self.defect, self.log = defect, log
        place = f" (line {defect.line} of the TeX source)" if defect.line else ""
        shown = f": {defect.context}" if defect.context else ""
        super().__init__(f"TeX: {defect.message}{place}{shown}")


@dataclass(frozen=True, slots=True)
class _Job:
    """A document laid out in a folder, ready for passes."""

    engine: Engine
    folder: Path
    name: str
    tex: str
    assets: frozenset[str]
    environment: dict[str, str]
    deadline: float
    limit: float

    def file(self, suffix: str) -> Path:
        return self.folder / f"{self.name}.{suffix}"


def typeset(
    engine: Engine,
    tex: str,
    assets: Mapping[str, bytes],
    *,
    jobname: str = "solgen",
    source_date_epoch: int = 0,
    timeout: float = 60.0,
    cache: Path | None = None,
    earlier: Mapping[str, bytes] | None = None,
) -> TexRun:
    """Typeset `tex`, which finds the files `assets` (name → bytes) beside it.

    `timeout` in seconds holds for all passes together.  With `cache`, preambles are kept there as
    formats; `earlier` is what an earlier version of the document wrote for its next pass, so that one
    pass is enough where that still holds.  The bytes of the PDF are the same without either.  Pages
    with defects are returned, with the defects in `log`; TexFailure is raised when TeX stops, is
    stopped, tries what is forbidden, or makes no page; EngineError when it cannot be started.
    """
    if not all(_NAME.fullmatch(name) for name in (jobname, *assets)):
        raise EngineError("file names for TeX consist of letters, digits, and . _ + - /")
    with scratch_folder() as folder:
        job = _Job(
            engine, folder.resolve() / "work", jobname, _prepare(tex, assets), frozenset(assets),
            _environment(engine, source_date_epoch), time.monotonic() + timeout, timeout,
        )  # fmt: skip
        _lay_out(job, assets)
        kept = _format(job, assets, cache) if cache else None
        stored = preamble.borrow(kept, job.folder.parent / "borrowed.fmt") if kept else None
        return _from_earlier(job, stored, earlier) or _passes(job, stored)


def _from_earlier(job: _Job, stored: Path | None, earlier: Mapping[str, bytes] | None) -> TexRun | None:
    """The document after one pass, if what an earlier version had written is just what this one writes; else None, and
    nothing is left of the trial."""
    if not earlier or not all(_NAME.fullmatch(name) for name in earlier):
        return None
    for name, data in earlier.items():
        (job.folder / name).write_bytes(data)
    with contextlib.suppress(TexFailure, OSError):  # what is wrong with the document shows in passes of its own
        log = _pass(job, stored)
        if _auxiliary(job) == earlier:
            return TexRun(job.file("pdf").read_bytes(), log, 1, dict(earlier))
    _clean(job)
    return None


def _lay_out(job: _Job, assets: Mapping[str, bytes]) -> None:
    job.folder.mkdir()
    for name, data in assets.items():
        path = job.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _prepare(tex: str, assets: Mapping[str, bytes]) -> str:
    """The document with its PDF identifier, a hash of the input; every line keeps its number."""
    digest = hashlib.sha256(tex.encode())
    for name in sorted(assets):
        digest.update(name.encode() + b"\0" + hashlib.sha256(assets[name]).digest())
    begin, end, identifier = r"\begin{document}", r"\end{document}", digest.hexdigest()[:32]
    head, found, tail = tex.rpartition(end)
    whole = rf"{head}\wlog{{{_WHOLE}{identifier}}}{found}{tail}" if found else tex
    return _LATER + whole.replace(begin, begin + _IDENTIFIER % identifier, 1)


def _is_whole(job: _Job, log: TexLog) -> bool:
    """Whether TeX came to the end of the document, and was not sent home before by what stands in it."""
    due = re.search(rf"{_WHOLE}\w+", job.tex)
    return due is None or due[0] in log.text.splitlines()


def _environment(engine: Engine, source_date_epoch: int) -> dict[str, str]:
    """The engine's own variables, and ours, which override a configuration file of TeX's."""
    return dict(engine.environment) | {
        "SOURCE_DATE_EPOCH": str(source_date_epoch), "FORCE_SOURCE_DATE": "1", "LC_ALL": "C",
        "openin_any": "p", "openout_any": "p", "shell_escape": "f",
        "max_print_line": "1000000", "error_line": "254", "half_error_line": "238",
        "MKTEXPK": "0", "MKTEXTFM": "0", "MKTEXMF": "0", "MKTEXFMT": "0", "TEXMFOUTPUT": ".",
    }  # fmt: skip


def _passes(job: _Job, stored: Path | None) -> TexRun:
    """Passes until what the document writes for the next one no longer changes."""
    before: dict[str, bytes] = {}
    for number in range(1, MAX_PASSES + 1):
        log = _pass(job, stored)
        after = _auxiliary(job)
        if after == before or _nothing_to_reread(after):
            return TexRun(job.file("pdf").read_bytes(), log, number, after)
        before = after
    unstable = Defect("unstable", f"references still change after {MAX_PASSES} passes")
    log = TexLog(log.text, (*log.findings, unstable))
    return TexRun(job.file("pdf").read_bytes(), log, MAX_PASSES, before)


def _pass(job: _Job, stored: Path | None) -> TexLog:
    """One run of TeX, from the preamble's format when it is given."""
    document = preamble.split_preamble(job.tex) if stored else None
    job.file("tex").write_text(document.body if document else job.tex, encoding="utf-8")
    form = str(stored.with_suffix("")) if document and stored else job.engine.format
    arguments = (f"-fmt={form}", *_FLAGS, f"-jobname={job.name}", f"{job.name}.tex")
    outcome = _run(job, (*job.engine.command, *arguments), stored)
    log = read_log(_text(job.file("log")), outcome.output)
    _judge(job, outcome, log, stored)
    return log


def _run(job: _Job, command: tuple[str, ...], stored: Path | None) -> SealedRun:
    left = max(0.1, job.deadline - time.monotonic())
    readable = (*job.engine.readable, stored) if stored else job.engine.readable
    try:
        return run_sealed(command, job.folder, job.environment, readable, left)
    except OSError as trouble:
        raise EngineError(f"{command[0]} could not be started: {trouble}") from trouble


def _judge(job: _Job, outcome: SealedRun, log: TexLog, stored: Path | None) -> None:
    """Raise TexFailure unless this pass ended well, made pages, and read only what it may."""
    first = log.first_error()
    if outcome.timed_out or outcome.returncode == -signal.SIGXCPU:
        seconds = job.limit if outcome.timed_out else min(job.limit, BUSY)
        raise TexFailure(Defect("error", f"the document did not finish within {seconds:g} s"), log)
    if first and first.kind == "forbidden":
        raise TexFailure(first, log)
    if foreign := _foreign_file(job, stored):
        raise TexFailure(Defect("forbidden", f"the document tried to read {foreign}"), log)
    if outcome.returncode == -signal.SIGXFSZ:
        raise TexFailure(Defect("error", f"the document wrote a file of more than {FILE_SIZE >> 20} MB"), log)
    if outcome.returncode:
        last = outcome.output.strip().splitlines()[-1:] or [f"it ended with code {outcome.returncode}"]
        raise TexFailure(first or Defect("error", last[0]), log)
    if not job.file("pdf").is_file():
        raise TexFailure(Defect("error", "the document has no pages"), log)
    if not _is_whole(job, log):
        raise TexFailure(Defect("error", "the document was ended before its end"), log)


def _foreign_file(job: _Job, stored: Path | None) -> str | None:
    """A file that TeX says it opened, and that is neither the engine's nor the document's."""
    allowed = [path.resolve() for path in (job.folder, *job.engine.readable, *((stored,) if stored else ()))]
    for line in _text(job.file("fls")).splitlines():
        if line.startswith("INPUT "):
            path = (job.folder / line.removeprefix("INPUT ")).resolve()
            if not any(path.is_relative_to(root) for root in allowed):
                return str(path)
    return None


def _auxiliary(job: _Job) -> dict[str, bytes]:
    """What the document has written for its next pass: every file but input and result."""
    ends = {f"{job.name}.{suffix}" for suffix in ("tex", "pdf", "log", "fls", "fmt")} | job.assets
    contents = {str(path.relative_to(job.folder)): path for path in _files(job)}
    return {name: path.read_bytes() for name, path in contents.items() if name not in ends}


def _files(job: _Job) -> list[Path]:
    return [path for path in job.folder.rglob("*") if path.is_file()]


def _nothing_to_reread(auxiliary: dict[str, bytes]) -> bool:
    """Is what LaTeX always writes all that was written?"""
    boilerplate = re.compile(rb"\\relax *|\\gdef *\\@abspage@last\{\d+\}|")
    return all(boilerplate.fullmatch(line) for data in auxiliary.values() for line in data.splitlines())


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(LOG_READ).decode(errors="replace")


def _format(job: _Job, assets: Mapping[str, bytes], cache: Path) -> Path | None:
    """The proven format of the document's preamble; made and proven here the first time, or where it was damaged."""
    document = preamble.split_preamble(job.tex)
    if document is None:
        return None
    stored = preamble.store_path(cache, job.engine, document.preamble, assets, job.name)
    if preamble.is_whole(stored):
        preamble.touch(stored)
        return stored
    if preamble.is_refused(stored):
        return None
    if _prove(job, document.preamble, stored):
        return stored
    preamble.refuse(stored)
    return None


def _prove(job: _Job, head: str, stored: Path) -> bool:
    """Dump a preamble; keep the format if a first pass from it gives the bytes of a plain first pass."""
    _pass(job, None)
    plain = job.file("pdf").read_bytes(), _auxiliary(job)
    _clean(job)
    trial = _dump(job, head)
    _clean(job)
    same = trial is not None and _same_pass(job, trial, plain)
    _clean(job)
    if trial and same:
        preamble.keep(trial, stored)
    return same


def _dump(job: _Job, head: str) -> Path | None:
    """The format of a preamble, uncompressed, beside the document's folder; None when TeX cannot dump it."""
    job.file("tex").write_text(head + "\\dump\n", encoding="utf-8")
    form, source = f"&{job.engine.format}", f"{job.name}.tex"
    outcome = _run(job, (*job.engine.command, "-ini", *_FLAGS, f"-jobname={job.name}", form, source), None)
    dumped = job.file("fmt")
    if outcome.returncode or not dumped.is_file():
        return None
    data, trial = dumped.read_bytes(), job.folder.parent / "preamble.fmt"
    trial.write_bytes(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
    return trial


def _same_pass(job: _Job, trial: Path, plain: tuple[bytes, dict[str, bytes]]) -> bool:
    try:
        _pass(job, trial)
    except TexFailure:
        return False
    return (job.file("pdf").read_bytes(), _auxiliary(job)) == plain


def _clean(job: _Job) -> None:
    """Leave only what the document was given."""
    for path in _files(job):
        if str(path.relative_to(job.folder)) not in job.assets:
            path.unlink()
