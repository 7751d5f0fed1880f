"""The table of `make mutants`: how many mutants of each row and function, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.mutants.judge import Verdict
from tests.mutants.mutant import Mutant

BAD = ("SURVIVED", "NEVER RUN")
EQUIVALENT = {"EQUAL": "equal in value", "UNCHANGED": "change no derivation", "SAME": "equal in every output"}
Result = tuple[Mutant, Verdict]


def report(results: Sequence[Result], of: str = "the engine") -> str:
    """One line a group, then the totals by outcome and by what found them out, then what is wrong."""
    groups: dict[str, list[Result]] = {}
    for mutant, verdict in results:
        groups.setdefault(mutant.group, []).append((mutant, verdict))
    width = max(map(len, groups), default=0)
    lines = [f"{'':{width}}  mutants  killed  equal  found out by"]
    lines += [_line(name, width, found) for name, found in groups.items()]
    lines.append(_line("all", width, results))
    return "\n".join([*lines, *_wrong(results), _summary(results, of)])


def bad(results: Sequence[Result]) -> list[Result]:
    """What must not be: a mutant that survived, or that nothing ran."""
    return [(m, v) for m, v in results if v.outcome in BAD]


def noticed(results: Sequence[Result]) -> float:
    """The share of the mutants that were killed, or shown to be equivalent."""
    return 1 - len(bad(results)) / len(results) if results else 0.0


def _line(name: str, width: int, found: Sequence[Result]) -> str:
    outcomes = Counter(v.outcome for _, v in found)
    ways = Counter(v.by for _, v in found if v.outcome == "KILLED")
    told = ", ".join(f"{way} {n}" for way, n in ways.most_common())
    equal = sum(outcomes[outcome] for outcome in EQUIVALENT)
    return f"{name:{width}}  {len(found):7}  {outcomes['KILLED']:6}  {equal:5}  {told}"


def _wrong(results: Sequence[Result]) -> Iterator[str]:
    for mutant, verdict in bad(results):
        yield f"{verdict.outcome}: {mutant.name}: {verdict.by or 'nothing runs it'} ({verdict.where})"


def _summary(results: Sequence[Result], of: str) -> str:
    outcomes: Mapping[str, int] = Counter(v.outcome for _, v in results)
    equivalent = [f"{outcomes[outcome]} {what}" for outcome, what in EQUIVALENT.items() if outcomes[outcome]]
    return (
        f"{len(results)} mutants of {of}: {outcomes['KILLED']} killed, equivalent: {', '.join(equivalent) or 'none'}; "
        f"{outcomes['SURVIVED']} survived, {outcomes['NEVER RUN']} never run"
    )
