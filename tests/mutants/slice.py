"""What a slice of `make mutants` is: a room of the house, its mutants, and what must notice them."""

from __future__ import annotations

import gc
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.mutants.farm import farmed
from tests.mutants.judge import Verdict
from tests.mutants.mutant import Mutant
from tests.mutants.report import BAD, Result


@dataclass(frozen=True, slots=True)
class Slice:
    """A row: `run` breaks what the options choose, or with `--unseen` only names what nothing runs.

    `floor` is the share of mutants that must be noticed or shown to be equivalent: 1 for the calculus, whose answers
    people hand out; for a room what was reached, so that the net never gets coarser.
    """

    name: str
    of: str
    run: Callable[[Namespace], list[Result]]
    floor: float = 1.0


def sampled(chosen: Sequence[Mutant], count: int) -> list[Mutant]:
    """So many of them, spread over all; all of them for 0."""
    stride = max(1, len(chosen) // count) if count else 1
    return list(chosen[::stride][: count or None])


def tried(chosen: Sequence[Mutant], tasks: Sequence[Callable[[], Verdict]], workers: int) -> list[Result]:
    """Every mutant with what its task says of it, each in a process of its own."""
    gc.freeze()  # the problems, too, stay shared with the children
    found: dict[int, Verdict] = {}
    for number, verdict in farmed(tasks, workers):
        found[number] = verdict
        if verdict.outcome in BAD:  # told at once: the whole takes minutes
            print(f"{verdict.outcome}: {chosen[number].name}", flush=True)
        if sys.stderr.isatty() and len(found) % 50 == 0:
            print(f"\r{len(found)} of {len(tasks)}", end="", file=sys.stderr, flush=True)
    return [(mutant, found[n]) for n, mutant in enumerate(chosen)]
