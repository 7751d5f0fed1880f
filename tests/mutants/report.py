"""The table of `make mutants`: how many mutants of each row and function, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.mutants.judge import Verdict
from tests.mutants.mutant import Mutant

BAD = ("SURVIVED", "NEVER RUN")
Result = tuple[Mutant, Verdict]


def report(results: Sequence[Result], rows_alone: bool = False) -> str:
    """One line a group, then the totals by outcome and by what found them out, then what is wrong."""
    groups: dict[str, list[Result]] = {}
    for mutant, verdict in results:
        groups.setdefault(mutant.group, []).append((mutant, verdict))
    width = max(map(len, groups), default=0)
    lines = [f"{'':{width}}  mutants  killed  equal  found out by"]
    lines += [_line(name, width, found) for name, found in groups.items()]
    lines.append(_line("all", width, results))
    return "\n".join([*lines, *_wrong(results), _summary(results)])


def bad(results: Sequence[Result]) -> list[Result]:
    """What must not be: a mutant that survived, or that no problem ran."""
    return [(m, v) for m, v in results if v.outcome in BAD]


def _line(name: str, width: int, found: Sequence[Result]) -> str:
    outcomes = Counter(v.outcome for _, v in found)
    ways = Counter(v.by for _, v in found if v.outcome == "KILLED")
    told = ", ".join(f"{way} {n}" for way, n in ways.most_common())
    equal = outcomes["EQUAL"] + outcomes["UNCHANGED"]
    return f"{name:{width}}  {len(found):7}  {outcomes['KILLED']:6}  {equal:5}  {told}"


def _wrong(results: Sequence[Result]) -> Iterator[str]:
    for mutant, verdict in bad(results):
        yield f"{verdict.outcome}: {mutant.name}: {verdict.by or 'no problem needs it'} ({verdict.where})"


def _summary(results: Sequence[Result]) -> str:
    outcomes: Mapping[str, int] = Counter(v.outcome for _, v in results)
    equivalent = f"{outcomes['EQUAL']} equal in value, {outcomes['UNCHANGED']} change no derivation"
    return (
        f"{len(results)} mutants of the engine: {outcomes['KILLED']} killed, equivalent: {equivalent}; "
        f"{outcomes['SURVIVED']} survived, {outcomes['NEVER RUN']} never run"
    )
