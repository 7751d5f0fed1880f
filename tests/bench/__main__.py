"""`make bench`: cost, whole processes, and what solgen and others get right; ratios of one run, never assertions.

`python -m tests.bench [cost] [processes] [editing] [reading] [identities] [checkers]` prints the named tables; or all.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable

from tests.bench import checkers, cost, editing, identities, processes, reading

REPORTS: dict[str, Callable[[], str]] = {
    "cost": cost.report, "processes": processes.report, "editing": editing.report, "reading": reading.report,
    "identities": identities.report, "checkers": checkers.report,
}  # fmt: skip


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in REPORTS]
    if unknown:
        sys.exit(f"no table called {unknown[0]}: there are {', '.join(REPORTS)}")
    print(f"Python {platform.python_version()} on {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name in names or REPORTS:
        print(REPORTS[name](), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
