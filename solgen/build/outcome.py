"""What became of one set: its certificates, what was wrong, the files that were made; and the same as JSON.

An outcome is all that leaves a worker process and all that the cache keeps, failures included: it holds no expression
trees, so that it is small and independent of the process that made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from solgen.build.cache import Store
from solgen.errors import Diagnostic, InputError, Internal, Span
from solgen.model.quantity import Computed, Quantity
from solgen.model.step import StepId, load_step
from solgen.model.verdict import Check, Checks, Listed, MutantId, Mutants, Proof, Refutation, Trial, TypedChecks
from solgen.reader.folders import set_name


@dataclass(frozen=True, slots=True)
class PartReport:
    """One part of a problem, at `line` of its file, and what is `wrong` with it.

    `open` says that it was not verified, because something else of the problem is wrong.
    """

    id: str
    line: int
    wrong: tuple[Diagnostic, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One problem of a set: its title, its file, and its certificate, absent where it could not be derived.

    `unchecked` is the mathematics that its prose types by hand; `wrong` is what is wrong with no part in particular;
    `notes` are what its author may have meant otherwise; `proofs_key` is what proofs of its answers are kept under;
    `anew` says that it was verified in this very run, in so many `seconds`.
    """

    title: str
    file: str
    checks: Checks | None
    unchecked: tuple[str, ...] = ()
    parts: tuple[PartReport, ...] = ()
    wrong: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    proofs_key: str = field(default="", compare=False)
    anew: bool = field(default=True, compare=False)
    seconds: float = field(default=0.0, compare=False)

    @property
    def failed(self) -> bool:
        return bool(self.wrong) or any(part.wrong for part in self.parts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One set: `exit_code` 0 where all went well (docs/format.md, section 5), `files` by name in the output folder.

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


def unread(source: Path, wrong: InputError | Internal) -> Outcome:
    """The outcome of a set whose files are wrong."""
    return Outcome(source, set_name(source), diagnostics=wrong.diagnostics, exit_code=wrong.exit_code)


def report_unmade(source: Path, trouble: OSError) -> Outcome:
    """The outcome of a set that the machine did not let us make: a disk that is full, a file that has gone."""
    place = f"{trouble.filename}: " if trouble.filename else ""
    wrong = Diagnostic("system", f"{source.as_posix()} was not finished: {place}{trouble.strerror or trouble}")
    return Outcome(source, set_name(source), diagnostics=(wrong,), exit_code=2)


def gravest(codes: Iterable[int]) -> int:
    """The exit code of several: 2 beats 3 beats 1 beats 0."""
    found = set(codes)
    return next((code for code in (2, 3, 1) if code in found), 0)


def report_row(report: Report) -> dict[str, Any]:
    """A report as a program may read it."""
    row: dict[str, Any] = as_data(report)
    del row["anew"], row["seconds"], row["proofs_key"]  # of this run, or of the cache, not of the problem
    return row


def as_data(value: object) -> Any:
    """A value as a program may read it: what is called by data, by its printed name, under `id`."""
    match value:
        case StepId() | MutantId():
            return str(value)
        case Mapping():
            return {key: as_data(entry) for key, entry in value.items()}
        case list() | tuple():
            return [as_data(entry) for entry in value]
        case _ if is_dataclass(value):
            names = [field.name for field in fields(value)]
            return {"id" if name == "step" else name: as_data(getattr(value, name)) for name in names}
        case _:
            return value


def checks_json(reports: Sequence[Report], numbers: Sequence[Mapping[StepId, str]] = ()) -> bytes:
    """The certificates of a set as a program may read them, `checks.json` in the output.

    numbers: for each problem, the number under which the solutions print an equality (`12`, `rule 3`), by its step;
    checks come in the order of their numbers, those that are not printed last.
    """
    rows = [report_row(report) for report in reports]
    for row, report, known in zip(rows, reports, numbers, strict=False):
        if report.checks is not None:
            places = [_number(check.step, known) for check in report.checks.checks]
            numbered = [{"equation": n, **check} for n, check in zip(places, row["checks"]["checks"], strict=True)]
            row["checks"]["checks"] = sorted(numbered, key=lambda check: _by_number(check["equation"]))
    return (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode()


def _number(step: StepId, known: Mapping[StepId, str]) -> str:
    """The number of a check: its line's; else of what it speaks of, a rule or a gradient; else the part it stands in.

    A rule that no page cites, and what only ties forward passes together, have none.
    """
    return next((known[place] for place in step.generalise() if place in known), "")


def _by_number(number: str) -> tuple[int, int, str]:
    """Equations first, then rules, figures, parts, then what has no number; each in order."""
    kind, _, count = number.rpartition(" ")
    kinds = ("", "rule", "figure", "part")
    rank = kinds.index(kind) if number and kind in kinds else len(kinds)
    return (rank, int(count) if count.isdigit() else 0, count)


def outcomes_json(outcomes: Iterable[Outcome]) -> str:
    """Outcomes for a program: sets with their problems' certificates and diagnostics."""
    return json.dumps([_outcome_row(outcome) for outcome in outcomes], indent=1, ensure_ascii=False) + "\n"


def _outcome_row(outcome: Outcome) -> dict[str, object]:
    return {
        "set": outcome.name, "source": str(outcome.source), "exit_code": outcome.exit_code,
        "problems": [report_row(report) for report in outcome.reports],
        "diagnostics": [asdict(diagnostic) for diagnostic in outcome.diagnostics],
    }  # fmt: skip


def dump_checks(checks: Checks) -> bytes:
    """A certificate for the cache."""
    return json.dumps(asdict(checks)).encode()


def load_checks(data: bytes) -> Checks:
    """A certificate from the cache."""
    return _checks(json.loads(data))


def dump_typed(typed: TypedChecks) -> bytes:
    """What came of typed formulas, for the cache."""
    return json.dumps(asdict(typed)).encode()


def load_typed(data: bytes) -> TypedChecks:
    """What came of typed formulas, from the cache."""
    row = json.loads(data)
    wrong = tuple((part, _diagnostic(diagnostic)) for part, diagnostic in row["wrong"])
    return TypedChecks(tuple(map(_check, row["checks"])), _load_listed(row["listed"]), wrong)


def dump_outcome(outcome: Outcome, store: Store) -> bytes:
    """An outcome for the cache; its files go into the store under their own digests."""
    kept = {name: store.keep(data) for name, data in outcome.files.items()}
    rows: dict[str, Any] = {
        "source": str(outcome.source), "name": outcome.name, "title": outcome.title, "exit_code": outcome.exit_code,
        "reports": [asdict(report) for report in outcome.reports],
        "diagnostics": [asdict(diagnostic) for diagnostic in outcome.diagnostics],
        "files": kept,
    }  # fmt: skip
    return json.dumps(rows).encode()


def load_outcome(data: bytes, store: Store) -> Outcome | None:
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
    parts = tuple(PartReport(p["id"], p["line"], tuple(map(_diagnostic, p["wrong"])), p["open"]) for p in row["parts"])
    wrong, notes = (tuple(map(_diagnostic, row[name])) for name in ("wrong", "notes"))
    known = (row["title"], row["file"], checks, tuple(row["unchecked"]), parts, wrong, notes, row["proofs_key"])
    return Report(*known, anew=False)


def _checks(row: dict[str, Any]) -> Checks:
    kept = row["mutants"]
    mutants = Mutants(kept["killed"], *(tuple(map(_mutant, kept[name])) for name in ("equivalent", "survived")))
    checks = tuple(map(_check, row["checks"]))
    examples = tuple(map(_load_computed, row["examples"]))
    known: dict[str, Any] = {
        "unmet": tuple(row["unmet"]),
        "trials": tuple(map(_trial, row["trials"])),
        "examples": examples,
    }
    known |= {"listed": _load_listed(row["listed"]), "proofs": tuple(map(load_proof, row["proofs"]))}
    return Checks(**{**row, "checks": checks, "mutants": mutants, **known})


def load_proof(row: dict[str, Any]) -> Proof:
    """A proof from the cache."""
    return Proof(**{**row, "step": load_step(row["step"])})


def _check(row: dict[str, Any]) -> Check:
    return Check(**{**row, "step": load_step(row["step"])})


def _load_listed(rows: list[dict[str, Any]]) -> tuple[Listed, ...]:
    return tuple(Listed(**row) for row in rows)


def _mutant(row: dict[str, Any]) -> MutantId:
    return MutantId(load_step(row["step"]), row["what"])


def _trial(row: dict[str, Any]) -> Trial:
    refuted = tuple(Refutation(**{**r, "id": load_step(r["id"]), "entry": tuple(r["entry"])}) for r in row["refuted"])
    return Trial(load_step(row["id"]), tuple(map(_quantity, row["given"])), row["functions"], refuted)


def _load_computed(row: dict[str, Any]) -> Computed:
    operands = {step: tuple(map(_quantity, found)) for step, found in row["operands"].items()}
    return Computed(load_step(row["id"]), tuple(map(_quantity, row["quantities"])), operands, tuple(row["kinks"]))


def _quantity(row: dict[str, Any]) -> Quantity:
    return Quantity(**{**row, "entries": _as_tuples(row["entries"]), "over": tuple(row["over"])})


def _as_tuples(entries: Any) -> Any:
    """Lists as the tuples that they were."""
    return tuple(map(_as_tuples, entries)) if isinstance(entries, list) else entries


def _diagnostic(row: dict[str, Any]) -> Diagnostic:
    span = Span(**row["span"]) if row["span"] is not None else None
    return Diagnostic(**{**row, "span": span})
