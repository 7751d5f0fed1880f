"""`make mutants`: the engine broken in one place after another, and what `solgen check` makes of each.

`python -m tests.mutants [--sample N] [--only TEXT] [--verbose]`; exit code 1 where a mutant survived, or none of the
problems runs it.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Sequence
from functools import partial

from tests.mutants import conventions, rows, source
from tests.mutants.corpus import Corpus, recorded
from tests.mutants.farm import farmed
from tests.mutants.judge import Verdict, judged
from tests.mutants.mutant import Mutant, ready
from tests.mutants.report import BAD, Result, bad, report
from tests.mutants.trials import few, trials


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    chosen = [m for m in (*rows.mutants(), *conventions.mutants(), *source.mutants()) if options.only in m.name]
    start = time.monotonic()
    source.living()
    ready()
    sampled = _sampled(chosen, 2 * options.sample) if options.quick else chosen
    problems = few(frozenset(m.op for m in sampled)) if options.quick else trials()
    corpus = recorded(problems, options.workers)
    print(
        f"{len(corpus.known)} problems verified with the whole engine in {time.monotonic() - start:.0f} s", flush=True
    )
    if options.unseen:
        print("\n".join(m.name for m in chosen if not corpus.for_mutant(m)))
        return 0
    if options.quick:  # only what so few problems run
        chosen = [m for m in sampled if corpus.for_mutant(m)]
    chosen = _sampled(chosen, options.sample)
    results = tried(chosen, corpus, options.workers)
    print(report(results))
    print(f"{time.monotonic() - start:.0f} s")
    if options.verbose:
        for mutant, verdict in results:
            print(f"{verdict.outcome}: {mutant.name}: {verdict.by} ({verdict.where}; {verdict.tried})")
    return 1 if bad(results) or not results else 0


def _sampled(chosen: list[Mutant], count: int) -> list[Mutant]:
    """So many of them, spread over all; all of them for 0."""
    stride = max(1, len(chosen) // count) if count else 1
    return chosen[::stride][: count or None]


def tried(chosen: Sequence[Mutant], corpus: Corpus, workers: int) -> list[Result]:
    """Every mutant in a process of its own."""
    gc.freeze()  # the problems, too, stay shared with the children
    tasks = [partial(judged, mutant, corpus.for_mutant(mutant)) for mutant in chosen]
    found: dict[int, Verdict] = {}
    for number, verdict in farmed(tasks, workers):
        found[number] = verdict
        if verdict.outcome in BAD:  # told at once: the whole takes minutes
            print(f"{verdict.outcome}: {chosen[number].name}", flush=True)
        if sys.stderr.isatty() and len(found) % 50 == 0:
            print(f"\r{len(found)} of {len(tasks)}", end="", file=sys.stderr, flush=True)
    return [(mutant, found[n]) for n, mutant in enumerate(chosen)]


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, spread over all of them")
    parser.add_argument("--only", default="", help="mutants whose name contains this")
    parser.add_argument("--quick", action="store_true", help="with --sample: on a few problems only")
    parser.add_argument("--unseen", action="store_true", help="only name the mutants that no problem runs")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--verbose", action="store_true", help="a line for each mutant")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
