"""`solgen check` on a terminal: one row a problem, under its set, and a line for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from solgen.build.outcome import Outcome, Report
from solgen.model.verdict import Checks, Proof, text_of_sizes

HEADS = ("", "equalities", "mistakes told apart", "digits", "sizes")
Row = tuple[str, ...]


def table(outcomes: Sequence[Outcome]) -> str:
    """The certificates of all sets: what holds, what was told apart, how exactly, at which sizes."""
    rows = [_row(report) for outcome in outcomes for report in outcome.reports]
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, strict=True)]
    lines = [_line(HEADS, widths)] if rows else []
    for outcome in outcomes:
        lines.append(f"{outcome.name}{'' if outcome.reports else ': not checked, see below'}")
        for report in outcome.reports:
            lines.append(_line(_row(report), widths))
            lines += [f"      {note}" for note in _notes(report)]
    return "\n".join((*lines, _total(outcomes))) + "\n"


def state(report: Report) -> str:
    """What became of a problem, in a word."""
    if report.failed:
        return "FAILED"
    if report.checks is None:
        return "not derived"
    if not report.checks.checks:
        return "prose only"
    return "verified" if report.anew else "unchanged"


def _row(report: Report) -> Row:
    first = f"  {state(report)}: {report.file}"
    if report.checks is None:
        return (first, "-", "-", "", "")
    checks, mutants = report.checks, report.checks.mutants
    return (
        first,
        _ratio(len(checks.checks) - len(checks.failures), len(checks.checks)),
        _ratio(mutants.killed, mutants.killed + len(mutants.survived)),
        str(checks.digits) if checks.digits else "exact" if checks.checks else "",
        ", ".join(f"{n} {'tried as' if n.isdigit() else '='} {value}" for n, value in checks.sizes.items()),
    )


def _ratio(good: int, all_: int) -> str:
    return f"{good} of {all_}" if all_ else "-"


def _line(row: Row, widths: Sequence[int]) -> str:
    first, *numbers, last = row
    columns = (first.ljust(widths[0]), *(n.rjust(w) for n, w in zip(numbers, widths[1:], strict=False)), last)
    return "  ".join(columns).rstrip()


def _notes(report: Report) -> Iterator[str]:
    """What a reader of the certificate should know besides."""
    if report.checks:
        yield from (f"never reached: {branch}" for branch in report.checks.unmet)
        listed = report.checks.listed
        yield from (f"not checked, typed by hand, line {one.line}: {one.formula} ({one.why})" for one in listed)
        yield from _tell_proofs(report.checks)
    else:
        yield from (f"not checked, typed by hand: {formula}" for formula in report.unchecked)


def _tell_proofs(checks: Checks) -> Iterator[str]:
    """How many answers are proved at which sizes; and each that is not, with the reason."""
    for sizes, n in checks.proved_at.items():
        yield f"proved by sympy{f' at {text_of_sizes(sizes)}' if sizes else ''}: {_count(n, 'answer')}"
    yield from (f"{proof.verdict}: {proof.step}: {proof.why}" for proof in checks.proofs if proof.verdict != "proved")


def _total(outcomes: Sequence[Outcome]) -> str:
    """`5 sets, 12 problems: 1043 equalities hold, 2 do not; 1533 deliberate mistakes told apart; 10 unchanged`."""
    reports = [report for outcome in outcomes for report in outcome.reports]
    found = [report.checks for report in reports if report.checks]
    wrong = sum(len(checks.failures) for checks in found)
    hold = sum(len(checks.checks) for checks in found) - wrong
    parts = [f"{hold} equalities hold" + (f", {wrong} do not" if wrong else "")]
    parts.append(f"{sum(checks.mutants.killed for checks in found)} deliberate mistakes told apart")
    if proofs := [proof for checks in found for proof in checks.proofs]:
        parts.append(_of_proofs(proofs))
    if old := sum(not report.anew for report in reports):
        parts.append(f"{old} of {_count(len(reports), 'problem')} unchanged since they were checked")
    return f"{_count(len(outcomes), 'set')}, {_count(len(reports), 'problem')}: {'; '.join(parts)}"


def _of_proofs(proofs: Sequence[Proof]) -> str:
    """`23 of 25 answers proved (out of reach: 1: 10 s were not enough, 1: it divides by 0 at these sizes)`."""
    proved = sum(proof.verdict == "proved" for proof in proofs)
    reasons = Counter(proof.why for proof in proofs if proof.verdict == "out of reach")
    why = ", ".join(f"{n}: {reason}" for reason, n in reasons.most_common())
    wrong = sum(proof.verdict == "disproved" for proof in proofs)
    told = f"{proved} of {_count(len(proofs), 'answer')} proved"
    return told + (f", {wrong} disproved" if wrong else "") + (f" (out of reach: {why})" if why else "")


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" + ("" if n == 1 else "s")


def summarise_certificates(reports: Iterable[Report]) -> str:
    """The certificates of a set in a phrase."""
    found = [report.checks for report in reports if report.checks]
    equalities = sum(len(checks.checks) for checks in found)
    mutants = sum(checks.mutants.killed for checks in found)
    return f"{equalities} equalities verified, {mutants} deliberate mistakes told apart"
