"""What a build says of each break: it stops, it prints the same as before, or it prints something else unnoticed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tests.breaks.broken import Break
from tests.breaks.corpus import ROOT, Text, built
from tests.mutants.farm import farmed
from tests.mutants.mutant import forget, ready

Outcome = Literal["stopped", "unchanged", "printed", "unused"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a break: the file in which it was noticed or printed, and what was said."""

    outcome: Outcome
    where: str = ""
    told: str = ""


def judged(breaks: Sequence[Break], texts: Sequence[Text], workers: int) -> Iterator[tuple[Break, Verdict]]:
    """Each break with its verdict, each in a process of its own."""
    ready()
    for number, verdict in farmed([partial(_judge, b, texts) for b in breaks], workers):
        yield breaks[number], verdict


def _judge(one: Break, texts: Sequence[Text]) -> Verdict:
    """The verdict over the problems that show what is broken, until one says something."""
    concerned = [t for t in texts if one.concerns(t)]
    if not concerned:
        return Verdict("unused")
    one.install()
    forget()
    for text in concerned[: one.tries]:
        where = text.source.relative_to(ROOT).as_posix()
        try:
            outcome = built(text.source)
        except Exception as wrong:  # noqa: BLE001 - the product has no answer: nothing is written
            return Verdict("stopped", where, f"{type(wrong).__name__}: {wrong}")
        if outcome.exit_code:
            said = [*outcome.diagnostics, *(d for r in outcome.reports for p in (r, *r.parts) for d in p.wrong)]
            return Verdict("stopped", where, said[0].message if said else f"exit {outcome.exit_code}")
        if changed := sorted(name for name, data in text.files.items() if outcome.files.get(name) != data):
            return Verdict("printed", where, ", ".join(changed))
    return Verdict("unchanged", concerned[0].source.name)
