"""The engine: the table's rows, the conventions at kinks, every function of the calculus; `check` is what notices."""

from __future__ import annotations

import time
from argparse import Namespace
from functools import partial

from tests.mutants import conventions, rows, source
from tests.mutants.corpus import recorded
from tests.mutants.judge import judged
from tests.mutants.mutant import ready
from tests.mutants.report import Result
from tests.mutants.slice import Slice, sampled, tried
from tests.mutants.trials import few, trials


def _run(options: Namespace) -> list[Result]:
    chosen = [m for m in (*rows.mutants(), *conventions.mutants(), *source.mutants()) if options.only in m.name]
    start = time.monotonic()
    source.living()
    ready()
    first = sampled(chosen, 2 * options.sample) if options.quick else chosen
    problems = few(frozenset(m.op for m in first)) if options.quick else trials()
    corpus = recorded(problems, options.workers)
    print(
        f"{len(corpus.known)} problems verified with the whole engine in {time.monotonic() - start:.0f} s", flush=True
    )
    if options.unseen:
        print("\n".join(m.name for m in chosen if not corpus.for_mutant(m)))
        return []
    if options.quick:  # only what so few problems run
        chosen = [m for m in first if corpus.for_mutant(m)]
    chosen = sampled(chosen, options.sample)
    return tried(chosen, [partial(judged, m, corpus.for_mutant(m)) for m in chosen], options.workers)


SLICE = Slice("calculus", "the engine", _run)
