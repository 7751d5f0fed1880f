"""`make mutants`: a room broken in one place after another, and what notices each.

`python -m tests.mutants [--slice ROOM] [--sample N] [--only TEXT] [--verbose]`; exit code 1 where more mutants
survived, or are run by nothing, than the slice allows: of the calculus none.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from tests.mutants.report import noticed, report
from tests.mutants.slices import build, calculus, cli, document, figures, reader

SLICES = {row.name: row for row in (s.SLICE for s in (calculus, reader, document, figures, cli, build))}


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    chosen = SLICES[options.slice]
    start = time.monotonic()
    results = chosen.run(options)
    if options.unseen:
        return 0
    print(report(results, chosen.of))
    print(f"{time.monotonic() - start:.0f} s")
    if options.verbose:
        for mutant, verdict in results:
            print(f"{verdict.outcome}: {mutant.name}: {verdict.by} ({verdict.where}; {verdict.tried})")
    return 0 if results and noticed(results) >= chosen.floor else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.mutants", description=__doc__)
    parser.add_argument("--slice", choices=tuple(SLICES), default="calculus", help="the room that is broken")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, spread over all of them")
    parser.add_argument("--only", default="", help="mutants whose name contains this")
    parser.add_argument("--quick", action="store_true", help="with --sample: on a few problems, or tests, only")
    parser.add_argument("--unseen", action="store_true", help="only name the mutants that no problem, or test, runs")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--verbose", action="store_true", help="a line for each mutant")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
