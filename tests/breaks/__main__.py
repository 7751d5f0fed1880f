"""`make breaks`: the product broken on the way from text to tree and from tree to page; each must stop a build.

`python -m tests.breaks [breaks] [edits] [texts] [--sample N] [--only TEXT] [--verbose]`; exit code 1 where one was
printed unnoticed.  No test has a say in what is noticed: a break is told by `solgen` alone.  `edits` changes printed
text at random instead of the product, and what figures show, and counts what reading back notices; `texts` mutates it
further, and counts what the reader does not get through.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random

from solgen.document.products import PRODUCTS
from tests.breaks.corpus import corpus
from tests.breaks.edits import TERMINAL, random_edits, report, share_noticed, sources
from tests.breaks.figure_edits import FIGURES, random_figure_edits
from tests.breaks.fuzz import LONGEST, fuzzed
from tests.breaks.generated import generated
from tests.breaks.judge import judged
from tests.breaks.named import named

EDITS, TEXTS = 500, 10_000  # of a product, of all
LEAST = 0.99  # of the edits that change what is said


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    parts = {"breaks": _breaks, "edits": _edits, "texts": _texts}
    return max(parts[name](options) for name in options.what or parts)


def _edits(options: argparse.Namespace) -> int:
    """Random edits of what each product prints: at least 99 % of those that change what is said are noticed."""
    found, count = 0, options.sample or EDITS
    for product in (*PRODUCTS, TERMINAL, FIGURES):
        random, files = Random(product), sources()
        edits = random_edits(product, count, random, files)
        made = [*(random_figure_edits(count, random, files) if product == FIGURES else edits)]
        print(report(product, made), flush=True)
        found = max(found, int(share_noticed(made) < LEAST))
    return found


def _texts(options: argparse.Namespace) -> int:
    """Mutated text: all of it is read or refused."""
    count = options.sample or TEXTS
    troubles = [trouble for trouble in fuzzed(count, Random(count), sources()) if trouble]
    print(f"{count} mutated texts: {len(troubles)} neither read nor refused within {LONGEST:.0f} s")
    for trouble in troubles:
        print(f"  `{trouble.text}`: {trouble.told}")
    return min(1, len(troubles))


def _breaks(options: argparse.Namespace) -> int:
    """The product broken in one place after another."""
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
    parser.add_argument("what", nargs="*", choices=("breaks", "edits", "texts"), default=[], help="which; else all")
    parser.add_argument("--sample", type=int, default=0, help="so many, of breaks spread over all of them")
    parser.add_argument("--only", default="", help="breaks whose name contains this")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--verbose", action="store_true", help="a line for each break")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
