"""`make breaks`: the product broken on the way from text to tree and from tree to page; each must stop a build.

`python -m tests.breaks [--sample N] [--only TEXT] [--verbose]`; exit code 1 where one was printed unnoticed.  No test
has a say in what is noticed: a break is told by `solgen` alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence

from tests.breaks.corpus import corpus
from tests.breaks.generated import generated
from tests.breaks.judge import judged
from tests.breaks.named import named


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    texts = corpus()
    breaks = [b for b in (*named(), *generated(texts)) if options.only in b.name]
    if options.sample:
        breaks = breaks[:: max(1, len(breaks) // options.sample)]
    found = [*judged(breaks, texts, options.workers)]
    for one, verdict in found:
        if options.verbose or verdict.outcome == "printed":
            print(f"{verdict.outcome}: {one.name} ({verdict.where}): {verdict.told}")
    counted = Counter(verdict.outcome for _, verdict in found)
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items())))
    return 1 if counted["printed"] or not found else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.breaks", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many breaks, spread over all of them")
    parser.add_argument("--only", default="", help="breaks whose name contains this")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--verbose", action="store_true", help="a line for each break")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
