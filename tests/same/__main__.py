"""`make same`: all outputs of the working tree beside those of a commit, without TeX.

`python -m tests.same [--base COMMIT] [--most N] [SET...]`; without sets, everything under problems/, the sets
beside this file, and a problem that has every verb.  Exit code 1 where an output differs or the working tree crashes
on a set, 2 where nothing can be compared.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from tests.same.compare import compared, crashes, differing, report
from tests.same.versions import ROOT, Unusable, base_commit, outputs_of_commit, outputs_of_tree


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    start = time.monotonic()
    try:
        commit = base_commit(options.base)
        base = outputs_of_commit(commit, options.sets, options.workers)
        tree = outputs_of_tree(options.sets, options.workers)
    except Unusable as trouble:
        print(trouble, file=sys.stderr)
        return 2
    found, crashed = compared(base, tree), crashes(tree)
    print("\n".join([*report(found, options.most), *crashed]))
    print(
        f"{len(tree)} outputs of {len(options.sets)} sets beside {commit[:7]}: {len(differing(found))} differ, in "
        f"{len(found)} places; {len(crashed)} crashes; {time.monotonic() - start:.0f} s"
    )
    return 1 if found or crashed or not tree else 0


def every_set() -> list[str]:
    """The sets of the house, and those of this tool: what has templates, letters or a notation of its own."""
    found = {path.parent for folder in ("problems", "tests/same/sets") for path in (ROOT / folder).rglob("set.yaml")}
    return [*sorted(path.relative_to(ROOT).as_posix() for path in found), "tests/cases/verbs/verbs.yaml"]


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.same", description=__doc__)
    parser.add_argument("sets", nargs="*", default=every_set(), help="problem files, or folders that are a set")
    parser.add_argument("--base", default="", help="a commit; without, where this branch left main")
    parser.add_argument("--most", type=int, default=40, help="so many differences are shown; 0: all")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
