"""What became of one set: its certificates, what was wrong, the files that were made; and the same as JSON.

An outcome is all that leaves a worker process and all that the cache keeps, failures included: it holds no expression
trees, so that it is small and independent of the process that made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from solgen.cache import Store
from solgen.errors import Diagnostic, Span
from solgen.model import Check, Checks, Mutants


@dataclass(frozen=True, slots=True)
class Report:
    """One problem of a set: its title, its file, and its certificate, absent where it could not be derived.

    `unchecked` is the mathematics that its prose types by hand.
    """

    title: str
    file: str
    checks: Checks | None
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One set: `exit_code` 0 where all went well (FORMAT.md, section 5), `files` by their name in the output folder.

    `reused` says that it came from the cache.
    """

    source: Path
    name: str
    title: str = ""
    reports: tuple[Report, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    exit_code: int = 0
    files: Mapping[str, bytes] = field(default_factory=dict)
    reused: bool = False


def gravest(codes: Iterable[int]) -> int:
    """The exit code of several: 2 beats 3 beats 1 beats 0."""
    found = set(codes)
    return next((code for code in (2, 3, 1) if code in found), 0)


def checks_json(reports: tuple[Report, ...]) -> bytes:
    """The certificates of a set as a program may read them, `checks.json` in the output."""
    rows = [asdict(report) for report in reports]
    return (json.dumps(rows, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def dump_checks(checks: Checks) -> bytes:
    """A certificate for the cache."""
    return json.dumps(asdict(checks)).encode()


def load_checks(data: bytes) -> Checks:
    """A certificate from the cache."""
    return _checks(json.loads(data))


def dump(outcome: Outcome, store: Store) -> bytes:
    """An outcome for the cache; its files go into the store under their own digests."""
    kept = {name: store.keep(data) for name, data in outcome.files.items()}
    rows: dict[str, Any] = {
        "source": str(outcome.source), "name": outcome.name, "title": outcome.title, "exit_code": outcome.exit_code,
        "reports": [asdict(report) for report in outcome.reports],
        "diagnostics": [asdict(diagnostic) for diagnostic in outcome.diagnostics],
        "files": kept,
    }  # fmt: skip
    return json.dumps(rows).encode()


def load(data: bytes, store: Store) -> Outcome | None:
    """An outcome from the cache; None when one of its files is gone from the store."""
    row = json.loads(data)
    files = {name: store.get(key) for name, key in row["files"].items()}
    present = {name: content for name, content in files.items() if content is not None}
    if len(present) < len(files):
        return None
    return Outcome(
        Path(row["source"]), row["name"], row["title"], tuple(_report(r) for r in row["reports"]),
        tuple(_diagnostic(d) for d in row["diagnostics"]), row["exit_code"], present, reused=True,
    )  # fmt: skip


def _report(row: dict[str, Any]) -> Report:
    checks = _checks(row["checks"]) if row["checks"] is not None else None
    return Report(row["title"], row["file"], checks, tuple(row["unchecked"]))


def _checks(row: dict[str, Any]) -> Checks:
    told = row["mutants"]
    mutants = Mutants(told["killed"], tuple(told["equivalent"]), tuple(told["survived"]))
    checks = tuple(Check(**check) for check in row["checks"])
    return Checks(**{**row, "checks": checks, "mutants": mutants, "unmet": tuple(row["unmet"])})


def _diagnostic(row: dict[str, Any]) -> Diagnostic:
    span = Span(**row["span"]) if row["span"] is not None else None
    return Diagnostic(**{**row, "span": span})
