"""What the terminal shows: outcomes, diagnostics, certificates and the TeX engines found, as text or JSON.

Nothing here prints; `solgen.cli` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from solgen.document.tex import Finding
from solgen.errors import Diagnostic
from solgen.model import Checks
from solgen.outcome import Outcome, Report
from solgen.pipeline import PRODUCTS


def told(diagnostic: Diagnostic) -> Text:
    """A diagnostic, its head and caret in red where the terminal has colours."""
    text = Text(diagnostic.text())
    text.highlight_regex(r"error\[[a-z0-9-]+\]", "bold red")
    text.highlight_regex(r"(?m)(?<=^)[ ]*\| [ \t]*\^+$", "red")
    text.highlight_regex(r"(?m)^  hint: .*$", "cyan")
    return text


def built(outcome: Outcome, folder: Path) -> str:
    """One line for each PDF of a set that was made, or nothing."""
    how = "unchanged" if outcome.reused else sealed(outcome.reports)
    made = [f"{product}.pdf" for product in PRODUCTS if f"{product}.pdf" in outcome.files]
    return "".join(f"{folder}/{outcome.name}/{pdf}  ({how})\n" for pdf in made)


def sealed(reports: Iterable[Report]) -> str:
    """The certificates of a set in a phrase."""
    found = [report.checks for report in reports if report.checks]
    equalities = sum(len(checks.checks) for checks in found)
    mutants = sum(checks.mutants.killed for checks in found)
    return f"{equalities} equalities verified, {mutants} deliberate mistakes told apart"


def checked(outcome: Outcome) -> str:
    """A set's certificates, one line a problem, and what its prose types by hand."""
    lines = [outcome.name]
    for report in outcome.reports:
        lines.append(f"  {report.file}: {_verdict(report.checks)}")
        lines += [f"    not checked, typed by hand: {formula}" for formula in report.unchecked]
    return "\n".join(lines) + "\n"


def _verdict(checks: Checks | None) -> str:
    if checks is None:
        return "not derived"
    failed = len(checks.failures)
    mutants = checks.mutants
    parts = [f"{len(checks.checks) - failed} of {len(checks.checks)} equalities hold"]
    if mutants.killed or mutants.survived:
        parts.append(f"{mutants.killed} of {mutants.killed + len(mutants.survived)} deliberate mistakes told apart")
    sizes = ", ".join(f"{name} = {value}" for name, value in checks.sizes.items())
    parts.append(f"{checks.points} points" + (f" with {sizes}" if sizes else ""))
    parts += [f"never reached: {branch}" for branch in checks.unmet]
    return "; ".join(parts)


def outcomes_json(outcomes: Iterable[Outcome]) -> str:
    """Outcomes for a program: sets with their problems' certificates and diagnostics."""
    return json.dumps([_outcome_row(outcome) for outcome in outcomes], indent=1, ensure_ascii=False) + "\n"


def _outcome_row(outcome: Outcome) -> dict[str, object]:
    return {
        "set": outcome.name, "source": str(outcome.source), "exit_code": outcome.exit_code,
        "problems": [asdict(report) for report in outcome.reports],
        "diagnostics": [asdict(diagnostic) for diagnostic in outcome.diagnostics],
    }  # fmt: skip


def findings(found: tuple[Finding, ...]) -> str:
    """Which TeX was found where, and which one is used."""
    chosen = next((finding for finding in found if finding.engine), None)
    lines = [f"{'->' if f is chosen else '  '} {f.origin}: {f.place}\n     {_reason(f)}" for f in found]
    if chosen is None:
        lines.append("No TeX is usable. `solgen doctor --fix` makes a private one, without root.")
    return "\n".join(lines) + "\n"


def _reason(finding: Finding) -> str:
    return f"usable: {finding.engine.version}" if finding.engine else f"not usable: {finding.reason}"


def findings_json(found: tuple[Finding, ...]) -> str:
    """The same for a program."""
    rows = [
        {
            "origin": f.origin, "place": f.place, "usable": f.engine is not None, "reason": f.reason,
            "missing": list(f.missing), "version": f.engine.version if f.engine else "",
        }
        for f in found
    ]  # fmt: skip
    return json.dumps(rows, indent=1) + "\n"
